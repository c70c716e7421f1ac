import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import { database, optional, string, table } from "./declare.ts";
import { clientLimits } from "./limits.ts";
import { memoryTransportPair } from "./memory-transport.ts";
import { allOf } from "./peer-schema.ts";
import { RemoteClient } from "./remote-client.ts";
import { type DatabaseSchema, schemaFromDeclaration, schemaFromJson, schemaToJson } from "./schema.ts";
import { SchemaCache } from "./schema-cache.ts";
import { OvsdbServer } from "./server.ts";
import type { Transport } from "./transport.ts";

const declaration = database({
  name: "Home",
  version: "2.0.0",
  tables: {
    Radio: table({ isRoot: true, columns: { name: string(), country: optional(string()), note: optional(string()) } }),
    Vif: table({ isRoot: true, columns: { ssid: string() } }),
  },
});
const current = schemaFromDeclaration(declaration);
/** Without `Radio.country`, and without `Vif`. */
const older = without(current, ["country"], ["Vif"]);

function without(schema: DatabaseSchema, columns: readonly string[], tables: readonly string[]): DatabaseSchema {
  const json = structuredClone(schemaToJson(schema)) as {
    tables: Record<string, { columns: Record<string, unknown> }>;
  };
  for (const name of tables) delete json.tables[name];
  for (const column of columns) delete json.tables.Radio?.columns[column];
  return schemaFromJson(json as unknown as Parameters<typeof schemaFromJson>[0]);
}

class Peer {
  readonly #clock = new VirtualClock();
  readonly database: Database;
  /** Methods that it was asked, in order. */
  readonly asked: string[] = [];
  readonly #server: OvsdbServer;

  constructor(schema: DatabaseSchema) {
    const random = new SeededRandom(5);
    this.database = new Database(schema, { random });
    const log = Log.create({ name: "TEST", sink: nullSink, wallTime: () => 0 });
    this.#server = new OvsdbServer({ databases: [{ engine: this.database }], clock: this.#clock, random, log });
  }

  connect(schemas: SchemaCache, certificate?: string): RemoteClient<typeof declaration> {
    const [ours, theirs] = memoryTransportPair();
    this.#server.accept(theirs);
    const peerCertificate = certificate ? { commonName: "", issuer: "", fingerprint: certificate } : undefined;
    const transport: Transport = {
      name: ours.name,
      peerCertificate,
      get waiting() {
        return ours.waiting;
      },
      start: (handlers) => ours.start(handlers),
      write: (text, bytes) => {
        this.asked.push(...[...text.matchAll(/"method":"(\w+)"/g)].map(([, method]) => method ?? ""));
        ours.write(text, bytes);
      },
      pause: () => ours.pause(),
      resume: () => ours.resume(),
      close: () => ours.close(),
      destroy: () => ours.destroy(),
    };
    return RemoteClient.attach(transport, declaration, { clock: this.#clock, schemas });
  }

  get schemaRequests(): number {
    return this.asked.filter((method) => method === "get_schema").length;
  }

  insert(table: string, row: Record<string, string>): void {
    this.database.execute([{ op: "insert", table, row }]);
  }
}

describe("schemas of peers", () => {
  it("are not asked for where a peer has all that is asked for", async () => {
    const peer = new Peer(current);
    peer.insert("Radio", { name: "wifi0" });
    const client = peer.connect(new SchemaCache());
    const mirror = await client.replicate({ Radio: {}, Vif: {} });
    await client.transact((transaction) => transaction.update("Radio", [], { country: "US" }));
    assert.equal(mirror.table("Radio").find(() => true)?.name, "wifi0");
    assert.deepEqual(peer.asked, ["monitor", "transact"]);
    assert.equal(mirror.lacks("Vif") || mirror.lacks("Radio", "country"), false);
  });

  it("are asked for once, where many peers lack the same", async () => {
    const schemas = new SchemaCache();
    const [first, second] = [new Peer(older), new Peer(older)];
    const mirrors = [];
    for (const peer of [first, second]) {
      peer.insert("Radio", { name: "wifi0" });
      const client = peer.connect(schemas);
      mirrors.push(await client.replicate({ Radio: {}, Vif: {} }));
      await client.transact((transaction) => transaction.update("Radio", [], { country: "US", note: "seen" }));
      assert.equal([...peer.database.rows("Radio").values()][0]?.note, "seen");
    }
    assert.deepEqual([first.schemaRequests, second.schemaRequests], [1, 0]);
    assert.equal(schemas.size, 2, "this one, and the whole one");
    for (const mirror of mirrors) {
      assert.deepEqual(
        [mirror.lacks("Vif"), mirror.lacks("Radio"), mirror.lacks("Radio", "country")],
        [true, false, true],
      );
      assert.equal(mirror.lacks("Radio", "note"), false);
    }
  });

  it("are asked for anew of a peer that has been upgraded", async () => {
    const schemas = new SchemaCache();
    await new Peer(older).connect(schemas, "AA").replicate({ Radio: {}, Vif: {} });
    const upgraded = new Peer(without(current, [], ["Vif"]));
    upgraded.insert("Radio", { name: "wifi0", country: "US" });
    const mirror = await upgraded.connect(schemas, "AA").replicate({ Radio: {}, Vif: {} });
    assert.equal(mirror.table("Radio").find(() => true)?.country, "US");
    assert.deepEqual([mirror.lacks("Vif"), mirror.lacks("Radio", "country")], [true, false]);
    assert.equal(upgraded.schemaRequests, 1);
  });

  it("are asked for before a column is written that nobody has asked for", async () => {
    const peer = new Peer(older);
    const client = peer.connect(new SchemaCache());
    await client.replicate({ Radio: { columns: ["name"] } });
    assert.equal(peer.schemaRequests, 0);
    await client.transact((transaction) => {
      transaction.expect("Radio", [["name", "==", "wifi0"]], []);
      transaction.insert("Radio", { name: "wifi0", country: "US", note: "new" });
    });
    assert.equal(peer.schemaRequests, 1);
    assert.equal([...peer.database.rows("Radio").values()][0]?.note, "new");
  });

  it("ends no monitor that is wanted, and leaves none that is not", async () => {
    const schemas = new SchemaCache();
    schemas.met(undefined, { ...allOf, lacksColumns: new Map([["Radio", new Set(["country"])]]) });
    const peer = new Peer(current);
    const mirror = await peer.connect(schemas).replicate({ Radio: {} });
    const seen: string[] = [];
    mirror.table("Radio").onChange(({ new: row }) => seen.push(row?.country ?? ""));
    peer.insert("Radio", { name: "wifi0", country: "US" });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(seen, ["US"]);
    assert.equal(peer.asked.filter((method) => method === "monitor_cancel").length, 1);
  });

  it("are forgotten, the oldest first, beyond a bound", () => {
    const schemas = new SchemaCache();
    for (let index = 0; index < 2 * clientLimits.maxKnownSchemas; index++) {
      schemas.met(`peer ${index}`, { ...allOf, lacksTables: new Set([`Table ${index}`]) });
    }
    assert.equal(schemas.size, clientLimits.maxKnownSchemas);
    assert.equal(schemas.guesses(undefined).length, clientLimits.schemaGuesses);
  });
});
