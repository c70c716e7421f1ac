import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { givenWords, kindWords, ruleWords } from "./policy-words.ts";
import type { HoldingPolicy } from "./why-there.ts";

const mac = "02:00:00:00:00:01";
const rule = (more: Partial<HoldingPolicy>): HoldingPolicy => ({
  ...{
    id: "school",
    label: "School nights",
    scope: { kind: "network", name: "Kids" },
    until: null,
    stated: "policies[2]",
  },
  action: { kind: "freeze" },
  ...more,
});

describe("rules that hold for a client", () => {
  it("say what, whose they are, and how to be rid of them", () => {
    const { what, where, undo, own } = ruleWords(rule({}), mac);
    assert.equal(what, "no Internet");
    assert.match(where, /^a rule of the home \(“School nights”\), for everybody in the network Kids$/);
    assert.match(undo, /change the rule under Network, Rules, or make one there for this device/);
    assert.equal(own, null);
  });

  it("know those that this page has made for this very device", () => {
    assert.equal(ruleWords(rule({ id: "freeze-020000000001" }), mac).own, "freeze");
    assert.equal(ruleWords(rule({ id: "band-020000000001" }), mac).own, "band");
    assert.equal(ruleWords(rule({ id: "band-020000000002" }), mac).own, null);
  });

  it("call kinds of devices by their names", () => {
    assert.equal(ruleWords(rule({ action: { kind: "profile", profile: "tv" } }), mac).what, "treated as a television");
    assert.equal(
      kindWords("older-phone", "modern-phone"),
      "It is treated as an older phone, as the home says; it seems to be a modern phone.",
    );
    assert.match(kindWords("iot", "iot"), /a small smart-home device .*, as that is what it seems to be\.$/);
    assert.match(
      kindWords("unknown", "unknown"),
      /cannot be told yet: by itself the cloud moves it only once .* a band asked for on this page, or a rule, holds in any case/,
    );
    assert.match(kindWords("tv", null), /as the home says; what it is cannot be told\.$/);
  });

  it("are not all: that it is shared, and what it is called, holds too", () => {
    assert.deepEqual(
      givenWords({ shared: true, nickname: "tv" }).map(({ what }) => what),
      ["guests may use it", "called “tv”"],
    );
    assert.deepEqual(givenWords({ shared: false, nickname: null }), []);
  });

  it("tell a preference from a must", () => {
    const what = (only: boolean) => ruleWords(rule({ action: { kind: "band", prefer: "5G", only } }), mac).what;
    assert.deepEqual([what(true), what(false)], ["5 GHz only", "rather 5 GHz"]);
  });
});
