import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { datesText, fateOf } from "./versions.ts";

describe("the dates of a version", () => {
  const moment = (at: string) => at.slice(11, 16);
  for (const [title, appliedAt, expected] of [
    ["are that of when it was applied", "2026-08-01T18:00:59Z", "applied 18:00"],
    ["are both where a draft was applied later", "2026-08-01T19:30:00Z", "made 18:00, applied 19:30"],
    ["are that of when it was made while it is a draft", null, "made 18:00"],
  ] as const) {
    it(title, () => assert.equal(datesText({ createdAt: "2026-08-01T18:00:00Z", appliedAt }, moment), expected));
  }
});

describe("a draft that is looked at", () => {
  for (const [state, fate] of [
    ["draft", undefined],
    ["applied", "applied"],
    ["proven", "applied"],
    ["discarded", "dropped"],
    ["reverted", "dropped"],
  ] as const) {
    it(`is ${fate ?? "one still"} where it is ${state} by now`, () => assert.equal(fateOf({ state }), fate));
  }

  it("is one as long as nothing is known of it", () => assert.equal(fateOf(undefined), undefined));
});
