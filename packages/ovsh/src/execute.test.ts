import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonValue } from "@opensync-ts/ovsdb/json";
import { parseArguments } from "./arguments.ts";
import { CommandError, RefusedError } from "./errors.ts";
import { execute } from "./execute.ts";

const uuid = ["uuid", "520d243c-5201-4426-8e21-6b23e157cde8"] as const;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
  /** What was sent, transaction by transaction. */
  readonly sent: readonly (readonly JsonValue[])[];
}

/** Runs a command against a database that gives these replies, one per transaction. */
async function run(argv: readonly string[], ...replies: readonly (readonly JsonValue[])[]): Promise<Outcome> {
  const parsed = parseArguments(argv);
  assert.ok(parsed !== "help");
  const sent: (readonly JsonValue[])[] = [];
  let [out, error] = ["", ""];
  const code = await execute(
    parsed.command,
    parsed.settings,
    {
      async transact(operations) {
        const reply = replies[sent.length];
        assert.ok(reply, `an unexpected transaction: ${JSON.stringify(operations)}`);
        sent.push(operations);
        return reply;
      },
    },
    {
      width: 100,
      out: (text) => {
        out += text;
      },
      error: (text) => {
        error += text;
      },
    },
  );
  assert.equal(sent.length, replies.length);
  return { code, out, error, sent };
}

describe("select", () => {
  it("asks for the named columns only, and for all where none is named", async () => {
    const named = await run(["s", "T", "b", "a", "-w", "k!=1", "-r"], [{ rows: [{ a: 1, b: 2 }] }]);
    assert.deepEqual(named.sent, [[{ op: "select", table: "T", where: [["k", "!=", 1]], columns: ["b", "a"] }]]);
    assert.deepEqual([named.code, named.out], [0, "1 2\n"]);
    const all = await run(["s", "T", "-r"], [{ rows: [{ b: 2, _uuid: uuid, a: 1 }] }]);
    assert.deepEqual(all.sent, [[{ op: "select", table: "T", where: [] }]]);
    assert.equal(all.out, `${JSON.stringify(uuid)} 1 2\n`);
  });

  it("of no row fails where no columns were named, and says so", async () => {
    const { code, out, error } = await run(["s", "T"], [{ rows: [] }]);
    assert.deepEqual([code, out, error], [1, "", "T has no rows\n"]);
    assert.equal((await run(["s", "T", "-w", "a==1"], [{ rows: [] }])).error, "no row of T meets the conditions\n");
    assert.equal((await run(["s", "T", "-q"], [{ rows: [] }])).error, "");
  });

  it("of no row succeeds where columns were named", async () => {
    const { code, out, error } = await run(["s", "T", "a"], [{ rows: [] }]);
    assert.deepEqual([code, out, error], [0, "", ""]);
  });
});

describe("insert", () => {
  it("prints the new row's UUID, or with -j the result, or with -q nothing", async () => {
    const plain = await run(["i", "T", "a:=1", "b~=2", "-w", "ignored==1"], [{ uuid }]);
    assert.deepEqual(plain.sent, [[{ op: "insert", table: "T", row: { a: 1, b: "2" } }]]);
    assert.deepEqual([plain.code, plain.out], [0, `${uuid[1]}\n`]);
    assert.equal((await run(["i", "T", "a:=1", "-j"], [{ uuid }])).out, `{"uuid":${JSON.stringify(uuid)}}\n`);
    assert.equal((await run(["i", "T", "a:=1", "-q"], [{ uuid }])).out, "");
  });

  it("mutates the new row in a second transaction", async () => {
    const { sent, out } = await run(["i", "T", "a:=1", 'm:ins:["set",["x"]]'], [{ uuid }], [{ count: 1 }]);
    assert.deepEqual(sent[1], [
      { op: "mutate", table: "T", where: [["_uuid", "==", uuid]], mutations: [["m", "insert", ["set", ["x"]]]] },
    ]);
    assert.equal(out, `${uuid[1]}\nMutated: 1\n`);
  });

  const parented = ["i", "Port", "name:=eth1", "-p", "Bridge:ports:name==br-home"];

  it("puts the new row into its parent in the same transaction, and demands that the parent exists", async () => {
    const { sent } = await run(parented, [{ uuid }, {}, { count: 1 }]);
    const where = [["name", "==", "br-home"]];
    const named = ["named-uuid", "inserted_row"];
    assert.deepEqual(sent, [
      [
        { op: "insert", table: "Port", row: { name: "eth1" }, "uuid-name": "inserted_row" },
        { op: "wait", table: "Bridge", where, columns: ["_uuid"], until: "!=", rows: [], timeout: 0 },
        { op: "mutate", table: "Bridge", where, mutations: [["ports", "insert", ["set", [named]]]] },
      ],
    ]);
  });

  it("names the parent that does not exist", async () => {
    await assert.rejects(
      run(parented, [{ uuid }, { error: "timed out" }, null]),
      (error) => error instanceof CommandError && /--parent Bridge:ports:name==br-home/.test(error.message),
    );
  });

  it("fails on an error that the database finds at commit", async () => {
    await assert.rejects(
      run(["i", "T", "a:=1"], [{ uuid }, { error: "constraint violation", details: "T may have 1 row" }]),
      (error) => error instanceof RefusedError && error.object.details === "T may have 1 row",
    );
  });
});

describe("update", () => {
  it("prints how many rows there were, of all rows where no -w is given", async () => {
    const { sent, out } = await run(["u", "T", "a:=1"], [{ count: 3 }]);
    assert.deepEqual(sent, [[{ op: "update", table: "T", where: [], row: { a: 1 } }]]);
    assert.equal(out, "3\n");
    assert.equal((await run(["u", "T", "a:=1", "-j"], [{ count: 3 }])).out, '{"count":3}\n');
  });

  it("mutates in a second transaction, after an empty update where there is nothing else", async () => {
    const { sent, out } = await run(["u", "T", "-w", "k==1", "m:del:2", "n:ins:3"], [{ count: 1 }], [{ count: 1 }]);
    const where = [["k", "==", 1]];
    assert.deepEqual(sent, [
      [{ op: "update", table: "T", where, row: {} }],
      [
        {
          op: "mutate",
          table: "T",
          where,
          mutations: [
            ["m", "delete", 2],
            ["n", "insert", 3],
          ],
        },
      ],
    ]);
    assert.equal(out, "1\nMutated: 1\n");
    assert.equal((await run(["u", "T", "m:del:2", "-q"], [{ count: 1 }], [{ count: 1 }])).out, "");
  });
});

describe("upsert", () => {
  const argv = ["U", "AW_Debug", "-w", "name==OW", "log_severity:=Debug"];

  it("inserts where no row is found; conditions become columns", async () => {
    const { sent, out, code } = await run(argv, [{ rows: [] }], [{ uuid }]);
    assert.deepEqual(sent, [
      [{ op: "select", table: "AW_Debug", where: [["name", "==", "OW"]], columns: ["_uuid"] }],
      [{ op: "insert", table: "AW_Debug", row: { name: "OW", log_severity: "Debug" } }],
    ]);
    assert.deepEqual([code, out], [0, `Upsert: insert\n${uuid[1]}\n`]);
  });

  it("updates the one row that is found", async () => {
    const { sent, out } = await run(argv, [{ rows: [{ _uuid: uuid }] }], [{ count: 1 }]);
    assert.deepEqual(sent[1], [
      { op: "update", table: "AW_Debug", where: [["_uuid", "==", uuid]], row: { log_severity: "Debug" } },
    ]);
    assert.equal(out, "Upsert: update\n1\n");
  });

  it("writes nothing where several rows are found", async () => {
    const { code, error, out } = await run(argv, [{ rows: [{ _uuid: uuid }, { _uuid: uuid }] }]);
    assert.deepEqual([code, out, error], [1, "", "ERROR: Upsert: more than one row matched (2)\n"]);
  });

  it("warns of conditions other than ==, which cannot become columns", async () => {
    const { code, error, sent } = await run([...argv, "-w", "log_severity!=Trace"], [{ rows: [] }], [{ uuid }]);
    assert.equal(code, 0);
    assert.match(error, /^Error: Upsert: only == conditions/);
    assert.deepEqual(sent[1], [{ op: "insert", table: "AW_Debug", row: { name: "OW", log_severity: "Debug" } }]);
  });

  it("gives a found row its parents too", async () => {
    const found = [{ rows: [{ _uuid: uuid }] }];
    const { sent } = await run([...argv, "-p", "P:c:k==1"], found, [{ count: 1 }, {}, { count: 1 }]);
    assert.deepEqual(sent[1]?.[2], {
      op: "mutate",
      table: "P",
      where: [["k", "==", 1]],
      mutations: [["c", "insert", ["set", [uuid]]]],
    });
  });
});

describe("delete", () => {
  it("prints how many rows are gone", async () => {
    const { sent, out } = await run(["d", "T", "-w", "a==1"], [{ count: 2 }]);
    assert.deepEqual(sent, [[{ op: "delete", table: "T", where: [["a", "==", 1]] }]]);
    assert.equal(out, "2\n");
  });
});

describe("wait", () => {
  it("waits for all columns at once and prints nothing", async () => {
    const { sent, out } = await run(["w", "T", "-w", "k==1", "a:=1", "b~=x", "-t", "500"], [{}]);
    assert.deepEqual(sent, [
      [
        {
          op: "wait",
          table: "T",
          where: [["k", "==", 1]],
          columns: ["a", "b"],
          until: "==",
          rows: [{ a: 1, b: "x" }],
          timeout: 500,
        },
      ],
    ]);
    assert.equal(out, "");
  });

  it("fails when the time is over", async () => {
    await assert.rejects(run(["w", "T", "-n", "a:=1"], [{ error: "timed out" }]), RefusedError);
  });
});
