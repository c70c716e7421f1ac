import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clientAt, gridLines, labelsOf, neighbourOf, type Simulation, scaleOf, toMetres, toScreen } from "./plan.ts";
import { aClient, aSimulation } from "./testing/simulations.ts";

const bounds = { left: -2, top: -2, right: 18, bottom: 12 };

describe("the plan of a home on the screen", () => {
  it("is as wide as there is room for, to scale, and not higher than a screen", () => {
    assert.deepEqual(scaleOf(bounds, 800), { width: 800, height: 560, pxPerMetre: 40 });
    const high = scaleOf({ left: 0, top: 0, right: 10, bottom: 100 }, 800);
    assert.deepEqual([high.width, high.height], [64, 640]);
    const nothing = scaleOf({ left: 0, top: 0, right: 0, bottom: 0 }, 0);
    assert.ok(nothing.pxPerMetre > 0 && Number.isFinite(nothing.height));
  });

  it("gives back the metres of a point, to 10 cm, never outside", () => {
    const scale = scaleOf(bounds, 800);
    assert.deepEqual(toScreen(bounds, scale, { x: 3, y: 5 }), { x: 200, y: 280 });
    assert.deepEqual(toMetres(bounds, scale, { x: 203, y: 281 }), { x: 3.1, y: 5 });
    assert.deepEqual(toMetres(bounds, scale, { x: -50, y: 9999 }), { x: -2, y: 12 });
  });

  it("has lines every so many metres, never too close", () => {
    assert.deepEqual(gridLines(-2, 3, scaleOf(bounds, 800)), [-2, -1, 0, 1, 2, 3]);
    assert.deepEqual(gridLines(-2, 18, scaleOf(bounds, 366)), [-2, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it("names nodes always, clients where there is room, and the chosen one in any case", () => {
    const crowd = Array.from({ length: 40 }, (_, n) =>
      aClient({ mac: `02:00:00:00:00:${n}`, name: `a client ${n}`, place: { x: 5, y: 5 + n / 100, z: 0 } }),
    );
    const home: Simulation = aSimulation({ clients: crowd });
    const scale = scaleOf(home.bounds, 800);
    const without = labelsOf(home, scale, null);
    assert.ok(without.some(({ id }) => id === "node gateway"));
    assert.ok(without.length < 10);
    assert.ok(labelsOf(home, scale, "02:00:00:00:00:33").some(({ id }) => id === "client 02:00:00:00:00:33"));
    const long = aSimulation({ clients: [aClient({ name: "x".repeat(300) })] });
    const label = labelsOf(long, scale, null).find(({ id }) => id.startsWith("client"));
    assert.equal(label?.text.length, 18);
  });

  it("cuts no name off at an edge", () => {
    const home = aSimulation({ clients: [aClient({ name: "x".repeat(18), place: { x: 18, y: 5, z: 0 } })] });
    const scale = scaleOf(home.bounds, 800);
    const label = labelsOf(home, scale, null).find(({ id }) => id.startsWith("client"));
    assert.ok(label && label.x < 800 - 50, `${label?.x} of 800`);
  });

  it("takes a press among many clients for the nearest one, and one beside them for none", () => {
    const [left, right] = [5, 5.3].map((x) => aClient({ mac: `at ${x}`, place: { x, y: 5, z: 0 } }));
    assert.ok(left && right);
    const scale = scaleOf(bounds, 800);
    for (const clients of [
      [left, right],
      [right, left],
    ]) {
      const home = aSimulation({ clients });
      const { x, y } = toScreen(bounds, scale, left.place);
      assert.equal(clientAt(home, scale, { x: x + 2, y }), left.mac);
      assert.equal(clientAt(home, scale, { x: x + 9, y }), right.mac);
      assert.equal(clientAt(home, scale, { x: x - 20, y }), undefined);
    }
  });

  it("goes from client to client, round and round", () => {
    const clients = ["a", "b", "c"].map((mac) => aClient({ mac }));
    assert.deepEqual(
      (["a", "b", "c"] as const).flatMap((mac) => [
        neighbourOf({ clients }, mac, 1),
        neighbourOf({ clients }, mac, -1),
      ]),
      ["b", "c", "c", "a", "a", "b"],
    );
    assert.equal(neighbourOf({ clients }, "gone", 1), undefined);
  });
});
