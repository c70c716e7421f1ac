import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  clientAt,
  discsOf,
  gridLines,
  labelsOf,
  neighbourOf,
  type Simulation,
  scaleOf,
  toMetres,
  toScreen,
} from "./plan.ts";
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

  const labels = (home: Simulation, width: number, ...named: readonly string[]) => {
    const scale = scaleOf(home.bounds, width);
    return labelsOf(home, scale, discsOf(home, scale), new Set(named));
  };

  it("names nodes always, clients where there is room, and those that are chosen or pointed at in any case", () => {
    const crowd = Array.from({ length: 40 }, (_, n) =>
      aClient({ mac: `02:00:00:00:00:${n}`, name: `a client ${n}`, place: { x: 5, y: 5 + n / 100, z: 0 } }),
    );
    const home: Simulation = aSimulation({ clients: crowd });
    const without = labels(home, 800);
    assert.ok(without.some(({ id }) => id === "node gateway"));
    assert.ok(without.length < 40);
    const named = labels(home, 800, "02:00:00:00:00:33", "02:00:00:00:00:34").map(({ id }) => id);
    assert.ok(named.includes("client 02:00:00:00:00:33") && named.includes("client 02:00:00:00:00:34"));
    const long = aSimulation({ clients: [aClient({ name: "x".repeat(300) })] });
    assert.equal(labels(long, 800).find(({ id }) => id.startsWith("client"))?.text.length, 18);
  });

  it("draws phones that stand at one place beside each other, each with its name, also on a phone's screen", () => {
    const names = ["Ana's phone", "Bob's phone", "Visitor"];
    const clients = names.map((name, n) => aClient({ mac: `02:00:01:00:00:0${n}`, name, place: { x: 3, y: 3, z: 0 } }));
    const home = aSimulation({ clients });
    for (const width of [800, 366]) {
      const shown = labels(home, width).map(({ text }) => text);
      assert.deepEqual(shown.toSorted(), [...names, "gateway"].toSorted(), `${width} px`);
    }
  });

  it("takes a press among many clients for the nearest one, and one beside them for none", () => {
    const at = { left: { x: 200, y: 280 }, right: { x: 212, y: 280 } };
    const drawn = Object.entries(at);
    for (const discs of [new Map(drawn), new Map(drawn.toReversed())]) {
      assert.equal(clientAt(discs, { x: 202, y: 280 }), "left");
      assert.equal(clientAt(discs, { x: 209, y: 280 }), "right");
      assert.equal(clientAt(discs, { x: 180, y: 280 }), undefined);
    }
  });

  it("goes from client to client, round and round", () => {
    const clients = ["a", "b", "c"].map((mac) => aClient({ mac }));
    assert.deepEqual(
      ["a", "b", "c"].flatMap((mac) => [neighbourOf({ clients }, mac, 1), neighbourOf({ clients }, mac, -1)]),
      ["b", "c", "c", "a", "a", "b"],
    );
    assert.equal(neighbourOf({ clients }, "gone", 1), undefined);
  });
});
