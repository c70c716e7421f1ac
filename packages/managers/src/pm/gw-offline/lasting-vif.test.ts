import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lastingVif, primaryKeyName } from "./lasting-vif.ts";

describe("the primary password of a network", () => {
  for (const [names, primary] of [
    [["key"], "key"],
    [["key-1", "key"], "key"],
    [["key-2", "key-1"], "key-1"],
    [["key-10", "key-9"], "key-9"],
    [["key-1", "key--1"], "key--1"],
    [["key--2", "key--1"], "key--1"],
    [["key-1", "key-0"], "key-0"],
    [["guest", "key-3"], "key-3"],
    [["guest", "family"], "family"],
    [["key-99999999999999999999", "key-5"], "key-5"],
    [[], null],
  ] as const) {
    it(`is ${primary} of ${names.join(", ") || "none"}`, () => assert.equal(primaryKeyName(names), primary));
  }

  it("stays alone, with its tag", () => {
    const row = lastingVif({
      ssid: "Home",
      wpa_psks: new Map([
        ["key--1", "a"],
        ["key-2", "b"],
      ]),
      wpa_oftags: new Map([
        ["key--1", "home--1"],
        ["key-2", "guest"],
      ]),
    });
    assert.deepEqual(row, {
      ssid: "Home",
      wpa_psks: new Map([["key--1", "a"]]),
      wpa_oftags: new Map([["key--1", "home--1"]]),
    });
  });

  it("stays alone in the older column, beside what is not a key", () => {
    const security = new Map([
      ["encryption", "WPA-PSK"],
      ["key", "a"],
      ["key-1", "b"],
      ["mode", "2"],
      ["oftag", "home"],
      ["oftag-key-1", "guest"],
    ]);
    const kept = lastingVif({ security }).security;
    assert.deepEqual([...kept.keys()], ["encryption", "key", "mode", "oftag"]);
  });
});

describe("a network that lasts", () => {
  it("has no WPS button pressed", () => assert.equal(lastingVif({ wps: true, wps_pbc: true }).wps_pbc, null));

  it("is as it was where it has one password or none", () => {
    for (const wpa_psks of [new Map([["key-7", "a"]]), new Map<string, string>()]) {
      assert.deepEqual(lastingVif({ wpa_psks, ssid: "x", security: new Map() }), {
        wpa_psks,
        ssid: "x",
        security: new Map(),
        ...(wpa_psks.size > 0 && { wpa_oftags: new Map() }),
      });
    }
  });
});
