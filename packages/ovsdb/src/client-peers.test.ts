import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { RealClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { socketEndpoint } from "./connect.ts";
import { database, integer, map, optional, set, string, table } from "./declare.ts";
import type { JsonValue } from "./json.ts";
import { type Endpoint, ReconnectingClient } from "./reconnecting-client.ts";
import { connectRpc } from "./rpc-client.ts";
import { schemaFromDeclaration, schemaToJson } from "./schema.ts";
import { run, stop, without } from "./test-process.ts";
import { until } from "./test-server.ts";
import type { Transport } from "./transport.ts";

const declaration = database({
  name: "Home",
  version: "1.0.0",
  tables: {
    Radio: table({
      isRoot: true,
      indexes: [["name"]],
      columns: {
        name: string(),
        channel: optional(integer()),
        tags: set(string()),
        options: map(string(), string()),
        one: map(string(), integer(), { max: 1 }),
        counter: integer(),
      },
    }),
  },
});

describe("a client that reconnects to ovsdb-server", { skip: without("ovsdb-server") || without("ovs-appctl") }, () => {
  const directory = mkdtempSync(join(tmpdir(), "ovsdb-client-peer-"));
  after(() => rmSync(directory, { recursive: true }));
  const file = (name: string) => join(directory, name);
  const clock = new RealClock();

  it("is told the net differences only, and ends with the contents of the server", async (t) => {
    writeFileSync(file("schema"), JSON.stringify(schemaToJson(schemaFromDeclaration(declaration))));
    assert.equal((await run("ovsdb-tool", "create", file("db"), file("schema"))).status, 0);
    const server = spawn("ovsdb-server", [
      file("db"),
      `--remote=punix:${file("sock")}`,
      `--unixctl=${file("ctl")}`,
      "-vconsole:off",
    ]);
    t.after(() => stop(server));
    await until(() => existsSync(file("ctl")) && existsSync(file("sock")), "the server's sockets");
    const writer = await connectRpc(`unix:${file("sock")}`, { clock, timeoutMs: 5000 });
    t.after(() => writer.close());
    const write = (...operations: JsonValue[]) => writer.request("transact", ["Home", ...operations]);
    for (let row = 0; row < 500; row++) {
      await write({
        op: "insert",
        table: "Radio",
        row: { name: `r${row}`, tags: ["set", ["a", "b"]], one: ["map", [["k", row]]] },
      });
    }

    // A standalone ovsdb-server knows the method monitor_cond_since, and yet keeps no history.
    let connections = 0;
    let current: Transport | undefined;
    const socket = socketEndpoint(`unix:${file("sock")}`, { clock });
    const endpoint: Endpoint = {
      name: socket.name,
      async dial(signal) {
        connections++;
        current = await socket.dial(signal);
        return current;
      },
    };
    const client = new ReconnectingClient([endpoint], declaration, {
      clock,
      random: new SeededRandom(1),
      minBackoffMs: 2,
      maxBackoffMs: 10,
    });
    t.after(() => client.close());
    const radios = (await client.replicate({ Radio: {} })).table("Radio");
    assert.equal(radios.rows.size, 500);

    const random = new SeededRandom(2);
    const told: string[] = [];
    radios.onChange(({ kind, old, new: now, changed }) =>
      told.push(`${kind} ${(now ?? old)?.name} ${[...changed].sort()}`),
    );
    const touched = new Set(["r0", "r1"]);
    for (let round = 0; round < 100; round++) {
      const name = `r${random.integer(500)}`;
      touched.add(name);
      const where = [["name", "==", name]];
      const tags = ["set", ["a", "b", "c", "d"].filter(() => random.next() < 0.5)];
      const options = ["map", [["x", String(round)], ...(random.next() < 0.5 ? [["y", "1"]] : [])]];
      const row = {
        tags,
        options,
        one: ["map", random.next() < 0.5 ? [["k", round]] : [["l", 1]]],
        channel: round % 2 ? round : ["set", []],
      };
      // Some while connected, some while not.
      if (round % 10 === 9) current?.destroy();
      await write({ op: "update", table: "Radio", where, row });
    }
    current?.destroy();
    await write({ op: "delete", table: "Radio", where: [["name", "==", "r0"]] });
    await write({ op: "update", table: "Radio", where: [["name", "==", "r1"]], row: { counter: 9007199254740993n } });
    await until(
      () => told.some((line) => line.startsWith("delete r0")) && told.some((line) => line === "modify r1 counter"),
      "the last changes",
    );
    assert.ok(connections >= 3, `${connections} connections`);
    for (const line of told)
      assert.ok(touched.has(line.split(" ")[1] ?? ""), `told of a row that nobody touched: ${line}`);

    const [selected] = (await write({ op: "select", table: "Radio", where: [] })) as unknown as [
      { rows: { [column: string]: JsonValue }[] },
    ];
    const fresh = new ReconnectingClient([socket], declaration, { clock, random });
    t.after(() => fresh.close());
    const other = (await fresh.replicate({ Radio: {} })).table("Radio");
    assert.equal(selected.rows.length, 499);
    assert.deepEqual(new Map([...radios.rows].sort()), new Map([...other.rows].sort()));
    assert.equal(radios.find(({ name }) => name === "r1")?.counter as unknown, 9007199254740993n);
  });
});
