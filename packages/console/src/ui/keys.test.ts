import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  apartText,
  isOpenGuestKey,
  keyName,
  reachText,
  sharedApartText,
  unknownUsers,
  usersOf,
  zoneText,
} from "./keys.ts";

type Device = Parameters<typeof usersOf>[0][number];

function device(mac: string, key: string | null, parts: Partial<Device> = {}, ssid: string | null = "Home"): Device {
  return {
    ...{ mac, name: mac, nickname: null, profile: null, shared: false, frozen: null, band: null, ending: [] },
    now: {
      ...{ mac, hostname: null, address: null, node: "gateway", ssid, band: "5G", channel: 36, snr: 30 },
      ...{
        rxLinkMbps: null,
        txLinkMbps: null,
        rxMbps: 0,
        txMbps: 0,
        connectedSeconds: 1,
        seenAt: "2026-01-01T00:00:00Z",
        lastKnownAt: null,
      },
      key: key === null ? null : { key, label: null, zone: "home", isolated: false, hold: null },
    },
    ...parts,
  };
}

describe("a key in words", () => {
  it("is called by its name, else by its id", () => {
    assert.equal(keyName({ key: "key-1", label: "Guests" }), "Guests");
    assert.equal(keyName({ key: "key-1", label: null }), "key-1");
  });

  for (const [zone, opens, reaches] of [
    ["home", "Everything", /devices at home, but not those on the same access point/],
    ["guest", "Internet and shared devices", /shared with guests/],
    ["internet-only", "Internet only", /no device at home/],
    [null, "not known", /no longer one of the home/],
    ["toString", "not known", /not known/],
  ] as const) {
    it(`opens ${opens} where its zone is ${zone}`, () => {
      assert.equal(zoneText(zone), opens);
      assert.match(reachText({ zone, isolated: true, hold: null }), reaches);
    });
  }

  it("says nothing of what somebody reaches of whom nothing is heard", () => {
    const lost = { isolated: false, hold: null, isLastKnown: true };
    assert.equal(reachText({ zone: "home", ...lost }), "What it reaches now is not known.");
    assert.match(reachText({ zone: null, ...lost }), /no longer one of the home/);
  });

  it("reaches whoever is on the same access point, unless the network keeps those apart", () => {
    for (const zone of ["guest", "internet-only"]) {
      assert.match(
        reachText({ zone, isolated: false, hold: null }),
        /and devices on the same access point; nothing else at home\.$/,
      );
      assert.doesNotMatch(reachText({ zone, isolated: true, hold: null }), /and devices on the same access point/);
    }
    assert.equal(
      reachText({ zone: "home", isolated: false, hold: null }),
      "It reaches the Internet and every device at home.",
      "guests are not of the home",
    );
    assert.match(
      reachText({ zone: "guest", isolated: true, hold: null }),
      /those that are not on the same access point/,
    );
  });

  it("reaches more than its key opens where its nodes do not hold it to that, and for as long", () => {
    const guest = { zone: "guest", isolated: true } as const;
    const whole = reachText({ ...guest, hold: "whole" });
    assert.match(whole, /nothing else at home\.$/);
    assert.match(
      reachText({ ...guest, hold: "late" }),
      /not been told of it yet: .* at other nodes, and those on a cable/,
    );
    assert.match(reachText({ ...guest, hold: "cables" }), /devices on a cable there/);
    assert.doesNotMatch(reachText({ ...guest, hold: "none" }), /nothing else/);
    assert.match(reachText({ ...guest, hold: "none" }), /no rule is in force/);
    assert.equal(reachText({ ...guest, hold: null }), whole);
  });

  it("is said of a network where its devices are kept apart, or where somebody could think they were", () => {
    assert.match(apartText(true, false) ?? "", /kept apart/);
    assert.match(apartText(false, true) ?? "", /guests, too/);
    assert.equal(apartText(false, false), undefined);
  });

  it("matters less to what is shared than the access point that both are on", () => {
    assert.match(sharedApartText(true) ?? "", /a guest on the same access point does not reach it all the same/);
    assert.match(sharedApartText(false) ?? "", /a guest on the same access point reaches it anyway/);
    assert.equal(sharedApartText(undefined), undefined);
  });

  for (const [label, zone, expected] of [
    ["guest", undefined, true],
    ["Our guests", "home", true],
    ["Gäste", undefined, true],
    ["guest", "guest", false],
    ["guest", "internet-only", false],
    ["home", undefined, false],
    [undefined, undefined, false],
  ] as const) {
    it(`is ${expected ? "" : "not "}for guests and yet open, called ${label} with zone ${zone}`, () =>
      assert.equal(isOpenGuestKey({ label, zone }), expected));
  }
});

describe("who uses a key", () => {
  const away = device("02:00:00:00:00:09", null, { now: null });
  const all = [
    device("02:00:00:00:00:01", "key", { nickname: "tv" }),
    device("02:00:00:00:00:02", "key", { nickname: "Bo's phone" }),
    device("02:00:00:00:00:03", "key-1"),
    device("02:00:00:00:00:04", "key", {}, "Other"),
    device("02:00:00:00:00:05", null),
    away,
  ];

  it("are those that are connected by it, by name, also of a network that is being renamed", () => {
    assert.deepEqual(
      usersOf(all, ["Home"], "key").map(({ name }) => name),
      ["Bo's phone", "tv"],
    );
    assert.equal(usersOf(all, ["New name", "Home"], "key").length, 2);
    assert.deepEqual(usersOf(all, ["Home"], "key-1"), [{ mac: "02:00:00:00:00:03", name: "02:00:00:00:00:03" }]);
  });

  it("may be others of whom nodes do not tell it", () => {
    assert.equal(unknownUsers(all, ["Home"]), 1);
    assert.equal(unknownUsers(all, ["Other"]), 0);
  });
});
