import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cut, placedLabels, spotsAround, spotsFarther, type Wanted } from "./labels.ts";

const label = (id: string, x: number, more: Partial<Wanted> = {}): Wanted => ({
  ...{ id, x, y: 0, width: 50, height: 16, weight: 1, must: false },
  ...more,
});

const fittingLabels = (...given: Parameters<typeof placedLabels>) => new Set(placedLabels(...given).keys());

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

  it("stand beside what they name where there is no room below it", () => {
    const disc = { x: 0, y: -7, width: 14, height: 14 };
    const below = { x: 0, y: 9, width: 60, height: 16 };
    const spots = spotsAround({ x: 0, y: 0 }, 7, 50, 16);
    const name = { ...label("a", 0), ...spots };
    assert.deepEqual(placedLabels([name], [disc]).get("a"), { x: 0, y: 9 });
    assert.deepEqual(placedLabels([name], [disc, below]).get("a"), { x: 0, y: -25 }, "above");
    assert.deepEqual(
      spots.others.map(({ x, y }) => [x, y]),
      [
        [0, -25],
        [36, -8],
        [-36, -8],
      ],
    );
  });

  it("do not go over the edge: they stand on another side, or are pulled in where they must be seen", () => {
    const size = { width: 200, height: 100 };
    const spots = spotsAround({ x: 190, y: 50 }, 7, 50, 16);
    const at = (more: Partial<Wanted> = {}) => placedLabels([{ ...label("a", 0, more), ...spots }], [], size).get("a");
    assert.deepEqual(at(), { x: 154, y: 42 }, "to its left");
    const corner = { ...label("a", 195, { must: true }), y: 95 };
    assert.deepEqual(placedLabels([corner], [], size).get("a"), { x: 175, y: 84 });
  });

  it("of nodes stand a little away where all is taken around them, or where they cover the least", () => {
    const at = { x: 100, y: 100 };
    const spots = spotsAround(at, 10, 50, 16);
    const node = { ...label("a", 0, { must: true }), ...spots };
    const dots = [spots, ...spots.others].map(({ x, y }) => ({ x, y, width: 10, height: 10 }));
    const all = { ...node, others: [...spots.others, ...spotsFarther(at, 10, 50, 16)] };
    const placed = placedLabels([all], dots).get("a");
    assert.ok(
      placed && dots.every(({ x, y }) => Math.abs(placed.x - x) >= 30 || placed.y >= y + 10 || y >= placed.y + 16),
    );
    const twice = [...dots, { x: 90, y: 112, width: 4, height: 4 }];
    assert.deepEqual(placedLabels([node], twice).get("a"), spots.others[0], "above is one dot, below are two");
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
