import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { endingText, untilProblem, untoldText } from "./until.ts";

describe("until when something is to hold", () => {
  const now = new Date("2026-08-01T18:00").getTime();
  it("is a time to come, within a year", () => {
    assert.equal(untilProblem("2026-08-01T18:30", now), undefined);
    assert.match(untilProblem("2026-08-01T17:59", now) ?? "", /over already/);
    assert.match(untilProblem("2036-08-01T18:00", now) ?? "", /more than a year/);
    assert.match(untilProblem("tomorrow", now) ?? "", /no time/);
  });
});

describe("what a node has not been given yet", () => {
  it("is also that something is over", () => {
    assert.equal(endingText(true), "Stopped; its node is being told …");
    assert.match(endingText(false), /^Stopped here\. .* holds it still: it is told when it is back\.$/);
  });

  for (const [isReached, until, text] of [
    [true, null, "Being told to its node …"],
    [false, null, "Not told to its node yet, which is not reached. It is told when it is back."],
    [
      false,
      "2026-08-01T18:30:00Z",
      "Not told to its node yet, which is not reached. It is told when it is back, unless the time is over by then.",
    ],
  ] as const) {
    it(text, () => assert.equal(untoldText(isReached, until), text));
  }
});
