import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "./json.ts";
import { nextTurn, type TestConnection, testSchema, testServer } from "./test-server.ts";

const insert = (row: object) => ({ op: "insert", table: "Radio", row });
const waitFor = (name: string, timeout?: number) => ({
  op: "wait",
  table: "Radio",
  where: [["name", "==", name]],
  columns: ["name"],
  until: "==",
  rows: [{ name }],
  ...(timeout === undefined ? {} : { timeout }),
});

/** The single row of the single table of an update. */
function onlyRow(updates: JsonValue | undefined): JsonObject {
  const [table] = Object.values(updates as JsonObject) as [JsonObject];
  const [row] = Object.values(table) as [JsonObject];
  return row;
}

describe("a session", () => {
  it("lists databases (RFC 7047 §4.1.1) and gives their schema (§4.1.2)", async () => {
    const client = testServer().connect();
    assert.deepEqual(await client.ask("list_dbs", []), ["Test", "_Server"]);
    const schema = (await client.ask("get_schema", ["Test"])) as { tables: JsonObject };
    assert.deepEqual(Object.keys(schema.tables), Object.keys(testSchema.tables as JsonObject));
    assert.match((await client.ask("get_server_id", [])) as string, /^[0-9a-f-]{36}$/);
  });

  it("tells of its databases in _Server, which clients may only read", async () => {
    const client = testServer().connect();
    const select = { op: "select", table: "Database", where: [], columns: ["name", "model", "connected"] };
    const [{ rows }] = (await client.ask("transact", ["_Server", select])) as [{ rows: JsonObject[] }];
    const names = rows.map(({ name, model, connected }) => `${name} ${model} ${connected}`);
    assert.deepEqual(names.sort(), ["Test standalone true", "_Server standalone true"]);
    const [refused] = (await client.ask("transact", [
      "_Server",
      { op: "delete", table: "Database", where: [] },
    ])) as JsonObject[];
    assert.equal(refused?.error, "not allowed");
    assert.equal(refused?.details, "delete operation not allowed on table in reserved database _Server");
  });

  it("echoes its parameters (§4.1.11)", async () => {
    assert.deepEqual(
      await testServer()
        .connect()
        .ask("echo", ["x", { a: 1 }]),
      ["x", { a: 1 }],
    );
  });

  it("executes transactions (§4.1.3), and keeps an integer id an integer", async () => {
    const client = testServer().connect();
    client.write('{"method":"transact","params":["Test",{"op":"comment","comment":"hi"},');
    client.write(
      '{"op":"insert","table":"Radio","row":{"name":"wifi0","counter":9007199254740993}}],"id":12345678901}',
    );
    await nextTurn();
    const [reply] = client.received.splice(0) as [JsonObject];
    assert.equal(reply.id, 12345678901);
    assert.equal(reply.error, null);
    assert.deepEqual((reply.result as JsonValue[])[0], {});
    const rows = await client.transact({ op: "select", table: "Radio", where: [], columns: ["name", "counter"] });
    assert.deepEqual(rows, [{ rows: [{ name: "wifi0", counter: 9007199254740993n }] }]);
  });

  it("takes a request written one byte at a time", async () => {
    const client = testServer().connect();
    for (const byte of '{"method":"list_dbs","params":[],"id":7}') client.write(byte);
    await nextTurn();
    assert.deepEqual(client.received, [{ id: 7, result: ["Test", "_Server"], error: null }]);
  });

  for (const [what, method, params, error] of [
    ["database", "transact", ["Nope"], "unknown database"],
    ["database", "get_schema", ["Nope"], "unknown database"],
    ["shape of parameters", "transact", [], "syntax error"],
    ["shape of parameters", "monitor", ["Test"], "syntax error"],
    ["condition change", "monitor_cond_change", [1, 2], "syntax error"],
    ["monitor to change", "monitor_cond_change", [1, 2, {}], "syntax error"],
    ["last transaction", "monitor_cond_since", ["Test", 1, {}, "x"], "syntax error"],
    ["awareness", "set_db_change_aware", [1], "syntax error"],
    ["database", "convert", ["Nope", {}], "unknown database"],
    ["schema", "convert", ["Test", { name: "Test" }], "syntax error"],
    ["schema name", "convert", ["Test", { name: "Other", tables: {} }], "invalid parameters"],
    ["database (one that cannot be converted)", "convert", ["_Server", { name: "_Server", tables: {} }], "not allowed"],
    ["lock name", "lock", ["not an id"], "syntax error"],
    ["lock", "unlock", ["never_locked"], "syntax error"],
    ["table to monitor", "monitor", ["Test", 1, { Nope: {} }], "syntax error"],
    ["column to monitor", "monitor", ["Test", 1, { Radio: { columns: ["nope"] } }], "syntax error"],
    ["column twice", "monitor", ["Test", 1, { Radio: { columns: ["name", "name"] } }], "syntax error"],
    ["column twice", "monitor", ["Test", 1, { Radio: [{ columns: ["name"] }, { columns: ["name"] }] }], "syntax error"],
    ["member of a monitor request", "monitor", ["Test", 1, { Radio: { where: [] } }], "syntax error"],
    ["select", "monitor", ["Test", 1, { Radio: { select: { initial: 3 } } }], "syntax error"],
    ["condition", "monitor_cond", ["Test", 1, { Radio: [{ where: [["nope", "==", 1]] }] }], "unknown column"],
  ] as const) {
    it(`answers a wrong ${what} of ${method} with '${error}' and goes on`, async () => {
      const client = testServer().connect();
      const reply = await client.exchange(method, params);
      assert.equal(reply.result, null);
      assert.equal((reply.error as JsonObject).error, error);
      assert.deepEqual(await client.ask("echo", []), []);
    });
  }

  for (const [what, method, params, error] of [
    ["method", "nope", [], "unknown method"],
    ["monitor", "monitor_cancel", ["nope"], "unknown monitor"],
    ["number of parameters", "monitor_cancel", [1, 2], "invalid parameters"],
  ] as const) {
    it(`answers a wrong ${what} of ${method} with the bare string '${error}', which clients compare`, async () => {
      const client = testServer().connect();
      assert.deepEqual(await client.exchange(method, params, 1), { id: 1, result: null, error });
    });
  }

  it("takes null for no parameters, as get_server_id is documented", async () => {
    const client = testServer().connect();
    client.write('{"method":"get_server_id","params":null,"id":1}');
    await nextTurn();
    assert.match(String(client.received[0]?.result), /^[0-9a-f-]{36}$/);
  });

  it("replies to a durable transaction only when the storage has synced", async () => {
    let synced = () => {};
    const durable = () => new Promise<void>((resolve) => (synced = resolve));
    const client = testServer({ durable }).connect();
    client.write(
      JSON.stringify({
        method: "transact",
        params: ["Test", insert({ name: "a" }), { op: "commit", durable: true }],
        id: 1,
      }),
    );
    assert.deepEqual(await client.ask("echo", []), [], "others are served meanwhile");
    assert.equal(client.received.length, 0);
    synced();
    await nextTurn();
    assert.equal(client.received[0]?.id, 1);
  });

  it("tells of a failed sync as the reply's last element", async () => {
    const durable = () => Promise.reject(new Error("ENOSPC: no space left on device"));
    const client = testServer({ durable }).connect();
    const results = (await client.transact(insert({ name: "a" }), { op: "commit", durable: true })) as JsonObject[];
    assert.deepEqual(results[2], { error: "I/O error", details: "ENOSPC: no space left on device" });
  });

  it("closes a connection that breaks the protocol, says why, and serves the others", async () => {
    const { connect, log, server } = testServer();
    const [bad, good] = [connect(), connect()];
    bad.write("GET / HTTP/1.1\r\n\r\n");
    await nextTurn();
    assert.equal(bad.closed, true);
    assert.match(
      log.records().at(-1)?.text ?? "",
      /^closed test: not JSON-RPC: a JSON object was expected, not byte 0x47/,
    );
    assert.deepEqual(await good.ask("echo", []), []);
    assert.equal(server.connections, 1);
  });

  it("answers any request at all, and serves the others", async () => {
    const names = ["Test", "Radio", "name", "insert", "where", "uuid", "set", "map", "op", "table", "row", "columns"];
    const word = fc.oneof(fc.constantFrom(...names), fc.string());
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: "small" },
        fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie("json"), { maxLength: 4 }),
        fc.dictionary(word, tie("json"), { maxKeys: 4 }),
      ),
    }));
    const method = fc.constantFrom(
      "transact",
      "monitor",
      "monitor_cond",
      "monitor_cond_change",
      "lock",
      "cancel",
      "echo",
    );
    const { connect, log } = testServer();
    const [odd, other] = [connect(), connect()];
    await fc.assert(
      fc.asyncProperty(method, fc.boolean(), fc.array(json, { maxLength: 4 }), async (name, named, rest) => {
        const params = named ? ["Test", ...rest] : rest;
        const reply = await odd.exchange(name, params);
        assert.equal("result" in reply, true);
      }),
      { numRuns: 500 },
    );
    assert.deepEqual(await other.ask("echo", []), []);
    assert.deepEqual(log.records(), [], "no fault of the server's own was logged");
  });

  it("refuses connections beyond the limit with a log line", async () => {
    const { connect, log } = testServer({ limits: { maxConnections: 1 } });
    const first = connect();
    const second = connect();
    await nextTurn();
    assert.equal(second.closed, true);
    assert.match(log.records().at(-1)?.text ?? "", /refused: 1 connections are open, which is the limit/);
    assert.deepEqual(await first.ask("echo", []), []);
  });

  it("cuts off a client that does not read its updates, and only that one", async () => {
    const { connect, log, server } = testServer({ limits: { maxWaitingBytes: 100_000 } });
    const [slow, writer] = [connect(), connect()];
    await slow.ask("monitor", ["Test", 1, { Radio: {} }]);
    slow.transport.pause();
    for (let i = 0; i < 30; i++) await writer.transact(insert({ name: `${i} ${"x".repeat(10_000)}` }));
    assert.equal(server.connections, 1);
    assert.match(log.records().at(-1)?.text ?? "", /^closed test: reads too slowly: \d+ bytes wait for it/);
  });

  it("handles a bounded number of one client's requests before the others have their turn", async () => {
    const { connect } = testServer();
    const [flood, other] = [connect(), connect()];
    flood.write('{"method":"echo","params":[],"id":1}'.repeat(1000));
    other.write('{"method":"echo","params":[],"id":2}');
    await nextTurn();
    assert.equal(other.received.length, 1);
    assert.ok(flood.received.length <= 64, `${flood.received.length} of the flood were answered`);
  });

  it("ends every connection when the server closes", async () => {
    const { connect, server } = testServer();
    const clients = [connect(), connect()];
    const closed = server.close();
    await closed;
    await nextTurn();
    assert.deepEqual(
      clients.map((client) => client.closed),
      [true, true],
    );
  });
});

describe("wait (RFC 7047 §5.2.6)", () => {
  it("holds a transaction back until another one makes it true", async () => {
    const { connect } = testServer();
    const [waiting, writer] = [connect(), connect()];
    waiting.write(
      JSON.stringify({ method: "transact", params: ["Test", waitFor("wifi0"), insert({ name: "late" })], id: 5 }),
    );
    await writer.transact(insert({ name: "other" }));
    await nextTurn();
    assert.equal(waiting.received.length, 0);
    await writer.transact(insert({ name: "wifi0" }));
    await nextTurn();
    const [reply] = waiting.received as [{ id: number; result: JsonObject[] }];
    assert.equal(reply.id, 5);
    assert.deepEqual(reply.result[0], {});
    assert.ok(reply.result[1]?.uuid);
  });

  it("one transaction that goes through can wake another", async () => {
    const { connect } = testServer();
    const clients = [connect(), connect(), connect()] as [TestConnection, TestConnection, TestConnection];
    for (const [index, client] of clients.entries()) {
      const params = ["Test", waitFor(`step${index}`), insert({ name: `step${index + 1}` })];
      client.write(JSON.stringify({ method: "transact", params, id: index }));
    }
    await nextTurn();
    await connect().transact(insert({ name: "step0" }));
    await nextTurn();
    assert.deepEqual(
      clients.map((client) => client.received.length),
      [1, 1, 1],
    );
  });

  it("times out", async () => {
    const { connect, clock } = testServer();
    const client = connect();
    client.write(
      JSON.stringify({ method: "transact", params: ["Test", waitFor("never", 500), insert({ name: "x" })], id: 5 }),
    );
    await clock.advance(499);
    assert.equal(client.received.length, 0);
    await clock.advance(1);
    const [reply] = client.received as [{ result: JsonObject[] }];
    assert.equal(reply.result[0]?.error, "timed out");
    assert.equal(reply.result[1], null);
  });

  it("with a timeout of 0 answers at once", async () => {
    const results = (await testServer().connect().transact(waitFor("never", 0))) as JsonObject[];
    assert.equal(results[0]?.error, "timed out");
  });

  it("can be cancelled (§4.1.4): the transaction is answered 'canceled' and has no effect", async () => {
    const { connect, database } = testServer();
    const [client, writer] = [connect(), connect()];
    client.write(
      JSON.stringify({ method: "transact", params: ["Test", waitFor("wifi0"), insert({ name: "x" })], id: "t" }),
    );
    client.write('{"method":"cancel","params":["t"],"id":null}');
    await nextTurn();
    assert.deepEqual(client.received, [{ id: "t", result: null, error: "canceled" }]);
    await writer.transact(insert({ name: "wifi0" }));
    assert.equal(database.rows("Radio").size, 1);
    client.write('{"method":"cancel","params":["t"],"id":null}');
    assert.deepEqual(await client.ask("echo", []), []);
  });

  it("is forgotten when its client leaves", async () => {
    const { connect, database } = testServer();
    const [client, writer] = [connect(), connect()];
    client.write(
      JSON.stringify({ method: "transact", params: ["Test", waitFor("wifi0"), insert({ name: "x" })], id: 1 }),
    );
    await nextTurn();
    client.transport.close();
    await nextTurn();
    await writer.transact(insert({ name: "wifi0" }));
    assert.equal(database.rows("Radio").size, 1);
  });
});

describe("locks (RFC 7047 §4.1.8)", () => {
  it("are owned by one client at a time, in order of asking; who comes next is told (§4.1.9)", async () => {
    const { connect } = testServer();
    const [a, b, c] = [connect(), connect(), connect()];
    assert.deepEqual(await a.ask("lock", ["L"]), { locked: true });
    assert.deepEqual(await b.ask("lock", ["L"]), { locked: false });
    assert.deepEqual(await c.ask("lock", ["L"]), { locked: false });
    assert.deepEqual(await a.ask("unlock", ["L"]), {});
    assert.deepEqual(await b.notifications(), [["locked", "L"]]);
    b.transport.close();
    await nextTurn();
    assert.deepEqual(await c.notifications(), [["locked", "L"]]);
  });

  it("can be stolen; the loser hears of it (§4.1.10) and is next in line", async () => {
    const { connect } = testServer();
    const [a, b] = [connect(), connect()];
    await a.ask("lock", ["L"]);
    assert.deepEqual(await b.ask("steal", ["L"]), { locked: true });
    assert.deepEqual(await a.notifications(), [["stolen", "L"]]);
    await b.ask("unlock", ["L"]);
    assert.deepEqual(await a.notifications(), [["locked", "L"]]);
  });

  it("guard transactions with assert", async () => {
    const { connect } = testServer();
    const [a, b] = [connect(), connect()];
    await a.ask("lock", ["L"]);
    const guarded = [
      { op: "assert", lock: "L" },
      { op: "comment", comment: "x" },
    ];
    assert.deepEqual(await a.transact(...guarded), [{}, {}]);
    const [refused] = (await b.transact(...guarded)) as JsonObject[];
    assert.equal(refused?.error, "not owner");
  });

  it("cannot be asked for twice by one client", async () => {
    const client = testServer().connect();
    await client.ask("lock", ["L"]);
    const { error } = await client.exchange("lock", ["L"]);
    assert.equal((error as JsonObject).details, 'must issue "unlock" before new "lock"');
  });
});

describe("monitor (RFC 7047 §4.1.5)", () => {
  async function monitored(requests: object, method = "monitor", id: unknown = 1, ...more: unknown[]) {
    const setup = testServer();
    const [client, writer] = [setup.connect(), setup.connect()];
    await writer.transact(insert({ name: "wifi0", channel: 1 }));
    const initial = (await client.ask(method, ["Test", id, requests, ...more])) as JsonObject;
    return { ...setup, client, writer, initial };
  }
  const update = (row: object, name = "wifi0") => ({
    op: "update",
    table: "Radio",
    where: [["name", "==", name]],
    row,
  });

  it("takes one object per table, as deployed managers write it, and an integer as its name", async () => {
    const { client, writer, initial } = await monitored({ Radio: {} });
    const { _version, ...row } = onlyRow(initial).new as JsonObject;
    assert.deepEqual(row, { name: "wifi0", channel: 1, tags: ["set", []], options: ["map", []], counter: 0 });
    assert.match(JSON.stringify(_version), /^\["uuid","[0-9a-f-]{36}"\]$/, "all columns include _version");
    await writer.transact(update({ channel: 6 }));
    const [[method, id, updates]] = (await client.notifications()) as [[string, number, JsonObject]];
    assert.equal(method, "update");
    assert.equal(id, 1);
    const change = onlyRow(updates) as { old: JsonObject; new: JsonObject };
    assert.deepEqual(Object.keys(change.old).sort(), ["_version", "channel"]);
    assert.equal(change.old.channel, 1);
    assert.equal(change.new.channel, 6);
    assert.equal(Object.keys(change.new).length, 6, "new has every monitored column");
  });

  it("takes an array of requests per table, with columns", async () => {
    const { client, writer, initial } = await monitored({
      Radio: [{ columns: ["name", "channel"] }, { columns: ["tags"] }],
    });
    assert.deepEqual(onlyRow(initial), { new: { name: "wifi0", channel: 1, tags: ["set", []] } });
    await writer.transact(update({ counter: 5 }));
    assert.deepEqual(await client.notifications(), [], "a column not asked for is not told of");
    await writer.transact(update({ channel: ["set", []], tags: ["set", ["b", "a"]] }));
    const [[, , updates]] = (await client.notifications()) as [[string, number, JsonObject]];
    assert.deepEqual(onlyRow(updates), {
      old: { channel: 1, tags: ["set", []] },
      new: { name: "wifi0", channel: ["set", []], tags: ["set", ["a", "b"]] },
    });
  });

  it("tells of inserts and deletes with the whole row (§4.1.6)", async () => {
    const { client, writer } = await monitored({ Radio: { columns: ["name"] } });
    await writer.transact(insert({ name: "wifi1" }));
    await writer.transact({ op: "delete", table: "Radio", where: [["name", "==", "wifi1"]] });
    const rows = (await client.notifications()).map((message) => onlyRow((message as JsonValue[])[2]));
    assert.deepEqual(rows, [{ new: { name: "wifi1" } }, { old: { name: "wifi1" } }]);
  });

  it("sends only the kinds of updates (§4.1.6) that were selected", async () => {
    const select = { initial: false, insert: false, modify: false };
    const { client, writer, initial } = await monitored({ Radio: { columns: ["name", "channel"], select } });
    assert.deepEqual(initial, {});
    await writer.transact(insert({ name: "wifi1" }));
    await writer.transact(update({ channel: 6 }));
    await writer.transact({ op: "delete", table: "Radio", where: [["name", "==", "wifi1"]] });
    const rows = (await client.notifications()).map((message) => onlyRow((message as JsonValue[])[2]));
    assert.deepEqual(rows, [{ old: { name: "wifi1", channel: ["set", []] } }]);
  });

  it("sends its own client the update before the reply", async () => {
    const { client } = await monitored({ Radio: { columns: ["channel"] } });
    client.write(JSON.stringify({ method: "transact", params: ["Test", update({ channel: 9 })], id: 99 }));
    await nextTurn();
    assert.deepEqual(
      client.received.map((message) => message.method ?? message.id),
      ["update", 99],
    );
  });

  it("ends with monitor_cancel (§4.1.7), and its name is then free", async () => {
    const { client, writer } = await monitored({ Radio: {} }, "monitor", "name");
    const { error } = await client.exchange("monitor", ["Test", "name", {}]);
    assert.equal((error as JsonObject).details, "duplicate monitor ID");
    assert.deepEqual(await client.ask("monitor_cancel", ["name"]), {});
    await writer.transact(update({ channel: 6 }));
    assert.deepEqual(await client.notifications(), []);
    await client.ask("monitor", ["Test", "name", {}]);
  });

  it("gives clients that watch the same the same, and others theirs", async () => {
    const { client, writer, connect } = await monitored({ Radio: { columns: ["channel"] } });
    const [twin, other] = [connect(), connect()];
    await twin.ask("monitor", ["Test", "t", { Radio: { columns: ["channel"] } }]);
    await other.ask("monitor", ["Test", "o", { Radio: { columns: ["counter"] } }]);
    await writer.transact(update({ channel: 6, counter: 1 }));
    const [first, second, third] = (await Promise.all([client, twin, other].map((each) => each.notifications()))) as [
      JsonValue[][],
      JsonValue[][],
      JsonValue[][],
    ];
    assert.deepEqual(first[0]?.[2], second[0]?.[2]);
    assert.deepEqual([first[0]?.[1], second[0]?.[1]], [1, "t"]);
    assert.deepEqual(onlyRow(third[0]?.[2]), { old: { counter: 0 }, new: { counter: 1 } });
  });

  it("monitor_cond shows rows while they meet a condition, and differences", async () => {
    const where = [["channel", ">=", 36]];
    const { client, writer, initial } = await monitored(
      { Radio: [{ columns: ["name", "channel", "tags"], where }] },
      "monitor_cond",
    );
    assert.deepEqual(initial, {});
    await writer.transact(update({ channel: 36, tags: "a" }));
    await writer.transact(update({ channel: 40, tags: "b" }));
    await writer.transact(update({ channel: 11 }));
    const rows = (await client.notifications()).map((message) => onlyRow((message as JsonValue[])[2]));
    assert.deepEqual(rows, [
      { insert: { name: "wifi0", channel: 36, tags: "a" } },
      { modify: { channel: 40, tags: ["set", ["a", "b"]] } },
      { delete: null },
    ]);
  });

  it("monitor_cond_change shows what enters and leaves", async () => {
    const requests = { Radio: [{ columns: ["name"], where: [["name", "==", "wifi0"]] }] };
    const { client, writer, initial } = await monitored(requests, "monitor_cond", "m");
    assert.deepEqual(onlyRow(initial), { initial: { name: "wifi0" } });
    await writer.transact(insert({ name: "wifi1" }));
    await client.ask("monitor_cond_change", ["m", "n", { Radio: [{ where: [["name", "==", "wifi1"]] }] }]);
    const [[method, id, updates]] = (await client.notifications()) as [[string, string, JsonObject]];
    assert.deepEqual([method, id], ["update2", "n"]);
    const rows = Object.values(updates.Radio as JsonObject);
    assert.deepEqual(rows, [{ delete: null }, { insert: { name: "wifi1" } }]);
  });

  it("monitor_cond_change renames a plain monitor, which has no conditions", async () => {
    const { client, writer } = await monitored({ Radio: [{ columns: ["channel"] }] });
    await client.ask("monitor_cond_change", [1, 2, { Radio: [{ where: [false] }] }]);
    await writer.transact(update({ channel: 6 }));
    const [[method, id]] = (await client.notifications()) as [[string, number]];
    assert.deepEqual([method, id], ["update", 2]);
  });

  describe("monitor_cond_since", () => {
    const requests = { Radio: [{ columns: ["name", "channel"] }] };
    const nothingYet = "00000000-0000-0000-0000-000000000000";

    it("gives everything to one who was not there before, then update3 with each transaction's name", async () => {
      const { client, writer, initial } = await monitored(requests, "monitor_cond_since", 1, nothingYet);
      const [found, last, updates] = initial as unknown as JsonValue[];
      assert.equal(found, false);
      assert.deepEqual(onlyRow(updates), { initial: { name: "wifi0", channel: 1 } });
      await writer.transact(update({ channel: 6 }));
      const [[method, id, transaction, changes]] = (await client.notifications()) as [
        [string, number, string, JsonObject],
      ];
      assert.deepEqual([method, id], ["update3", 1]);
      assert.notEqual(transaction, last);
      assert.deepEqual(onlyRow(changes), { modify: { channel: 6 } });
    });

    it("gives one who comes back only the net change", async () => {
      const { client, writer, initial, connect } = await monitored(requests, "monitor_cond_since", 1, nothingYet);
      const [, last] = initial as unknown as [boolean, string];
      client.transport.destroy();
      await writer.transact(update({ channel: 6 }));
      await writer.transact(update({ channel: 11 }), insert({ name: "short" }));
      await writer.transact(insert({ name: "wifi1" }), {
        op: "delete",
        table: "Radio",
        where: [["name", "==", "short"]],
      });
      const back = connect();
      const result = (await back.ask("monitor_cond_since", ["Test", 1, requests, last])) as [
        boolean,
        string,
        JsonObject,
      ];
      assert.equal(result[0], true);
      assert.deepEqual(Object.values(result[2].Radio as JsonObject), [
        { modify: { channel: 11 } },
        { insert: { name: "wifi1" } },
      ]);
      assert.deepEqual(await back.ask("monitor_cond_since", ["Test", 2, requests, result[1]]), [true, result[1], {}]);
    });

    it("gives everything again where the history does not reach back, or is another server's", async () => {
      const { writer, connect } = await monitored(requests, "monitor_cond_since", 1, nothingYet);
      await writer.transact(update({ channel: 6 }));
      const stranger = "3a1c1a0e-8d0f-4d3a-9d0b-0f6a7c1b2d3e";
      const [found] = (await connect().ask("monitor_cond_since", ["Test", 1, requests, stranger])) as JsonValue[];
      assert.equal(found, false);
    });
  });
});
