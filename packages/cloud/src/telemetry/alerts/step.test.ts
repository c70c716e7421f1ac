import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as limits from "../limits.ts";
import { type Condition, type Observation, type Phase, step } from "./step.ts";

const minute = 60_000;
const rule = { raiseMs: 10 * minute, clearMs: 5 * minute };
const now = 1_000 * minute;

const at = (phase: Phase, ago: number, observedAgo = 0): Condition => ({
  phase,
  since: now - ago,
  observedAt: now - observedAgo,
});

describe("a condition", () => {
  const cases: readonly (readonly [string, Condition | undefined, Observation, Phase | undefined, string | null])[] = [
    ["begins", undefined, "over", "PENDING", null],
    ["is none in between", undefined, "between", undefined, null],
    ["is none below", undefined, "under", undefined, null],
    ["is waited for", at("PENDING", 9 * minute), "over", "PENDING", null],
    ["is raised once it has lasted", at("PENDING", 10 * minute), "over", "RAISED", "raise"],
    ["is forgotten when it eases", at("PENDING", 9 * minute), "between", undefined, null],
    ["stays raised while it does not ease enough", at("RAISED", minute), "between", "RAISED", null],
    ["begins to recover", at("RAISED", minute), "under", "RECOVERING", null],
    ["is waited for again", at("RECOVERING", 4 * minute), "under", "RECOVERING", null],
    ["is over once that has lasted", at("RECOVERING", 5 * minute), "under", undefined, "clear"],
    ["has not recovered when it comes back", at("RECOVERING", 4 * minute), "over", "RAISED", null],
    ["has not recovered in between", at("RECOVERING", 4 * minute), "between", "RAISED", null],
  ];
  for (const [what, state, observation, phase, change] of cases) {
    it(what, () => {
      const result = step(state, observation, now, rule);
      assert.deepEqual([result.state?.phase, result.change], [phase, change]);
    });
  }

  it("begins anew where nobody has looked for a while", () => {
    const unseen = at("PENDING", 20 * minute, limits.observationGapMs + 1);
    assert.deepEqual(step(unseen, "over", now, rule).state, { phase: "PENDING", since: now, observedAt: now });
  });

  it("is raised at once where nothing is waited for, and over at once", () => {
    const eager = { raiseMs: 0, clearMs: 0 };
    const raised = step(undefined, "over", now, eager);
    assert.deepEqual([raised.state?.phase, raised.change], ["RAISED", "raise"]);
    assert.deepEqual(step(raised.state, "under", now, eager), { state: undefined, change: "clear" });
  });

  it("counts from when it began, where that is known", () => {
    assert.equal(step(undefined, "over", now, rule, now - 10 * minute).change, "raise");
  });

  it("flaps into one alert at the most for each time that it lasts", () => {
    let state: Condition | undefined;
    let raised = 0;
    for (let time = 0; time < 600; time++) {
      const result = step(state, time % 2 === 0 ? "over" : "under", now + time * minute, rule);
      state = result.state;
      if (result.change === "raise") raised++;
    }
    assert.equal(raised, 0);
  });
});
