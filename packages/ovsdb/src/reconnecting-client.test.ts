import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { ConnectionError, type Replica } from "./client.ts";
import { Database } from "./database.ts";
import { database, integer, map, optional, set, string, table } from "./declare.ts";
import type { JsonValue } from "./json.ts";
import { JsonRpcPeer } from "./jsonrpc.ts";
import { memoryTransportPair } from "./memory-transport.ts";
import { type ConnectionStatus, type Endpoint, ReconnectingClient } from "./reconnecting-client.ts";
import { schemaFromDeclaration, schemaToJson } from "./schema.ts";
import { OvsdbServer } from "./server.ts";
import { nextTurn } from "./test-server.ts";
import type { Transport } from "./transport.ts";

const declaration = database({
  name: "Home",
  version: "1.0.0",
  tables: {
    Radio: table({
      isRoot: true,
      columns: {
        name: string(),
        channel: optional(integer()),
        tags: set(string()),
        options: map(string(), string()),
      },
    }),
  },
});
type Home = typeof declaration;

/** Servers in memory that can be down, by name; what they send is counted. */
class Network {
  readonly clock = new VirtualClock();
  readonly random = new SeededRandom(3);
  readonly engine = new Database(schemaFromDeclaration(declaration), { random: this.random });
  readonly dialled: string[] = [];
  readonly up = new Set(["a", "b", "c"]);
  bytesToClient = 0;
  #server = this.#start();
  #transports: Transport[] = [];

  endpoint(name: string): Endpoint {
    return {
      name,
      dial: async () => {
        this.dialled.push(name);
        if (!this.up.has(name)) throw new ConnectionError(`${name}: connection refused`);
        const [near, far] = memoryTransportPair(name, "client");
        this.#server.accept(near);
        this.#transports.push(far);
        return counted(far, (bytes) => {
          this.bytesToClient += bytes;
        });
      },
    };
  }

  client(...names: string[]): ReconnectingClient<Home> {
    const { clock, random } = this;
    return new ReconnectingClient(
      names.map((name) => this.endpoint(name)),
      declaration,
      { clock, random },
    );
  }

  /** Ends all connections, as when a cable is pulled. */
  cut(): void {
    for (const transport of this.#transports.splice(0)) transport.destroy();
  }

  /** A new process on the same database. */
  async restart(): Promise<void> {
    await this.#server.close();
    this.#server = this.#start();
  }

  write(row: { [column: string]: string | number | null | string[] }): void {
    const where = [{ column: "name", function: "==", value: row.name as string }] as const;
    const known = [...this.engine.rows("Radio").values()].some(({ name }) => name === row.name);
    this.engine.execute([known ? { op: "update", table: "Radio", where, row } : { op: "insert", table: "Radio", row }]);
  }

  remove(name: string): void {
    const where = [{ column: "name", function: "==", value: name }] as const;
    this.engine.execute([{ op: "delete", table: "Radio", where }]);
  }

  #start(): OvsdbServer {
    const { clock, random, engine } = this;
    const log = Log.create({ name: "TEST", sink: nullSink, wallTime: () => 0 });
    return new OvsdbServer({ databases: [{ engine }], clock, random, log });
  }
}

function counted(transport: Transport, count: (bytes: number) => void): Transport {
  return {
    name: transport.name,
    peerCertificate: undefined,
    get waiting() {
      return transport.waiting;
    },
    start: (handlers) =>
      transport.start({
        ...handlers,
        data(chunk) {
          count(chunk.length);
          handlers.data(chunk);
        },
      }),
    write: (text) => transport.write(text),
    pause: () => transport.pause(),
    resume: () => transport.resume(),
    close: () => transport.close(),
    destroy: () => transport.destroy(),
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

/** What observers are told, as text. */
function record(replica: Replica<Home, "Radio">): string[] {
  const told: string[] = [];
  replica.onTransaction((changes) => {
    for (const { kind, old, new: now, changed } of changes) {
      told.push(`${kind} ${(now ?? old)?.name}${kind === "modify" ? ` ${[...changed].sort().join()}` : ""}`);
    }
  });
  return told;
}

describe("a client that reconnects", () => {
  it("keeps its replica over a lost connection and tells only the net differences", async () => {
    const network = new Network();
    for (const name of ["stays", "changes", "goes", "flaps"]) network.write({ name, channel: 1, tags: ["a", "b"] });
    const client = network.client("a");
    const replica = await client.replicate({ Radio: {} });
    const unchanged = replica.table("Radio").find((row) => row.name === "stays");
    const told = record(replica);
    network.cut();
    network.write({ name: "changes", channel: 6, tags: ["b", "c"] });
    network.write({ name: "flaps", channel: 2 });
    network.write({ name: "flaps", channel: 1 });
    network.write({ name: "comes", channel: 11 });
    network.write({ name: "short-lived" });
    network.remove("short-lived");
    network.remove("goes");
    await network.clock.advance(2000);
    await settled();
    assert.equal(client.status.state, "connected");
    const table = replica.table("Radio");
    const rows = [...table.rows.values()].map(({ name, channel, tags }) => `${name} ${channel} ${tags.join("")}`);
    assert.deepEqual(rows.sort(), ["changes 6 bc", "comes 11 ", "flaps 1 ab", "stays 1 ab"]);
    assert.equal(
      table.find((row) => row.name === "stays"),
      unchanged,
      "an unchanged row stays the same object",
    );
    assert.deepEqual(told.filter((line) => !/flaps|short-lived/.test(line)).sort(), [
      "delete goes",
      "insert comes",
      "modify changes channel,tags",
    ]);
  });

  it("downloads nothing anew where the server has a history", async () => {
    const network = new Network();
    for (let row = 0; row < 1000; row++) network.write({ name: `radio${row}`, tags: ["some", "tags"] });
    const client = network.client("a");
    const replica = await client.replicate({ Radio: {} });
    const whole = network.bytesToClient;
    assert.ok(whole > 50_000, `the first contents are large (${whole} bytes)`);
    network.write({ name: "radio1", channel: 6 });
    await settled();
    network.cut();
    network.write({ name: "radio2", channel: 11 });
    network.bytesToClient = 0;
    const told = record(replica);
    await network.clock.advance(2000);
    await settled();
    assert.deepEqual(told, ["modify radio2 channel"]);
    assert.ok(network.bytesToClient < 2000, `${network.bytesToClient} bytes came for one changed row`);
  });

  it("takes the differences itself from a server that was restarted and knows no history", async () => {
    const network = new Network();
    for (let row = 0; row < 10; row++) network.write({ name: `radio${row}`, channel: 1 });
    const client = network.client("a");
    const replica = await client.replicate({ Radio: { columns: ["name", "channel"] } });
    const told = record(replica);
    await network.restart();
    network.write({ name: "radio3", channel: 3 });
    network.write({ name: "radio4", tags: ["not", "watched"] });
    network.remove("radio5");
    await network.clock.advance(2000);
    await settled();
    assert.deepEqual(told.sort(), ["delete radio5", "modify radio3 channel"]);
    assert.equal(replica.table("Radio").rows.size, 9);
  });

  it("rejects a transaction at once while it is not connected, or waits as long as it is asked to", async () => {
    const network = new Network();
    const client = network.client("a");
    await settled();
    network.up.clear();
    network.cut();
    await settled();
    const build = () => client.transact((t) => t.insert("Radio", { name: "x" }));
    await assert.rejects(build(), { name: "ConnectionError", message: /not connected to a: .*closed the connection/ });
    const impatient = client.transact((t) => t.insert("Radio", { name: "y" }), { connectWithinMs: 100 });
    const patient = client.transact((t) => t.insert("Radio", { name: "z" }), { connectWithinMs: 60_000 });
    const late = assert.rejects(impatient, ConnectionError);
    await network.clock.advance(5000);
    await late;
    network.up.add("a");
    await network.clock.advance(30_000);
    await patient;
    assert.deepEqual(
      [...network.engine.rows("Radio").values()].map((row) => row.name),
      ["z"],
    );
  });

  it("never sends a transaction twice: one whose reply was lost rejects", async () => {
    const network = new Network();
    const client = network.client("a");
    await settled();
    const attempt = client.transact((t) => t.insert("Radio", { name: "once" }), { connectWithinMs: 60_000 });
    await Promise.resolve();
    network.cut();
    await assert.rejects(attempt, ConnectionError);
    await network.clock.advance(60_000);
    assert.ok(network.engine.rows("Radio").size <= 1);
  });

  it("pauses longer each time, with jitter and up to a bound, and begins anew after a good connection", async () => {
    const network = new Network();
    network.up.clear();
    const client = network.client("a");
    const pauses: number[] = [];
    client.onStatus((status: ConnectionStatus) => {
      if (status.state === "waiting") pauses.push(status.retryInMs);
    });
    await network.clock.advance(200_000);
    const bounds = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
    for (const [index, bound] of bounds.entries()) {
      const pause = pauses[index] ?? Number.NaN;
      assert.ok(pause >= bound / 2 && pause <= bound, `pause ${index} is ${pause}, not ${bound / 2} to ${bound}`);
    }
    assert.ok(new Set(pauses).size > 7, "no two pauses are alike");
    network.up.add("a");
    await network.clock.advance(40_000);
    assert.equal(client.status.state, "connected");
    network.up.clear();
    pauses.length = 0;
    network.cut();
    await settled();
    assert.ok((pauses[0] ?? Number.NaN) <= 1000);
  });

  it("does not hurry back to a server that accepts and closes at once", async () => {
    const network = new Network();
    network.client("a");
    for (let time = 0; time < 60_000; time += 500) {
      network.cut();
      await network.clock.advance(500);
    }
    assert.ok(network.dialled.length < 12, `dialled ${network.dialled.length} times in a minute`);
  });

  it("tries its endpoints in turn, and pauses only after all of them", async () => {
    const network = new Network();
    network.up.delete("a");
    network.up.delete("b");
    const client = network.client("a", "b", "c");
    await settled();
    assert.deepEqual(network.dialled, ["a", "b", "c"]);
    assert.deepEqual(client.status, { state: "connected", endpoint: "c" });
    await network.clock.advance(10_000);
    network.up.clear();
    network.cut();
    await settled();
    assert.deepEqual(network.dialled.slice(3), ["a", "b"]);
    assert.equal(client.status.state, "waiting");
  });

  it("waits with a replica that is asked for while there is no server yet", async () => {
    const network = new Network();
    network.up.clear();
    const client = network.client("a");
    network.write({ name: "r" });
    const asked = client.replicate({ Radio: {} });
    await network.clock.advance(10_000);
    network.up.add("a");
    await network.clock.advance(20_000);
    assert.equal((await asked).table("Radio").rows.size, 1);
  });

  it("follows no more what was cancelled, and after close nothing at all", async () => {
    const network = new Network();
    const client = network.client("a");
    const [one, two] = await Promise.all([client.replicate({ Radio: {} }), client.replicate({ Radio: {} })]);
    one.cancel();
    network.cut();
    await network.clock.advance(2000);
    network.write({ name: "r" });
    await settled();
    assert.deepEqual([one.table("Radio").rows.size, two.table("Radio").rows.size], [0, 1]);
    client.close();
    assert.equal(client.closed.aborted, true);
    assert.deepEqual(client.status, { state: "closed" });
    const dialled = network.dialled.length;
    await network.clock.advance(100_000);
    assert.equal(network.dialled.length, dialled);
    await assert.rejects(
      client.transact(() => {}, { connectWithinMs: 1000 }),
      /the client was closed/,
    );
    await assert.rejects(client.replicate({ Radio: {} }), /the client was closed/);
  });

  it("cuts off a server that is silent to its probe, and dials again", async () => {
    const { clock, random } = new Network();
    let dialled = 0;
    const silent: Endpoint = {
      name: "silent",
      dial: async () => {
        dialled++;
        return memoryTransportPair("far", "silent")[1];
      },
    };
    const client = new ReconnectingClient([silent], declaration, { clock, random, inactivityProbeMs: 1000 });
    await clock.advance(3500);
    assert.equal(dialled, 2);
    client.close();
  });

  it("says no to a replica that the server refuses, and stays connected", async () => {
    const network = new Network();
    const { clock, random } = network;
    const foreign = { ...declaration, name: "Foreign" };
    const client = new ReconnectingClient([network.endpoint("a")], foreign, { clock, random });
    await assert.rejects(client.replicate({ Radio: {} }), { name: "TransactionError", error: "unknown database" });
    await settled();
    assert.equal(client.status.state, "connected");
  });

  for (const known of [["monitor"], ["monitor", "monitor_cond"]]) {
    it(`does with ${known.join(" and ")} where the server has nothing better`, async () => {
      const clock = new VirtualClock();
      const asked: string[] = [];
      const row = { name: "r", channel: 1 };
      const answers: { [method: string]: JsonValue } = {
        get_schema: schemaToJson(schemaFromDeclaration(declaration)),
        monitor: { Radio: { "11111111-1111-4111-8111-111111111111": { new: row } } },
        monitor_cond: { Radio: { "11111111-1111-4111-8111-111111111111": { initial: row } } },
      };
      const old: Endpoint = {
        name: "old",
        dial: async () => {
          const [near, far] = memoryTransportPair("server", "client");
          const peer: JsonRpcPeer = new JsonRpcPeer(near, {
            clock,
            handlers: {
              request(method, _params, id) {
                asked.push(method);
                if (method === "get_schema" || known.includes(method)) peer.reply(id, answers[method] ?? null);
                else peer.replyError(id, { error: "unknown method" });
              },
              notification() {},
              closed() {},
            },
          });
          return far;
        },
      };
      const client = new ReconnectingClient([old], declaration, { clock, random: new SeededRandom(1) });
      const replica = await client.replicate({ Radio: {} });
      assert.equal([...replica.table("Radio").rows.values()][0]?.channel, 1);
      await client.replicate({ Radio: {} });
      assert.equal(asked.filter((method) => method === "monitor_cond_since").length, 1, "not asked for twice");
      assert.equal(asked.at(-1), known.at(-1));
      client.close();
    });
  }
});
