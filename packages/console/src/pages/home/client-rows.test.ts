import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Column, mbpsText, nextSorting, sortedClients } from "./client-rows.ts";
import { aClient } from "./testing/pictures.ts";

const clients = [
  aClient(1, { name: "tv 10", snrDb: 20, txMbps: 5, since: null }),
  aClient(2, { name: "tv 9", snrDb: null, txMbps: null, rxMbps: null }),
  aClient(3, { name: "Éclair", snrDb: 40, txMbps: 1, band: "2.4G" }),
];
const order = (column: Column, isDown = false) =>
  sortedClients(clients, { column, isDown }).map(({ mac }) => Number(mac.at(-1)));

describe("the table of clients", () => {
  for (const [column, isDown, expected] of [
    ["name", false, [3, 2, 1]],
    ["name", true, [1, 2, 3]],
    ["snr", false, [1, 3, 2]],
    ["snr", true, [3, 1, 2]],
    ["traffic", true, [1, 3, 2]],
    ["band", false, [3, 1, 2]],
    ["since", false, [2, 3, 1]],
  ] as const) {
    it(`is sorted by ${column}, ${isDown ? "down" : "up"}; what is not known comes last`, () =>
      assert.deepEqual(order(column, isDown), expected));
  }

  it("is turned by a second press; what is most comes first where that is wanted", () => {
    const name = { column: "name", isDown: false } as const;
    assert.deepEqual(nextSorting(name, "name"), { column: "name", isDown: true });
    assert.deepEqual(nextSorting(name, "traffic"), { column: "traffic", isDown: true });
    assert.deepEqual(nextSorting(name, "snr"), { column: "snr", isDown: false });
  });

  it("shows rates as short as they can be told", () => {
    assert.deepEqual([null, 0, 0.01, 0.44, 12.6, 1201].map(mbpsText), ["–", "0", "<0.1", "0.4", "13", "1201"]);
  });
});
