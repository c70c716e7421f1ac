import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Happening, namedText, namesOf, told } from "./happenings.ts";

const phone = "02:00:00:00:01:02";
const at = "2026-08-01T18:00:00.000Z";
const moment = (time: string) => time.slice(11, 16);
const event = (more: Partial<Happening>): Happening => ({
  ...{ id: "e", at, location: "L", node: "attic", client: phone, clientName: null, kind: "client-roamed", text: "raw" },
  details: {},
  ...more,
});
const names = new Map([[phone, "phone"]]);
const text = (more: Partial<Happening>) => told(event(more), names, moment).text;

describe("what has happened", () => {
  for (const [more, expected] of [
    [{ kind: "client-connected", details: { band: "5G" } }, "phone connected to 5 GHz at attic"],
    [
      { details: { fromNode: "gateway", fromBand: "2.4G", band: "5G" } },
      "phone went from 2.4 GHz at gateway to 5 GHz at attic",
    ],
    [
      { kind: "client-disconnected", details: { band: "6G", silent: true } },
      "phone left 6 GHz at attic (no longer reported)",
    ],
    [
      { kind: "deed", text: "ana …", details: { actor: "ana", band: "2.4G", until: "2026-08-01T18:30:00.000Z" } },
      "ana asked for 2.4 GHz only for phone until 18:30",
    ],
    [
      { kind: "deed", text: "ana …", details: { actor: "ana", freeze: true, until: null } },
      "ana took the Internet from phone for good",
    ],
    [
      { kind: "deed", text: `ana let ${phone} use all bands again`, details: { actor: "ana", band: null } },
      "ana let phone use all bands again",
    ],
    [
      { kind: "auth-failures", text: `${phone}: failed to authenticate 3 times` },
      "phone: failed to authenticate 3 times",
    ],
  ] as const) {
    it(`is told with names: ${expected}`, () => assert.equal(text(more), expected));
  }

  it("is told in words, with what a connection said, or why somebody did it, beside them", () => {
    const raw = "connection ended: ssl:127.0.0.1:1: no response to inactivity probe";
    const left = { kind: "node-disconnected", text: "attic: left the cloud: it no longer answered", client: null };
    const reason = "it no longer answered";
    assert.equal(
      told(event({ ...left, details: { reason, raw } }), names, moment).detail,
      "its connection said “no response to inactivity probe”",
    );
    assert.equal(told(event({ ...left, details: { reason, raw: reason } }), names, moment).detail, null);
    assert.equal(
      told(event({ kind: "deed", details: { actor: "ana", why: "a party" } }), names, moment).detail,
      "“a party”",
    );
  });

  it("says of a row that somebody wrote by hand what was written, and why", () => {
    const details = { action: "node.edit", actor: "ana", why: "a test", changes: "channel: 6 → 11" };
    const text = "ana wrote wifi0 of Wifi_Radio_Config on attic: channel";
    const said = told(event({ kind: "deed", client: null, text, details }), names, moment);
    assert.deepEqual(
      [said.text, said.detail],
      ["ana wrote wifi0 of Wifi_Radio_Config on attic", "channel: 6 → 11; “a test”"],
    );
  });

  it("leaves what a version has changed to its history", () => {
    const details = { actor: "ana", why: null, changes: "key 'key-1': zone unset -> guest" };
    const { text, detail, isVersion } = told(
      event({ kind: "deed", client: null, text: "ana changed the home (version 2)", details }),
      ...([names, moment] as const),
    );
    assert.deepEqual([text, detail, isVersion], ["ana changed the home (version 2)", null, true]);
    assert.equal(told(event({}), names, moment).isVersion, false);
  });
});

describe("names of clients", () => {
  it("are those of now; who is away is called as it was last", () => {
    const away = event({ client: "02:00:00:00:01:09", clientName: "tv" });
    const found = namesOf(
      [
        { mac: phone, name: "Ana's phone" },
        { mac: "02:00:00:00:01:03", name: "02:00:00:00:01:03" },
      ],
      [away, event({ clientName: "pixel" })],
    );
    assert.deepEqual(
      [...found],
      [
        ["02:00:00:00:01:09", "tv"],
        [phone, "Ana's phone"],
      ],
    );
  });

  it("take the place of addresses in any text, where there are any", () => {
    assert.equal(namedText("sent for a walk: client 02:00:00:00:01:02", names), "sent for a walk: phone");
    assert.equal(namedText("02:00:00:00:01:03: connected", names), "02:00:00:00:01:03: connected");
  });
});
