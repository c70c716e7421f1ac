import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { agree, openingKey, type SecurityTerms } from "./security.ts";

const wpa2: SecurityTerms = { akms: ["psk"], pairwise: ["ccmp"], pmf: "disabled" };
const transition: SecurityTerms = { akms: ["psk", "sae"], pairwise: ["ccmp"], pmf: "optional" };
const wpa3: SecurityTerms = { akms: ["sae"], pairwise: ["ccmp"], pmf: "required" };
const open: SecurityTerms = { akms: [], pairwise: [], pmf: "disabled" };
const modern: SecurityTerms = { akms: ["psk", "sae"], pairwise: ["ccmp", "gcmp256"], pmf: "optional" };
const old: SecurityTerms = { akms: ["psk"], pairwise: ["tkip", "ccmp"], pmf: "disabled" };

describe("security of a link", () => {
  it("is the best that both ends can do", () => {
    assert.deepEqual(agree(transition, modern, true), { akm: "sae", pairwise: "ccmp", pmf: true });
    assert.deepEqual(agree(transition, old, true), { akm: "psk", pairwise: "ccmp", pmf: false });
    assert.deepEqual(agree(wpa2, modern, true), { akm: "psk", pairwise: "ccmp", pmf: false });
  });

  it("does not come about between an old client and a WPA3 network", () => {
    assert.equal(agree(wpa3, old, true), null);
    assert.equal(agree(wpa3, { ...modern, pmf: "disabled" }, true), null);
  });

  it("is absent on an open network, which only clients without a key join", () => {
    assert.deepEqual(agree(open, modern, false), { akm: null, pairwise: null, pmf: false });
    assert.equal(agree(open, modern, true), null);
    assert.equal(agree(wpa2, modern, false), null);
  });
});

describe("keys", () => {
  const keys = [
    { keyId: 2, psk: "guest-password" },
    { keyId: 1, psk: "home-password" },
  ];

  it("open a WPA2 network each, and tell which one was used", () => {
    assert.equal(openingKey("psk", keys, "guest-password")?.keyId, 2);
    assert.equal(openingKey("psk", keys, "home-password")?.keyId, 1);
    assert.equal(openingKey("psk", keys, "other-password"), null);
  });

  it("open a WPA3 network only by the one with the lowest id", () => {
    assert.equal(openingKey("sae", keys, "home-password")?.keyId, 1);
    assert.equal(openingKey("sae", keys, "guest-password"), null);
  });
});
