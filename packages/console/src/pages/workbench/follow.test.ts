import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { followed, markMs, settled } from "./follow.ts";
import type { Row } from "./table-view.ts";

const row = (uuid: string, cells: Record<string, unknown> = {}): Row => ({ uuid, cells, masked: [] });
const marks = (rows: ReturnType<typeof followed>["rows"]) => rows.map(({ row, mark }) => [row.uuid, mark?.kind]);

describe("following a table", () => {
  it("marks nothing at first", () => {
    const first = followed(undefined, [row("a")], 0);
    assert.deepEqual([marks(first.rows), first.news], [[["a", undefined]], ""]);
  });

  it("marks rows that are new, changed and gone, and says so", () => {
    const first = followed(undefined, [row("a", { x: 1 }), row("b"), row("c", { y: [1] })], 0);
    const next = followed(first, [row("a", { x: 2 }), row("c", { y: [1] }), row("d")], 10);
    assert.deepEqual(marks(next.rows), [
      ["a", "changed"],
      ["b", "gone"],
      ["c", undefined],
      ["d", "new"],
    ]);
    assert.equal(next.news, "1 row is new, 1 row has changed, 1 row is gone");
    const [changed] = next.rows;
    assert.ok(changed?.mark?.kind === "changed");
    assert.deepEqual([...changed.mark.columns], ["x"]);
  });

  it("keeps marks for a moment, whatever else happens, and then no longer", () => {
    const first = followed(undefined, [row("a"), row("b")], 0);
    const next = followed(first, [row("a")], 0);
    const again = followed(next, [row("a"), row("c")], markMs - 1);
    assert.deepEqual(marks(again.rows), [
      ["a", undefined],
      ["b", "gone"],
      ["c", "new"],
    ]);
    assert.equal(again.news, "1 row is new");
    assert.deepEqual(marks(settled(again.rows, markMs)), [
      ["a", undefined],
      ["c", "new"],
    ]);
    assert.deepEqual(marks(followed(again, [row("a"), row("c")], markMs + 1).rows), [
      ["a", undefined],
      ["c", "new"],
    ]);
  });

  it("marks a row that comes back as new", () => {
    const first = followed(undefined, [row("a")], 0);
    const back = followed(followed(first, [], 1), [row("a")], 2);
    assert.deepEqual(marks(back.rows), [["a", "new"]]);
  });
});
