import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Planned, plannedWords } from "./planned-words.ts";

const row = { id: "T a", kind: "update" as const, table: "T", columns: [], reason: null };
const item = (node: string, parts: Partial<Planned[number]> = {}): Planned[number] => ({
  ...{ node, rows: [row], reason: null, refused: [] },
  ...parts,
});
const words = (...items: Planned) => plannedWords(items).map(({ text }) => text);

describe("what a change means for the nodes", () => {
  it("names those that do it at once, and those that wait, without rows", () => {
    assert.deepEqual(words(item("gateway"), item("attic"), item("loft", { rows: [] })), [
      "As soon as you apply it, gateway and attic are set up so.",
    ]);
    const away = item("attic", { rows: null, reason: "it is not connected: it is written when it comes back" });
    assert.deepEqual(words(item("gateway"), away), [
      "As soon as you apply it, gateway is set up so.",
      "attic: it is not connected: it is written when it comes back.",
    ]);
    assert.deepEqual(words(item("gateway", { rows: [] })), ["No node has to do anything for it."]);
  });

  it("says what a node cannot do, and why", () => {
    const refused = [{ id: "Wifi_Radio_Config wifi0", reason: "no radio of 6G", stated: "radios[0]" }];
    assert.match(words(item("gateway", { refused })).join(" "), /gateway cannot do all of it: no radio of 6G\.$/);
  });
});
