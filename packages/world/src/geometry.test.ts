import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { between, crossesSlab, crossesWall, distance, obstacleLoss, type Place, type Wall } from "./geometry.ts";

const metres = fc.double({ min: -50, max: 50, noNaN: true });
const place = fc.record({ x: metres, y: metres, z: metres });
const wall: Wall = { from: { x: 5, y: -5 }, to: { x: 5, y: 5 }, material: "brick" };

describe("walls", () => {
  it("are crossed by lines that pass through them, not by lines that pass beside", () => {
    assert.equal(crossesWall(wall, { x: 0, y: 0 }, { x: 10, y: 0 }), true);
    assert.equal(crossesWall(wall, { x: 0, y: 0 }, { x: 4, y: 0 }), false);
    assert.equal(crossesWall(wall, { x: 0, y: 6 }, { x: 10, y: 6 }), false);
    assert.equal(crossesWall(wall, { x: 5, y: -9 }, { x: 5, y: 9 }), false);
  });

  it("let pass what goes over or under them", () => {
    const low: Wall = { ...wall, bottom: 0, top: 2.5 };
    assert.equal(crossesWall(low, { x: 0, y: 0, z: 1 }, { x: 10, y: 0, z: 1 }), true);
    assert.equal(crossesWall(low, { x: 0, y: 0, z: 4 }, { x: 10, y: 0, z: 4 }), false);
    assert.equal(crossesWall(low, { x: 0, y: 0, z: 0 }, { x: 10, y: 0, z: 8 }), false);
  });

  it("are crossed in both directions alike", () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        assert.equal(crossesWall(wall, a, b), crossesWall(wall, b, a));
      }),
    );
  });
});

describe("obstacles", () => {
  it("add up, and cost more on higher bands", () => {
    const building = {
      walls: [wall, { ...wall, from: { x: 6, y: -5 }, to: { x: 6, y: 5 } }],
      slabs: [{ z: 2.5, material: "wood" as const }],
    };
    const a: Place = { x: 0, y: 0, z: 1 };
    const b: Place = { x: 10, y: 0, z: 4 };
    assert.equal(obstacleLoss(building, a, b, "2.4G"), 6 + 6 + 3);
    assert.equal(obstacleLoss(building, a, b, "6G"), 11 + 11 + 5);
  });

  it("count a slab when the ends are on different sides of it", () => {
    const slab = { z: 2.5, material: "concrete" as const };
    assert.equal(crossesSlab(slab, { x: 0, y: 0 }, { x: 0, y: 0, z: 3 }), true);
    assert.equal(crossesSlab(slab, { x: 0, y: 0, z: 3 }, { x: 9, y: 9, z: 5 }), false);
  });
});

describe("distance", () => {
  it("is symmetric, and a walk covers it in proportion", () => {
    fc.assert(
      fc.property(place, place, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, fraction) => {
        assert.equal(distance(a, b), distance(b, a));
        assert.ok(Math.abs(distance(a, between(a, b, fraction)) - fraction * distance(a, b)) < 1e-9);
      }),
    );
  });
});
