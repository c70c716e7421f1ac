import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeStore, encodeStore } from "./store-file.ts";

/** A file whose checksum is right, whatever is in it. */
function sealed(body: string): string {
  return `opensync-ps 1 sha256 ${createHash("sha256").update(body).digest("hex")}\n${body}`;
}

describe("the file of a store", () => {
  it("decodes to what was encoded, whatever the keys and values", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string())), (entries) => {
        const values = new Map(entries);
        assert.deepEqual(new Map([...decodeStore(encodeStore(values))].sort()), new Map([...values].sort()));
      }),
    );
  });

  it("keeps keys that objects have a meaning for", () => {
    const values = new Map([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["1", "c"],
    ]);
    assert.deepEqual(new Map([...decodeStore(encodeStore(values))].sort()), new Map([...values].sort()));
  });

  it("never decodes with a byte changed", () => {
    const text = encodeStore(new Map([["key", "value"]]));
    fc.assert(
      fc.property(fc.nat(text.length - 1), (at) => {
        const changed = `${text.slice(0, at)}${text[at] === "#" ? "!" : "#"}${text.slice(at + 1)}`;
        assert.throws(() => decodeStore(changed), Error);
      }),
    );
  });

  it("never decodes cut short or with something appended", () => {
    const text = encodeStore(new Map([["key", "value"]]));
    for (let length = 0; length < text.length; length++) assert.throws(() => decodeStore(text.slice(0, length)), Error);
    assert.throws(() => decodeStore(`${text} `), /checksum/);
  });

  it("is a map of texts, or refused with a reason, whatever is in it", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({ unit: "binary" }).map(sealed),
      fc.json().map(sealed),
      fc.dictionary(fc.string(), fc.jsonValue()).map((value) => sealed(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(anything, (text) => {
        let values: Map<string, string>;
        try {
          values = decodeStore(text);
        } catch (error) {
          assert.ok(error instanceof Error && error.message !== "");
          return;
        }
        for (const [key, value] of values) assert.ok(typeof key === "string" && typeof value === "string");
      }),
      { numRuns: 1_000 },
    );
  });

  it("says what is wrong", () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ["", /the file is empty/],
      ["{}", /header line is missing/],
      [sealed("[]"), /no object/],
      [sealed("null"), /no object/],
      [sealed('{"a":1}'), /the value of 'a' is no string/],
    ];
    for (const [text, message] of wrong) assert.throws(() => decodeStore(text), message);
  });
});
