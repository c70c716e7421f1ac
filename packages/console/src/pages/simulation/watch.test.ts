import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toneOf } from "./watch.ts";

describe("what happens in a simulated home", () => {
  it("is marked as a deed, as bad or as good news, or not at all", () => {
    assert.deepEqual(["deed", "node-disconnected", "node-settled", "client-roamed"].map(toneOf), [
      "deed",
      "bad",
      "good",
      "plain",
    ]);
  });
});
