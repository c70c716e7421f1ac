/** Databases that go, come back, and change their schema while clients and remotes use them. */

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { schemaFromJson } from "./schema.ts";
import { type TestServer, testSchema, testServer, until } from "./test-server.ts";

const waiting = { op: "wait", table: "Radio", where: [], columns: ["name"], until: "!=", rows: [] };

/** A server of one database that can be converted. */
function convertible(): TestServer {
  const database = new Database(schemaFromJson(testSchema), { random: new SeededRandom(2) });
  const convert = async (schema: Parameters<Database["converted"]>[0]) => database.adopt(database.converted(schema));
  return { ...testServer({ databases: [{ engine: database, convert }] }), database };
}

const withRadioColumn = (name: string, version: string): JsonObject => {
  const { Radio, ...others } = testSchema.tables as { readonly [table: string]: JsonObject };
  const columns = { ...(Radio?.columns as JsonObject), [name]: { type: "string" } };
  return { ...testSchema, version, tables: { ...others, Radio: { ...Radio, columns } as JsonObject } };
};

describe("a database that is served no more", () => {
  it("is gone for new requests, and from _Server", async () => {
    const { server, connect } = testServer();
    const watcher = connect();
    await watcher.ask("set_db_change_aware", [true]);
    await watcher.ask("monitor", ["_Server", "s", { Database: { columns: ["name"] } }]);
    assert.equal(server.removeDatabase("Test"), true);
    assert.equal(server.removeDatabase("Test"), false);
    assert.equal(server.removeDatabase("_Server"), false);
    const [[, , updates]] = (await watcher.notifications()) as [[string, string, { Database: JsonObject }]];
    assert.deepEqual(Object.values(updates.Database), [{ old: { name: "Test" } }]);
    assert.deepEqual(await watcher.ask("list_dbs", []), ["_Server"]);
    const { error } = await watcher.exchange("transact", ["Test"]);
    assert.equal((error as JsonObject).error, "unknown database");
  });

  it("disconnects clients that are not aware of such changes, with a line at INFO", async () => {
    const { server, connect, log } = testServer();
    const client = connect();
    await client.ask("echo", []);
    server.removeDatabase("Test");
    await until(() => client.closed, "the end of the connection");
    const { severity, text } = log.records().at(-1) ?? {};
    assert.deepEqual([severity, text], ["INFO", "closed test: database Test was removed"]);
  });

  it("cancels what aware clients have in it, and keeps what they have elsewhere", async () => {
    const { server, connect } = testServer();
    const client = connect();
    await client.ask("set_db_change_aware", [true]);
    await client.ask("monitor", ["Test", ["m", 1], { Radio: {} }]);
    client.write(JSON.stringify({ id: "w", method: "transact", params: ["Test", waiting] }));
    await client.ask("echo", []);
    server.removeDatabase("Test");
    assert.deepEqual(await client.ask("echo", ["still here"]), ["still here"]);
    const reply = client.received.find(({ id }) => id === "w");
    assert.deepEqual(reply, { id: "w", result: null, error: "canceled" });
    assert.deepEqual(await client.notifications(), [["monitor_canceled", ["m", 1]]]);
  });

  it("takes the remotes that it names along, and brings them back", async () => {
    const { server, database, connect } = testServer();
    const path = join(mkdtempSync(join(tmpdir(), "ovsdb-gone-")), "db.sock");
    after(() => rmSync(dirname(path), { recursive: true }));
    await server.listen("db:Test,Root,managers");
    const manager = { op: "insert", table: "Manager", "uuid-name": "m", row: { target: `punix:${path}` } };
    await connect().transact({ op: "insert", table: "Root", row: { managers: ["named-uuid", "m"] } }, manager);
    await until(() => existsSync(path), "the socket");
    server.removeDatabase("Test");
    await until(() => !existsSync(path), "the end of the socket");
    server.addDatabase({ engine: database });
    await until(() => existsSync(path), "the socket again");
    await server.close();
  });
});

describe("a database that is converted while it is served", () => {
  const convert = (
    client: { ask(method: string, params: readonly unknown[]): Promise<JsonValue> },
    schema: JsonObject,
  ) => client.ask("convert", ["Test", schema]);

  it("has the new columns at once, for transactions and monitors", async () => {
    const { connect } = convertible();
    const client = connect();
    await client.ask("set_db_change_aware", [true]);
    await client.transact({ op: "insert", table: "Radio", row: { name: "wifi0" } });
    await convert(client, withRadioColumn("country", "2.0.0"));
    await client.ask("monitor", ["Test", 1, { Radio: { columns: ["country"] } }]);
    await client.transact({ op: "update", table: "Radio", where: [], row: { country: "DE" } });
    const [[, , { Radio }]] = (await client.notifications()) as [[string, number, { Radio: JsonObject }]];
    assert.deepEqual(Object.values(Radio), [{ old: { country: "" }, new: { country: "DE" } }]);
    const schema = (await client.ask("get_schema", ["Test"])) as JsonObject;
    assert.equal(schema.version, "2.0.0");
  });

  it("shows the new schema in the same row of _Server", async () => {
    const { connect } = convertible();
    const client = connect();
    await client.ask("set_db_change_aware", [true]);
    await client.ask("monitor", ["_Server", "s", { Database: { columns: ["schema"], select: { initial: false } } }]);
    await convert(client, withRadioColumn("country", "2.0.0"));
    const [[, , { Database: rows }]] = (await client.notifications()) as [[string, string, { Database: JsonObject }]];
    const [{ new: row }] = Object.values(rows) as [{ new: { schema: string } }];
    assert.equal(JSON.parse(row.schema).version, "2.0.0");
  });

  it("knows no history of before", async () => {
    const { connect } = convertible();
    const client = connect();
    await client.ask("set_db_change_aware", [true]);
    const nothing = "00000000-0000-0000-0000-000000000000";
    const [, last] = (await client.ask("monitor_cond_since", ["Test", 1, {}, nothing])) as JsonValue[];
    await convert(client, withRadioColumn("country", "2.0.0"));
    const [found] = (await client.ask("monitor_cond_since", ["Test", 2, {}, last])) as JsonValue[];
    assert.equal(found, false);
  });

  it("stays as it was when its rows do not fit", async () => {
    const { connect, database } = convertible();
    const client = connect();
    await client.transact({ op: "insert", table: "Radio", row: { name: "a long name" } });
    const { Radio, ...others } = testSchema.tables as { readonly [table: string]: JsonObject };
    const columns = { ...(Radio?.columns as JsonObject), name: { type: { key: { type: "string", maxLength: 3 } } } };
    const schema = { ...testSchema, tables: { ...others, Radio: { ...Radio, columns } } };
    const { error } = await client.exchange("convert", ["Test", schema]);
    assert.equal((error as JsonObject).error, "constraint violation");
    assert.equal(database.rows("Radio").size, 1);
    assert.deepEqual(await client.ask("echo", []), []);
  });
});
