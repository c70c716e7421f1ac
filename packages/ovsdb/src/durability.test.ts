import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";
import type { Database } from "./database.ts";
import type { Commit } from "./engine.ts";
import type { JsonObject } from "./json.ts";
import { contents, faulty, insert, logRing, opened, stored } from "./test-files.ts";
import { transact } from "./test-support.ts";

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
});
