import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { interfaceText, parameterText, scenarioText } from "./fault-words.ts";

describe("what can go wrong in a driver", () => {
  it("has words, also where only the simulation knows it", () => {
    assert.equal(scenarioText("endless-cac"), "The check for radar does not end");
    assert.equal(scenarioText("of-another-one"), "Of another one");
  });

  it("asks for its figures with a capital", () =>
    assert.deepEqual(["entries", "channel"].map(parameterText), ["Entries that are kept", "Channel"]));

  it("is somewhere that has a use", () => {
    assert.equal(interfaceText("bhaul-sta-24"), "uplink to another node, 2.4 GHz (bhaul-sta-24)");
    assert.equal(interfaceText("eth0"), "eth0");
  });
});
