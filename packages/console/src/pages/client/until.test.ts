import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { untilProblem } from "./until.ts";

describe("until when something is to hold", () => {
  const now = new Date("2026-08-01T18:00").getTime();
  it("is a time to come, within a year", () => {
    assert.equal(untilProblem("2026-08-01T18:30", now), undefined);
    assert.match(untilProblem("2026-08-01T17:59", now) ?? "", /over already/);
    assert.match(untilProblem("2036-08-01T18:00", now) ?? "", /more than a year/);
    assert.match(untilProblem("tomorrow", now) ?? "", /no time/);
  });
});
