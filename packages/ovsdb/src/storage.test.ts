import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import fc from "fast-check";
import type { Database } from "./database.ts";
import { readDatabase } from "./database-reader.ts";
import type { Commit } from "./engine.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { type LogFile, type OpenLogFile, openLogFile } from "./log-file.ts";
import { DamagedRecordError, encodeRecord, readLog } from "./record.ts";
import { schemaFromJson } from "./schema.ts";
import { convertFile, DatabaseFile, type DatabaseFileOptions } from "./storage.ts";
import { schemaJson, temporaryDirectory, transact } from "./test-support.ts";

const schema = schemaJson({
  T: {
    columns: {
      name: { type: "string" },
      set: { type: { key: "integer", min: 0, max: "unlimited" } },
      map: { type: { key: "string", value: "integer", min: 0, max: "unlimited" } },
      volatile: { type: "integer", ephemeral: true },
    },
  },
});

function options(more: Partial<DatabaseFileOptions> = {}): DatabaseFileOptions {
  return { clock: new VirtualClock(), random: new SeededRandom(1), ...more };
}

function insert(row: JsonObject): JsonObject {
  return { op: "insert", table: "T", row };
}

/** What of a database is kept in files. */
function contents(database: Database): unknown {
  return [...database.rows("T").values()]
    .map(({ _uuid, name, set, map }) => ({ _uuid, name, set, map }))
    .sort((a, b) => (a._uuid < b._uuid ? -1 : 1));
}

function stored(path: string): unknown {
  return contents(readDatabase(path, new SeededRandom(2)).database);
}

function newFile(test: TestContext): string {
  const path = join(temporaryDirectory(test), "test.db");
  DatabaseFile.create(path, schema);
  return path;
}

/** A new file, open until the test ends. */
async function opened(test: TestContext, more: Partial<DatabaseFileOptions> = {}): Promise<DatabaseFile> {
  const file = await DatabaseFile.open(newFile(test), options(more));
  test.after(() => file.close().catch(() => {}));
  return file;
}

function logRing(): { log: Log; lines: () => string[] } {
  const ring = new LogRing(10);
  const log = Log.create({ name: "T", sink: ring.sink, wallTime: () => 0 });
  return { log, lines: () => ring.records().map(({ severity, text }) => `${severity} ${text}`) };
}

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

  it("is refused when a record does not fit the schema", async (t) => {
    const path = newFile(t);
    const size = statSync(path).size;
    writeFileSync(path, encodeRecord('{"X":{}}'), { flag: "a" });
    await assert.rejects(
      DatabaseFile.open(path, options()),
      new RegExp(`at byte ${size}: unknown table: No table named X`),
    );
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

/** A real file whose operations are counted, held up, or fail as the test says. */
function faulty() {
  const state = {
    appends: 0,
    syncs: 0,
    failAppend: false,
    partial: 0,
    failSync: false,
    failTruncate: false,
    hold: Promise.resolve(),
  };
  const open: OpenLogFile = (path, mode) => {
    const file = openLogFile(path, mode);
    const faults: LogFile = {
      get size() {
        return file.size;
      },
      append(chunks) {
        state.appends++;
        if (!state.failAppend) return file.append(chunks);
        file.append([Buffer.concat(chunks).subarray(0, state.partial)]);
        throw new Error("ENOSPC: no space left on device");
      },
      overwrite: (bytes, position) => file.overwrite(bytes, position),
      async appendLater(bytes) {
        faults.append([bytes]);
      },
      async sync() {
        state.syncs++;
        await state.hold;
        if (state.failSync) throw new Error("EIO: i/o error");
        return file.sync();
      },
      syncNow: () => file.syncNow(),
      truncate(length) {
        if (state.failTruncate) throw new Error("EIO: i/o error");
        file.truncate(length);
      },
      close: () => file.close(),
    };
    return faults;
  };
  return { state, open };
}

describe("a full disk", () => {
  async function full(t: TestContext) {
    const { state, open } = faulty();
    const { log, lines } = logRing();
    const file = await opened(t, { openLogFile: open, log });
    const failures: string[] = [];
    file.onFailure((error) => failures.push(error.message));
    transact(file.database, [insert({ name: "before" })]);
    return { state, file, failures, lines };
  }

  const names = (database: Database) => [...database.rows("T").values()].map(({ name }) => name);

  it("lets transactions fail with an I/O error as their last element, and leaves no trace of them", async (t) => {
    const { state, file, failures, lines } = await full(t);
    state.failAppend = true;
    for (state.partial of [0, 10, 10_000]) {
      const [result, error] = transact(file.database, [insert({ name: "x" })]);
      assert.ok("uuid" in (result as JsonObject));
      const details = "test.db: write failed (ENOSPC: no space left on device)";
      assert.deepEqual(error, { error: "I/O error", details });
      assert.deepEqual(names(file.database), ["before"]);
      assert.deepEqual(stored(file.path), contents(file.database));
    }
    assert.deepEqual(failures, ["ENOSPC: no space left on device"], "said once");
    assert.match(lines()[0] ?? "", /^ERR .*cannot be written: ENOSPC.*changes are refused/);
    await file.durable();
  });

  it("is no matter for transactions that change nothing of the file", async (t) => {
    const { state, file } = await full(t);
    state.failAppend = true;
    const update = { op: "update", table: "T", where: [], row: { volatile: 9 } };
    assert.deepEqual(transact(file.database, [update]), [{ count: 1 }]);
    assert.equal([...file.database.rows("T").values()][0]?.volatile, 9);
  });

  it("takes grouped commits back, tells which, and tells listeners as of one more commit", async (t) => {
    const { state, file } = await full(t);
    const commits: Commit[] = [];
    file.database.onCommit((commit) => commits.push(commit));
    const where = [["name", "==", "before"]];
    transact(file.database, [{ op: "update", table: "T", where, row: { set: 1 } }], { grouped: true });
    file.flush();
    state.failAppend = true;
    const before = contents(file.database);
    transact(file.database, [{ op: "update", table: "T", where, row: { set: 2, volatile: 1 } }], { grouped: true });
    transact(file.database, [{ op: "update", table: "T", where, row: { volatile: 2 } }], { grouped: true });
    transact(file.database, [insert({ name: "x" })], { grouped: true });
    transact(file.database, [{ op: "delete", table: "T", where }], { grouped: true });
    file.flush();
    assert.deepEqual(contents(file.database), before);
    assert.deepEqual(stored(file.path), before);
    const [row] = file.database.rows("T").values();
    assert.equal(row?.volatile, 0);
    assert.equal(commits.length, 6);
    const failures = commits.map((commit) => file.failureOf(commit)?.error);
    assert.deepEqual(failures, [undefined, "I/O error", "I/O error", "I/O error", "I/O error", undefined]);
    const undo = commits[5]?.delta.get("T");
    assert.deepEqual(
      [...(undo?.values() ?? [])].map(({ old, new: now }) => [old?.name, now?.name]),
      [
        [undefined, "before"],
        ["x", undefined],
      ],
    );
  });

  it("is over as soon as something can be written again, and nothing was lost", async (t) => {
    const { state, file, lines } = await full(t);
    state.failAppend = true;
    state.partial = 10;
    transact(file.database, [insert({ name: "x" })]);
    state.failAppend = false;
    transact(file.database, [insert({ name: "after" })], { grouped: true });
    assert.deepEqual(names(file.database), ["before", "after"]);
    assert.equal(file.failure, undefined);
    assert.match(lines().at(-1) ?? "", /^NOTICE .*written again/);
    assert.deepEqual(stored(file.path), contents(file.database));
  });

  it("met while the end of a failed write cannot be cut off either, leaves a file with a torn end", async (t) => {
    const { state, file } = await full(t);
    state.failAppend = true;
    state.partial = 10;
    state.failTruncate = true;
    transact(file.database, [insert({ name: "x" })]);
    assert.deepEqual(stored(file.path), contents(file.database));
    state.failTruncate = false;
    state.failAppend = false;
    transact(file.database, [insert({ name: "y" })]);
    assert.deepEqual(stored(file.path), contents(file.database));
  });
});

describe("durability", () => {
  it("is given to all who wait by one sync, and commits of one turn leave in one write", async (t) => {
    const { state, open } = faulty();
    const file = await opened(t, { openLogFile: open });
    const promises: Promise<void>[] = [];
    for (let i = 0; i < 50; i++) {
      transact(file.database, [insert({ name: String(i) })], { grouped: true });
      if (i % 10 === 0) promises.push(Promise.resolve().then(file.durable));
    }
    await Promise.all(promises);
    assert.ok(state.syncs <= 2 && state.appends <= 2, `${state.syncs} syncs, ${state.appends} writes`);
    await file.durable();
    assert.ok(state.syncs <= 2, "nothing new, nothing to sync");
  });

  it("waits for a sync that began after the commit", async (t) => {
    const { state, open } = faulty();
    const file = await opened(t, { openLogFile: open });
    let release = () => {};
    state.hold = new Promise((resolve) => {
      release = resolve;
    });
    transact(file.database, [insert({ name: "a" })]);
    const first = file.durable();
    await new Promise((resolve) => setImmediate(resolve));
    transact(file.database, [insert({ name: "b" })]);
    const second = file.durable();
    release();
    await Promise.all([first, second]);
    assert.equal(state.syncs, 2);
  });

  it("that cannot be had at present is told so, and comes from a file written anew", async (t) => {
    const { state, open } = faulty();
    const file = await opened(t, { openLogFile: open });
    state.failSync = true;
    transact(file.database, [insert({ name: "a" })]);
    await assert.rejects(file.durable(), /EIO/);
    await assert.rejects(file.durable(), /EIO/);
    const { ino } = statSync(file.path);
    transact(file.database, [insert({ name: "b" })]);
    assert.deepEqual(stored(file.path), contents(file.database), "kill -9 is survived all the same");
    state.failSync = false;
    transact(file.database, [insert({ name: "c" })]);
    await file.durable();
    assert.notEqual(statSync(file.path).ino, ino);
    assert.deepEqual(stored(file.path), contents(file.database));
    assert.equal(file.failure, undefined);
  });

  it("survives kill -9: what was acknowledged is in the file", async (t) => {
    const path = newFile(t);
    const script = `
      const { DatabaseFile } = await import(${JSON.stringify(import.meta.resolve("./storage.ts"))});
      const { RealClock } = await import("@opensync-ts/base/clock");
      const { SystemRandom } = await import("@opensync-ts/base/random");
      const file = await DatabaseFile.open(${JSON.stringify(path)}, { clock: new RealClock(), random: new SystemRandom() });
      for (let i = 0; ; i++) {
        file.database.execute([{ op: "insert", table: "T", row: { name: String(i) } }]);
        await file.durable();
        process.stdout.write(i + "\\n");
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname });
    t.after(() => child.kill("SIGKILL"));
    const exit = once(child, "exit");
    let output = "";
    child.stdout.setEncoding("utf8");
    for await (const text of child.stdout) {
      output += text;
      if (output.split("\n").length > 40) child.kill("SIGKILL");
    }
    await exit;
    const acknowledged = Number(output.trim().split("\n").at(-1));
    const file = await DatabaseFile.open(path, options());
    const names = new Set([...file.database.rows("T").values()].map((row) => row.name));
    for (let i = 0; i <= acknowledged; i++) assert.ok(names.has(String(i)), `row ${i} of ${acknowledged}`);
    await file.close();
  });
});

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
