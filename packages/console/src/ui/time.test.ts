import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { atFrom, countdownText, durationText } from "./time.ts";

describe("moments", () => {
  it("in an address are kept where they are moments", () => {
    assert.deepEqual(atFrom("2026-01-02T03:04:05Z"), { at: "2026-01-02T03:04:05.000Z" });
    for (const value of ["soon", "", undefined, 12, "2026-13-45"]) assert.deepEqual(atFrom(value), {});
  });

  for (const [ms, text] of [
    [-5, "0 s"],
    [59_400, "59 s"],
    [60_000, "1 min"],
    [3_599_000, "59 min"],
    [3_600_000, "1 h"],
    [86_400_000 * 2.5, "2 d"],
  ] as const) {
    it(`of ${ms} ms length read '${text}'`, () => assert.equal(durationText(ms), text));
  }

  for (const [ms, text] of [
    [0, "0:00"],
    [1, "0:01"],
    [1_745_000, "29:05"],
    [3_600_000, "1:00:00"],
  ] as const) {
    it(`with ${ms} ms left read '${text}'`, () => assert.equal(countdownText(ms), text));
  }
});
