import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { findJsonFault } from "./json-position.ts";

describe("finding the fault of a JSON text", () => {
  for (const [text, line, column, expected] of [
    ['{"a": 1,}', 1, 9, "a member name in double quotes"],
    ['{\n  "a": [1 2]\n}', 2, 11, "',' or ']'"],
    ['{"a" 1}', 1, 6, "':'"],
    ['{"a": }', 1, 7, "a value"],
    ['{"a": "b', 1, 7, "a value"],
    ["[]]", 1, 3, "the end of the file"],
    ["", 1, 1, "a value"],
    ["[[],{},", 1, 8, "a value"],
  ] as const) {
    it(`says where ${JSON.stringify(text)} breaks`, () => {
      assert.deepEqual(findJsonFault(text), { line, column, expected });
    });
  }

  it("finds none in any JSON", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => findJsonFault(JSON.stringify(value, null, 1)) === undefined));
  });

  it("finds a place inside the text wherever it is cut", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, cut) => {
        const whole = `[${JSON.stringify(value)}]`;
        const text = whole.slice(0, cut % whole.length);
        const fault = findJsonFault(text);
        assert.ok(fault && fault.column >= 1 && fault.column <= text.length + 1);
      }),
    );
  });
});
