import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { summaryOf } from "./summary.ts";

const changes = (...words: string[]) => words.map((text) => ({ words: text }));

describe("what a version has changed", () => {
  it("is its first change, and how many more there are", () => {
    assert.deepEqual(summaryOf(changes("a", "b", "c", "d")), {
      first: "a",
      more: "and 3 more",
      others: ["b", "c", "d"],
    });
    assert.deepEqual(summaryOf(changes("a")), { first: "a", more: null, others: [] });
  });

  it("is nothing where nothing is another", () => assert.equal(summaryOf([]), undefined));
});
