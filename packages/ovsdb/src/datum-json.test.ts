import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Datum } from "./datum.ts";
import { datumFromJson, datumToJson } from "./datum-json.ts";
import { applyDiff, diffDatums, equalDatums } from "./datum-ops.ts";
import { NamedUuid } from "./declare.ts";
import { OvsdbError } from "./errors.ts";
import type { JsonValue } from "./json.ts";
import { type ColumnSchema, schemaFromJson } from "./schema.ts";
import { schemaJson } from "./test-support.ts";

const uuid = "550e8400-e29b-41d4-a716-446655440000";

function column(type: JsonValue): ColumnSchema {
  const schema = schemaFromJson(schemaJson({ T: { columns: { c: { type } } } }));
  return schema.tables.get("T")?.columns.get("c") as ColumnSchema;
}

function refused(type: JsonValue, json: JsonValue, error: string, details: RegExp): void {
  assert.throws(
    () => datumFromJson(column(type), json),
    (thrown) => thrown instanceof OvsdbError && thrown.error === error && details.test(thrown.details),
  );
}

const strings = { key: "string", min: 0, max: "unlimited" };
const counters = { key: "string", value: "integer", min: 0, max: "unlimited" };

describe("RFC 7047 §5.1 values", () => {
  it("takes a scalar bare or as a set of one", () => {
    assert.equal(datumFromJson(column("integer"), 7), 7);
    assert.equal(datumFromJson(column("integer"), ["set", [7]]), 7);
    assert.equal(datumFromJson(column("uuid"), ["uuid", uuid.toUpperCase()]), uuid);
  });

  it("takes an unset optional column as null", () => {
    const type = column({ key: "integer", min: 0 });
    assert.equal(datumFromJson(type, ["set", []]), null);
    assert.equal(datumFromJson(type, 7), 7);
    assert.deepEqual(datumToJson(type, null), ["set", []]);
  });

  it("sorts sets and maps", () => {
    assert.deepEqual(datumFromJson(column(strings), ["set", ["b", "a", "😀", "\uffff"]]), ["a", "b", "\uffff", "😀"]);
    const map = datumFromJson(column(counters), [
      "map",
      [
        ["b", 1],
        ["a", 2],
      ],
    ]) as ReadonlyMap<string, number>;
    assert.deepEqual(
      [...map],
      [
        ["a", 2],
        ["b", 1],
      ],
    );
  });

  it("writes a set of one element bare", () => {
    assert.equal(datumToJson(column(strings), ["a"]), "a");
    assert.deepEqual(datumToJson(column(strings), []), ["set", []]);
  });

  it("keeps integers exact up to 64 bits and refuses larger ones", () => {
    assert.equal(datumFromJson(column("integer"), 2n ** 63n - 1n), 2n ** 63n - 1n);
    assert.equal(datumFromJson(column("integer"), 1e18), 10n ** 18n);
    refused("integer", 2 ** 63, "syntax error", /^expected integer$/);
    refused("integer", 1.5, "syntax error", /^expected integer$/);
  });

  it("refuses reals that are no numbers, and forgets the sign of zero", () => {
    refused("real", Number.NaN, "syntax error", /^expected real$/);
    refused("real", Number.POSITIVE_INFINITY, "syntax error", /^expected real$/);
    assert.ok(Object.is(datumFromJson(column("real"), -0), 0));
  });

  it("refuses strings that no database file could hold", () => {
    refused("string", "a\0b", "syntax error", /null bytes/);
    refused("string", "\ud800", "syntax error", /surrogate/);
  });

  it("refuses duplicates", () => {
    refused(strings, ["set", ["a", "a"]], "ovsdb error", /^set contains duplicate$/);
    refused(
      counters,
      [
        "map",
        [
          ["a", 1],
          ["a", 2],
        ],
      ],
      "ovsdb error",
      /^map contains duplicate key$/,
    );
  });

  it("refuses wrong numbers of elements", () => {
    refused("integer", ["set", [1, 2]], "syntax error", /^set must have exactly one member but 2 are present$/);
    refused(
      { key: "integer", max: 3 },
      ["set", []],
      "syntax error",
      /^set must have 1 to 3 members but 0 are present$/,
    );
  });

  it("refuses wrong forms", () => {
    refused(counters, ["set", []], "syntax error", /expected \["map", <array>\]/);
    refused(counters, ["map", [["a"]]], "syntax error", /2-element array/);
    refused(strings, ["set", "a"], "syntax error", /expected \["set", <array>\]/);
    refused("uuid", ["uuid", "x"], "syntax error", /"x" is not a valid UUID/);
    refused("boolean", 1, "syntax error", /expected boolean/);
  });

  it("knows rows yet to be inserted only where they are allowed", () => {
    const value = datumFromJson(column("uuid"), ["named-uuid", "row"], "named");
    assert.ok(value instanceof NamedUuid && value.name === "row");
    refused("uuid", ["named-uuid", "row"], "syntax error", /expected \["uuid", <string>\]/);
    assert.throws(() => datumFromJson(column("uuid"), ["named-uuid", "1x"], "named"), /not a valid <id>/);
  });
});

describe("RFC 7047 §3.2 constraints", () => {
  it("checks enumerations", () => {
    const type = { key: { type: "string", enum: ["set", ["b c", "a"]] } };
    refused(type, "z", "constraint violation", /^z is not one of the allowed values \(\[a, "b c"\]\)$/);
  });

  it("checks ranges", () => {
    const type = { key: { type: "integer", minInteger: -2, maxInteger: 10 } };
    refused(type, 11, "constraint violation", /^11 is not in the valid range -2 to 10 \(inclusive\)$/);
    refused(
      { key: { type: "real", minReal: 5 } },
      4.5,
      "constraint violation",
      /^4.5 is less than minimum allowed value 5$/,
    );
  });

  it("counts the characters of a string, not its code units", () => {
    const type = { key: { type: "string", minLength: 2, maxLength: 3 } };
    assert.equal(datumFromJson(column(type), "😀😀😀"), "😀😀😀");
    refused(type, "😀", "constraint violation", /length 1 is less than minimum allowed length 2$/);
    refused(type, "abcd", "constraint violation", /length 4 is greater than maximum allowed length 3$/);
  });
});

describe("laws of datums", () => {
  const set = column({ key: "integer", min: 0, max: "unlimited" });
  const map = column(counters);
  const anySet = fc.uniqueArray(fc.integer({ min: -9, max: 9 })).map((atoms) => datumFromJson(set, ["set", atoms]));
  const anyMap = fc
    .dictionary(fc.constantFrom("a", "b", "c", "d"), fc.integer({ min: 0, max: 2 }))
    .map((pairs) => datumFromJson(map, ["map", Object.entries(pairs)]));

  for (const [type, values] of [
    [set, anySet],
    [map, anyMap],
  ] as [ColumnSchema, fc.Arbitrary<Datum>][]) {
    it(`applying the difference of two ${type.shape}s to the first gives the second`, () => {
      fc.assert(
        fc.property(values, values, (a, b) => {
          assert.deepEqual(applyDiff(type, a, diffDatums(type, a, b)), b);
        }),
      );
    });

    it(`a ${type.shape} written and read is equal`, () => {
      fc.assert(fc.property(values, (a) => assert.ok(equalDatums(datumFromJson(type, datumToJson(type, a)), a))));
    });
  }
});
