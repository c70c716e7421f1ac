import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { boundsOf, outside, placeBeside } from "./home-plan.ts";

describe("the plan of a simulated home", () => {
  const bounds = boundsOf([{ from: { x: 0, y: 0 }, to: { x: 16, y: 0 } }], [{ x: 3, y: 10 }]);

  it("goes a little beyond the walls and all that stands somewhere", () => {
    assert.deepEqual(bounds, { left: -2, top: -2, right: 18, bottom: 12 });
    assert.deepEqual(boundsOf([], []), { left: -2, top: -2, right: 2, bottom: 2 });
  });

  it("says of a place outside which member is wrong and what it may be", () => {
    const cases = [
      [{ x: 16, y: 12 }, undefined],
      [
        { x: -2.1, y: 0 },
        { member: "x", reason: "is outside the home; give -2 to 18 (metres)" },
      ],
      [
        { x: 0, y: 12.5 },
        { member: "y", reason: "is outside the home; give -2 to 12 (metres)" },
      ],
      [
        { x: Number.NaN, y: 0 },
        { member: "x", reason: "is outside the home; give -2 to 18 (metres)" },
      ],
    ] as const;
    for (const [place, expected] of cases) assert.deepEqual(outside(bounds, place), expected);
  });

  it("has people stop before a node, on its floor", () => {
    assert.deepEqual(placeBeside({ x: 0, y: 0, z: 3 }, { x: 8, y: 0, z: 0 }), { x: 0.8, y: 0, z: 3 });
    assert.deepEqual(placeBeside({ x: 0, y: 0 }, { x: 0.5, y: 0 }), { x: 0.5, y: 0, z: 0 });
  });
});
