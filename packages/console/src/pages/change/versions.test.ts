import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { datesText } from "./versions.ts";

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
