import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clientRows, rowsShown } from "./client-rows.ts";
import { aClient } from "./testing/simulations.ts";

const many = Array.from({ length: 50 }, (_, n) =>
  aClient({ mac: `02:00:00:00:00:${n + 10}`, name: `Device ${n + 1}` }),
);
const names = (parts: Partial<Parameters<typeof clientRows>[1]>, clients = many) => {
  const { shown, rest } = clientRows(clients, { typed: "", chosen: null, isWhole: false, ...parts });
  return { names: shown.map(({ name }) => name), rest };
};

describe("the clients of a simulated home in the table", () => {
  it("are the first of many, and whoever is chosen or walks", () => {
    assert.equal(names({}).names.length, rowsShown);
    const walking = many.with(39, aClient({ mac: "walks", name: "Walker", walkingTo: { x: 1, y: 1, z: 0 } }));
    const { names: shown, rest } = names({ chosen: "02:00:00:00:00:59" }, walking);
    assert.deepEqual([shown.slice(rowsShown), rest], [["Walker", "Device 50"], 50 - rowsShown - 2]);
  });

  it("are all when that is asked for, or few", () => {
    assert.deepEqual([names({ isWhole: true }).names.length, names({ isWhole: true }).rest], [50, 0]);
    assert.equal(names({}, many.slice(0, 8)).rest, 0);
  });

  it("are found by name and by address", () => {
    assert.deepEqual(names({ typed: " device 33" }).names, ["Device 33"]);
    assert.deepEqual(names({ typed: "00:42" }).names, ["Device 33"]);
    assert.equal(names({ typed: "device 1" }).names.length, 11);
  });
});
