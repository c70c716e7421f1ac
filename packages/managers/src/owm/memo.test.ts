import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Memo } from "./memo.ts";

describe("a memo", () => {
  it("makes a result again only where something it is made of is another object", () => {
    const memo = new Memo<object>();
    const row = {};
    const first = memo.get("a", [row, 1], () => ({}));
    assert.equal(memo.get("a", [row, 1], assert.fail), first);
    const second = memo.get("a", [{}, 1], () => ({}));
    assert.notEqual(second, first);
    assert.notEqual(
      memo.get("a", [row], () => ({})),
      second,
    );
    assert.notEqual(
      memo.get("b", [row], () => ({})),
      second,
    );
  });

  it("forgets what is gone", () => {
    const memo = new Memo<number>();
    memo.get("a", [], () => 1);
    memo.get("b", [], () => 1);
    memo.retain(new Set(["b"]));
    assert.deepEqual([memo.get("a", [], () => 2), memo.get("b", [], () => 2)], [2, 1]);
  });
});
