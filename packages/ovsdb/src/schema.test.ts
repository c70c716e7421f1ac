import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  boolean,
  database,
  enumeration,
  ephemeral,
  immutable,
  integer,
  map,
  optional,
  reference,
  set,
  string,
  table,
} from "./declare.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { schemaFromDeclaration, schemaFromJson, schemaToJson } from "./schema.ts";
import { schemaJson } from "./test-support.ts";

function refused(tables: JsonValue, message: RegExp): void {
  assert.throws(() => schemaFromJson(schemaJson(tables)), message);
}

function columnRefused(column: JsonValue, message: RegExp): void {
  refused({ T: { columns: { c: column } } }, message);
}

describe("RFC 7047 §3.2 database schema", () => {
  it("gives each column the form of its values", () => {
    const type = (json: JsonValue) => ({ type: json });
    const columns = {
      scalar: type("integer"),
      optional: type({ key: "string", min: 0 }),
      set: type({ key: "string", min: 0, max: 3 }),
      some: type({ key: "string", max: "unlimited" }),
      map: type({ key: "string", value: "integer", min: 0, max: "unlimited" }),
    };
    const schema = schemaFromJson(schemaJson({ T: { columns } }));
    const shapes = [...(schema.tables.get("T")?.columns.values() ?? [])].map(({ shape, min, max }) => [
      shape,
      min,
      max,
    ]);
    const unlimited = Number.POSITIVE_INFINITY;
    assert.deepEqual(shapes, [
      ["scalar", 1, 1],
      ["optional", 0, 1],
      ["set", 0, 3],
      ["set", 1, unlimited],
      ["map", 0, unlimited],
    ]);
  });

  it("treats every table as root where none says it is", () => {
    const columns = { c: { type: "integer" } };
    const roots = (tables: JsonValue) => [...schemaFromJson(schemaJson(tables)).tables.values()].map((t) => t.isRoot);
    assert.deepEqual(roots({ A: { columns }, B: { columns, isRoot: false } }), [true, true]);
    assert.deepEqual(roots({ A: { columns, isRoot: true }, B: { columns } }), [true, false]);
  });

  it("tolerates a checksum and a missing version", () => {
    const schema = schemaFromJson({ name: "A", cksum: "1 2", tables: {} });
    assert.deepEqual(schemaToJson(schema), { name: "A", cksum: "1 2", tables: {} });
  });

  it("leaves out what equals a default", () => {
    const long = {
      type: { key: { type: "uuid", refTable: "T", refType: "strong" }, min: 1, max: 1 },
      ephemeral: false,
      mutable: true,
    };
    const short = { type: { key: { type: "uuid", refTable: "T" } } };
    assert.deepEqual(
      schemaToJson(
        schemaFromJson(schemaJson({ T: { columns: { c: long, d: { type: { key: "real" } } }, isRoot: true } })),
      ),
      schemaJson({ T: { columns: { c: short, d: { type: "real" } } } }),
    );
  });

  it("refuses names that are no ids, and reserved ones, naming them", () => {
    const columns = { c: { type: "integer" } };
    refused({ "T-T": { columns } }, /table T-T: .*name must be a valid id/);
    refused({ _T: { columns } }, /table _T: .*names beginning with "_" are reserved/);
    refused({ T: { columns: { _c: { type: "integer" } } } }, /table T: column _c: .*names beginning/);
    assert.throws(() => schemaFromJson({ name: "1A", tables: {} }), /Type mismatch for member 'name'/);
    assert.throws(() => schemaFromJson({ name: "A", version: "1", tables: {} }), /"1" not in format x\.y\.z/);
  });

  it("names table and column of a bad type", () => {
    columnRefused({ type: "foo" }, /table T: column c: .*"foo" is not an atomic-type/);
    columnRefused({}, /table T: column c: .*Required 'type' member is missing/);
    columnRefused({ type: "integer", foo: 1 }, /Member 'foo' is present but not allowed here/);
    columnRefused({ type: { key: "integer", min: 2 } }, /min must be 0 or 1/);
    columnRefused({ type: { key: "integer", max: "some" } }, /bad min or max value/);
    columnRefused({ type: { key: "integer", min: -1 } }, /bad min or max value in -1/);
    columnRefused({ type: { key: { type: "string", minLength: -1 } } }, /minLength out of valid range 0 to \d+ in -1/);
    columnRefused({ type: { key: { type: "integer", minInteger: "x" } } }, /Type mismatch for member 'minInteger'/);
    columnRefused(
      { type: { key: { type: "integer", minInteger: 5, maxInteger: 3 } } },
      /minInteger exceeds maxInteger/,
    );
    columnRefused({ type: { key: { type: "string", minInteger: 5 } } }, /Member 'minInteger' is present/);
    columnRefused(
      { type: { key: { type: "string", enum: ["set", []] } } },
      /set must have 1 to \d+ members but 0 are present/,
    );
    columnRefused({ type: { key: { type: "string", refTable: "T" } } }, /Member 'refTable' is present/);
  });

  it("takes references as strong unless they say otherwise, and weak ones as never immutable", () => {
    const reference = (more: JsonObject) => ({
      type: { key: { type: "uuid", refTable: "T", ...more }, min: 0 },
      mutable: false,
    });
    const columns = { strong: reference({}), weak: reference({ refType: "weak" }) };
    const { tables } = schemaFromJson(schemaJson({ T: { columns } }));
    const column = (name: string) => tables.get("T")?.columns.get(name);
    assert.deepEqual([column("strong")?.key.refType, column("weak")?.key.refType], ["strong", "weak"]);
    assert.deepEqual([column("strong")?.mutable, column("weak")?.mutable], [false, true]);
    columnRefused(reference({ refType: "feeble" }), /refType must be "strong" or "weak" \(not "feeble"\)/);
  });

  it("takes an enumeration of one value bare, and no other constraint beside it", () => {
    const { tables } = schemaFromJson(
      schemaJson({ T: { columns: { c: { type: { key: { type: "string", enum: "a" } } } } } }),
    );
    assert.deepEqual(tables.get("T")?.columns.get("c")?.key.enum, ["a"]);
    columnRefused({ type: { key: { type: "string", enum: "a", maxLength: 3 } } }, /Member 'maxLength' is present/);
    columnRefused({ type: { key: { type: "integer", enum: ["set", [1, "a"]] } } }, /expected integer/);
    columnRefused(
      { type: { key: { type: "string", enum: ["set", ["a", "a"]] } } },
      /column c: .*set contains duplicate/,
    );
  });

  it("has columns that are mutable and kept, and tables without limit, unless they say otherwise", () => {
    const { tables } = schemaFromJson(schemaJson({ T: { columns: { c: { type: "integer" } } } }));
    const { columns, maxRows, indexes } = tables.get("T") ?? {};
    const { mutable, ephemeral } = columns?.get("c") ?? {};
    assert.deepEqual([mutable, ephemeral, maxRows, indexes], [true, false, Number.POSITIVE_INFINITY, []]);
  });

  it("refuses a reference to a table that does not exist", () => {
    columnRefused(
      { type: { key: { type: "uuid", refTable: "X" } } },
      /table T: .*column c key refers to undefined table X/,
    );
  });

  it("refuses indexes over unknown, repeated or ephemeral columns, and tables without columns", () => {
    const columns = { c: { type: "integer" }, e: { type: "integer", ephemeral: true } };
    refused({ T: { columns, indexes: [["x"]] } }, /x is not a valid column name/);
    refused({ T: { columns, indexes: [["c", "c"]] } }, /distinct column names/);
    refused({ T: { columns, indexes: [["e"]] } }, /ephemeral columns \(such as e\)/);
    refused({ T: { columns, indexes: [[]] } }, /at least one column/);
    refused({ T: { columns: {} } }, /table T: .*at least one column/);
    refused({ T: { columns, maxRows: 0 } }, /maxRows must be at least 1/);
  });
});

describe("a schema declared in TypeScript", () => {
  it("has the JSON that one would write by hand", () => {
    const declared = database({
      name: "Demo",
      version: "1.2.3",
      tables: {
        Radio: table({
          columns: {
            if_name: string({ minLength: 1 }),
            band: enumeration("5G", "2.4G"),
            channel: optional(integer({ min: 1, max: 233 })),
            vifs: set(reference("Vif")),
            config: map(string(), string(), { max: 8 }),
            status: ephemeral(boolean()),
            id: immutable(string()),
          },
          isRoot: true,
          maxRows: 256,
          indexes: [["if_name"]],
        }),
        Vif: table({ columns: { radio: set(reference("Radio", "weak"), { min: 1, max: 2 }) } }),
      },
    });
    const weak = { type: "uuid", refTable: "Radio", refType: "weak" };
    assert.deepEqual(schemaToJson(schemaFromDeclaration(declared)), {
      name: "Demo",
      version: "1.2.3",
      tables: {
        Radio: {
          columns: {
            if_name: { type: { key: { type: "string", minLength: 1 } } },
            band: { type: { key: { type: "string", enum: ["set", ["2.4G", "5G"]] } } },
            channel: { type: { key: { type: "integer", minInteger: 1, maxInteger: 233 }, min: 0 } },
            vifs: { type: { key: { type: "uuid", refTable: "Vif" }, min: 0, max: "unlimited" } },
            config: { type: { key: "string", value: "string", min: 0, max: 8 } },
            status: { type: "boolean", ephemeral: true },
            id: { type: "string", mutable: false },
          },
          maxRows: 256,
          isRoot: true,
          indexes: [["if_name"]],
        },
        Vif: { columns: { radio: { type: { key: weak, max: 2 } } } },
      },
    });
  });
});
