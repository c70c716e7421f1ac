import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stateText } from "./state-text.ts";

describe("the state of a location", () => {
  const note = "gateway: its 5 GHz radio is not as it was told: channel 99 asked for, 36 is on";
  for (const [live, expected] of [
    [null, "nothing applied yet"],
    [{ settled: true, note: null }, "works as it should"],
    [{ settled: true, note }, note],
    [{ settled: false, note: null }, "not yet as it should be"],
    [{ settled: false, note }, `not yet as it should be; ${note}`],
  ] as const) {
    it(`is that it is ${expected}`, () => assert.equal(stateText(live), expected));
  }
});
