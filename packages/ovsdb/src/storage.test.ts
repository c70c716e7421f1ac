import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, lstatSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import fc from "fast-check";
import { readDatabase } from "./database-reader.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { DamagedRecordError, encodeRecord, readLog } from "./record.ts";
import { schemaFromJson } from "./schema.ts";
import { DatabaseFile } from "./storage.ts";
import { contents, insert, logRing, newFile, opened, options, schema, stored } from "./test-files.ts";
import { run, without } from "./test-process.ts";
import { transact } from "./test-support.ts";

describe("a database file", () => {
  it("is readable by its owner only, and never created over another", async (t) => {
    const path = newFile(t);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.throws(() => DatabaseFile.create(path, schema), /exists already/);
    await assert.rejects(DatabaseFile.open(`${path}x`, options()), /no such file; create it with/);
  });

  it("holds every commit after it was closed, and no ephemeral column", async (t) => {
    const file = await opened(t);
    transact(file.database, [insert({ name: "a", set: ["set", [1, 2]], volatile: 7 })]);
    transact(file.database, [{ op: "update", table: "T", where: [], row: { volatile: 8 } }]);
    const before = contents(file.database);
    await file.close();
    const again = await DatabaseFile.open(file.path, options());
    assert.deepEqual(contents(again.database), before);
    assert.equal([...again.database.rows("T").values()][0]?.volatile, 0);
    await again.close();
    assert.equal([...readLog(file.path)].length, 2);
  });

  it("tells date and comment of each commit", async (t) => {
    const file = await opened(t);
    transact(file.database, [insert({}), { op: "comment", comment: "why" }]);
    file.flush();
    const { _date, _comment } = [...readLog(file.path)][1]?.json ?? {};
    assert.deepEqual({ _date, _comment }, { _date: Date.UTC(2026, 0, 1), _comment: "why" });
  });

  it("has every commit when it is reported, and grouped ones when they are flushed or their turn is over", async (t) => {
    const file = await opened(t);
    for (let i = 0; i < 5; i++) {
      transact(file.database, [insert({ name: String(i) })]);
      assert.deepEqual(stored(file.path), contents(file.database));
    }
    for (let i = 0; i < 5; i++) transact(file.database, [insert({ name: String(i) })], { grouped: true });
    assert.equal((stored(file.path) as unknown[]).length, 5);
    file.flush();
    assert.deepEqual(stored(file.path), contents(file.database));
    transact(file.database, [insert({ name: "last" })], { grouped: true });
    await Promise.resolve();
    assert.deepEqual(stored(file.path), contents(file.database));
  });

  it("shares the schema object that it is opened with", async (t) => {
    const path = newFile(t);
    const known = schemaFromJson(schema);
    const file = await DatabaseFile.open(path, options({ schema: known }));
    assert.equal(file.database.schema, known);
    await file.close();
  });

  it("writes changes of large sets and maps as differences, and reads them", async (t) => {
    const file = await opened(t);
    const numbers = Array.from({ length: 100 }, (_, i) => i);
    transact(file.database, [insert({ set: ["set", numbers], map: ["map", numbers.map((n) => [`k${n}`, n])] })]);
    const mutations = [
      ["set", "insert", 500],
      ["set", "delete", 3],
      ["map", "delete", "k7"],
    ];
    transact(file.database, [{ op: "mutate", table: "T", where: [], mutations }]);
    transact(file.database, [
      { op: "mutate", table: "T", where: [], mutations: [["map", "insert", ["map", [["k7", 9]]]]] },
    ]);
    file.flush();
    const second = JSON.stringify([...readLog(file.path)][2]?.json);
    assert.match(second, /"_is_diff":true/);
    assert.match(second, /\["set",\[3,500\]\]/);
    assert.deepEqual(stored(file.path), contents(file.database));
  });

  it("read again is the database that wrote it, whatever was done", (t) => {
    const path = newFile(t);
    const value = fc.oneof(
      fc.record({ name: fc.constantFrom("a", "b", "c") }),
      fc.record({ set: fc.uniqueArray(fc.nat(200), { maxLength: 80 }).map((set) => ["set", set]) }),
      fc.record({
        map: fc.dictionary(fc.string({ unit: "grapheme" }), fc.integer()).map((map) => ["map", Object.entries(map)]),
      }),
    ) as fc.Arbitrary<JsonObject>;
    const where = fc.constantFrom("a", "b", "c").map((name) => [["name", "==", name]]);
    const operation = fc.oneof(
      value.map(insert),
      fc.tuple(where, value).map(([clauses, row]) => ({ op: "update", table: "T", where: clauses, row })),
      where.map((clauses) => ({ op: "delete", table: "T", where: clauses })),
    ) as fc.Arbitrary<JsonValue>;
    const run = fc.asyncProperty(
      fc.array(fc.array(operation, { minLength: 1, maxLength: 4 })),
      async (transactions) => {
        const copy = `${path}.copy`;
        copyFileSync(path, copy);
        const file = await DatabaseFile.open(copy, options());
        for (const operations of transactions) transact(file.database, operations);
        await file.close();
        assert.deepEqual(stored(copy), contents(file.database));
      },
    );
    return fc.assert(run, { numRuns: 40 });
  });
});

describe("a damaged file", () => {
  /** A journal of a few records, and the states after each of them. */
  async function journal(t: TestContext): Promise<{ path: string; bytes: Buffer; ends: number[]; states: unknown[] }> {
    const file = await opened(t);
    const states = [contents(file.database)];
    for (const name of ["a", "b", "ü"]) {
      transact(file.database, [insert({ name })]);
      states.push(contents(file.database));
    }
    await file.close();
    const ends = [...readLog(file.path)].map(({ end }) => end);
    return { path: file.path, bytes: readFileSync(file.path), ends, states };
  }

  it("loses only the incomplete record when it is cut off at any point after the schema", async (t) => {
    const { path, bytes, ends, states } = await journal(t);
    for (let length = ends[0] as number; length <= bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      const complete = ends.filter((end) => end <= length).length;
      const { database, torn } = readDatabase(path, new SeededRandom(1));
      assert.deepEqual(contents(database), states[complete - 1], `cut at ${length}`);
      assert.equal(torn?.offset, ends.includes(length) ? undefined : ends[complete - 1], `cut at ${length}`);
    }
  });

  it("is repaired of its torn end on opening, with one warning, and goes on", async (t) => {
    const { path, bytes, states } = await journal(t);
    truncateSync(path, bytes.length - 5);
    const { log, lines } = logRing();
    const file = await DatabaseFile.open(path, options({ log }));
    assert.equal(lines().length, 1);
    assert.match(
      lines()[0] ?? "",
      /^WARNING .*test\.db: the last record is incomplete .* cutting off \d+ bytes at \d+$/,
    );
    assert.deepEqual(contents(file.database), states[2]);
    transact(file.database, [insert({ name: "c" })]);
    await file.close();
    assert.deepEqual(stored(path), contents(file.database));
  });

  it("is refused, with offset and reason, whatever single bit is wrong, or is read as it was", async (t) => {
    const { path, bytes, states } = await journal(t);
    let harmless = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      writeFileSync(path, flipped);
      try {
        const { database, torn } = readDatabase(path, new SeededRandom(1));
        assert.equal(torn, undefined, `bit ${bit}`);
        assert.deepEqual(contents(database), states.at(-1), `bit ${bit}`);
        harmless++;
      } catch (error) {
        assert.ok(error instanceof Error && error.name === "UserError", `bit ${bit}: ${error}`);
      }
    }
    // Upper and lower case of the checksums' letters.
    assert.ok(harmless < 4 * 40);
  });

  it("is refused when a record in the middle is damaged, and stays as it is", async (t) => {
    const { path, bytes, ends } = await journal(t);
    const damaged = Buffer.from(bytes);
    damaged[(ends[1] as number) - 3] = 0x58;
    writeFileSync(path, damaged);
    await assert.rejects(DatabaseFile.open(path, options()), (error) => {
      return error instanceof DamagedRecordError && error.offset === ends[0] && /checksum/.test(error.reason);
    });
    assert.deepEqual(readFileSync(path), damaged);
  });

  it("is refused when a record does not fit the schema, and another one follows", async (t) => {
    const path = newFile(t);
    const size = statSync(path).size;
    writeFileSync(path, encodeRecord('{"X":{}}') + encodeRecord("{}"), { flag: "a" });
    await assert.rejects(
      DatabaseFile.open(path, options()),
      new RegExp(`at byte ${size}: unknown table: No table named X`),
    );
  });

  it("loses an end that is no transaction, as with ovsdb-server; what is cut off is kept beside it", async (t) => {
    const ends: [end: string, reason: RegExp][] = [
      ["xxx\n", /malformed 'OVSDB JSON' header/],
      ["no line", /no 'OVSDB JSON' header/],
      [encodeRecord('{"X":{}}'), /unknown table: No table named X/],
    ];
    for (const [end, reason] of ends) {
      const { path, bytes, states } = await journal(t);
      writeFileSync(path, end, { flag: "a" });
      const { log, lines } = logRing();
      const file = await DatabaseFile.open(path, { ...options(), log });
      assert.match(lines()[0] ?? "", reason);
      assert.match(
        lines()[0] ?? "",
        new RegExp(`cutting off ${end.length} bytes at ${bytes.length}, which are kept in `),
      );
      assert.deepEqual(contents(file.database), states.at(-1));
      assert.equal(readFileSync(`${path}.cut-at-${bytes.length}`, "utf8"), end);
      await file.close();
      assert.deepEqual(readFileSync(path), bytes);
    }
  });

  it("stays behind its symbolic link when it is written anew", async (t) => {
    const path = newFile(t);
    const link = `${path}.link`;
    symlinkSync(path, link);
    const file = await DatabaseFile.open(link, options());
    transact(file.database, [insert({ name: "a" })]);
    await file.compact();
    await assert.rejects(DatabaseFile.open(path, options()), /in use by this process/);
    await file.close();
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.deepEqual(stored(path), contents(file.database));
  });

  it("is refused when it is empty, clustered, or no database at all", async (t) => {
    const path = newFile(t);
    for (const [content, message] of [
      ["", /not a database: it is empty/],
      ["hello\n", /no 'OVSDB JSON' header|malformed/],
      ["OVSDB CLUSTER 12 0123456789012345678901234567890123456789\n", /a clustered database/],
      ["OVSDB JSON 100 ", /its first record \(the schema\) is incomplete/],
    ] as const) {
      writeFileSync(path, content);
      await assert.rejects(DatabaseFile.open(path, options()), message);
    }
  });

  it("ends in zeros after a power cut: these are cut off", async (t) => {
    const { path, bytes, states } = await journal(t);
    writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(300)]));
    const { database, torn } = readDatabase(path, new SeededRandom(1));
    assert.deepEqual(contents(database), states.at(-1));
    assert.deepEqual(torn, { offset: bytes.length, bytes: 300 });
  });
});

describe("the lock of a file", () => {
  it("keeps a second opener off, naming the process, until the first one closes", async (t) => {
    const file = await opened(t);
    await assert.rejects(
      DatabaseFile.open(file.path, options()),
      new RegExp(`in use by this process \\(${process.pid}\\)`),
    );
    await file.close();
    await (await DatabaseFile.open(file.path, options())).close();
  });

  it("keeps ovsdb-tool off, too", { skip: without("ovsdb-tool") }, async (t) => {
    const file = await opened(t);
    const refused = await run("ovsdb-tool", "compact", file.path);
    assert.notEqual(refused.status, 0);
    assert.match(refused.error, /failed to lock/);
    await file.close();
    assert.equal((await run("ovsdb-tool", "compact", file.path)).status, 0);
  });

  it("of a dead process is taken over", async (t) => {
    const path = newFile(t);
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    t.after(() => child.kill("SIGKILL"));
    await once(child, "spawn");
    writeFileSync(join(path, "..", ".test.db.~pid~"), `${child.pid} \n`);
    await assert.rejects(DatabaseFile.open(path, options()), new RegExp(`in use by process ${child.pid}; stop it`));
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await DatabaseFile.open(path, options())).close();
  });
});
