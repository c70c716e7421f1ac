import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { undoText } from "./fault-words.ts";

describe("what puts a radio back", () => {
  it("is told column by column", () => {
    const undo = { row: "r", set: { channel: null, ht_mode: "HT40" }, guard: { channel: 99, ht_mode: "HT160" } };
    assert.equal(undoText(undo), "channel 99 → unset, ht_mode HT160 → HT40");
  });
});
