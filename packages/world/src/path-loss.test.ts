import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Building } from "./geometry.ts";
import { defaultPropagation, freeSpaceLossAt1m, pathLoss, shadowing } from "./path-loss.ts";

const empty: Building = { walls: [], slabs: [] };
const metres = fc.double({ min: -50, max: 50, noNaN: true });
const place = fc.record({ x: metres, y: metres });

describe("path loss", () => {
  it("is the free-space loss at one metre and below", () => {
    const at = (x: number) => pathLoss(defaultPropagation, empty, { x: 0, y: 0 }, { x, y: 0 }, "2.4G", 2437);
    assert.equal(at(1), freeSpaceLossAt1m(2437));
    assert.equal(at(0), at(1));
    assert.ok(Math.abs(freeSpaceLossAt1m(2437) - 40.2) < 0.1);
  });

  it("grows by ten times the exponent per decade of distance", () => {
    const at = (x: number) => pathLoss(defaultPropagation, empty, { x: 0, y: 0 }, { x, y: 0 }, "5G", 5180);
    assert.ok(Math.abs(at(20) - at(2) - 26) < 1e-9);
  });

  it("is the same in both directions, never falls with distance, and is higher on higher bands", () => {
    fc.assert(
      fc.property(place, place, fc.double({ min: 1, max: 3, noNaN: true }), (a, b, factor) => {
        const loss = (to: { x: number; y: number }, frequency = 5180) =>
          pathLoss(defaultPropagation, empty, a, to, "5G", frequency);
        assert.equal(loss(b), pathLoss(defaultPropagation, empty, b, a, "5G", 5180));
        const farther = { x: a.x + (b.x - a.x) * factor, y: a.y + (b.y - a.y) * factor };
        assert.ok(loss(farther) >= loss(b) - 1e-9);
        assert.ok(loss(b, 5955) > loss(b, 2437));
      }),
    );
  });
});

describe("shadowing", () => {
  it("depends on seed, site and place alone", () => {
    const here = { x: 3, y: 7 };
    assert.equal(shadowing("s", "gw", here, 4), shadowing("s", "gw", here, 4));
    assert.notEqual(shadowing("s", "gw", here, 4), shadowing("t", "gw", here, 4));
    assert.notEqual(shadowing("s", "gw", here, 4), shadowing("s", "ext", here, 4));
    assert.equal(shadowing("s", "gw", here, 0), 0);
  });

  it("has the asked spread around zero over many places", () => {
    const values = Array.from({ length: 900 }, (_, i) =>
      shadowing("spread", "gw", { x: (i % 30) * 4.7, y: Math.floor(i / 30) * 5.3 }, 4),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    assert.ok(Math.abs(mean) < 0.6, `mean ${mean}`);
    assert.ok(Math.abs(deviation - 4) < 0.6, `deviation ${deviation}`);
  });

  it("changes little over a decimetre", () => {
    fc.assert(
      fc.property(place, (at) => {
        const step = Math.abs(shadowing("s", "gw", at, 4) - shadowing("s", "gw", { x: at.x + 0.1, y: at.y }, 4));
        assert.ok(step < 2.5, String(step));
      }),
    );
  });
});
