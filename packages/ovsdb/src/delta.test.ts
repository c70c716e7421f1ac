import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Delta, RowChange, Uuid } from "./datum.ts";
import { invertDelta, mergeDeltas } from "./delta.ts";
import type { JsonObject } from "./json.ts";
import { newDatabase, transact } from "./test-support.ts";

/** A database, and the deltas of what is done to it. */
function recorded() {
  const database = newDatabase({ T: { columns: { name: { type: "string" }, n: { type: "integer" } } } });
  const deltas: Delta[] = [];
  database.onCommit(({ delta }) => deltas.push(delta));
  const run = (operation: JsonObject) => transact(database, [{ table: "T", where: [], ...operation }]);
  const insert = (row: JsonObject, uuid?: string) =>
    transact(database, [{ op: "insert", table: "T", row, ...(uuid === undefined ? {} : { uuid }) }]);
  return { database, deltas, run, insert };
}

function summary(delta: Delta): string[] {
  return [...delta].flatMap(([table, rows]) => [...rows.values()].map((change) => line(table, change)));
}

function line(table: string, { old, new: now, changed }: RowChange): string {
  const [before, after] = [old, now].map((row) => (row ? `${row.name}${row.n}` : "-"));
  return `${table} ${before} ${after} ${[...changed].sort().join()}`;
}

describe("merged deltas", () => {
  it("tell of a row what it was first and is last", () => {
    const { deltas, run, insert } = recorded();
    insert({ name: "a" });
    run({ op: "update", row: { n: 1 } });
    run({ op: "update", row: { n: 2 } });
    run({ op: "delete" });
    assert.deepEqual(summary(mergeDeltas(deltas.slice(0, 3))), ["T - a2 n,name"]);
    assert.deepEqual(summary(mergeDeltas(deltas.slice(1, 3))), ["T a0 a2 n"]);
    assert.deepEqual(summary(mergeDeltas(deltas.slice(2))), ["T a1 - n,name"]);
    assert.deepEqual(summary(mergeDeltas(deltas)), []);
  });

  it("know a row that was deleted and inserted again under its old identity", () => {
    const { database, deltas, run, insert } = recorded();
    insert({ name: "a" });
    const [uuid] = database.rows("T").keys();
    run({ op: "delete" });
    insert({ name: "again" }, uuid);
    assert.deepEqual(summary(mergeDeltas(deltas.slice(1))), ["T a0 again0 name"]);
    assert.deepEqual(summary(mergeDeltas(deltas)), ["T - again0 n,name"]);
  });

  it("are the delta itself where there is one, and empty where there is none", () => {
    const delta: Delta = new Map([["T", new Map<Uuid, RowChange>()]]);
    assert.equal(mergeDeltas([delta]), delta);
    assert.equal(mergeDeltas([]).size, 0);
  });
});

describe("an inverted delta", () => {
  it("takes back what the delta did", () => {
    const { deltas, run, insert } = recorded();
    insert({ name: "a" });
    run({ op: "update", row: { n: 1 } });
    run({ op: "delete" });
    assert.deepEqual(
      deltas.flatMap((delta) => summary(invertDelta(delta))),
      ["T a0 - n,name", "T a1 a0 n", "T - a1 n,name"],
    );
  });
});
