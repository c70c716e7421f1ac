import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import { fingerprints, normalTable } from "./fingerprint.ts";
import { openSyncSchemaJson, type SchemaJson, type TableJson, type TypeJson } from "./schema-json.ts";

const run = promisify(execFile);

const root = join(import.meta.dirname, "../../..");
const referenceFile = join(root, "../shared/reference/opensync-7.0.ovsschema");
const launcher = join(root, "packages/schema/bin/opensync-schema.mjs");

/** Made by `fingerprints()` from the schema of OpenSync 7.0. */
const committed: { [table: string]: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, "fingerprints.json"), "utf8"),
);

describe("the released schema", () => {
  const released = openSyncSchemaJson({ released: true });

  it("has 137 tables and 1525 columns, 21 of the tables without roots", () => {
    const tables = Object.values(released.tables);
    assert.equal(tables.length, 137);
    assert.equal(
      tables.reduce((sum, table) => sum + Object.keys(table.columns).length, 0),
      1525,
    );
    assert.equal(tables.filter((table) => table.isRoot !== true).length, 21);
  });

  it("has the name and version of OpenSync 7.0", () => {
    assert.deepEqual([released.name, released.version], ["Open_vSwitch", "7.11.420"]);
  });

  it("has the fingerprint of OpenSync 7.0 in every table", () => {
    assert.equal(Object.keys(committed).length, 137);
    assert.deepEqual(fingerprints(released), committed);
  });

  it("equals the reference, table by table", (t) => {
    if (!existsSync(referenceFile)) return t.skip("../shared/reference is not here");
    const reference: SchemaJson = JSON.parse(readFileSync(referenceFile, "utf8"));
    assert.deepEqual([reference.name, reference.version], [released.name, released.version]);
    assert.deepEqual(Object.keys(reference.tables).sort(), Object.keys(released.tables).sort());
    for (const [name, table] of Object.entries(reference.tables)) {
      assert.deepEqual(normalTable(tableOf(released, name)), normalTable(table), name);
    }
    assert.deepEqual(fingerprints(reference), committed);
  });

  it("refers only to tables that exist", () => {
    for (const [name, column, type] of types(released)) {
      for (const base of [type.key, type.value]) {
        if (typeof base !== "object" || !("refTable" in base)) continue;
        assert.ok(released.tables[String(base.refTable)], `${name}.${column}`);
      }
    }
  });
});

describe("the schema with its supersets", () => {
  const schema = openSyncSchemaJson();

  it("differs from the released one in enumerations only, and only by more values", () => {
    const released = openSyncSchemaJson({ released: true });
    const wider = new Set<string>();
    for (const [table, column, type] of types(schema)) {
      const before = typeOf(released, table, column);
      const [values, valuesBefore] = [enumOf(type), enumOf(before)];
      if (values.length === valuesBefore.length) {
        assert.deepEqual(type, before, `${table}.${column}`);
        continue;
      }
      assert.deepEqual(values.slice(0, valuesBefore.length), valuesBefore);
      for (const value of values.slice(valuesBefore.length)) wider.add(`${table}.${column} "${value}"`);
    }
    const beyondUnset = [...wider].filter((entry) => !entry.endsWith('""'));
    assert.deepEqual(beyondUnset.sort(), [
      'Band_Steering_Clients.reject_detection "auth"',
      'Wifi_Stats_Config.latency_kinds "perc"',
    ]);
    assert.equal(wider.size, 48);
  });

  it('lets every mandatory enumeration be left out of an insert: `""` is among its values', () => {
    for (const [table, column, type] of types(schema)) {
      const values = enumOf(type);
      if (values.length > 0 && type.min === 1 && type.max === 1) assert.ok(values.includes(""), `${table}.${column}`);
    }
  });
});

describe("opensync-schema", () => {
  const directory = mkdtempSync(join(tmpdir(), "opensync-schema-"));
  after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "opensync.ovsschema");

  it("writes the schema to the file asked for", async () => {
    await run(launcher, ["--output", file]);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), openSyncSchemaJson());
  });

  it("writes a schema that Open vSwitch's ovsdb-tool accepts", async (t) => {
    const database = join(directory, "conf.db");
    try {
      await run("ovsdb-tool", ["create", database, file]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return t.skip("ovsdb-tool is not installed");
      throw error;
    }
    const { stdout } = await run("ovsdb-tool", ["db-version", database]);
    assert.equal(stdout.trim(), "7.11.420");
  });

  it("says in one line what is wrong with its arguments, and exits with 2", async () => {
    await assert.rejects(run(launcher, ["--colour"]), (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 2);
      assert.match(error.stderr, /^opensync-schema: .*--colour.*\n$/);
      return true;
    });
  });

  it("says which file it cannot write, and exits with 1", async () => {
    const nowhere = join(directory, "none", "schema.json");
    await assert.rejects(run(launcher, ["--output", nowhere]), (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 1);
      assert.match(error.stderr, /^opensync-schema: cannot write .*none\/schema\.json.*\n$/);
      return true;
    });
  });
});

function tableOf(schema: SchemaJson, name: string): TableJson {
  const table = schema.tables[name];
  assert.ok(table, `no table ${name}`);
  return table;
}

function typeOf(
  schema: SchemaJson,
  table: string,
  column: string,
): Required<Pick<TypeJson, "key" | "min" | "max">> & TypeJson {
  const type = tableOf(schema, table).columns[column]?.type;
  assert.ok(type !== undefined, `no column ${table}.${column}`);
  return { min: 1, max: 1, ...(typeof type === "string" ? { key: type } : type) };
}

function* types(schema: SchemaJson) {
  for (const [name, table] of Object.entries(schema.tables)) {
    for (const column of Object.keys(table.columns)) yield [name, column, typeOf(schema, name, column)] as const;
  }
}

function enumOf(type: TypeJson): readonly string[] {
  if (typeof type.key === "string" || !("enum" in type.key)) return [];
  const [, values] = type.key.enum as ["set", string[]];
  return values;
}
