import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import type { Commit } from "./engine.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { parseOperations } from "./parse-operations.ts";
import { schemaFromJson } from "./schema.ts";
import { newDatabase, schemaJson, transact } from "./test-support.ts";

const u1 = "00000000-0000-4000-8000-000000000001";
const u2 = "00000000-0000-4000-8000-000000000002";

/** A table with a column of every kind. */
const tables: JsonValue = {
  T: {
    columns: {
      name: { type: "string" },
      i: { type: "integer" },
      r: { type: "real" },
      b: { type: "boolean" },
      channel: { type: { key: { type: "integer", minInteger: 1, maxInteger: 233 }, min: 0 } },
      mode: { type: { key: { type: "string", enum: ["set", ["ap", "sta"]] }, min: 0 } },
      set: { type: { key: "integer", min: 0, max: "unlimited" } },
      some: { type: { key: "integer", min: 1, max: 3 } },
      map: { type: { key: "string", value: "integer", min: 0, max: "unlimited" } },
      id: { type: "string", mutable: false },
    },
  },
  Strict: { columns: { mode: { type: { key: { type: "string", enum: ["set", ["ap", "sta"]] } } } } },
};

function insert(row: JsonObject, more: JsonObject = {}): JsonObject {
  return { op: "insert", table: "T", row, ...more };
}

function select(where: JsonValue, columns: JsonValue = ["name"]): JsonObject {
  return { op: "select", table: "T", where, columns, sort: ["name"] };
}

function update(where: JsonValue, row: JsonObject): JsonObject {
  return { op: "update", table: "T", where, row };
}

function mutate(...mutations: JsonValue[]): JsonObject {
  return { op: "mutate", table: "T", where: [], mutations };
}

/** A database with the given rows. */
function withRows(...rows: JsonObject[]): Database {
  const database = newDatabase(tables);
  transact(
    database,
    rows.map((row) => insert(row)),
  );
  return database;
}

/** The result of the last operation. */
function last(database: Database, ...operations: JsonValue[]): JsonValue | undefined {
  return transact(database, operations).at(-1);
}

function error(tag: string, details: string): JsonObject {
  return { error: tag, details };
}

function assertError(result: JsonValue | undefined, tag: string, details?: string | RegExp): void {
  const actual = result as { error?: string; details?: string };
  assert.equal(actual?.error, tag, JSON.stringify(result));
  if (typeof details === "string") assert.equal(actual.details, details);
  else if (details) assert.match(actual.details ?? "", details);
}

describe("RFC 7047 §4.1.3 transact", () => {
  it("keeps the results before an error, and null for what was not reached", () => {
    const database = newDatabase(tables);
    const reply = transact(database, [insert({ name: "a" }, { uuid: u1 }), insert({ nope: 1 }), insert({ name: "b" })]);
    assert.deepEqual(reply, [
      { uuid: ["uuid", u1] },
      { error: "unknown column", details: "No column nope in table T.", syntax: '{"nope":1}' },
      null,
    ]);
    assert.equal(database.rows("T").size, 0);
  });

  it("names what is wrong with the form of an operation", () => {
    const database = newDatabase(tables);
    const refused: [JsonValue, string][] = [
      [5, "Object expected."],
      [{ table: "T" }, "Required 'op' member is missing."],
      [{ op: "foo" }, 'No operation "foo"'],
      [{ op: "insert", table: "X", row: {} }, "No table named X."],
      [{ op: "insert", table: "T" }, "Required 'row' member is missing."],
      [{ op: "insert", table: "T", row: [] }, "Type mismatch for member 'row'."],
      [{ op: "insert", table: "T", row: {}, foo: 1 }, "Member 'foo' is present but not allowed here."],
      [{ op: "insert", table: "T", row: {}, "uuid-name": "1x" }, "Type mismatch for member 'uuid-name'."],
    ];
    for (const [operation, message] of refused) {
      assertError(last(database, operation), "syntax error", `Parsing ovsdb operation 1 of 1 failed: ${message}`);
    }
  });

  it("names table and column of a value of the wrong type, after the words of ovsdb-server", () => {
    const where = (value: JsonValue) => [["i", "==", value]];
    const refused: [JsonValue, string, string][] = [
      [insert({ i: "x" }), "expected integer (table T, column i)", '"x"'],
      [insert({ name: 5 }), "expected string (table T, column name)", "5"],
      [{ op: "update", table: "T", where: [], row: { i: 1.5 } }, "expected integer (table T, column i)", "1.5"],
      [{ op: "select", table: "T", where: where([1]) }, "expected integer (table T, column i)", "[1]"],
      [
        { op: "delete", table: "T", where: [["_uuid", "==", "x"]] },
        'expected ["uuid", <string>] (table T, column _uuid)',
        '"x"',
      ],
      [
        { op: "mutate", table: "T", where: [], mutations: [["i", "+=", "x"]] },
        "expected integer (table T, column i)",
        '"x"',
      ],
    ];
    const database = newDatabase(tables);
    for (const [operation, details, syntax] of refused) {
      assert.deepEqual(last(database, operation), { error: "syntax error", details, syntax });
    }
  });

  it("does nothing at all when an error is found at commit", () => {
    const database = newDatabase({ L: { columns: { n: { type: "integer" } }, maxRows: 1 } });
    const row = { op: "insert", table: "L", row: {} };
    const reply = transact(database, [row, row]);
    assert.equal(reply.length, 3);
    assert.deepEqual(
      reply[2],
      error(
        "constraint violation",
        'transaction causes "L" table to contain 2 rows, greater than the schema-defined limit of 1 row(s)',
      ),
    );
    assert.equal(database.rows("L").size, 0);
  });

  it("refuses writes, and only those, to a read-only caller", () => {
    const database = withRows({ name: "a" });
    const results = transact(database, [select([])], { readOnly: true });
    assert.deepEqual(results, [{ rows: [{ name: "a" }] }]);
    assertError(
      transact(database, [insert({})], { readOnly: true })[0],
      "not allowed",
      /^insert operation not allowed/,
    );
  });
});

describe("RFC 7047 §5.2.1 insert", () => {
  it("gives columns left out their defaults", () => {
    const database = newDatabase(tables);
    transact(database, [insert({}, { uuid: u1 })]);
    const [row] = [...database.rows("T").values()];
    assert.deepEqual(
      { ...row, _version: "" },
      {
        _uuid: u1,
        _version: "",
        name: "",
        i: 0,
        r: 0,
        b: false,
        channel: null,
        mode: null,
        set: [],
        some: [0],
        map: new Map(),
        id: "",
      },
    );
  });

  it("refuses a default that breaks the column's own constraint", () => {
    const result = last(newDatabase(tables), { op: "insert", table: "Strict", row: {} });
    assertError(result, "constraint violation", '"" is not one of the allowed values ([ap, sta])');
  });

  it("takes a given identity, once", () => {
    const database = newDatabase(tables);
    assert.deepEqual(last(database, insert({}, { uuid: u1 })), { uuid: ["uuid", u1] });
    assertError(last(database, insert({}, { uuid: u1 })), "duplicate uuid");
    const remove = { op: "delete", table: "T", where: [] };
    assertError(last(database, remove, insert({}, { uuid: u1 })), "duplicate uuid");
    assertError(last(database, insert({}, { uuid: "x" })), "syntax error", "bad uuid");
  });

  it("refuses a second row of the same name", () => {
    const named = insert({}, { "uuid-name": "row" });
    assertError(last(newDatabase(tables), named, named), "duplicate uuid-name", /appeared on an earlier "insert"/);
  });
});

describe("RFC 7047 §5.2.2 select", () => {
  it("gives all columns, with _uuid and _version, unless some are named", () => {
    const database = withRows({ name: "a" });
    const all = (last(database, { op: "select", table: "T", where: [] }) as { rows: JsonObject[] }).rows[0];
    assert.deepEqual(Object.keys(all ?? {}).slice(0, 3), ["_uuid", "_version", "name"]);
    assert.equal(Object.keys(all ?? {}).length, 12);
  });

  it("sorts, and gives rows that look alike once", () => {
    const database = withRows({ name: "b", i: 2 }, { name: "a", i: 2 }, { name: "c", i: 1 });
    assert.deepEqual(last(database, select([], ["i"])), { rows: [{ i: 2 }, { i: 1 }] });
    assert.deepEqual(last(database, select([])), { rows: [{ name: "a" }, { name: "b" }, { name: "c" }] });
  });

  it("sees what the transaction did before, and not what it does after", () => {
    const database = withRows({ name: "a" });
    const reply = transact(database, [update([], { name: "b" }), select([]), update([], { name: "c" }), select([])]);
    assert.deepEqual(reply[1], { rows: [{ name: "b" }] });
    assert.deepEqual(reply[3], { rows: [{ name: "c" }] });
  });

  it("refuses unknown and repeated columns", () => {
    const database = newDatabase(tables);
    assertError(last(database, select([], ["zz"])), "syntax error", "zz is not a valid column name");
    assertError(last(database, select([], ["i", "i"])), "syntax error", "array of distinct column names expected");
  });
});

describe("RFC 7047 §5.1 conditions", () => {
  const database = withRows(
    { name: "a", i: 1, set: ["set", [1, 2]], map: ["map", [["x", 1]]], channel: 6 },
    {
      name: "b",
      i: 2,
      set: ["set", [2, 3]],
      map: [
        "map",
        [
          ["x", 2],
          ["y", 1],
        ],
      ],
    },
    { name: "c", i: 3, r: 0.5, b: true },
  );
  const found = (...where: JsonValue[]) => {
    const result = last(database, select(where)) as { rows?: { name: string }[] };
    return result.rows?.map(({ name }) => name).join("") ?? JSON.stringify(result);
  };

  it("compares scalars", () => {
    assert.equal(found(["i", "<", 2]), "a");
    assert.equal(found(["i", "<=", 2]), "ab");
    assert.equal(found(["i", ">=", 2]), "bc");
    assert.equal(found(["i", ">", 2]), "c");
    assert.equal(found(["i", "==", 2]), "b");
    assert.equal(found(["i", "!=", 2]), "ac");
    assert.equal(found(["b", "==", true]), "c");
    assert.equal(found(["name", "includes", "a"]), "a");
    assert.equal(found(["name", "excludes", "a"]), "bc");
  });

  it("holds an unset optional number neither less nor greater", () => {
    assert.equal(found(["channel", "<", 100]), "a");
    assert.equal(found(["channel", ">", 100]), "");
    assert.equal(found(["channel", "==", ["set", []]]), "bc");
    assert.equal(found(["channel", "excludes", ["set", [6, 7, 8]]]), "bc");
  });

  it("compares sets and maps as a whole, or by what they hold", () => {
    assert.equal(found(["set", "==", ["set", [2, 1]]]), "a");
    assert.equal(found(["set", "includes", 2]), "ab");
    assert.equal(found(["set", "includes", ["set", []]]), "abc");
    assert.equal(found(["set", "excludes", ["set", [1, 9]]]), "bc");
    assert.equal(found(["map", "includes", ["map", [["x", 2]]]]), "b");
    assert.equal(found(["map", "excludes", ["map", [["x", 2]]]]), "ac");
    assert.equal(found(["some", "includes", ["set", []]]), "abc");
  });

  it("combines clauses, and takes true and false", () => {
    assert.equal(found(["i", ">", 1], ["i", "<", 3]), "b");
    assert.equal(found(true), "abc");
    assert.equal(found(["i", "==", 1], false), "");
  });

  it("refuses what cannot be compared", () => {
    const where = (clause: JsonValue) => last(database, select([clause]));
    assertError(
      where(["name", "<", "x"]),
      "syntax error",
      /"<" operator may not be applied to column name of type string/,
    );
    assertError(where(["set", "<", 1]), "syntax error", /column set of type set of integers/);
    assertError(where(["name", "~", "x"]), "unknown function", "No function named ~.");
    assertError(where(["zz", "==", 1]), "unknown column", "No column zz in table T.");
    assertError(where(["name", "=="]), "syntax error", "Parse error in condition.");
    assertError(where(["mode", "==", "mesh"]), "constraint violation", /^mesh is not one of/);
  });

  it("finds a row again that was changed while others, many, were changed before", () => {
    const database = newDatabase(tables);
    transact(
      database,
      Array.from({ length: 40 }, (_, i) => insert({ name: i < 20 ? "gone" : `row ${i}`, i })),
    );
    const find = { op: "select", table: "T", where: [["name", "==", "row 30"]], columns: ["i"] };
    transact(database, [find]);
    const results = transact(database, [
      { op: "delete", table: "T", where: [["name", "==", "gone"]] },
      find,
      { op: "update", table: "T", where: [["name", "==", "row 30"]], row: { i: 1000 } },
      find,
      { op: "delete", table: "T", where: [["name", "==", "row 30"]] },
      find,
    ]);
    assert.deepEqual(results, [
      { count: 20 },
      { rows: [{ i: 30 }] },
      { count: 1 },
      { rows: [{ i: 1000 }] },
      { count: 1 },
      { rows: [] },
    ]);
  });

  it("finds the same rows through an index as without, while rows change", () => {
    const many = newDatabase(tables);
    const rows = Array.from({ length: 200 }, (_, i) => insert({ name: `n${i % 20}`, i, set: ["set", [i % 7, 9]] }));
    transact(many, rows);
    const counts = () => [
      (last(many, select([["name", "==", "n3"]], ["_uuid"])) as { rows: unknown[] }).rows.length,
      (last(many, select([["set", "includes", 3]], ["_uuid"])) as { rows: unknown[] }).rows.length,
    ];
    assert.deepEqual(
      [counts(), counts(), counts()],
      [
        [10, 29],
        [10, 29],
        [10, 29],
      ],
    );
    transact(many, [update([["i", "<", 40]], { name: "n3", set: ["set", []] })]);
    assert.deepEqual(counts(), [48, 23]);
    // Within one transaction: committed rows, changed rows and new rows together.
    const reply = transact(many, [
      update([["i", "<", 30]], { name: "n4" }),
      insert({ name: "n3" }),
      { op: "delete", table: "T", where: [["i", "==", 39]] },
      select([["name", "==", "n3"]], ["_uuid"]),
      { op: "abort" },
    ]);
    assert.equal((reply[3] as { rows: unknown[] }).rows.length, 18);
    assert.deepEqual(counts(), [48, 23]);
  });
});

describe("RFC 7047 §5.2.3 update", () => {
  it("changes the columns named, counts rows, and leaves _version alone where nothing differs", () => {
    const database = withRows({ name: "a", i: 1 }, { name: "b", i: 1 });
    const versions = () => [...database.rows("T").values()].map((row) => row._version);
    const before = versions();
    assert.deepEqual(last(database, update([["i", "==", 1]], { i: 1 })), { count: 2 });
    assert.deepEqual(versions(), before);
    assert.deepEqual(last(database, update([["name", "==", "a"]], { i: 2 })), { count: 1 });
    const after = versions();
    assert.notEqual(after[0], before[0]);
    assert.equal(after[1], before[1]);
  });

  it("refuses immutable columns even where no row matches", () => {
    const database = newDatabase(tables);
    for (const [name, value] of Object.entries({ id: "x", _uuid: ["uuid", u1], _version: ["uuid", u1] })) {
      const details = `Cannot update immutable column ${name} in table T.`;
      assertError(last(database, update([], { [name]: value })), "constraint violation", details);
    }
  });
});

describe("RFC 7047 §5.2.4 mutate", () => {
  const result = (row: JsonObject, column: string, ...mutations: JsonValue[]) => {
    const reply = transact(withRows(row), [mutate(...mutations), select([], [column])]);
    return (reply[1] as { rows?: JsonObject[] } | null)?.rows?.[0]?.[column] ?? reply[0];
  };

  it("calculates with integers as C does, exact to 64 bits", () => {
    assert.equal(result({ i: 7 }, "i", ["i", "+=", 3]), 10);
    assert.equal(result({ i: -7 }, "i", ["i", "/=", 2]), -3);
    assert.equal(result({ i: -7 }, "i", ["i", "%=", 4]), -3);
    assert.equal(result({ i: 2n ** 62n }, "i", ["i", "-=", 1]), 2n ** 62n - 1n);
    assert.equal(result({ i: 2n ** 53n }, "i", ["i", "-=", 1]), 2 ** 53 - 1);
    assert.equal(result({ i: 3037000499 }, "i", ["i", "*=", 3037000499]), 9223372030926249001n);
  });

  it("reports overflow and division by zero", () => {
    const range = (mutator: string) => error("range error", `Result of "${mutator}" operation is out of range.`);
    assert.deepEqual(result({ i: 2n ** 63n - 1n }, "i", ["i", "+=", 1]), range("+="));
    assert.deepEqual(result({ i: -(2n ** 63n) }, "i", ["i", "/=", -1]), range("/="));
    assert.deepEqual(result({ i: -(2n ** 63n) }, "i", ["i", "%=", -1]), range("%="));
    assert.equal(result({ i: -(2n ** 63n) + 1n }, "i", ["i", "%=", -1]), 0);
    assert.deepEqual(result({ r: 1e308 }, "r", ["r", "*=", 10]), range("*="));
    assert.deepEqual(result({ i: 1 }, "i", ["i", "%=", 0]), error("domain error", "Division by zero."));
    assert.deepEqual(result({ r: 1 }, "r", ["r", "/=", 0]), error("domain error", "Division by zero."));
  });

  it("calculates with every element of a set, whose elements must stay distinct", () => {
    const row = { set: ["set", [1, 2, 3]] };
    assert.deepEqual(result(row, "set", ["set", "*=", -2]), ["set", [-6, -4, -2]]);
    assertError(result(row, "set", ["set", "*=", 0]), "constraint violation", /"\*=" operation contains duplicates/);
  });

  it("checks the constraints of the result", () => {
    const details = "306 is not in the valid range 1 to 233 (inclusive)";
    assertError(result({ channel: 6 }, "channel", ["channel", "+=", 300]), "constraint violation", details);
  });

  it("inserts into and deletes from sets", () => {
    const row = { set: ["set", [1, 2]] };
    assert.deepEqual(result(row, "set", ["set", "insert", ["set", [2, 3, 0]]]), ["set", [0, 1, 2, 3]]);
    assert.deepEqual(result(row, "set", ["set", "delete", ["set", [2, 9]]]), 1);
    assert.deepEqual(result({}, "channel", ["channel", "insert", 6], ["channel", "delete", 6]), ["set", []]);
  });

  it("keeps existing keys on inserting into a map; deletes by key or by pair", () => {
    const row = {
      map: [
        "map",
        [
          ["a", 1],
          ["b", 2],
          ["c", 3],
        ],
      ],
    };
    assert.deepEqual(
      result({ map: ["map", [["a", 1]]] }, "map", [
        "map",
        "insert",
        [
          "map",
          [
            ["a", 9],
            ["z", 9],
          ],
        ],
      ]),
      [
        "map",
        [
          ["a", 1],
          ["z", 9],
        ],
      ],
    );
    assert.deepEqual(result(row, "map", ["map", "delete", ["set", ["a", "b"]]]), ["map", [["c", 3]]]);
    assert.deepEqual(result(row, "map", ["map", "delete", "a"]), [
      "map",
      [
        ["b", 2],
        ["c", 3],
      ],
    ]);
    assert.deepEqual(
      result(row, "map", [
        "map",
        "delete",
        [
          "map",
          [
            ["a", 1],
            ["b", 9],
          ],
        ],
      ]),
      [
        "map",
        [
          ["b", 2],
          ["c", 3],
        ],
      ],
    );
  });

  it("refuses too many or too few elements", () => {
    const count = (n: number) =>
      error("constraint violation", `Attempted to store ${n} elements in set of 1 to 3 integers.`);
    assert.deepEqual(result({ some: 1 }, "some", ["some", "delete", 1]), count(0));
    assert.deepEqual(result({ some: 1 }, "some", ["some", "insert", ["set", [2, 3, 4]]]), count(4));
  });

  it("refuses what does not fit the column", () => {
    const refused: [JsonValue, string, string | RegExp][] = [
      [["name", "+=", 1], "syntax error", /"\+=" operator may not be applied to column name of type string/],
      [["map", "+=", 1], "syntax error", /of type map of \(string, integer\) pairs/],
      [["i", "insert", 1], "syntax error", /"insert" operator may not be applied/],
      [["r", "%=", 1], "syntax error", /"%=" operator may not be applied/],
      [["id", "insert", "x"], "constraint violation", "Cannot mutate immutable column id in table T."],
      [["i", "foo", 1], "unknown mutator", "No mutator named foo."],
      [["i"], "syntax error", "Parse error in mutation."],
      [["zz", "+=", 1], "unknown column", "No column zz in table T."],
    ];
    for (const [mutation, tag, details] of refused)
      assertError(last(newDatabase(tables), mutate(mutation)), tag, details);
  });
});

describe("RFC 7047 §5.2.5 delete", () => {
  it("removes the rows that match, and counts them", () => {
    const database = withRows({ name: "a" }, { name: "b" }, { name: "c" });
    assert.deepEqual(last(database, { op: "delete", table: "T", where: [["name", "!=", "b"]] }), { count: 2 });
    assert.deepEqual(last(database, select([])), { rows: [{ name: "b" }] });
  });
});

describe("RFC 7047 §5.2.6 wait", () => {
  const wait = (until: string, rows: JsonValue, more: JsonObject = {}) => {
    return { op: "wait", table: "T", where: [], columns: ["name"], until, rows, ...more };
  };
  const run = (database: Database, operation: JsonValue) => {
    return database.execute(parseOperations(database.schema, [operation]));
  };

  it("goes on where the rows are, or are not, those given, whatever their order", () => {
    const database = withRows({ name: "a" }, { name: "b" });
    const rows = [{ name: "b" }, { name: "a" }];
    assert.equal(run(database, wait("==", rows)).kind, "committed");
    assert.equal(run(database, wait("!=", [{ name: "a" }])).kind, "committed");
  });

  it("blocks while it does not hold, and says how long", () => {
    const blocked = run(withRows({ name: "a" }), wait("!=", [{ name: "a" }], { timeout: 30 }));
    assert.deepEqual(blocked, {
      kind: "blocked",
      timeout: 30,
      timedOut: [error("timed out", '"wait" timed out after 30 ms')],
    });
    const endless = run(newDatabase(tables), wait("!=", []));
    assert.equal(endless.kind === "blocked" && endless.timeout, undefined);
  });

  it("fails at once with a timeout of 0", () => {
    const result = last(newDatabase(tables), wait("!=", [], { timeout: 0 }));
    assert.deepEqual(result, error("timed out", '"where" clause test failed'));
  });

  it("refuses bad arguments", () => {
    const database = newDatabase(tables);
    assertError(last(database, wait("~", [])), "syntax error", '"until" must be "==" or "!="');
    assertError(last(database, wait("==", [1])), "syntax error", "row must be JSON object");
    assertError(last(database, wait("==", [], { timeout: -1 })), "syntax error", "timeout must be nonnegative");
  });
});

describe("RFC 7047 §5.2.7 to §5.2.10 commit, abort, comment, assert", () => {
  it("hands durability and comments on with the commit", () => {
    const database = newDatabase(tables);
    const commits: Commit[] = [];
    database.onCommit((commit) => commits.push(commit));
    const comment = (text: string) => ({ op: "comment", comment: text });
    const reply = transact(database, [
      comment("one"),
      insert({}, { uuid: u1 }),
      comment("two"),
      { op: "commit", durable: true },
    ]);
    assert.deepEqual(reply, [{}, { uuid: ["uuid", u1] }, {}, {}]);
    assert.deepEqual([commits[0]?.comment, commits[0]?.durable], ["one\ntwo", true]);
  });

  it("aborts on request", () => {
    const database = newDatabase(tables);
    assert.deepEqual(last(database, insert({}), { op: "abort" }), error("aborted", "aborted by request"));
    assert.equal(database.rows("T").size, 0);
  });

  it("asserts that the caller owns a lock", () => {
    const database = newDatabase(tables);
    const assertion = [{ op: "assert", lock: "mine" }];
    assert.deepEqual(transact(database, assertion, { ownsLock: (lock) => lock === "mine" }), [{}]);
    assert.deepEqual(transact(database, assertion), [error("not owner", "Asserted lock mine not held.")]);
  });
});

describe("commits", () => {
  it("say what differs, row by row, and nothing about rows that come and go within one", () => {
    const database = withRows({ name: "a", i: 1 });
    const commits: Commit[] = [];
    database.onCommit((commit) => commits.push(commit));
    transact(database, [
      update([], { name: "a", i: 2 }),
      insert({ name: "x" }, { uuid: u1 }),
      { op: "delete", table: "T", where: [["name", "==", "x"]] },
      insert({ name: "y" }, { uuid: u2 }),
    ]);
    const changes = [...(commits[0]?.delta.get("T")?.values() ?? [])];
    assert.deepEqual(
      changes.map((change) => [change.old?.i, change.new?.i, change.changed.size]),
      [
        [1, 2, 1],
        [undefined, 0, 10],
      ],
    );
    assert.equal(changes[1]?.uuid, u2);
  });

  it("are not announced when nothing changed", () => {
    const database = withRows({ name: "a" });
    let count = 0;
    database.onCommit(() => count++);
    transact(database, [update([], { name: "a" }), { op: "comment", comment: "nothing" }]);
    assert.equal(count, 0);
  });

  it("are heard of by every listener in the same order, also those made by a listener", () => {
    const database = newDatabase(tables);
    const heard: string[] = [];
    const names = (commit: Commit) => [...(commit.delta.get("T")?.values() ?? [])].map((change) => change.new?.name);
    database.onCommit((commit) => {
      if (names(commit)[0] === "first") transact(database, [insert({ name: "second" })]);
    });
    const stop = database.onCommit((commit) => heard.push(String(names(commit))));
    transact(database, [insert({ name: "first" })]);
    stop();
    transact(database, [insert({ name: "third" })]);
    assert.deepEqual(heard, ["first", "second"]);
  });

  it("keep rows of a table in order of insertion, and rows that did not change as they were", () => {
    const database = withRows({ name: "a" }, { name: "b" }, { name: "c" });
    const before = [...database.rows("T").values()];
    transact(database, [update([["name", "==", "b"]], { name: "B" })]);
    const after = [...database.rows("T").values()];
    assert.deepEqual(
      after.map((row) => row.name),
      ["a", "B", "c"],
    );
    assert.ok(after[0] === before[0] && after[1] !== before[1] && before[1]?.name === "b");
  });
});

describe("the same seed", () => {
  it("gives the same identities", () => {
    const run = () => {
      const database = new Database(schemaFromJson(schemaJson(tables)), { random: new SeededRandom("x") });
      return transact(database, [insert({}), insert({})]);
    };
    assert.deepEqual(run(), run());
  });
});
