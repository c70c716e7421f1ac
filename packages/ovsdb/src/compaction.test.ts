import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { readDatabase } from "./database-reader.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { type OpenLogFile, openLogFile } from "./log-file.ts";
import { readLog } from "./record.ts";
import { schemaFromJson } from "./schema.ts";
import { convertFile, DatabaseFile } from "./storage.ts";
import { contents, faulty, insert, opened, options, stored } from "./test-files.ts";
import { schemaJson, transact } from "./test-support.ts";

describe("compaction", () => {
  it("leaves schema and rows in two records, in a file of the same name and mode", async (t) => {
    const file = await opened(t);
    for (let i = 0; i < 300; i++) transact(file.database, [insert({ name: String(i), set: ["set", [i]] })]);
    transact(file.database, [{ op: "delete", table: "T", where: [["name", "!=", "7"]] }]);
    await file.compact();
    assert.equal([...readLog(file.path)].length, 2);
    assert.equal(statSync(file.path).mode & 0o777, 0o600);
    assert.deepEqual(stored(file.path), contents(file.database));
    assert.ok(!existsSync(`${file.path}.tmp`));
  });

  it("goes on while commits are made, and has them all", async (t) => {
    const file = await opened(t);
    for (let i = 0; i < 1000; i++) transact(file.database, [insert({ name: String(i) })]);
    let done = false;
    const compaction = file.compact().then(() => {
      done = true;
    });
    let meanwhile = 0;
    while (!done) {
      transact(file.database, [insert({ name: `meanwhile ${meanwhile++}` })]);
      transact(file.database, [{ op: "delete", table: "T", where: [["name", "==", String(meanwhile)]] }]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await compaction;
    assert.ok(meanwhile > 3);
    transact(file.database, [insert({ name: "afterwards" })]);
    await file.durable();
    assert.deepEqual(stored(file.path), contents(file.database));
  });

  it("that fails leaves the old file, which still takes commits", async (t) => {
    let fail = false;
    const open: OpenLogFile = (path, mode) => {
      if (fail && mode === "create") throw new Error("ENOSPC");
      return openLogFile(path, mode);
    };
    const file = await opened(t, { openLogFile: open });
    transact(file.database, [insert({ name: "a" })]);
    fail = true;
    await assert.rejects(file.compact(), /ENOSPC/);
    transact(file.database, [insert({ name: "b" })]);
    await file.durable();
    assert.deepEqual(stored(file.path), contents(file.database));
  });
});

describe("conversion to another schema", () => {
  const newer = (columns: JsonValue) =>
    schemaFromJson({ ...(schemaJson({ T: { columns } }) as JsonObject), version: "2.0.0" });

  it("keeps identities and common columns, drops and adds the others", async (t) => {
    const file = await opened(t);
    transact(file.database, [insert({ name: "a", set: ["set", [1, 2]] })]);
    const [uuid] = file.database.rows("T").keys();
    await file.close();
    await convertFile(file.path, newer({ name: { type: "string" }, added: { type: "boolean" } }), options());
    const { database } = readDatabase(file.path, new SeededRandom(1));
    assert.equal(database.schema.version, "2.0.0");
    const [row] = database.rows("T").values();
    assert.deepEqual({ ...row, _version: "" }, { _uuid: uuid, _version: "", name: "a", added: false });
  });

  it("of a running database gives it the new schema in memory and in the file, where a new history begins", async (t) => {
    const file = await opened(t);
    transact(file.database, [insert({ name: "a", set: 1, volatile: 4 })]);
    const [uuid] = file.database.rows("T").keys();
    const schemas: string[] = [];
    file.database.onConvert(({ version }) => schemas.push(version));
    transact(file.database, [insert({ name: "b" })], { grouped: true });
    const columns = {
      name: { type: "string" },
      volatile: { type: "integer", ephemeral: true },
      more: { type: "real" },
    };
    await file.convert(newer(columns));
    assert.deepEqual(schemas, ["2.0.0"]);
    assert.equal(file.database.schema.version, "2.0.0");
    assert.equal(file.database.rows("T").size, 2);
    const [row] = file.database.rows("T").values();
    assert.deepEqual({ ...row, _version: "" }, { _uuid: uuid, _version: "", name: "a", volatile: 4, more: 0 });
    transact(file.database, [insert({ name: "c", more: 1.5 })]);
    await file.durable();
    const records = [...readLog(file.path)].map(({ json }) => json);
    assert.equal(records.length, 3);
    assert.deepEqual([records[0]?.version, records[1]?._comment], ["2.0.0", "converted from schema version 1.0.0"]);
    const { database } = readDatabase(file.path, new SeededRandom(1));
    assert.deepEqual([...database.rows("T").values()].map(({ name, more }) => [name, more]).sort(), [
      ["a", 0],
      ["b", 0],
      ["c", 1.5],
    ]);
  });

  it("ends a compaction that is under way", async (t) => {
    const file = await opened(t);
    for (let i = 0; i < 1000; i++) transact(file.database, [insert({ name: String(i) })]);
    const compaction = assert.rejects(file.compact(), /being converted/);
    await file.convert(newer({ name: { type: "string" } }));
    await compaction;
    assert.equal(readDatabase(file.path, new SeededRandom(1)).database.schema.version, "2.0.0");
    assert.ok(!existsSync(`${file.path}.tmp`));
  });

  it("of a running database that cannot be written leaves everything as it was", async (t) => {
    const { state, open } = faulty();
    const file = await opened(t, { openLogFile: open });
    transact(file.database, [insert({ name: "a" })]);
    const before = readFileSync(file.path);
    state.failAppend = true;
    await assert.rejects(file.convert(newer({ name: { type: "string" } })), /ENOSPC/);
    assert.equal(file.database.schema.version, "1.0.0");
    assert.deepEqual(readFileSync(file.path), before);
    state.failAppend = false;
    transact(file.database, [insert({ name: "b", set: 1 })]);
    assert.deepEqual(stored(file.path), contents(file.database));
  });

  it("is refused, and the file left alone, where a value does not fit", async (t) => {
    const file = await opened(t);
    transact(file.database, [insert({ name: "long" })]);
    await file.close();
    const before = readFileSync(file.path);
    const short = newer({ name: { type: { key: { type: "string", maxLength: 2 } } } });
    await assert.rejects(
      convertFile(file.path, short, options()),
      /cannot be converted to schema Test 2\.0\.0: .*table T row \S+ column name: "long" length 4/,
    );
    assert.deepEqual(readFileSync(file.path), before);
    await (await DatabaseFile.open(file.path, options())).close();
  });
});
