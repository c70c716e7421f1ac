import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Change, Client } from "./client.ts";
import { Database } from "./database.ts";
import {
  database,
  enumeration,
  integer,
  integer64,
  map,
  optional,
  type RowOf,
  real,
  set,
  string,
  table,
} from "./declare.ts";
import { LocalClient } from "./local-client.ts";
import { memoryTransportPair } from "./memory-transport.ts";
import { ReconnectingClient } from "./reconnecting-client.ts";
import { RemoteClient } from "./remote-client.ts";
import { schemaFromDeclaration } from "./schema.ts";
import { OvsdbServer } from "./server.ts";
import { nextTurn } from "./test-server.ts";
import { upsert } from "./upsert.ts";

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
        channel: optional(integer()),
        power: optional(real()),
        tags: set(string()),
        options: map(string(), string()),
        one: map(string(), integer(), { max: 1 }),
        bytes: integer64(),
      },
    }),
  },
});
type Home = typeof declaration;
type Radio = RowOf<Home, "Radio">;
type Kind = "local" | "remote" | "reconnecting";

function setup(kind: Kind): { client: Client<Home>; engine: Database } {
  const clock = new VirtualClock();
  const random = new SeededRandom(7);
  const engine = new Database(schemaFromDeclaration(declaration), { random });
  if (kind === "local") return { engine, client: new LocalClient<Home>({ engine }) };
  const log = Log.create({ name: "TEST", sink: nullSink, wallTime: () => 0 });
  const server = new OvsdbServer({ databases: [{ engine }], clock, random, log });
  const dial = () => {
    const [near, far] = memoryTransportPair("server", "client");
    server.accept(near);
    return far;
  };
  if (kind === "remote") return { engine, client: RemoteClient.attach(dial(), declaration, { clock }) };
  const endpoint = { name: "server", dial: async () => dial() };
  return { engine, client: new ReconnectingClient([endpoint], declaration, { clock, random }) };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

for (const kind of ["local", "remote", "reconnecting"] as const) {
  describe(`records of a ${kind} client`, () => {
    /** A client with one radio, replicated. */
    async function withRadio() {
      const { client, engine } = setup(kind);
      const replica = await client.replicate({ Radio: {} });
      await client.transact((t) =>
        t.insert("Radio", {
          name: "wifi0",
          channel: 6,
          power: 20.5,
          tags: ["a", "b"],
          options: { x: "1", y: "2" },
          one: { k: 1 },
        }),
      );
      await settled();
      const radios = replica.table("Radio");
      const radio = () => radios.find(() => true) as Radio;
      const changes: Change<Radio>[] = [];
      radios.onChange((change) => changes.push(change));
      return { client, engine, radios, radio, changes };
    }

    it("write only what is present: a column left out, or undefined, stays as it is", async () => {
      const { client, radio, changes } = await withRadio();
      await client.transact((t) => t.update("Radio", [], { channel: 11, power: undefined } as { channel: number }));
      await settled();
      assert.deepEqual([radio().channel, radio().power, radio().name], [11, 20.5, "wifi0"]);
      assert.deepEqual([...(changes[0]?.changed ?? [])], ["channel"]);
    });

    it("unset an optional column with null: present, and yet not existing", async () => {
      const { client, radio, changes } = await withRadio();
      await client.transact((t) => t.update("Radio", [], { channel: null }));
      await settled();
      assert.equal(radio().channel, null);
      const [change] = changes;
      assert.ok(change?.kind === "modify" && change.changed.has("channel") && !change.changed.has("power"));
      assert.deepEqual([change.old.channel, change.new.channel], [6, null]);
    });

    it("insert what is left out as its default, and say of all columns that they changed", async () => {
      const { client, radios, changes } = await withRadio();
      await client.transact((t) => t.insert("Radio", { name: "wifi1" }));
      await settled();
      const row = radios.find(({ name }) => name === "wifi1") as Radio;
      assert.deepEqual([row.channel, row.band, row.tags, row.options, row.bytes], [null, "", [], new Map(), 0]);
      assert.deepEqual([...(changes[0]?.changed ?? [])].sort(), [
        "band",
        "bytes",
        "channel",
        "name",
        "one",
        "options",
        "power",
        "tags",
      ]);
    });

    it("do not change when they are written what they hold", async () => {
      const { client, changes } = await withRadio();
      await client.transact((t) =>
        t.update("Radio", [], { channel: 6, tags: ["b", "a"], options: { y: "2", x: "1" } }),
      );
      await settled();
      assert.deepEqual(changes, []);
    });

    it("add to sets and maps, take out of them, and put values under keys", async () => {
      const { client, radio } = await withRadio();
      const all = [["name", "==", "wifi0"]] as const;
      await client.transact((t) => {
        t.insertInto("Radio", all, "tags", ["c", "a"]);
        t.insertInto("Radio", all, "tags", "d");
        t.removeFrom("Radio", all, "tags", ["b"]);
        t.insertInto("Radio", all, "options", { x: "ignored", z: "3" });
        t.removeFrom("Radio", all, "options", { y: "another" });
      });
      await settled();
      assert.deepEqual(radio().tags, ["a", "c", "d"]);
      assert.deepEqual(
        radio().options,
        new Map([
          ["x", "1"],
          ["y", "2"],
          ["z", "3"],
        ]),
      );
      await client.transact((t) => {
        t.putInto("Radio", all, "options", { x: "new", w: "0" });
        t.removeFrom("Radio", all, "options", ["y", "unknown"]);
        t.putInto("Radio", all, "one", new Map([["k", 2]]));
      });
      await settled();
      assert.deepEqual(
        radio().options,
        new Map([
          ["w", "0"],
          ["x", "new"],
          ["z", "3"],
        ]),
      );
      assert.deepEqual(radio().one, new Map([["k", 2]]));
      await client.transact((t) => t.update("Radio", all, { one: { other: 3 } }));
      await settled();
      assert.deepEqual(radio().one, new Map([["other", 3]]));
    });

    it("keep 64-bit integers exact", async () => {
      const { client, radio } = await withRadio();
      for (const bytes of [9007199254740991, 9007199254740993n, -(2n ** 63n)]) {
        await client.transact((t) => t.update("Radio", [], { bytes }));
        await settled();
        assert.equal(radio().bytes, bytes);
      }
    });

    it("are told to observers by row", async () => {
      const { client, radio, radios } = await withRadio();
      const told: string[] = [];
      const stop = radios.onRow(radio()._uuid, ({ kind, old, new: now }) => {
        told.push(`${kind} ${old?.channel} ${now?.channel}`);
      });
      await client.transact((t) => t.insert("Radio", { name: "other" }));
      await client.transact((t) => t.update("Radio", [], { channel: 1 }));
      await client.transact((t) => t.delete("Radio", [["name", "==", "wifi0"]]));
      await settled();
      assert.deepEqual(told, ["modify 6 1", "delete 1 undefined"]);
      stop();
    });

    it("are told to observers by column, with its old and new value", async () => {
      const { client, radios } = await withRadio();
      const told: unknown[][] = [];
      const stop = radios.onColumn("channel", ({ old, new: now, row }) => {
        told.push([row.kind, old, now]);
      });
      await client.transact((t) => t.update("Radio", [], { power: 1 }));
      await client.transact((t) => t.update("Radio", [], { channel: 11 }));
      await client.transact((t) => t.update("Radio", [], { channel: null }));
      await client.transact((t) => t.insert("Radio", { name: "other" }));
      await client.transact((t) => t.delete("Radio", [["name", "==", "wifi0"]]));
      await settled();
      assert.deepEqual(told, [
        ["modify", 6, 11],
        ["modify", 11, null],
        ["insert", undefined, null],
        ["delete", null, undefined],
      ]);
      stop();
      await client.transact((t) => t.update("Radio", [], { channel: 1 }));
      await settled();
      assert.equal(told.length, 4);
    });

    it("are updated by an upsert where they exist, else inserted with key and values", async () => {
      const { client, radios, engine } = await withRadio();
      assert.deepEqual(await upsert(client, "Radio", { name: "wifi0" }, { channel: 36 }), { kind: "updated" });
      const inserted = await upsert(client, "Radio", { name: "wifi1" }, { channel: 40, band: "5G" });
      await settled();
      assert.ok(inserted.kind === "inserted");
      const row = radios.rows.get(inserted.uuid);
      assert.deepEqual([row?.name, row?.channel, row?.band], ["wifi1", 40, "5G"]);
      assert.equal(engine.rows("Radio").size, 2);
      await assert.rejects(upsert(client, "Radio", {}, { channel: 1 }), /names no column/);
    });

    it("are inserted once by upserts that race", async () => {
      const { client, engine } = await withRadio();
      const kinds = await Promise.all(
        [1, 2, 3, 4, 5].map(async (channel) => (await upsert(client, "Radio", { name: "new" }, { channel })).kind),
      );
      assert.deepEqual(kinds.sort(), ["inserted", "updated", "updated", "updated", "updated"]);
      assert.equal(engine.rows("Radio").size, 2);
    });
  });
}

/** What the types promise; checked by the compiler. */
export function typed(client: Client<Home>): Promise<unknown> {
  return client.transact((t) => {
    t.insertInto("Radio", [], "tags", "x");
    // @ts-expect-error: a scalar is no set
    t.insertInto("Radio", [], "name", "x");
    // @ts-expect-error: the members are strings
    t.insertInto("Radio", [], "tags", [1]);
    // @ts-expect-error: a set has no keys
    t.putInto("Radio", [], "tags", { a: "b" });
    // @ts-expect-error: no such column
    t.update("Radio", [], { chanel: 1 });
    // @ts-expect-error: a scalar cannot be unset
    t.update("Radio", [], { name: null });
  });
}
