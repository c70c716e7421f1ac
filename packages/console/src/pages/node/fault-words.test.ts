import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultLinkText, undoText } from "./fault-words.ts";

describe("what puts a radio back", () => {
  it("is on the page of its node, where it is known what stood there", () => {
    const undo = { row: "r", set: { channel: null }, guard: { channel: 99 } };
    assert.equal(faultLinkText({ band: "2.4G", undo }), "Put its 2.4 GHz radio back, on the node’s page");
    assert.equal(faultLinkText({ band: "2.4G", undo: null }), "To its 2.4 GHz radio, on the node’s page");
  });

  it("is told column by column", () => {
    const undo = { row: "r", set: { channel: null, ht_mode: "HT40" }, guard: { channel: 99, ht_mode: "HT160" } };
    assert.equal(undoText(undo), "channel 99 → unset, ht_mode HT160 → HT40");
  });
});
