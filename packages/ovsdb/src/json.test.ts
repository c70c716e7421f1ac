import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type JsonValue, parseJson, stringifyJson, stringifySorted } from "./json.ts";

describe("JSON with 64-bit integers", () => {
  it("reads a safe integer as a number and a larger one as an exact bigint", () => {
    assert.deepEqual(parseJson("[9007199254740991,9007199254740993,-9223372036854775808]"), [
      9007199254740991,
      9007199254740993n,
      -9223372036854775808n,
    ]);
  });

  it("reads as a real what is no 64-bit integer", () => {
    assert.deepEqual(parseJson("[9223372036854775808,1.5,1234567890123456.5]"), [2 ** 63, 1.5, 1234567890123456.5]);
  });

  it("leaves digits inside strings alone", () => {
    assert.deepEqual(parseJson('{"a":"12345678901234567890"}'), { a: "12345678901234567890" });
  });

  it("reports malformed text as a SyntaxError", () => {
    assert.throws(() => parseJson('{"a":'), SyntaxError);
  });

  it("writes what it has read", () => {
    const atom = fc.oneof(
      fc
        .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
        .map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n)),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n)),
      fc.string({ unit: "binary" }),
      fc.boolean(),
      fc.constant(null),
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        atom,
        fc.array(tie("node")),
        fc.dictionary(fc.string(), tie("node"), { noNullPrototype: true }),
      ),
    })).node as fc.Arbitrary<JsonValue>;
    fc.assert(fc.property(value, (json) => assert.deepEqual(parseJson(stringifyJson(json)), json)));
  });

  it("sorts members by name on request", () => {
    assert.equal(
      stringifySorted({ b: 1, a: [{ d: 1, c: 2n ** 60n }] }),
      '{"a":[{"c":1152921504606846976,"d":1}],"b":1}',
    );
  });
});
