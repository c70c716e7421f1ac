import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cut, fittingLabels, type Wanted } from "./labels.ts";

const label = (id: string, x: number, more: Partial<Wanted> = {}): Wanted => ({
  ...{ id, x, y: 0, width: 50, height: 16, weight: 1, must: false },
  ...more,
});

describe("names on the map", () => {
  it("do not cover each other; the weightier is shown", () => {
    assert.deepEqual([...fittingLabels([label("a", 0), label("b", 30, { weight: 2 }), label("c", 120)])].sort(), [
      "b",
      "c",
    ]);
  });

  it("are shown where they must be, and those give way that need not", () => {
    const shown = fittingLabels([
      label("a", 0, { weight: 9 }),
      label("b", 10, { must: true }),
      label("c", 20, { must: true }),
    ]);
    assert.deepEqual([...shown].sort(), ["b", "c"]);
  });

  it("leave room for what is drawn", () => {
    assert.equal(fittingLabels([label("a", 0)], [{ x: 10, y: 4, width: 40, height: 40 }]).size, 0);
  });

  it("never cover each other, for any home", () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      label(String(index), (index * 37) % 900, { y: (index * 53) % 500 }),
    );
    const shown = fittingLabels(many);
    const boxes = many.filter(({ id }) => shown.has(id));
    assert.ok(boxes.length > 40);
    for (const [index, a] of boxes.entries())
      for (const b of boxes.slice(index + 1)) assert.ok(Math.abs(a.x - b.x) >= 50 || Math.abs(a.y - b.y) >= 16);
  });

  it("are cut between letters, in any script", () => {
    assert.equal(cut("Kitchen", 10), "Kitchen");
    assert.equal(cut("Kitchen tablet", 8), "Kitchen…");
    assert.equal(cut("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2), "👨‍👩‍👧‍👦…");
    assert.ok(cut("x".repeat(1_000_000), 18).length <= 18);
  });
});
