import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import {
  type Action,
  buildActionFrame,
  parseActionBody,
  parseActionFrame,
  toAccessPoint,
  toStation,
} from "./action.ts";
import { type BtmRequest, btmStatuses } from "./btm.ts";
import { transitionReasons } from "./mbo.ts";
import { hex, octets } from "./testing/hex.ts";

const station = mac("aa:bb:cc:dd:ee:ff");
const bssid = mac("00:11:22:33:44:55");

const request: BtmRequest = {
  kind: "btm-request",
  token: 0xff,
  candidates: [
    { bssid: mac("00:aa:aa:aa:aa:aa"), bssidInfo: 0x13, opClass: 125, channel: 157, phyType: 9, preference: 255 },
    { bssid: mac("00:bb:bb:bb:bb:bb"), bssidInfo: 0x13, opClass: 125, channel: 146, phyType: 9, preference: 127 },
  ],
  abridged: true,
  disassociationImminent: true,
  disassociationTimer: 1,
  validityInterval: 255,
};

function read(text: string): Action {
  const parsed = parseActionBody(octets(text));
  assert.ok(parsed.ok, parsed.ok ? "" : parsed.reason);
  return parsed.value;
}

function reason(text: string): string {
  const parsed = parseActionBody(octets(text));
  assert.ok(!parsed.ok);
  return parsed.reason;
}

function body(action: Action): string {
  return hex(buildActionFrame(toStation(station, bssid), action).subarray(24));
}

/** Both ways. */
function same(text: string, action: Action): void {
  assert.deepEqual(read(text), action);
  assert.equal(body(action), hex(octets(text)));
}

describe("a BTM request", () => {
  it("with two candidates is the frame that deployed devices send (osw_btm_ut_build_frame)", () => {
    const frame = octets(`
      d0 00             | action
      3c 00             | 60 µs
      aa bb cc dd ee ff | to the station
      00 11 22 33 44 55 | from the access point
      00 11 22 33 44 55 | BSSID
      00 00             | sequence
      0a 07 ff          | WNM, BTM request, token
      07                | candidates, abridged, disassociation imminent
      01 00 ff          | timer, validity
      34 10 00 aa aa aa aa aa 13 00 00 00 7d 9d 09 03 01 ff
      34 10 00 bb bb bb bb bb 13 00 00 00 7d 92 09 03 01 7f
    `);
    assert.equal(hex(buildActionFrame(toStation(station, bssid), request)), hex(frame));
    const parsed = parseActionFrame(frame);
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value.action, request);
    assert.deepEqual(parsed.value.header, {
      subtype: 13,
      flags: 0,
      duration: 60,
      receiver: station,
      transmitter: bssid,
      bssid,
      sequence: 0,
      fragment: 0,
    });
  });

  it("has one bit for each thing that is imminent, and for candidates", () => {
    const plain = { ...request, abridged: false, disassociationImminent: false, disassociationTimer: 0 };
    const { candidates: _, ...none } = plain;
    const cases: readonly (readonly [BtmRequest, string])[] = [
      [none, "0a 07 ff 00 00 00 ff"],
      [{ ...plain, candidates: [] }, "0a 07 ff 01 00 00 ff"],
      [{ ...none, abridged: true }, "0a 07 ff 02 00 00 ff"],
      // 0x0102 beacon intervals.
      [{ ...none, disassociationImminent: true, disassociationTimer: 258 }, "0a 07 ff 04 02 01 ff"],
      [
        { ...none, termination: { tsf: 0x0102_0304_0506_0708n, minutes: 300 } },
        "0a 07 ff 08 00 00 ff 04 0a 08 07 06 05 04 03 02 01 2c 01",
      ],
      [{ ...none, sessionUrl: "http://a" }, "0a 07 ff 10 00 00 ff 08 68 74 74 70 3a 2f 2f 61"],
      [{ ...none, sessionUrl: "" }, "0a 07 ff 10 00 00 ff 00"],
    ];
    for (const [value, text] of cases) same(text, value);
  });

  it("has the element of Multiband after the candidates, only where there is something to say (osw_btm_ut_resp_parse_mbo)", () => {
    const { candidates: _, ...none } = request;
    same("0a 07 ff 06 01 00 ff  dd 07 50 6f 9a 16 06 01 05", {
      ...none,
      mbo: { transitionReason: transitionReasons.lowRssi },
    });
    same("0a 07 ff 06 01 00 ff  dd 0a 50 6f 9a 16 05 01 01 06 01 05", {
      ...none,
      mbo: { cellularPreference: "avoid", transitionReason: 5 },
    });
    same("0a 07 ff 06 01 00 ff  dd 0b 50 6f 9a 16 05 01 ff 08 02 1e 00", {
      ...none,
      mbo: { cellularPreference: "recommend", associationRetryDelay: 30 },
    });
    assert.deepEqual(read("0a 07 ff 06 01 00 ff  dd 05 00 50 f2 04 01"), {
      ...none,
      others: [{ id: 221, body: octets("00 50 f2 04 01") }],
    });
  });

  it("is refused where it says that it has no candidates, and has some", () => {
    assert.equal(
      reason("0a 07 ff 00 00 00 ff 34 0d 00 aa aa aa aa aa 13 00 00 00 7d 9d 09"),
      "BTM request: it has candidates, and says that it has none",
    );
  });

  it("is refused with the field within which it ends", () => {
    assert.equal(reason("0a 07"), "BTM request: it ends within the dialog token");
    assert.equal(reason("0a 07 01 01 00"), "BTM request: it ends within the disassociation timer");
    assert.equal(reason("0a 07 01 10 00 00 ff 05 61"), "BTM request: it ends within the session URL");
    assert.equal(
      reason("0a 07 01 08 00 00 ff 05 0a 00 00 00 00 00 00 00 00 00 00"),
      "BTM request: its BSS termination duration is no subelement 4 of 10 octets",
    );
    assert.equal(
      reason("0a 07 01 01 00 00 ff 34 0c 00 aa aa aa aa aa 13 00 00 00 7d 9d"),
      "BTM request: it ends within the PHY type of a neighbor report",
    );
    assert.equal(reason("0a 07 01 01 00 00 ff 34 10 00 aa"), "BTM request: it ends within the element 52");
  });
});

describe("a BTM response", () => {
  const candidate = (last: string) => `34 10 00 ${last.repeat(5)} 8f 00 00 00 51 06 07`;
  const neighbor = (address: string, preference: number) => ({
    bssid: mac(address),
    bssidInfo: 0x8f,
    opClass: 81,
    channel: 6,
    phyType: 7,
    preference,
  });

  it("has a status and the candidates that the station prefers (osw_btm_ut_resp_parse)", () => {
    same(`0a 08 99 88 00 ${candidate("aa ")} 03 01 42 ${candidate("bb ")} 03 01 24`, {
      kind: "btm-response",
      token: 0x99,
      status: 0x88,
      terminationDelay: 0,
      candidates: [neighbor("00:aa:aa:aa:aa:aa", 0x42), neighbor("00:bb:bb:bb:bb:bb", 0x24)],
    });
  });

  it("has a target exactly where the station accepts", () => {
    same("0a 08 80 00 00 00 11 22 33 44 66", {
      kind: "btm-response",
      token: 0x80,
      status: btmStatuses.accept,
      terminationDelay: 0,
      target: mac("00:11:22:33:44:66"),
      candidates: [],
    });
    same("0a 08 80 07 00", {
      kind: "btm-response",
      token: 0x80,
      status: btmStatuses.noSuitableCandidates,
      terminationDelay: 0,
      candidates: [],
    });
    same("0a 08 80 05 1e", {
      kind: "btm-response",
      token: 0x80,
      status: btmStatuses.terminationDelayRequested,
      terminationDelay: 30,
      candidates: [],
    });
  });

  it("is taken without the target that it should have, not with half of one", () => {
    same("0a 08 80 00 00", { kind: "btm-response", token: 0x80, status: 0, terminationDelay: 0, candidates: [] });
    assert.equal(reason("0a 08 80 00 00 00 11 22"), "BTM response: it ends within the target BSSID");
  });

  it("says why the station stays, with the element of Multiband", () => {
    same("0a 08 80 01 00 dd 07 50 6f 9a 16 07 01 04", {
      kind: "btm-response",
      token: 0x80,
      status: btmStatuses.reject,
      terminationDelay: 0,
      candidates: [],
      mbo: { transitionRejection: 4 },
    });
  });

  it("comes from the station, to the access point", () => {
    const frame = buildActionFrame(toAccessPoint(station, bssid), {
      kind: "btm-response",
      token: 1,
      status: 1,
      terminationDelay: 0,
      candidates: [],
    });
    const parsed = parseActionFrame(frame);
    assert.ok(parsed.ok);
    assert.equal(parsed.value.header.transmitter, station);
    assert.equal(parsed.value.header.receiver, bssid);
  });
});

describe("a BTM query", () => {
  it("has a reason and candidates", () => {
    same("0a 06 05 10", { kind: "btm-query", token: 5, reason: 16, candidates: [] });
    same("0a 06 05 13 34 0d 00 aa aa aa aa aa 8f 00 00 00 80 24 0e", {
      kind: "btm-query",
      token: 5,
      reason: 19,
      candidates: [{ bssid: mac("00:aa:aa:aa:aa:aa"), bssidInfo: 0x8f, opClass: 128, channel: 36, phyType: 14 }],
    });
  });
});
