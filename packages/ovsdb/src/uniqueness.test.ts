import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Database } from "./database.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { newDatabase, transact } from "./test-support.ts";

const tables: JsonValue = {
  One: { columns: { name: { type: "string" }, other: { type: "integer" } }, indexes: [["name"]] },
  Two: {
    columns: { name: { type: "string" }, set: { type: { key: "integer", min: 0, max: "unlimited" } } },
    indexes: [["name", "set"]],
  },
  Few: { columns: { n: { type: "integer" } }, maxRows: 2 },
};

function insert(table: string, row: JsonObject): JsonObject {
  return { op: "insert", table, row };
}

function rename(from: string, to: string): JsonObject {
  return { op: "update", table: "One", where: [["name", "==", from]], row: { name: to } };
}

function withNames(...names: string[]): Database {
  const database = newDatabase(tables);
  transact(
    database,
    names.map((name) => insert("One", { name })),
  );
  return database;
}

function violation(database: Database, ...operations: JsonValue[]): string {
  const reply = transact(database, operations);
  const { error, details } = (reply[operations.length] ?? {}) as { error?: string; details?: string };
  return error === "constraint violation" ? (details ?? "") : "";
}

describe("RFC 7047 §3.2 indexes", () => {
  it("refuse a second row with the same values, naming both", () => {
    assert.match(
      violation(withNames("a"), insert("One", { name: "a" })),
      /^Transaction causes multiple rows in "One" table to have identical values \(a\) for index on column "name"\. {2}First row, with UUID \S+, existed in the database before this transaction and was not modified by the transaction\. {2}Second row, with UUID \S+, was inserted by this transaction\.$/,
    );
    assert.match(
      violation(withNames("a", "b"), rename("a", "b")),
      /had the following index values before the transaction: a\./,
    );
    const touched = { op: "update", table: "One", where: [["name", "==", "b"]], row: { other: 1 } };
    assert.match(
      violation(withNames("a", "b"), touched, rename("a", "b")),
      /modified some of the row's columns but not any/,
    );
    assert.match(violation(withNames(), insert("One", {}), insert("One", {})), /values \(""\)/);
  });

  it("are checked at commit: values may swap within a transaction", () => {
    const database = withNames("a", "b");
    const swap = [rename("a", "x"), rename("b", "a"), rename("x", "b")];
    assert.equal(violation(database, ...swap), "");
    assert.equal(violation(database, ...swap), "");
    assert.notEqual(violation(database, insert("One", { name: "a" })), "");
    assert.notEqual(violation(database, insert("One", { name: "b" })), "");
  });

  it("free the values of deleted rows", () => {
    const database = withNames("a");
    const remove = { op: "delete", table: "One", where: [] };
    assert.equal(violation(database, remove, insert("One", { name: "a" })), "");
    assert.equal(violation(database, remove), "");
    assert.equal(violation(database, insert("One", { name: "a" })), "");
  });

  it("compare all their columns together", () => {
    const database = newDatabase(tables);
    const row = (name: string, ...set: number[]) => insert("Two", { name, set: ["set", set] });
    assert.equal(violation(database, row("a", 1, 2), row("b", 1, 2), row("a", 1)), "");
    assert.match(
      violation(database, row("a", 2, 1)),
      /identical values \(a and \[1, 2\]\) for index on columns "name" and "set"/,
    );
  });
});

describe("RFC 7047 §3.2 maxRows", () => {
  it("counts rows at the end of the transaction", () => {
    const database = newDatabase(tables);
    const one = insert("Few", {});
    const clear = { op: "delete", table: "Few", where: [] };
    assert.equal(violation(database, one, one), "");
    assert.equal(violation(database, one, clear, one, one), "");
    assert.match(violation(database, one), /"Few" table to contain 3 rows, greater than the schema-defined limit of 2/);
    assert.equal(database.rows("Few").size, 2);
  });
});
