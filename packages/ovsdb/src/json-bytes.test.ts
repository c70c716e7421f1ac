import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { datumFromJson, datumToJson } from "./datum-json.ts";
import { parseJson } from "./json.ts";
import { JsonBytes } from "./json-bytes.ts";
import { schemaFromJson } from "./schema.ts";

const schema = schemaFromJson({
  name: "D",
  version: "1.0.0",
  tables: {
    T: {
      columns: {
        text: { type: "string" },
        maybe: { type: { key: "integer", min: 0 } },
        reals: { type: { key: "real", min: 0, max: "unlimited" } },
        map: { type: { key: "string", value: "uuid", min: 0, max: "unlimited" } },
      },
    },
  },
});

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const uuid = fc.uuid().map((value) => ["uuid", value] as const);
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const distinctPairs = fc.uniqueArray(fc.tuple(text, uuid), { selector: ([key]) => key });
const row = fc.record({
  text,
  maybe: fc.oneof(fc.constant(["set", []] as const), fc.integer()),
  reals: fc.uniqueArray(real, { comparator: "SameValueZero" }).map((values) => ["set", values] as const),
  map: distinctPairs.map((pairs) => ["map", pairs] as const),
});

describe("JSON as bytes", () => {
  it("reads back as the datums it was made of, whatever is in their strings", () => {
    const columns = [...(schema.tables.get("T")?.columns.values() ?? [])];
    const out = new JsonBytes();
    fc.assert(
      fc.property(row, (json) => {
        out.clear(100);
        const expected: Record<string, unknown> = {};
        for (const column of columns) {
          const datum = datumFromJson(column, json[column.name as keyof typeof json]);
          expected[column.name] = datumToJson(column, datum);
          out.member(column, datum);
        }
        out.object(0);
        assert.deepEqual(parseJson(out.bytes.toString("utf8")), parseJson(JSON.stringify(expected)));
      }),
    );
  });

  it("escapes what JSON wants escaped, and encodes the rest as UTF-8", () => {
    const out = new JsonBytes();
    out.string('a"b\\c\n\u007f é 漢 😀 \ud800');
    assert.equal(out.bytes.toString("utf8"), JSON.stringify('a"b\\c\n\u007f é 漢 😀 \ud800'));
  });

  it("forgets what is taken back, and lets a large buffer go", () => {
    const out = new JsonBytes();
    out.ascii(',"a":1');
    const { length } = out;
    out.ascii(',"b":2');
    out.truncate(length);
    out.object(0);
    assert.equal(out.bytes.toString(), '{"a":1}');
    out.ascii("x".repeat(10_000));
    assert.equal(out.length, 10_007);
    out.clear(4096);
    out.object(0);
    assert.equal(out.bytes.toString(), "{}");
  });

  it("fills what was reserved, and moves what follows where more or less is needed", () => {
    for (const text of ["", "ab", "abc", "abcd", "x".repeat(5000)]) {
      const out = new JsonBytes();
      out.ascii("<");
      out.reserve(3);
      out.ascii("body>");
      out.fill(1, 3, text);
      assert.equal(out.bytes.toString(), `<${text}body>`);
      assert.equal(out.since(1 + text.length).toString(), "body>");
    }
  });
});
