import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Delta, RowChange } from "./datum.ts";
import { TransactionHistory } from "./history.ts";
import type { JsonValue } from "./json.ts";
import { newDatabase, transact } from "./test-support.ts";

const tables = {
  T: { columns: { name: { type: "string" }, n: { type: "integer" } } },
  U: { columns: { n: { type: "integer" } } },
};

function followed(limits = {}) {
  const database = newDatabase(tables);
  const history = new TransactionHistory({ random: new SeededRandom(9), limits });
  const ids = [history.lastId];
  database.onCommit(({ delta }) => ids.push(history.add(delta)));
  const run = (...operations: JsonValue[]) => transact(database, operations);
  return { database, history, ids, run };
}

const insert = (name: string) => ({ op: "insert", table: "T", row: { name } });
const update = (name: string, row: { n?: number; name?: string }) => ({
  op: "update",
  table: "T",
  where: [["name", "==", name]],
  row,
});
const remove = (name: string) => ({ op: "delete", table: "T", where: [["name", "==", name]] });

/** Rows of a delta in short: what was there, what is there, what differs. */
function summary(delta: Delta | undefined) {
  return delta && [...delta].flatMap(([table, rows]) => [...rows.values()].map((change) => line(table, change)));
}

function line(table: string, { old, new: now, changed }: RowChange): string {
  const [before, after] = [old, now].map((row) => (row ? `${row.name ?? ""}${row.n}` : "-"));
  return `${table} ${before} ${after} ${[...changed].sort().join()}`;
}

describe("the history of transactions", () => {
  it("tells what happened after a transaction, as one transaction", () => {
    const { history, ids, run } = followed();
    run(insert("a"));
    run(insert("b"), { op: "insert", table: "U", row: {} });
    run(update("a", { n: 1 }));
    run(update("a", { n: 2 }));
    run(remove("b"));
    assert.equal(history.lastId, ids[5]);
    assert.equal(new Set(ids).size, 6);
    assert.deepEqual(summary(history.since(ids[0] as string)), ["T - a2 n,name", "U - 0 n"]);
    assert.deepEqual(summary(history.since(ids[2] as string)), ["T a0 a2 n", "T b0 - n,name"]);
    assert.deepEqual(summary(history.since(ids[4] as string)), ["T b0 - n,name"]);
    assert.deepEqual(summary(history.since(ids[5] as string)), []);
  });

  it("leaves out what was undone", () => {
    const { history, ids, run } = followed();
    run(insert("a"));
    run(update("a", { n: 1 }));
    run(update("a", { n: 0 }));
    assert.deepEqual(summary(history.since(ids[1] as string)), []);
    assert.deepEqual(summary(history.since(ids[2] as string)), ["T a1 a0 n"]);
    run(remove("a"));
    assert.deepEqual(summary(history.since(ids[0] as string)), []);
  });

  it("does not know transactions of others", () => {
    const { history } = followed();
    assert.equal(history.since("00000000-0000-0000-0000-000000000000"), undefined);
  });

  it("forgets the oldest transactions beyond a number", () => {
    const { history, ids, run } = followed({ maxTransactions: 2 });
    for (const name of ["a", "b", "c"]) run(insert(name));
    assert.equal(history.since(ids[0] as string), undefined);
    assert.deepEqual(summary(history.since(ids[1] as string)), ["T - b0 n,name", "T - c0 n,name"]);
  });

  it("forgets the oldest transactions beyond an amount of memory, and knows at least the present", () => {
    const { history, ids, run } = followed({ maxBytes: 10_000 });
    run(insert("a"));
    run(insert("b"));
    assert.notEqual(history.since(ids[0] as string), undefined);
    run(insert("x".repeat(9500)));
    assert.equal(history.since(ids[1] as string), undefined);
    assert.equal(history.since(ids[2] as string)?.size, 1);
    run(insert("x".repeat(10_001)));
    assert.equal(history.since(ids[3] as string), undefined);
    assert.deepEqual(summary(history.since(ids[4] as string)), []);
    run(insert("c"));
    assert.deepEqual(summary(history.since(ids[4] as string)), ["T - c0 n,name"]);
  });

  it("begins anew when it is cleared", () => {
    const { history, ids, run } = followed();
    run(insert("a"));
    history.clear();
    assert.equal(history.since(ids[1] as string), undefined);
    assert.deepEqual(summary(history.since(history.lastId)), []);
  });
});
