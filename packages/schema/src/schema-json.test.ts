import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import type { JsonObject } from "@opensync-ts/ovsdb/json";
import { type ColumnSchema, type DatabaseSchema, schemaFromJson } from "@opensync-ts/ovsdb/schema";
import { fingerprints, normalTable } from "./fingerprint.ts";
import { openSyncSchemaJson } from "./schema-json.ts";

const run = promisify(execFile);

const root = join(import.meta.dirname, "../../..");
const referenceFile = join(root, "../shared/reference/opensync-7.0.ovsschema");
const launcher = join(root, "packages/schema/bin/opensync-schema.mjs");

/** Made by `fingerprints()` from the schema of OpenSync 7.0. */
const committed: { [table: string]: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, "fingerprints.json"), "utf8"),
);

describe("the released schema", () => {
  const json = openSyncSchemaJson({ released: true });
  const released = schemaFromJson(json);

  it("has the name and version of OpenSync 7.0", () => {
    assert.deepEqual([released.name, released.version], ["Open_vSwitch", "7.11.420"]);
  });

  it("has 137 tables, 21 of them not root, and 1525 columns", () => {
    assert.equal(released.tables.size, 137);
    assert.equal([...released.tables.values()].filter((table) => !table.isRoot).length, 21);
    assert.equal([...columnsOf(released)].length, 1525);
  });

  it("has the fingerprint of OpenSync 7.0 in every table", () => {
    assert.equal(Object.keys(committed).length, 137);
    assert.deepEqual(fingerprints(json), committed);
  });

  it("equals the reference, table by table", (t) => {
    if (!existsSync(referenceFile)) return t.skip("../shared/reference is not here");
    const reference = JSON.parse(readFileSync(referenceFile, "utf8"));
    assert.deepEqual([reference.name, reference.version], [json.name, json.version]);
    const tables = json.tables as JsonObject;
    assert.deepEqual(Object.keys(reference.tables).sort(), Object.keys(tables).sort());
    for (const [name, table] of Object.entries<JsonObject>(reference.tables)) {
      assert.deepEqual(normalTable(tables[name] ?? null), normalTable(table), name);
    }
    assert.deepEqual(fingerprints(reference), committed);
  });
});

describe("the schema with its supersets", () => {
  const schema = schemaFromJson(openSyncSchemaJson());

  it("differs from the released one in enumerations only, and only by more values", () => {
    const released = new Map(columnsOf(schemaFromJson(openSyncSchemaJson({ released: true }))));
    const wider: string[] = [];
    for (const [name, column] of columnsOf(schema)) {
      const before = released.get(name);
      assert.ok(before, name);
      const [values, valuesBefore] = [column.key.enum ?? [], before.key.enum ?? []];
      assert.deepEqual(
        { ...column, key: { ...column.key, enum: [] } },
        { ...before, key: { ...before.key, enum: [] } },
      );
      assert.ok(
        valuesBefore.every((value) => values.includes(value)),
        name,
      );
      wider.push(...values.filter((value) => !valuesBefore.includes(value)).map((value) => `${name} "${value}"`));
    }
    const unset = wider.filter((entry) => entry.endsWith('""'));
    assert.equal(unset.length, 46);
    assert.deepEqual(wider.filter((entry) => !unset.includes(entry)).sort(), [
      'Band_Steering_Clients.reject_detection "auth"',
      'Wifi_Stats_Config.latency_kinds "perc"',
    ]);
  });

  it('lets every mandatory enumeration be left out of an insert: `""` is among its values', () => {
    for (const [name, { key, shape }] of columnsOf(schema)) {
      if (key.enum !== undefined && shape === "scalar") assert.ok(key.enum.includes(""), name);
    }
  });

  it("names every column that admits more in docs/deviations.md", () => {
    const page = readFileSync(join(root, "docs/deviations.md"), "utf8");
    const released = new Map(columnsOf(schemaFromJson(openSyncSchemaJson({ released: true }))));
    for (const [name, { key }] of columnsOf(schema)) {
      if (key.enum?.length !== released.get(name)?.key.enum?.length) assert.ok(page.includes(`\`${name}\``), name);
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

/** By `Table.column`. */
function* columnsOf(schema: DatabaseSchema): Generator<readonly [string, ColumnSchema]> {
  for (const table of schema.tables.values()) {
    for (const column of table.columns.values()) yield [`${table.name}.${column.name}`, column];
  }
}
