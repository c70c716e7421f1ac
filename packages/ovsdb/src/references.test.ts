import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Database } from "./database.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { newDatabase, transact } from "./test-support.ts";

const reference = (refTable: string, more: JsonObject = {}) => ({ type: "uuid", refTable, ...more });
const many = { min: 0, max: "unlimited" };

/** A root that owns nodes, which own further nodes; tags that weakly refer to nodes; keepers that must hold a leaf. */
const tables: JsonValue = {
  Root: { columns: { name: { type: "string" }, nodes: { type: { key: reference("Node"), ...many } } }, isRoot: true },
  Node: {
    columns: {
      name: { type: "string" },
      next: { type: { key: reference("Node"), min: 0 } },
      byName: { type: { key: "string", value: reference("Leaf"), ...many } },
    },
  },
  Leaf: { columns: { name: { type: "string" } } },
  Keeper: { columns: { leaf: { type: { key: reference("Leaf") } } }, isRoot: true },
  Tag: {
    columns: {
      name: { type: "string" },
      nodes: { type: { key: reference("Node", { refType: "weak" }), ...many } },
      one: { type: { key: reference("Root", { refType: "weak" }), min: 0 } },
      notes: { type: { key: reference("Root", { refType: "weak" }), value: "string", ...many } },
    },
    isRoot: true,
  },
  Needy: {
    columns: { roots: { type: { key: reference("Root", { refType: "weak" }), min: 1, max: 2 } } },
    isRoot: true,
  },
};

const named = (name: string) => ["named-uuid", name];

function insert(table: string, name: string, row: JsonObject = {}): JsonObject {
  return { op: "insert", table, row: { name, ...row }, "uuid-name": name };
}

function names(database: Database, table: string): string {
  return [...database.rows(table).values()].map((row) => row.name).join("");
}

function remove(table: string, name: string): JsonObject {
  return { op: "delete", table, where: [["name", "==", name]] };
}

function build(...operations: JsonValue[]): Database {
  const database = newDatabase(tables);
  const reply = transact(database, operations);
  assert.equal(reply.length, operations.length, JSON.stringify(reply));
  return database;
}

/** The error found at commit. */
function atCommit(database: Database, ...operations: JsonValue[]): { error?: string; details?: string } {
  const reply = transact(database, operations);
  assert.equal(reply.length, operations.length + 1, JSON.stringify(reply));
  return reply.at(-1) as JsonObject;
}

describe("RFC 7047 §3.2 strong references", () => {
  it("may name a row that the same transaction inserts later", () => {
    const database = build(insert("Root", "r", { nodes: named("n") }), insert("Node", "n"));
    assert.equal(names(database, "Node"), "n");
  });

  it("must not lead to rows that do not exist", () => {
    const failure = atCommit(newDatabase(tables), insert("Root", "r", { nodes: named("nowhere") }));
    assert.equal(failure.error, "referential integrity violation");
    assert.match(
      failure.details ?? "",
      /^Table Root column nodes row \S+ references nonexistent row \S+ in table Node\.$/,
    );
  });

  it("must be set where the column must hold one", () => {
    const failure = atCommit(newDatabase(tables), { op: "insert", table: "Keeper", row: {} });
    assert.match(
      failure.details ?? "",
      /references nonexistent row 00000000-0000-0000-0000-000000000000 in table Leaf/,
    );
  });

  it("keep the row they lead to from being deleted", () => {
    const database = build({ op: "insert", table: "Keeper", row: { leaf: named("l") } }, insert("Leaf", "l"));
    const failure = atCommit(database, remove("Leaf", "l"));
    assert.equal(failure.error, "referential integrity violation");
    assert.match(failure.details ?? "", /^cannot delete Leaf row \S+ because of 1 remaining reference\(s\)$/);
    assert.equal(names(database, "Leaf"), "l");
  });

  it("do not, when they go in the same transaction", () => {
    const database = build(insert("Root", "r", { nodes: named("n") }), insert("Node", "n"));
    transact(database, [remove("Node", "n"), { op: "update", table: "Root", where: [], row: { nodes: ["set", []] } }]);
    assert.equal(names(database, "Node"), "");
  });
});

describe("garbage collection", () => {
  it("removes a row of a non-root table that nothing refers to, though its insert gave a uuid", () => {
    const database = newDatabase(tables);
    const reply = transact(database, [insert("Node", "n")]);
    assert.ok(reply.length === 1 && "uuid" in (reply[0] as JsonObject));
    assert.equal(names(database, "Node"), "");
  });

  it("follows chains, and values of maps", () => {
    const database = build(
      insert("Root", "r", { nodes: named("a") }),
      insert("Node", "a", { next: named("b") }),
      insert("Node", "b", { byName: ["map", [["x", named("l")]]] }),
      insert("Leaf", "l"),
    );
    assert.equal(names(database, "Node") + names(database, "Leaf"), "abl");
    transact(database, [{ op: "update", table: "Root", where: [], row: { nodes: ["set", []] } }]);
    assert.equal(names(database, "Node") + names(database, "Leaf"), "");
  });

  it("spares a row that another one still refers to", () => {
    const database = build(
      insert("Root", "r", { nodes: named("n") }),
      insert("Root", "s", { nodes: named("n") }),
      insert("Node", "n"),
    );
    transact(database, [remove("Root", "r")]);
    assert.equal(names(database, "Node"), "n");
    transact(database, [remove("Root", "s")]);
    assert.equal(names(database, "Node"), "");
  });

  it("does not count a row's reference to itself", () => {
    assert.equal(names(build(insert("Node", "n", { next: named("n") })), "Node"), "");
    const database = build(insert("Root", "r", { nodes: named("n") }), insert("Node", "n", { next: named("n") }));
    transact(database, [remove("Root", "r")]);
    assert.equal(names(database, "Node"), "");
  });

  it("keeps a reference that moves from one row to another", () => {
    const database = build(insert("Root", "r", { nodes: named("n") }), insert("Node", "n"));
    const uuid = [...database.rows("Node").keys()][0] as string;
    transact(database, [insert("Root", "s", { nodes: ["uuid", uuid] }), remove("Root", "r")]);
    assert.equal(names(database, "Node"), "n");
  });
});

describe("RFC 7047 §3.2 weak references", () => {
  const withTag = () =>
    build(
      insert("Root", "r", { nodes: ["set", [named("a"), named("b")]] }),
      insert("Node", "a"),
      insert("Node", "b"),
      insert("Tag", "t", {
        nodes: ["set", [named("a"), named("b")]],
        one: named("r"),
        notes: ["map", [[named("r"), "note"]]],
      }),
    );
  const tag = (database: Database) => [...database.rows("Tag").values()][0];

  it("vanish with the row they lead to, which changes their row's version", () => {
    const database = withTag();
    const before = tag(database);
    const a = [...database.rows("Node").keys()][0] as string;
    transact(database, [{ op: "mutate", table: "Root", where: [], mutations: [["nodes", "delete", ["uuid", a]]] }]);
    const after = tag(database);
    assert.deepEqual(after?.nodes, [[...database.rows("Node").keys()][0]]);
    assert.notEqual(after?._version, before?._version);
  });

  it("vanish from optional columns and maps, too", () => {
    const database = withTag();
    transact(database, [remove("Root", "r")]);
    const row = tag(database);
    assert.deepEqual(
      { nodes: row?.nodes, one: row?.one, notes: row?.notes },
      { nodes: [], one: null, notes: new Map() },
    );
  });

  it("to rows that never were vanish silently", () => {
    const database = build(insert("Tag", "t", { nodes: named("nowhere") }));
    assert.deepEqual(tag(database)?.nodes, []);
  });

  it("leave no trace when that is all a transaction does", () => {
    const database = build(insert("Tag", "t"));
    let commits = 0;
    database.onCommit(() => commits++);
    transact(database, [{ op: "update", table: "Tag", where: [], row: { nodes: named("nowhere") } }]);
    assert.equal(commits, 0);
  });

  it("refuse to vanish where the column must not be empty", () => {
    const database = build(insert("Root", "r"), { op: "insert", table: "Needy", row: { roots: named("r") } });
    const failure = atCommit(database, remove("Root", "r"));
    assert.equal(failure.error, "constraint violation");
    assert.match(failure.details ?? "", /^Deletion of 1 weak reference\(s\) .* from column "roots" in "Needy" row/);
    assert.equal(names(database, "Root"), "r");
    const unset = atCommit(database, { op: "insert", table: "Needy", row: {} });
    assert.match(unset.details ?? "", /\(inserted within this transaction\) contained all-zeros UUID/);
  });
});
