import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { apart, type Standing, spread } from "./spread.ts";

const size = { width: 800, height: 600 };
const standing = (id: string, x: number, y: number, isMoving = false): Standing => ({
  ...{ id, at: { x, y }, isMoving },
  names: (spot) => [{ x: spot.x, y: spot.y + apart / 2, width: 60, height: 15 }],
});

describe("clients on the plan", () => {
  it("are drawn where they stand, where nothing else does", () => {
    const spots = spread([standing("a", 100, 100), standing("b", 130, 100)], [], size);
    assert.deepEqual(
      [...spots],
      [
        ["a", { x: 100, y: 100 }],
        ["b", { x: 130, y: 100 }],
      ],
    );
  });

  it("are drawn around one place where many stand, none over another or outside", () => {
    for (const [x, y] of [
      [400, 300],
      [0, 0],
    ] as const) {
      const crowd = Array.from({ length: 150 }, (_, n) => standing(String(n).padStart(3, "0"), x, y));
      const spots = spread(crowd, [], size);
      const all = [...spots.values()];
      for (const [index, a] of all.entries()) {
        assert.ok(index === 0 || (a.x >= 0 && a.y >= 0 && a.x <= size.width && a.y <= size.height));
        for (const b of all.slice(index + 1))
          assert.ok(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y)) >= apart - 0.1, `${x}, ${y}`);
      }
    }
  });

  it("are no farther from their place for the sake of their names than a plan of that scale allows", () => {
    const crowd = Array.from({ length: 12 }, (_, n) => standing(String(n).padStart(2, "0"), 400, 300));
    const farthest = (farPx: number) =>
      Math.max(...[...spread(crowd, [], { ...size, farPx }).values()].map(({ x, y }) => Math.hypot(x - 400, y - 300)));
    assert.ok(farthest(110) > 67);
    assert.ok(farthest(36) < 67);
  });

  it("do not cover a node, as long as they do not walk past it", () => {
    const node = standing("gateway", 100, 100);
    const at = (isMoving: boolean) => spread([standing("a", 100, 100, isMoving)], [node], size).get("a");
    assert.notDeepEqual(at(false), { x: 100, y: 100 });
    assert.deepEqual(at(true), { x: 100, y: 100 });
  });
});
