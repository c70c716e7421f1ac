import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseStatus } from "./simulation.ts";

describe("the answer to sim status", () => {
  it("tells what is broken in its own words, and nothing of what is not", () => {
    const text = "wan: line, the line of the uplink is dead\ncloud: ok, the cloud takes connections\n";
    assert.deepEqual(parseStatus(text), { wan: "the line of the uplink is dead", cloud: null });
    assert.deepEqual(parseStatus("wan: ok, free\ncloud: down, it refuses\n"), { wan: null, cloud: "it refuses" });
  });

  it("is not guessed from anything else", () => {
    for (const text of ["", "wan: line, dead\n", "null", "wan:\ncloud:\n"]) assert.equal(parseStatus(text), undefined);
  });
});
