import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { awayFrom, cablesOf } from "./cables.ts";
import { graphOf } from "./graph.ts";
import { aPicture } from "./testing/pictures.ts";

const [a, b] = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
];

describe("lines between nodes", () => {
  it("are those of nodes, not of clients", () => {
    assert.deepEqual(cablesOf(graphOf(aPicture(2, 5), new Set())), [
      { from: "internet", to: "node gateway" },
      { from: "node gateway", to: "node extender-1" },
    ]);
  });

  for (const [title, point, side, expected] of [
    ["from beside", { x: 50, y: 8 }, 1, { distance: 8, x: 0, y: 1 }],
    ["from beyond an end", { x: 103, y: 4 }, 1, { distance: 5, x: 0.6, y: 0.8 }],
    ["from on it, to one side", { x: 50, y: 0 }, 1, { distance: 0, x: -0, y: 1 }],
    ["from on it, to the other", { x: 50, y: 0 }, -1, { distance: 0, x: 0, y: -1 }],
  ] as const) {
    it(`are left the shortest way ${title}`, () => assert.deepEqual(awayFrom(a, b, point, side), expected));
  }

  it("are none where both ends are one place", () => assert.equal(awayFrom(a, a, b, 1).distance, Infinity));
});
