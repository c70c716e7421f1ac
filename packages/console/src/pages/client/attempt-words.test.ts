import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { figuresText, resultText } from "./attempt-words.ts";

describe("what became of a move", () => {
  it("is said in words, and as it is where it has none", () => {
    assert.equal(resultText({ result: "did not go" }), "It did not go.");
    assert.equal(resultText({ result: "something new" }), "something new");
  });

  it("has figures, those that are known", () => {
    const attempt = { before: 4.2, predicted: 30, after: null } as Parameters<typeof figuresText>[0];
    assert.equal(figuresText(attempt), "Throughput: 4.2 Mbit/s before, 30 Mbit/s expected.");
    assert.equal(
      figuresText({ ...attempt, after: 28 }),
      "Throughput: 4.2 Mbit/s before, 30 Mbit/s expected, 28 Mbit/s then.",
    );
  });
});
