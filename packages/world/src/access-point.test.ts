import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { type Attempt, admit, type Bond, type Bss, concernsOutsiders, outcomeOfChange } from "./access-point.ts";
import { maxStationsPerBss } from "./limits.ts";

const phone = mac("02:00:00:00:00:01");
const other = mac("02:00:00:00:00:02");

const bss: Bss = {
  bssid: mac("02:00:00:00:01:00"),
  site: "gw",
  name: "home-ap-24",
  ssid: "home",
  hidden: false,
  channel: { band: "2.4G", control: 2437, segments: [2437] },
  power: 20,
  generation: "ax",
  streams: 2,
  security: { akms: ["psk"], pairwise: ["ccmp"], pmf: "optional" },
  keys: [
    { keyId: 1, psk: "correct-horse" },
    { keyId: 2, psk: "battery-staple" },
  ],
  acl: { policy: "none", macs: [] },
};

const attempt: Attempt = {
  mac: phone,
  rssi: -60,
  generation: "ax",
  security: { akms: ["psk", "sae"], pairwise: ["ccmp"], pmf: "optional" },
  psk: "battery-staple",
};

const bond: Bond = {
  agreement: { akm: "psk", pairwise: "ccmp", pmf: true },
  keyId: 2,
  psk: "battery-staple",
};

function refusal(changed: Partial<Bss>, by: Partial<Attempt> = {}, stations = 0) {
  const admission = admit({ ...bss, ...changed }, { ...attempt, ...by }, stations);
  return admission.admitted ? "admitted" : admission.reason;
}

describe("a BSS", () => {
  it("admits who knows a key, and knows which", () => {
    assert.deepEqual(admit(bss, attempt, 0), {
      admitted: true,
      agreement: { akm: "psk", pairwise: "ccmp", pmf: true },
      keyId: 2,
    });
  });

  it("refuses who is too weak, too old, or one too many, where it sets such terms", () => {
    assert.equal(refusal({ minRssi: -60 }), "admitted");
    assert.equal(refusal({ minRssi: -59 }), "too_weak");
    assert.equal(refusal({ oldest: "ax" }), "admitted");
    assert.equal(refusal({ oldest: "be" }), "too_old");
    assert.equal(refusal({ oldest: "n" }, { generation: "legacy" }), "too_old");
    assert.equal(refusal({ maxStations: 2 }, {}, 1), "admitted");
    assert.equal(refusal({ maxStations: 2 }, {}, 2), "full");
  });

  it("refuses a wrong key, a missing key and incompatible security, each by its name", () => {
    assert.equal(refusal({}, { psk: "wrong-password" }), "wrong_key");
    assert.equal(refusal({}, { psk: null }), "security_mismatch");
    assert.equal(
      refusal(
        { security: { akms: ["sae"], pairwise: ["ccmp"], pmf: "required" } },
        { security: { ...attempt.security, akms: ["psk"] } },
      ),
      "security_mismatch",
    );
  });

  it("obeys its access control list", () => {
    assert.equal(refusal({ acl: { policy: "deny", macs: [phone] } }), "acl");
    assert.equal(refusal({ acl: { policy: "deny", macs: [other] } }), "admitted");
    assert.equal(refusal({ acl: { policy: "allow", macs: [other] } }), "acl");
    assert.equal(refusal({ acl: { policy: "allow", macs: [phone] } }), "admitted");
    assert.equal(refusal({ acl: { policy: "none", macs: [phone] } }), "admitted");
  });

  it("asks its hook last", () => {
    const seen: Attempt[] = [];
    const admits = (by: Attempt) => {
      seen.push(by);
      return false;
    };
    assert.equal(refusal({ admits }), "blocked");
    assert.equal(refusal({ admits }, { psk: "wrong-password" }), "wrong_key");
    assert.equal(seen.length, 1);
  });

  it("serves no more stations than there are association ids", () => {
    assert.equal(refusal({}, {}, maxStationsPerBss), "full");
  });
});

describe("a station whose BSS changes", () => {
  const outcome = (after: Partial<Bss>, announced = false) =>
    outcomeOfChange(bss, { ...bss, ...after }, bond, announced);
  const moved = { band: "2.4G", control: 2462, segments: [2462] } as const;

  it("follows an announced channel change and is dropped by any other", () => {
    assert.equal(outcome({ channel: moved }, true), "stays");
    assert.equal(outcome({ channel: moved }), "bss_restarted");
  });

  it("is dropped with a new name or security", () => {
    assert.equal(outcome({ ssid: "other" }), "bss_restarted");
    assert.equal(outcome({ security: { ...bss.security, pmf: "required" } }, true), "bss_restarted");
  });

  it("is dropped when its key is gone, and stays otherwise, on whatever list it is", () => {
    assert.equal(outcome({ acl: { policy: "deny", macs: [phone] } }), "stays");
    assert.equal(outcome({ keys: [{ keyId: 1, psk: "correct-horse" }] }), "key_removed");
    assert.equal(outcome({ keys: [{ keyId: 3, psk: "battery-staple" }] }), "key_removed");
    assert.equal(outcome({ power: 10, hidden: true }), "stays");
  });
});

describe("outsiders", () => {
  it("look again when a BSS appears or changes, not when it is announced as it was", () => {
    assert.equal(concernsOutsiders(undefined, bss), true);
    assert.equal(concernsOutsiders(bss, { ...bss }), false);
    assert.equal(concernsOutsiders(bss, { ...bss, hidden: true }), true);
    assert.equal(concernsOutsiders(bss, { ...bss, acl: { policy: "deny", macs: [phone] } }), false);
  });
});
