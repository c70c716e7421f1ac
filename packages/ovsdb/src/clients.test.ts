import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Client, ConnectionError, TransactionError } from "./client.ts";
import { Database } from "./database.ts";
import {
  boolean,
  database,
  enumeration,
  integer,
  map,
  NamedUuid,
  optional,
  type RowOf,
  real,
  reference,
  set,
  string,
  table,
} from "./declare.ts";
import { LocalClient } from "./local-client.ts";
import { memoryTransportPair } from "./memory-transport.ts";
import { JsonRpcError } from "./pending-requests.ts";
import { RemoteClient } from "./remote-client.ts";
import { type DatabaseSchema, schemaFromDeclaration } from "./schema.ts";
import { OvsdbServer } from "./server.ts";
import { nextTurn } from "./test-server.ts";

const declaration = database({
  name: "Home",
  version: "1.0.0",
  tables: {
    Radio: table({
      isRoot: true,
      indexes: [["name"]],
      columns: {
        name: string(),
        band: enumeration("", "2.4G", "5G"),
        channel: optional(integer({ min: 1, max: 233 })),
        power: real(),
        enabled: boolean(),
        tags: set(string()),
        options: map(string(), string()),
        vifs: set(reference("Vif")),
      },
    }),
    Vif: table({ columns: { ssid: string() } }),
  },
});
type Home = typeof declaration;

interface Setup {
  readonly database: Database;
  readonly server: OvsdbServer;
  readonly clock: VirtualClock;
  client(): Client<Home>;
}

function setup(
  kind: "local" | "remote",
  durable?: () => Promise<void>,
  schema: DatabaseSchema = schemaFromDeclaration(declaration),
): Setup {
  const clock = new VirtualClock();
  const random = new SeededRandom(7);
  const engine = new Database(schema, { random });
  const log = Log.create({ name: "TEST", sink: nullSink, wallTime: () => 0 });
  const server = new OvsdbServer({ databases: [{ engine, durable }], clock, random, log });
  return {
    database: engine,
    server,
    clock,
    client() {
      if (kind === "local") return new LocalClient<Home>({ engine, durable });
      const [near, far] = memoryTransportPair("server", "client");
      server.accept(near);
      return RemoteClient.attach(far, declaration, { clock });
    },
  };
}

for (const kind of ["local", "remote"] as const) {
  describe(`a ${kind} client`, () => {
    it("writes typed rows and reads them back typed", async () => {
      const client = setup(kind).client();
      const replica = await client.replicate({ Radio: {} });
      await client.transact((t) => {
        t.insert("Radio", {
          name: "wifi0",
          band: "5G",
          channel: 36,
          power: 20.5,
          tags: ["b", "a"],
          options: { k: "v" },
        });
      });
      await nextTurn();
      const radio = replica.table("Radio").find((row) => row.name === "wifi0") as RowOf<Home, "Radio">;
      const { _uuid, _version, ...values } = radio;
      assert.deepEqual(values, {
        name: "wifi0",
        band: "5G",
        channel: 36,
        power: 20.5,
        enabled: false,
        tags: ["a", "b"],
        options: new Map([["k", "v"]]),
        vifs: [],
      });
    });

    it("gives the uuids of inserted rows and the counts of changed ones", async () => {
      const { client, database } = setup(kind);
      let vif = new NamedUuid("none");
      const result = await client().transact(
        (t) => {
          vif = t.insert("Vif", { ssid: "home" });
          t.insert("Radio", { name: "wifi0", vifs: [vif] });
          t.update("Radio", [["name", "==", "wifi0"]], { enabled: true });
          t.update("Radio", [["name", "==", "none"]], { enabled: true });
        },
        { comment: "a comment does not shift the counts" },
      );
      const [radio] = database.rows("Radio").values();
      assert.deepEqual([...database.rows("Vif").keys()], [result.uuid(vif)]);
      assert.deepEqual(radio?.vifs, [result.uuid(vif)]);
      assert.deepEqual(
        [0, 1, 2, 3].map((operation) => result.count(operation)),
        [1, 1, 1, 0],
      );
    });

    it("unsets with null, leaves out what is left out, and mutates", async () => {
      const { client: connect, database } = setup(kind);
      const client = connect();
      await client.transact((t) =>
        t.insert("Radio", { name: "wifi0", channel: 6, power: 1, tags: ["a"], options: { x: "1", y: "2" } }),
      );
      await client.transact((t) => {
        t.update("Radio", [], { channel: null });
        t.mutate(
          "Radio",
          [["name", "==", "wifi0"]],
          [
            ["tags", "insert", ["b"]],
            ["options", "delete", { x: "1" }],
          ],
        );
      });
      const [radio] = database.rows("Radio").values();
      assert.equal(radio?.channel, null);
      assert.equal(radio?.power, 1);
      assert.deepEqual(radio?.tags, ["a", "b"]);
      assert.deepEqual(radio?.options, new Map([["y", "2"]]));
    });

    for (const [what, build, error, operation] of [
      ["a broken constraint", { channel: 999 }, "constraint violation", 1],
      ["a wrong type", { channel: "six" as unknown as number }, "syntax error", 1],
    ] as const) {
      it(`rejects ${what} with the database's word and the operation's place, and writes nothing`, async () => {
        const { client, database } = setup(kind);
        const attempt = client().transact(
          (t) => {
            t.insert("Radio", { name: "good" });
            t.insert("Radio", { name: "bad", ...build });
          },
          { comment: "x" },
        );
        await assert.rejects(
          attempt,
          (thrown) => thrown instanceof TransactionError && thrown.error === error && thrown.operation === operation,
        );
        assert.equal(database.rows("Radio").size, 0);
      });
    }

    it("rejects what the database finds at commit", async () => {
      const attempt = setup(kind)
        .client()
        .transact((t) => {
          t.insert("Radio", { name: "same" });
          t.insert("Radio", { name: "same" });
        });
      await assert.rejects(attempt, { name: "TransactionError", error: "constraint violation" });
    });

    it("guards a transaction with what it expects", async () => {
      const client = setup(kind).client();
      await client.transact((t) => t.insert("Radio", { name: "wifi0", channel: 1 }));
      const guarded = (channel: number) =>
        client.transact((t) => {
          t.expect("Radio", [["name", "==", "wifi0"]], [{ channel }]);
          t.update("Radio", [], { channel: 6 });
        });
      await assert.rejects(guarded(2), { name: "TransactionError", error: "timed out" });
      await guarded(1);
      await assert.rejects(guarded(1), { error: "timed out" });
      await client.transact((t) => t.expect("Radio", [["name", "==", "other"]], []));
    });

    it("resolves a durable transaction after the storage has synced", async () => {
      const order: string[] = [];
      const durable = async () => {
        await nextTurn();
        order.push("synced");
      };
      await setup(kind, durable)
        .client()
        .transact((t) => t.insert("Radio", { name: "a" }), { durable: true });
      order.push("resolved");
      assert.deepEqual(order, ["synced", "resolved"]);
    });

    it("follows changes of anybody, each transaction at once, with old and new rows", async () => {
      const { client: connect } = setup(kind);
      const [watcher, writer] = [connect(), connect()];
      await writer.transact((t) => t.insert("Radio", { name: "before" }));
      const replica = await watcher.replicate({ Radio: {}, Vif: {} });
      assert.equal(replica.table("Radio").rows.size, 1);
      const transactions: string[][] = [];
      const kinds: string[] = [];
      replica.onTransaction((changes) => {
        transactions.push(changes.map(({ table, kind }) => `${kind} ${table}`));
      });
      replica.table("Radio").onChange((change) => {
        const changed = change.kind === "modify" ? [...change.changed].join() : "";
        kinds.push(`${change.kind} ${change.old?.name} ${change.new?.name} ${changed}`.trim());
      });
      await writer.transact((t) => {
        const vif = t.insert("Vif", { ssid: "x" });
        t.insert("Radio", { name: "wifi0", vifs: [vif] });
      });
      await writer.transact((t) => t.update("Radio", [["name", "==", "wifi0"]], { channel: 6, enabled: true }));
      await writer.transact((t) => t.delete("Radio", [["name", "==", "wifi0"]]));
      await nextTurn();
      assert.deepEqual(
        transactions.map((names) => names.sort()),
        [["insert Radio", "insert Vif"], ["modify Radio"], ["delete Radio", "delete Vif"]],
      );
      assert.deepEqual(kinds, [
        "insert undefined wifi0",
        "modify wifi0 wifi0 channel,enabled",
        "delete wifi0 undefined",
      ]);
      assert.equal(replica.table("Radio").rows.size, 1);
    });

    it("does not tell of changes in columns that were not asked for", async () => {
      const client = setup(kind).client();
      await client.transact((t) => t.insert("Radio", { name: "wifi0" }));
      const replica = await client.replicate({ Radio: { columns: ["name", "channel"] } });
      let changes = 0;
      replica.table("Radio").onChange(() => changes++);
      await client.transact((t) => t.update("Radio", [], { power: 3 }));
      await client.transact((t) => t.update("Radio", [], { channel: 3 }));
      await nextTurn();
      assert.equal(changes, 1);
    });

    it("delivers changes after the writer's turn, so that a listener may write in turn", async () => {
      const client = setup(kind).client();
      const replica = await client.replicate({ Radio: {} });
      const seen: (number | null)[] = [];
      replica.table("Radio").onChange(({ new: row }) => {
        if (!row) return;
        seen.push(row.channel);
        const next = (row.channel ?? 0) + 1;
        if (next <= 5) void client.transact((t) => t.update("Radio", [], { channel: next }));
      });
      const done = client.transact((t) => t.insert("Radio", { name: "wifi0", channel: 1 }));
      assert.deepEqual(seen, []);
      await done;
      for (let i = 0; i < 20; i++) await nextTurn();
      assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    });

    it("shows what comes into a table that was empty in the map that was taken of it then", async () => {
      const client = setup(kind).client();
      const table = (await client.replicate({ Radio: {} })).table("Radio");
      const { rows } = table;
      assert.deepEqual([rows.size, table.size, table.find(() => true)], [0, 0, undefined]);
      await client.transact((t) => t.insert("Radio", { name: "a" }));
      await nextTurn();
      assert.deepEqual([rows.size, table.size, rows === table.rows], [1, 1, true]);
    });

    it("stops following a cancelled replica, whose copy stays", async () => {
      const client = setup(kind).client();
      const replica = await client.replicate({ Radio: {} });
      await client.transact((t) => t.insert("Radio", { name: "a" }));
      await nextTurn();
      replica.cancel();
      await client.transact((t) => t.insert("Radio", { name: "b" }));
      await nextTurn();
      assert.deepEqual(
        [...replica.table("Radio").rows.values()].map((row) => row.name),
        ["a"],
      );
    });

    it("is closed by close, and then refuses", async () => {
      const client = setup(kind).client();
      client.close();
      await nextTurn();
      assert.equal(client.closed.aborted, true);
      assert.ok(client.closed.reason instanceof ConnectionError);
      await assert.rejects(
        client.transact(() => {}),
        ConnectionError,
      );
      await assert.rejects(client.replicate({ Radio: {} }), ConnectionError);
    });
  });
}

describe("a local client", () => {
  it("shares the database's own row objects", async () => {
    const { client: connect, database } = setup("local");
    const client = connect();
    const replica = await client.replicate({ Radio: {} });
    await client.transact((t) => t.insert("Radio", { name: "a" }));
    const [row] = database.rows("Radio").values();
    assert.equal([...replica.table("Radio").rows.values()][0], row);
  });
});

describe("a remote client", () => {
  it("does without tables and columns that an older peer lacks", async () => {
    const older = database({
      name: "Home",
      version: "0.9.0",
      tables: { Radio: table({ isRoot: true, columns: { name: string(), channel: optional(integer()) } }) },
    });
    const { client: connect } = setup("remote", undefined, schemaFromDeclaration(older));
    const client = connect();
    const replica = await client.replicate({ Radio: {}, Vif: {} });
    await client.transact((t) => t.insert("Radio", { name: "wifi0", channel: 6, enabled: true }));
    await nextTurn();
    const [radio] = replica.table("Radio").rows.values();
    assert.equal(radio?.channel, 6);
    assert.equal("enabled" in (radio ?? {}), false);
    assert.equal(replica.table("Vif").rows.size, 0);
    await assert.rejects(
      client.transact((t) => t.insert("Vif", { ssid: "x" })),
      /No table named Vif/,
    );
  });

  it("reads values that the declaration does not foresee", async () => {
    const wider = database({
      name: "Home",
      version: "2.0.0",
      tables: { Radio: table({ isRoot: true, columns: { name: string(), band: string(), channel: integer() } }) },
    });
    const { client: connect, database: peer } = setup("remote", undefined, schemaFromDeclaration(wider));
    peer.execute([{ op: "insert", table: "Radio", row: { name: "r", band: "60G", channel: 999 } }]);
    const replica = await connect().replicate({ Radio: {} });
    const [radio] = replica.table("Radio").rows.values();
    assert.deepEqual([radio?.band as string, radio?.channel], ["60G", 999]);
  });

  it("offers requests that have no typed form, and fails them at their deadline", async () => {
    const { client, clock } = setup("remote");
    const remote = client() as RemoteClient<Home>;
    assert.deepEqual(await remote.request("list_dbs", []), ["Home", "_Server"]);
    await assert.rejects(
      remote.request("nope", []),
      (error) => error instanceof JsonRpcError && /unknown method/.test(error.message),
    );
    const [, far] = memoryTransportPair();
    const unanswered = RemoteClient.attach(far, declaration, { clock, requestTimeoutMs: 100 });
    const attempt = assert.rejects(unanswered.request("list_dbs", []), /no reply to list_dbs within 100 ms/);
    await clock.advance(100);
    await attempt;
  });

  it("answers the server's echo, and cuts off a peer that does not answer its own", async () => {
    const { client, clock, server } = setup("remote");
    const [near, far] = memoryTransportPair("server", "client");
    const session = server.accept(near);
    RemoteClient.attach(far, declaration, { clock });
    assert.deepEqual(await session?.peer.request("echo", ["x"]), ["x"]);
    void client;

    const alive = memoryTransportPair("server", "alive");
    server.accept(alive[0]);
    const probing = RemoteClient.attach(alive[1], declaration, { clock, inactivityProbeMs: 1000 });
    const [, silent] = memoryTransportPair("server", "silent");
    const cut = RemoteClient.attach(silent, declaration, { clock, inactivityProbeMs: 1000 });
    await clock.advance(1999);
    assert.equal(cut.closed.aborted, false);
    await clock.advance(1);
    await nextTurn();
    assert.match(String(cut.closed.reason), /silent: no response to inactivity probe after 1 seconds, disconnecting/);
    await clock.advance(10_000);
    assert.equal(probing.closed.aborted, false);
  });

  it("rejects a transaction whose reply the lost connection took along", async () => {
    const { client: connect, server } = setup("remote");
    const client = connect();
    await client.replicate({ Radio: {} });
    const attempt = client.transact((t) => t.insert("Radio", { name: "a" }));
    void server.close();
    await assert.rejects(attempt, ConnectionError);
  });
});
