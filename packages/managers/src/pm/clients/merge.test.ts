import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import { mergeClients } from "./merge.ts";

const client = mac("02:00:00:00:01:02");
const list = (value: string | null): ReadonlyMap<Mac, string> => new Map(value === null ? [] : [[client, value]]);

describe("rows and a device that are to agree on a client", () => {
  for (const [why, row, device, agreed, toDevice, toRows] of [
    ["nothing where they do", "a", "a", null, undefined, undefined],
    ["a row is new", "a", null, null, "a", undefined],
    ["the device has something new", null, "a", null, undefined, "a"],
    ["a row has changed", "b", "a", "a", "b", undefined],
    ["the device has changed", "a", "b", "a", undefined, "b"],
    ["a row is gone", null, "a", "a", null, undefined],
    ["the device has given it up", "a", null, "a", undefined, null],
    ["both have changed: the row wins", "b", "c", "a", "b", undefined],
    ["the row is gone, the device has changed: so it is gone", null, "c", "a", null, undefined],
    ["both have given it up", null, null, "a", undefined, undefined],
  ] as const) {
    it(`tells the other side: ${why}`, () => {
      const merge = mergeClients(list(row), list(device), list(agreed), (a, b) => a === b);
      assert.deepEqual([merge.toDevice.get(client), merge.toRows.get(client)], [toDevice, toRows]);
    });
  }
});
