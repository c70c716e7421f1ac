import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { doneWords, guardOf, hintFor, textOf, valueFrom } from "./edit-text.ts";
import type { Column, Row } from "./table-view.ts";

const column = (shape: Column["shape"], type: Column["type"], name = "x"): Column => ({
  ...{ name, shape, type, takes: "something", choices: null, mutable: true, secret: false },
});

describe("an edit that is written", () => {
  const answer = { written: true, doubts: [], repairs: [] };
  it("is well only where nothing speaks against it", () => {
    assert.deepEqual(doneWords("wifi0", answer), { tone: "good", text: "wifi0 is written." });
    assert.match(doneWords("wifi0", { ...answer, written: false }).text, /was so already/);
    assert.deepEqual(doneWords("wifi0", { ...answer, doubts: ["channel 99 is not among those that wifi0 allows"] }), {
      tone: "warn",
      text: "wifi0 is written. The radio cannot do it: channel 99 is not among those that wifi0 allows.",
    });
    assert.equal(doneWords("wifi0", { ...answer, repairs: ["channel"] }).tone, "warn");
  });
});

describe("a value that is typed", () => {
  for (const [shape, type, text, read] of [
    ["scalar", "integer", " 11 ", { value: 11 }],
    ["scalar", "integer", "eleven", { problem: "is not a whole number" }],
    ["scalar", "integer", "9007199254740993", { value: "9007199254740993" }],
    ["scalar", "boolean", "true", { value: true }],
    ["scalar", "boolean", "yes", { problem: "is neither true nor false" }],
    ["scalar", "string", " a ", { value: " a " }],
    ["scalar", "real", "1.5", { value: 1.5 }],
    ["scalar", "real", "", { problem: "is not a number" }],
    ["optional", "string", "", { value: null }],
    ["optional", "integer", "3", { value: 3 }],
    ["set", "string", "", { value: [] }],
    ["set", "string", '["a"]', { value: ["a"] }],
    ["set", "string", "a", { problem: "is not JSON" }],
    ["set", "string", "{}", { problem: 'is not a list; write ["a", "b"]' }],
    ["map", "string", '{"a":"b"}', { value: { a: "b" } }],
    ["map", "string", "[]", { problem: 'is not a map; write {"key": "value"}' }],
  ] as const) {
    it(`as '${text}' for a ${shape} of ${type} is ${"value" in read ? "read" : "refused"}`, () => {
      assert.deepEqual(valueFrom(column(shape, type), text), read);
    });
  }

  const row: Row = { uuid: "u", cells: { x: ["a"], y: null, psk: "****" }, masked: ["psk"] };

  it("begins as what the row has, but for a secret", () => {
    assert.equal(textOf(column("set", "string"), row), '["a"]');
    assert.equal(textOf(column("optional", "string", "y"), row), "");
    assert.equal(textOf(column("map", "string", "psk"), row), "");
    assert.match(hintFor({ ...column("map", "string"), secret: true }), /all of it is replaced/);
  });

  it("is guarded by what was seen, but for a secret", () => {
    assert.deepEqual(guardOf(row, ["x", "y", "psk"]), { x: ["a"], y: null });
  });
});
