import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import {
  type Action,
  buildActionBody,
  buildActionFrame,
  parseActionBody,
  parseActionFrame,
  toAccessPoint,
  toStation,
} from "./action.ts";
import { maxFrameOctets } from "./limits.ts";
import { buildManagementFrame, frameFlags, managementSubtypes } from "./management-frame.ts";
import { action, address, octet } from "./testing/arbitrary-action.ts";

const station = mac("02:00:00:00:00:0a");
const bssid = mac("02:00:00:00:00:01");

function reason(octets: Uint8Array): string {
  const result = parseActionFrame(octets);
  assert.ok(!result.ok);
  return result.reason;
}

describe("action frames", () => {
  it("give back what they were built of, whatever it was", () => {
    fc.assert(
      fc.property(action, (value) => {
        assert.deepEqual(parseActionBody(buildActionBody(value)), { ok: true, value });
      }),
      { numRuns: 1000 },
    );
  });

  it("are built to the same octets again, header included", () => {
    const sequence = fc.integer({ min: 0, max: 0xfff });
    fc.assert(
      fc.property(action, address, address, sequence, (value, from, to, number) => {
        const frame = buildActionFrame({ ...toStation(to, from), sequence: number }, value);
        const parsed = parseActionFrame(frame);
        assert.ok(parsed.ok);
        assert.deepEqual(buildActionFrame(parsed.value.header, parsed.value.action), frame);
      }),
    );
  });

  it("are read or refused with a reason, cut off anywhere", () => {
    fc.assert(
      fc.property(action, (value) => {
        const frame = buildActionFrame(toStation(station, bssid), value);
        for (let length = 0; length < frame.length; length++) {
          const parsed = parseActionFrame(frame.subarray(0, length));
          if (!parsed.ok) assert.match(parsed.reason, /^[A-Za-z ]+: it ends within the [A-Za-z0-9 ]+$/);
          else assert.deepEqual(buildActionFrame(parsed.value.header, parsed.value.action), frame.subarray(0, length));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("are read or refused with a reason, whatever their octets are", () => {
    const category = fc.constantFrom(5, 10);
    const code = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(category, code, fc.uint8Array({ maxLength: 400 }), (first, second, rest) => {
        const parsed = parseActionBody(Uint8Array.from([first, second, ...rest]));
        if (!parsed.ok) assert.match(parsed.reason, /^[A-Za-z ]+: .+/);
      }),
      { numRuns: 3000 },
    );
  });

  it("that have one octet changed are read or refused with a reason", () => {
    fc.assert(
      fc.property(action, fc.nat(), octet, (value, at, changed) => {
        const body = buildActionBody(value);
        body[at % body.length] = changed;
        assert.doesNotThrow(() => parseActionBody(body));
      }),
      { numRuns: 2000 },
    );
  });

  it("do not depend on the driver's buffer once they are read", () => {
    const frame = buildActionFrame(toStation(station, bssid), {
      kind: "other",
      category: 127,
      action: 0x50,
      body: Uint8Array.of(1, 2, 3),
    });
    const parsed = parseActionFrame(frame);
    frame.fill(0xee);
    assert.ok(parsed.ok && parsed.value.action.kind === "other");
    assert.deepEqual(parsed.value.action.body, Uint8Array.of(1, 2, 3));
    assert.equal(parsed.value.header.receiver, station);
  });

  it("are refused where they are no action frames, or where their body cannot be read", () => {
    const frame = (subtype: number, more: { flags?: number; fragment?: number } = {}) =>
      buildManagementFrame({
        subtype,
        duration: 0,
        ...toAccessPoint(station, bssid),
        body: Uint8Array.of(10, 8, 1, 1, 0),
        ...more,
      });
    const { action: actionSubtype, beacon } = managementSubtypes;
    assert.ok(parseActionFrame(frame(actionSubtype)).ok);
    assert.equal(reason(frame(beacon)), "action frame: its subtype is 8, not 13");
    assert.equal(reason(frame(actionSubtype, { fragment: 1 })), "action frame: it is a fragment");
    assert.equal(reason(frame(actionSubtype, { flags: frameFlags.moreFragments })), "action frame: it is a fragment");
    const data = frame(actionSubtype);
    data[0] = 0x88;
    assert.equal(reason(data), "management frame: its type is 2, not 0 (management)");
    data[0] = 0xd1;
    assert.equal(reason(data), "management frame: it has protocol version 1, not 0");
    assert.equal(reason(Uint8Array.of(0xd0, 0)), "management frame: it ends within the duration");
    assert.equal(
      reason(new Uint8Array(maxFrameOctets + 1)),
      `management frame: ${maxFrameOctets + 1} octets are too many`,
    );
  });

  it("that were protected are read, and still say that they were", () => {
    const frame = buildActionFrame(
      { ...toAccessPoint(station, bssid), flags: frameFlags.protected },
      { kind: "btm-response", token: 1, status: 1, terminationDelay: 0, candidates: [] },
    );
    const parsed = parseActionFrame(frame);
    assert.ok(parsed.ok);
    assert.equal(parsed.value.header.flags, frameFlags.protected);
    assert.equal(parsed.value.action.kind, "btm-response");
  });

  it("have the HT control field between header and body", () => {
    const body = Uint8Array.of(127, 1, 9);
    const frame = buildManagementFrame({
      subtype: managementSubtypes.action,
      duration: 0,
      ...toAccessPoint(station, bssid),
      htControl: 0x8765_4321,
      body,
    });
    assert.equal(frame[1], 0x80);
    assert.deepEqual([...frame.subarray(24, 28)], [0x21, 0x43, 0x65, 0x87]);
    const parsed = parseActionFrame(frame);
    assert.ok(parsed.ok);
    assert.equal(parsed.value.header.htControl, 0x8765_4321);
    assert.deepEqual(parsed.value.action, { kind: "other", category: 127, action: 1, body: Uint8Array.of(9) });
  });

  it("are not built of what their fields cannot hold", () => {
    const query = (more: object): Action => ({ kind: "btm-query", token: 1, reason: 0, candidates: [], ...more });
    const neighbor = { bssid, bssidInfo: 0, opClass: 81, channel: 1, phyType: 0 };
    const response = (more: object): Action => ({
      kind: "btm-response",
      token: 1,
      status: 0,
      terminationDelay: 0,
      candidates: [],
      ...more,
    });
    const refused: readonly (readonly [Action, RegExp])[] = [
      [query({ token: 256 }), /dialog token: 256 is not a whole number from 0 to 255/],
      [query({ reason: 1.5 }), /query reason/],
      [query({ candidates: [{ ...neighbor, channel: -1 }] }), /channel: -1/],
      [query({ candidates: [{ ...neighbor, bssidInfo: 2 ** 32 }] }), /BSSID information/],
      [query({ candidates: [{ ...neighbor, country: "DEU" }] }), /country: 'DEU' is not two letters/],
      [query({ candidates: [{ ...neighbor, bssid: "nonsense" as Mac }] }), /'nonsense' is not a MAC address/],
      [query({ candidates: [{ ...neighbor, termination: { tsf: -1n, minutes: 0 } }] }), /termination TSF/],
      [query({ others: [{ id: 1, body: new Uint8Array(256) }] }), /element 1: 256 octets/],
      [query({ mbo: { nonPreferred: [{ channels: [1], preference: 0, reason: 0 }] } }), /operating class/],
      [response({ status: 1, target: bssid }), /a response with status 1 has none/],
      [response({ candidates: [neighbor] }), /an acceptance with candidates or other elements needs one/],
      [{ kind: "neighbor-report-request", token: 1, ssid: new Uint8Array(33) }, /SSID: 33 octets/],
      [{ kind: "link-measurement-request", token: 1, txPower: 128, maxTxPower: 0 }, /transmit power: 128/],
    ];
    for (const [value, message] of refused) {
      assert.throws(() => buildActionBody(value), { name: "RangeError", message });
    }
    const body = new Uint8Array(maxFrameOctets);
    assert.throws(() => buildActionFrame(toStation(station, bssid), { kind: "other", category: 1, action: 1, body }), {
      name: "RangeError",
      message: /are more than one can hold/,
    });
  });
});
