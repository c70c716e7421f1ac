import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { joined, keptEntries, prettyText, questionAfter } from "./tail.ts";

const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ number: from + index }));

describe("what goes on", () => {
  it("is joined to what was there, each entry once", () => {
    const first = joined(undefined, { log: "a", items: entries(1, 3), lost: 0 });
    const next = joined(first, { log: "a", items: entries(3, 5), lost: 1 });
    assert.deepEqual([next.items, next.lost], [entries(1, 5), 1]);
    assert.equal(joined(next, { log: "a", items: [], lost: 0 }), next);
    assert.deepEqual(questionAfter(next), { after: 5, log: "a" });
    assert.deepEqual(questionAfter(undefined), {});
  });

  it("begins anew where the log does", () => {
    const first = joined(undefined, { log: "a", items: entries(1, 3), lost: 2 });
    assert.deepEqual(joined(first, { log: "b", items: entries(1, 1), lost: 0 }), {
      log: "b",
      items: entries(1, 1),
      lost: 0,
    });
  });

  it("keeps so many, and says how many it does not", () => {
    const first = joined(undefined, { log: "a", items: entries(1, keptEntries), lost: 0 });
    const next = joined(first, { log: "a", items: entries(keptEntries + 1, keptEntries + 2), lost: 0 });
    assert.deepEqual([next.items.length, next.items[0]?.number, next.lost], [keptEntries, 3, 2]);
  });

  it("is set out where it is whole JSON", () => {
    assert.equal(prettyText('{"a":1}'), '{\n  "a": 1\n}');
    assert.equal(prettyText('{"a":'), '{"a":');
  });
});
