/** Transactions and what they lead to, by theme: our server answers as Open vSwitch's does. */

import { after, before, describe, it } from "node:test";
import type { JsonValue } from "./json.ts";
import { type BothServers, sameOnBoth, serveBoth } from "./test-both-servers.ts";
import { without } from "./test-process.ts";

type Operations = readonly JsonValue[];
/** Transactions one after the other. */
type Scenario = readonly Operations[];

const insert = (table: string, row: object, more: object = {}) => ({ op: "insert", table, row, ...more }) as JsonValue;
const named = (table: string, name: string, row: object) => insert(table, row, { "uuid-name": name });
/** As `named`, with an identity of that digit: where the order of identities shows. */
const known = (table: string, digit: string, row: object) =>
  insert(table, row, { "uuid-name": digit, uuid: given(digit) });
const select = (table: string, where: Operations = [], ...columns: string[]) =>
  ({ op: "select", table, where, ...(columns.length > 0 ? { columns } : {}) }) as JsonValue;
const update = (table: string, where: Operations, row: object) => ({ op: "update", table, where, row }) as JsonValue;
const remove = (table: string, where: Operations = []) => ({ op: "delete", table, where }) as JsonValue;
const mutate = (table: string, where: Operations, ...mutations: Operations) =>
  ({ op: "mutate", table, where, mutations }) as JsonValue;
const ref = (name: string): JsonValue => ["named-uuid", name];
const set = (...members: Operations): JsonValue => ["set", members];
const map = (...pairs: Operations): JsonValue => ["map", pairs];
const is = (column: string, value: JsonValue): JsonValue => [column, "==", value];
const wait = (table: string, columns: readonly string[], until: string, rows: Operations, more: object = {}) =>
  ({ op: "wait", timeout: 0, table, where: [], columns, until, rows, ...more }) as JsonValue;
const uuid = (digit: string): JsonValue => ["uuid", given(digit)];
const given = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

const reference = (refTable: string, refType = "strong") => ({ type: "uuid", refTable, refType });
const many = { min: 0, max: "unlimited" };

const numbers = {
  name: "Numbers",
  version: "5.1.3",
  cksum: "12345678 9",
  tables: {
    Number: {
      columns: { value: { type: "integer" }, word: { type: "string" }, fixed: { type: "integer", mutable: false } },
      indexes: [["value"], ["value", "word"]],
    },
    Pair: {
      columns: { a: { type: "string" }, b: { type: { key: "integer", min: 0, max: 2 } }, note: { type: "string" } },
      indexes: [["a", "b"]],
    },
    Limited: { columns: { positive: { type: { key: { type: "integer", minInteger: 1 } } } }, maxRows: 2 },
    Sized: {
      columns: {
        some: { type: { key: "integer", min: 1, max: 2 } },
        upTo: { type: { key: "string", min: 0, max: 2 } },
        pairs: { type: { key: "string", value: "integer", min: 0, max: 2 } },
        kind: { type: { key: { type: "string", enum: ["set", ["", "one", "two"]] } } },
      },
    },
    Passing: { columns: { kept: { type: "integer" }, lost: { type: "integer", ephemeral: true } } },
  },
};

const references = {
  name: "References",
  version: "1.0.0",
  tables: {
    Root: {
      columns: {
        n: { type: "integer" },
        kids: { type: { key: reference("Kid"), ...many } },
        one: { type: { key: reference("Kid"), min: 0 } },
      },
      isRoot: true,
    },
    Kid: {
      columns: {
        n: { type: "integer" },
        kids: { type: { key: reference("Kid"), ...many } },
        byName: { type: { key: "string", value: reference("Kid"), ...many } },
        friends: { type: { key: reference("Kid", "weak"), ...many } },
      },
    },
    Strong: {
      columns: {
        n: { type: "integer" },
        self: { type: { key: reference("Strong"), ...many } },
        other: { type: { key: reference("Other"), ...many } },
      },
      isRoot: true,
    },
    Other: {
      columns: { n: { type: "integer" }, back: { type: { key: reference("Strong"), ...many } } },
      isRoot: true,
    },
    Weak: {
      columns: {
        n: { type: "integer" },
        any: { type: { key: reference("Weak", "weak"), ...many } },
        must: { type: { key: reference("Weak", "weak") } },
        far: { type: { key: reference("Far", "weak"), min: 0 } },
        table: { type: { key: "string", value: reference("Far", "weak"), ...many } },
        both: { type: { key: reference("Far", "weak"), value: reference("Weak", "weak"), ...many } },
      },
      isRoot: true,
    },
    Far: { columns: { n: { type: "integer" } }, isRoot: true },
  },
};

const two = [insert("Number", { value: 0, word: "zero" }), insert("Number", { value: 1, word: "one" })];
const kids = select("Kid", [], "n");

const onNumbers: { readonly [theme: string]: Scenario } = {
  "a row of defaults": [[insert("Number", {})], [select("Number")]],
  "a given identity, taken once": [
    [insert("Number", { value: 1 }, { uuid: given("f") })],
    [select("Number")],
    [insert("Number", { value: 2 }, { uuid: given("f") })],
    [remove("Number"), insert("Number", { value: 3 }, { uuid: given("f") })],
    [insert("Number", {}, { uuid: "x" })],
    [insert("Number", {}, { uuid: 5 })],
    [insert("Number", { value: 9 }, { uuid: given("e"), "uuid-name": "e" }), select("Number", [is("_uuid", ref("e"))])],
  ],
  "names of rows": [
    [named("Number", "0", {})],
    [insert("Number", { word: ref("x") })],
    [named("Number", "x", {}), named("Number", "x", { value: 2 })],
    [named("Number", "a", { value: 0 }), named("Number", "b", { value: 1 }), select("Number", [is("_uuid", ref("b"))])],
    [named("Number", "a", { value: 5 }), remove("Number", [is("_uuid", ref("a"))]), select("Number", [], "value")],
    [select("Number", [is("_uuid", ref("nobody"))])],
    [select("Number", [is("_uuid", ref("0"))])],
    [named("Number", "a b", {})],
  ],
  "rows found by an index, also in the same transaction": [
    two,
    [select("Number", [is("value", 1)])],
    [select("Number", [is("word", "one"), is("value", 1)])],
    [remove("Number", [is("value", 1)]), select("Number", [is("value", 1)])],
    [
      mutate("Number", [is("value", 0)], ["value", "+=", 2]),
      select("Number", [is("value", 0)]),
      select("Number", [is("value", 2)]),
    ],
    [
      insert("Number", { value: 2, word: "again" }),
      select("Number", [is("value", 2)], "word"),
      remove("Number", [is("word", "again")]),
      select("Number", [is("value", 2)], "word"),
    ],
  ],
  "updates and their counts": [
    two,
    [update("Number", [is("word", "zero")], { word: "nought" }), select("Number", [], "value", "word")],
    [update("Number", [is("word", "nothing")], { word: "x" })],
    [update("Number", [], { word: "all" })],
    [update("Number", [], {})],
    [update("Number", [], { _uuid: uuid("a") })],
    [update("Number", [], { _version: uuid("a") })],
    [update("Number", [], { fixed: 5 })],
    [update("Number", [], { nope: 5 })],
    [update("Number", [], { value: "x" })],
    [select("Number")],
  ],
  "mutations and their counts": [
    two,
    [mutate("Number", [is("word", "zero")], ["value", "+=", 5]), select("Number", [], "value")],
    [mutate("Number", [])],
    [mutate("Number", [], ["value", "*=", 10], ["value", "+=", 1]), select("Number", [], "value")],
    [mutate("Number", [], ["fixed", "-=", 5])],
    [mutate("Number", [], ["_uuid", "+=", 1])],
    [mutate("Number", [], ["nope", "+=", 1])],
    [mutate("Number", [], ["value", "^=", 1])],
    [mutate("Number", [], ["value", "+="])],
    [mutate("Number", [], 5)],
    [mutate("Number", [], ["word", "+=", 1])],
    [mutate("Number", [], ["value", "/=", 0])],
    [mutate("Number", [], ["value", "%=", 0])],
    [mutate("Number", [is("value", 51)], ["value", "*=", 1e15])],
    [mutate("Number", [], ["value", "insert", 1])],
    [select("Number", [], "value", "word")],
  ],
  "deletions and their counts": [
    two,
    [remove("Number", [is("word", "nought")])],
    [remove("Number", [is("word", "zero")]), select("Number", [], "word")],
    [remove("Number"), remove("Number"), select("Number")],
  ],
  selection: [
    [...two, insert("Number", { value: 5, word: "one" })],
    [select("Number", [], "word")],
    [select("Number", [], "_uuid", "word")],
    [select("Number", [], "nope")],
    [select("Number", [], "word", "word")],
    [{ op: "select", table: "Number", where: [], columns: [5] }],
    [{ op: "select", table: "Number", where: [], columns: [] }],
    [{ op: "select", table: "Number", where: {}, columns: [] }],
    [{ op: "select", table: "Number" }],
    [{ op: "select", table: "Nope", where: [] }],
    [{ op: "select", table: 5, where: [] }],
    [{ op: "select", table: "Number", where: [], columns: ["value"], sort: ["value"] }],
    [{ op: "select", table: "Number", where: [], columns: ["word"], sort: ["word", "value"] }],
    [{ op: "select", table: "Number", where: [], columns: ["word"], sort: ["nope"] }],
    [{ op: "select", table: "Number", where: [], extra: 1 }],
    [select("Number", [true])],
    [select("Number", [false])],
    [select("Number", [true, is("value", 5)], "value")],
    [select("Number", [is("value", 5), false], "value")],
    [
      select(
        "Number",
        [
          ["value", ">", 0],
          ["value", "<=", 5],
        ],
        "value",
      ),
    ],
    [select("Number", [["value", "in", 0]])],
    [select("Number", [["nope", "==", 0]])],
    [select("Number", [["value", "=="]])],
    [select("Number", [["value", 5, 5]])],
    [select("Number", [5])],
    [select("Number", [["_version", "!=", uuid("a")]], "value")],
  ],
  "operations that are none": [
    [{}],
    [5],
    [[]],
    [null],
    [{ op: "nope" }],
    [{ op: 5 }],
    [{ op: "insert" }],
    [{ op: "insert", table: "Number" }],
    [{ op: "insert", table: "Number", row: 5 }],
    [{ op: "insert", table: "Number", row: [] }],
    [{ op: "insert", table: "Number", row: { nope: 1 } }],
    [{ op: "insert", table: "Number", row: {}, extra: 1 }],
    [insert("Number", { _uuid: uuid("a") })],
    [{ op: "update", table: "Number", where: [] }],
    [{ op: "mutate", table: "Number", where: [] }],
    [{ op: "delete", table: "Number" }],
    [{ op: "commit" }],
    [{ op: "commit", durable: 1 }],
    [{ op: "comment" }],
    [{ op: "comment", comment: 5 }],
    [{ op: "abort", why: 1 }],
    [{ op: "assert" }],
    [{ op: "assert", lock: "a b" }],
    [{ op: "wait" }],
    [],
  ],
  "transactions that fail half-way leave nothing": [
    [insert("Number", { value: 1 }), { op: "abort" }, insert("Number", { value: 2 })],
    [insert("Number", { value: 1 }), 5, insert("Number", { value: 2 })],
    [insert("Number", { value: 1 }), { op: "nope" }],
    [insert("Number", { value: 1 }), insert("Limited", { positive: 0 })],
    [{ op: "assert", lock: "mine" }, insert("Number", { value: 1 })],
    [select("Number")],
  ],
  "comments and commits have results": [
    [{ op: "comment", comment: "why" }],
    [insert("Number", {}), { op: "commit", durable: true }, select("Number")],
    [
      { op: "commit", durable: false },
      { op: "comment", comment: "" },
    ],
  ],
  wait: [
    two,
    [
      wait("Number", ["word", "value"], "==", [
        { word: "zero", value: 0 },
        { word: "one", value: 1 },
      ]),
    ],
    [
      wait("Number", ["word", "value"], "==", [
        { word: "one", value: 1 },
        { word: "zero", value: 0 },
      ]),
    ],
    [wait("Number", ["word", "value"], "==", [{ word: "one", value: 1 }])],
    [wait("Number", ["word"], "==", [{ word: "one" }, { word: "zero" }, { word: "two" }])],
    [wait("Number", ["word"], "!=", [{ word: "one" }, { word: "zero" }])],
    [wait("Number", ["word"], "!=", [{ word: "one" }])],
    [wait("Number", ["word"], "!=", [{ word: "one" }, { word: "zero" }, { word: "two" }])],
    [wait("Number", ["word"], "==", [{ word: "one" }], { where: [is("value", 1)] })],
    [wait("Number", ["word"], "==", [], { where: [is("value", 7)] })],
    [wait("Number", ["value"], "==", [{}], { where: [is("value", 0)] })],
    [wait("Number", ["word"], "=", [])],
    [wait("Number", ["nope"], "==", [])],
    [wait("Number", ["word"], "==", [5])],
    [wait("Number", ["word"], "==", [{ nope: 5 }])],
    [wait("Number", ["word"], "==", [], { timeout: -1 })],
    [wait("Number", ["word"], "==", [], { timeout: "soon" })],
    [wait("Number", ["word"], "==", [], { timeout: 5 })],
    [insert("Number", { value: 9 }), wait("Number", ["word"], "==", [], { timeout: 5 })],
    [{ op: "wait", timeout: 0, table: "Number", where: [is("value", 1)], until: "!=", rows: [] }],
    [select("Number")],
  ],
  "constraints on values and the number of rows": [
    [insert("Limited", {})],
    [insert("Limited", { positive: -1 })],
    [insert("Limited", { positive: 1 })],
    [update("Limited", [], { positive: -2 })],
    [mutate("Limited", [], ["positive", "-=", 1])],
    [insert("Limited", { positive: 2 }), insert("Limited", { positive: 3 })],
    [insert("Limited", { positive: 2 })],
    [insert("Limited", { positive: 4 })],
    [insert("Limited", { positive: 4 }), remove("Limited", [is("positive", 1)]), select("Limited", [], "positive")],
  ],
  "indexes are checked at the end, whatever happened between": [
    [insert("Number", { value: 1, word: "one" }, { uuid: given("1") })],
    [insert("Number", { value: 1, word: "other" }, { uuid: given("2") })],
    [insert("Number", { value: 1, word: "other" }, { uuid: given("2") }), remove("Number", [is("word", "one")])],
    [
      remove("Number"),
      insert("Number", { value: 1, word: "x" }, { uuid: given("3") }),
      insert("Number", { value: 1 }, { uuid: given("4") }),
    ],
    [insert("Number", { value: 2, word: "two" }, { uuid: given("5") })],
    [update("Number", [], { value: 3 })],
    [update("Number", [is("value", 1)], { value: 2 }), update("Number", [is("word", "two")], { value: 1 })],
    [
      mutate("Number", [], ["value", "*=", 10]),
      insert("Number", { value: 1 }),
      insert("Number", { value: 2 }),
      select("Number", [], "value"),
    ],
  ],
  "indexes over several columns": [
    [insert("Pair", { a: "x", b: set(1, 2), note: "1" }, { uuid: given("1") })],
    [insert("Pair", { a: "x", b: set(1) })],
    [insert("Pair", { a: "y", b: set(1, 2), note: "2" }, { uuid: given("5") })],
    [insert("Pair", { a: "x", b: set(2, 1), note: "0" }, { uuid: given("2") })],
    [update("Pair", [is("a", "y")], { a: "x" })],
    [
      insert("Pair", { a: "z", b: set(), note: "1" }, { uuid: given("3") }),
      insert("Pair", { a: "z", b: set(), note: "2" }, { uuid: given("4") }),
    ],
  ],
  "sizes of sets and maps": [
    [insert("Sized", {}), select("Sized")],
    [mutate("Sized", [], ["some", "delete", 0])],
    [mutate("Sized", [], ["some", "insert", 1]), select("Sized", [], "some")],
    [mutate("Sized", [], ["some", "insert", set(1, 7)])],
    [update("Sized", [], { some: set(3, 4) })],
    [update("Sized", [], { some: set(3, 4, 5) })],
    [update("Sized", [], { some: set() })],
    [mutate("Sized", [], ["some", "insert", 5])],
    [mutate("Sized", [], ["some", "delete", 4], ["some", "insert", 5]), select("Sized", [], "some")],
    [mutate("Sized", [], ["some", "+=", 1]), select("Sized", [], "some")],
    [mutate("Sized", [], ["upTo", "insert", set("a", "b")], ["upTo", "insert", "a"])],
    [mutate("Sized", [], ["upTo", "insert", "c"])],
    [
      mutate("Sized", [], ["pairs", "insert", map(["a", 1], ["b", 2])]),
      mutate("Sized", [], ["pairs", "insert", map(["a", 9])]),
    ],
    [mutate("Sized", [], ["pairs", "insert", map(["c", 3])])],
    [mutate("Sized", [], ["pairs", "delete", map(["a", 2])]), select("Sized", [], "pairs")],
    [
      mutate("Sized", [], ["pairs", "delete", map(["a", 1])], ["pairs", "insert", map(["c", 3])]),
      select("Sized", [], "pairs"),
    ],
    [mutate("Sized", [], ["pairs", "delete", set("b", "c")]), select("Sized", [], "pairs")],
    [mutate("Sized", [], ["pairs", "delete", "b"])],
    [update("Sized", [], { kind: "three" })],
    [update("Sized", [], { kind: "two" }), select("Sized", [is("kind", "two")], "kind")],
  ],
  "columns that are not stored": [
    [insert("Passing", { kept: 1, lost: 2 })],
    [update("Passing", [], { lost: 3 }), select("Passing", [], "lost")],
    [update("Passing", [], { kept: 1, lost: 3 }), select("Passing", [])],
  ],
};

const onReferences: { readonly [theme: string]: Scenario } = {
  "strong references keep rows from being deleted": [
    [named("Other", "o", { n: 1 }), ...[0, 1].map((n) => insert("Strong", { n, other: set(ref("o")) }))],
    [remove("Other")],
    [remove("Strong", [is("n", 0)])],
    [remove("Other")],
    [remove("Strong"), remove("Other")],
    [select("Strong"), select("Other")],
  ],
  "rows that refer to each other go together": [
    [named("Strong", "s", { n: 0, other: ref("o"), self: ref("s") }), named("Other", "o", { n: 1, back: ref("s") })],
    [remove("Strong")],
    [remove("Other")],
    [remove("Strong")],
    [remove("Strong"), remove("Other")],
  ],
  "references to nothing": [
    [insert("Strong", { other: uuid("b") }, { uuid: given("a") })],
    [insert("Root", { one: uuid("b") }, { uuid: given("a") })],
    [named("Strong", "s", { self: ref("never") })],
    [insert("Strong", { n: 4 })],
    [update("Strong", [is("n", 4)], { other: set(uuid("b"), uuid("c")) })],
    [insert("Strong", { other: ["named-uuid", "x y"] })],
    [insert("Kid", { byName: map(["x", uuid("b")]) })],
  ],
  "a row used before it is inserted": [
    [insert("Root", { n: 1, kids: set(ref("later")) }), named("Kid", "later", { n: 2 })],
    [select("Root", [], "n", "kids"), kids],
  ],
  "rows that nothing refers to vanish at the end": [
    [insert("Kid", { n: 0 })],
    [kids],
    [
      named("Kid", "a", { n: 1, kids: ref("b") }),
      named("Kid", "b", { n: 2, kids: ref("c") }),
      named("Kid", "c", { n: 3 }),
    ],
    [kids],
    [named("Kid", "a", { n: 1, friends: ref("b") }), named("Kid", "b", { n: 2, friends: ref("a") })],
    [kids],
    [named("Kid", "self", { n: 12, kids: ref("self") })],
    [kids],
  ],
  "rows that refer to each other in a circle stay, until it is broken": [
    [named("Kid", "a", { n: 4, kids: ref("b") }), named("Kid", "b", { n: 5, kids: ref("a") })],
    [kids],
    [update("Kid", [is("n", 4)], { kids: set() })],
    [kids],
    [0, 1, 2, 3].map((n) => named("Kid", `k${n}`, { n, kids: ref(`k${(n + 1) % 4}`) })),
    [kids],
    [update("Kid", [is("n", 2)], { kids: set() })],
    [kids],
  ],
  "whole trees go with their root": [
    [
      insert("Root", { n: 1, kids: set(ref("a")), one: ref("b") }),
      named("Kid", "a", { n: 1, byName: map(["x", ref("c")]) }),
      named("Kid", "b", { n: 2, kids: ref("c") }),
      named("Kid", "c", { n: 3 }),
    ],
    [kids],
    [update("Root", [], { one: set() })],
    [kids],
    [mutate("Root", [], ["kids", "delete", set()])],
    [remove("Root")],
    [kids],
  ],
  "a deleted row that is still in use": [
    [insert("Root", { kids: set(ref("a"), ref("b")) }), named("Kid", "a", { n: 1 }), named("Kid", "b", { n: 2 })],
    [remove("Kid", [is("n", 1)])],
    [kids],
  ],
  "weak references go with the row": [
    [
      known("Weak", "a", {
        n: 0,
        any: set(ref("a"), ref("b"), uuid("e")),
        must: ref("a"),
        far: ref("f"),
        table: map(["f", ref("f")], ["g", ref("d")]),
      }),
      known("Weak", "b", {
        n: 1,
        any: set(ref("a"), ref("b")),
        must: ref("b"),
        both: map([ref("f"), ref("a")], [ref("d"), ref("b")]),
      }),
      known("Far", "f", { n: 2 }),
      known("Far", "d", { n: 3 }),
    ],
    [select("Weak"), select("Far", [], "n")],
    [remove("Far", [is("n", 2)])],
    [select("Weak", [is("n", 0)], "far", "table"), select("Weak", [is("n", 1)], "both")],
    [remove("Weak", [is("n", 0)])],
    [select("Weak", [], "n", "any", "both")],
  ],
  "weak references that a column cannot be without": [
    [insert("Weak", { n: 0 }, { uuid: given("a") })],
    [insert("Weak", { n: 0, must: uuid("b") }, { uuid: given("a") })],
    [
      insert("Weak", { n: 0, must: ref("b") }, { uuid: given("a") }),
      insert("Weak", { n: 1, must: ref("b") }, { uuid: given("b"), "uuid-name": "b" }),
    ],
    [remove("Weak", [is("n", 1)])],
    [remove("Weak", [is("n", 0)]), remove("Weak", [is("n", 1)])],
  ],
};

const skip = without("ovsdb-server");

for (const [title, schema, scenarios] of [
  ["values, conditions and constraints", numbers, onNumbers],
  ["references and garbage", references, onReferences],
] as const) {
  describe(`${title}, against ovsdb-server`, { skip }, () => {
    let servers: BothServers;
    before(async () => {
      servers = await serveBoth(schema);
    });
    after(() => servers.stop());

    for (const [theme, scenario] of Object.entries(scenarios)) {
      it(theme, async () => {
        for (const operations of scenario) {
          await sameOnBoth(servers, JSON.stringify(operations), (client) =>
            client.ask("transact", [schema.name, ...operations]),
          );
        }
        const everything = Object.keys(schema.tables).map((table) => remove(table));
        await sameOnBoth(servers, "emptied", (client) => client.ask("transact", [schema.name, ...everything]));
      });
    }
  });
}
