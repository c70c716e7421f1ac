import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nextStep, placeAt, type Walk, walkTo } from "./walk.ts";

const a = { x: 0, y: 0, z: 0 };
const b = { x: 10, y: 0, z: 0 };
const walk: Walk = {
  waypoints: [
    { at: 1000, place: a },
    { at: 2000, place: b },
    { at: 5000, place: b },
    { at: 6000, place: a },
  ],
  repeat: false,
};

describe("a walk", () => {
  it("stands at its ends and moves evenly between waypoints", () => {
    assert.deepEqual(placeAt(walk, 0), a);
    assert.deepEqual(placeAt(walk, 1250), { x: 2.5, y: 0, z: 0 });
    assert.deepEqual(placeAt(walk, 3000), b);
    assert.deepEqual(placeAt(walk, 60000), a);
  });

  it("to a place goes straight, and takes as long as the way is", () => {
    const straight = walkTo(a, { x: 3, y: 4 }, 2);
    assert.deepEqual(placeAt(straight, 1250), { x: 1.5, y: 2, z: 0 });
    assert.deepEqual(placeAt(straight, 2500), { x: 3, y: 4 });
    assert.equal(nextStep(straight, 2500, 500), null);
    assert.equal(nextStep(walkTo(a, a, 2), 0, 500), null, "who is there already does not move");
  });

  it("is looked at often while moving, at the next departure while standing, and never when over", () => {
    assert.equal(nextStep(walk, 0, 500), 1000);
    assert.equal(nextStep(walk, 1000, 500), 1500);
    assert.equal(nextStep(walk, 1800, 500), 2000);
    assert.equal(nextStep(walk, 2000, 500), 5000);
    assert.equal(nextStep(walk, 6000, 500), null);
  });

  it("is not looked at again before the clock can have moved", () => {
    const late = 1e9 + 0.1;
    const residue: Walk = { waypoints: [...walk.waypoints, { at: late, place: b }], repeat: false };
    const time = late - 1e-7;
    assert.ok(time < late);
    assert.equal(nextStep(residue, time, 500), time + 1);
  });

  it("starts again when it repeats", () => {
    const round: Walk = { ...walk, repeat: true };
    assert.deepEqual(placeAt(round, 6000 + 1250), placeAt(round, 1250));
    assert.equal(nextStep(round, 12000 + 2000, 500), 12000 + 5000);
    let time = 0;
    for (let steps = 0; steps < 100; steps++) {
      const next = nextStep(round, time, 500);
      assert.ok(next !== null && next > time);
      time = next;
    }
  });

  it("of one waypoint stands still for ever", () => {
    const still: Walk = { waypoints: [{ at: 0, place: a }], repeat: false };
    assert.deepEqual(placeAt(still, 99), a);
    assert.equal(nextStep(still, 0, 500), null);
  });

  it("that repeats a single waypoint stands still too", () => {
    const still: Walk = { waypoints: [{ at: 0, place: a }], repeat: true };
    assert.deepEqual(placeAt(still, 99), a);
    assert.equal(nextStep(still, 0, 500), null);
  });
});
