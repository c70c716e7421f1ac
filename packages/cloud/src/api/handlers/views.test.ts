import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApiHost } from "../host.ts";
import { locationView } from "./views.ts";

describe("a location in lists", () => {
  const stored = { id: "l", tenant: "t", name: "Home", createdAt: new Date(0), head: 1, applied: 1, proven: 1 };
  const note = "its 5 GHz radio is not as it was told: channel 99 asked for, 36 is on";
  const told = (...notes: readonly (string | null)[]) => {
    const nodes = notes.map((each, index) => ({ id: `node-${index}`, connection: "connected", note: each }));
    const served = { settled: true, version: 1, nodes };
    const host = { locations: { get: () => served } } as unknown as Pick<ApiHost, "locations" | "simulation">;
    return locationView(stored as never, host).live?.note;
  };
  for (const [title, notes, expected] of [
    ["has nothing to say where all radios are as they were told", [null, null], null],
    ["says whose radio is not", [null, note], `node-1: ${note}`],
    ["says how many more there are", [note, "x", "y"], `node-0: ${note}; and 2 more of its nodes`],
  ] as const) {
    it(title, () => assert.equal(told(...notes), expected));
  }
});
