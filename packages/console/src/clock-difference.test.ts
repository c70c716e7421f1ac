import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { differenceFrom } from "./clock-difference.ts";

const now = Date.parse("2026-11-27T14:00:00Z");

describe("the cloud's clock", () => {
  it("is two days ahead of, or behind, a clock that is wrong", () => {
    assert.equal(differenceFrom("Sun, 29 Nov 2026 14:00:00 GMT", now), 2 * 86_400_000);
    assert.equal(differenceFrom("Wed, 25 Nov 2026 14:00:00 GMT", now), -2 * 86_400_000);
  });

  it("is the same where they differ by no more than an answer takes", () => {
    assert.equal(differenceFrom("Fri, 27 Nov 2026 14:00:29 GMT", now), 0);
    assert.equal(differenceFrom("Fri, 27 Nov 2026 13:59:31 GMT", now), 0);
  });

  it("is not known by an answer that does not say", () => {
    assert.equal(differenceFrom(null, now), undefined);
    assert.equal(differenceFrom("yesterday", now), undefined);
  });
});
