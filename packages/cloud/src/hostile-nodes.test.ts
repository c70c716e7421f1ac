/** Nodes that are not as they should be, beside one that is: what they cost is theirs alone. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "@opensync-ts/ovsdb/database";
import { memoryTransportPair } from "@opensync-ts/ovsdb/memory-transport";
import { RemoteClient } from "@opensync-ts/ovsdb/remote-client";
import { SchemaCache } from "@opensync-ts/ovsdb/schema-cache";
import { schemaFromJson } from "@opensync-ts/ovsdb/schema-json";
import { OvsdbServer } from "@opensync-ts/ovsdb/server";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import { openSync } from "@opensync-ts/schema/opensync";
import { openSyncSchemaJson } from "@opensync-ts/schema/schema-json";
import { Controller } from "./controller.ts";
import * as limits from "./limits.ts";
import { Location } from "./location.ts";
import { Locations } from "./locations.ts";
import { settle, TestNode, testHome } from "./test-node.ts";

class TestCloud {
  readonly clock = new VirtualClock();
  readonly ring = new LogRing(1000);
  readonly location = new Location(testHome());
  readonly #log = Log.create({ name: "CLOUD", sink: this.ring.sink, wallTime: () => 0 });
  readonly #schemas = new SchemaCache();
  readonly locations = new Locations(this.location);
  readonly #controller = new Controller({
    locations: this.locations,
    attach: (transport) =>
      RemoteClient.attach(transport, openSync, {
        clock: this.clock,
        maxMessageBytes: limits.nodeMessageBytes,
        maxReplicaBytes: limits.mirrorBytes,
        schemas: this.#schemas,
      }),
    clock: this.clock,
    log: this.#log,
  });

  /** The node's end of a new connection. */
  call(name = "test:1"): Transport {
    const [ours, theirs] = memoryTransportPair(name, "node");
    void this.#controller.accept(ours);
    return theirs;
  }

  /** A node with a database of its own. */
  serve(database: Database): void {
    const random = new SeededRandom(3);
    const server = new OvsdbServer({ databases: [{ engine: database }], clock: this.clock, random, log: this.#log });
    server.accept(this.call());
  }

  async settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) {
      await settle(this.clock);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get gateway() {
    const view = this.location.node("gateway");
    assert.ok(view);
    return view;
  }

  /** How many lines of the log say it. */
  lines(pattern: RegExp, only?: "WARNING"): number {
    const said = this.ring.records().filter(({ text }) => pattern.test(text));
    return said.filter(({ severity }) => only === undefined || severity === only).length;
  }
}

/** What a hostile peer sees of its connection. */
function watch(transport: Transport): { closed: boolean; heard: string } {
  const seen = { closed: false, heard: "" };
  transport.start({
    data: (chunk) => {
      seen.heard += Buffer.from(chunk).toString();
    },
    ended: () => transport.destroy(),
    drained() {},
    closed: () => {
      seen.closed = true;
    },
  });
  return seen;
}

/** The gateway is served while the others do what they do. */
async function besideAnHonestOne(misbehave: (cloud: TestCloud) => Promise<void>): Promise<TestCloud> {
  const cloud = new TestCloud();
  await misbehave(cloud);
  const node = await TestNode.boot();
  await node.obey();
  cloud.serve(node.database);
  await cloud.settled();
  assert.equal(cloud.gateway.state, "SETTLED");
  return cloud;
}

describe("a node that", () => {
  it("sends garbage is cut off, with a line that says so", async () => {
    const cloud = await besideAnHonestOne(async (cloud) => {
      const peer = cloud.call();
      const seen = watch(peer);
      await cloud.settled();
      peer.write("GET / HTTP/1.1\r\n\r\n");
      await cloud.settled();
      assert.equal(seen.closed, true);
    });
    assert.equal(cloud.lines(/not JSON-RPC: a JSON object was expected/, "WARNING"), 1);
    const [caller, another] = cloud.locations.callers;
    assert.deepEqual([caller?.id, caller?.peer, another], [null, "test:1", undefined]);
    assert.match(caller?.reason ?? "", /^not JSON-RPC: a JSON object was expected/);
  });

  it("comes again and again with garbage is one line a while and one caller, wherever else garbage comes from", async () => {
    const events: string[] = [];
    const cloud = await besideAnHonestOne(async (cloud) => {
      cloud.locations.events.on("event", ({ kind }) => events.push(kind));
      const garbage = async (name: string) => {
        const peer = cloud.call(name);
        watch(peer);
        peer.write("nonsense");
        await settle(cloud.clock);
      };
      for (let n = 0; n < 20; n++) await garbage(`tcp:192.0.2.1:${40_000 + n}`);
      assert.deepEqual([cloud.lines(/192\.0\.2\.1.*not JSON-RPC/), cloud.locations.callers.length], [1, 1]);
      for (let n = 0; n < 2 * limits.troubleLines; n++) await garbage(`tcp:192.0.3.${n}:1`);
      assert.equal(cloud.lines(/not JSON-RPC/), limits.troubleLines);
      assert.equal(cloud.locations.callers.length, limits.rememberedNamelessCallers);
      await cloud.clock.advance(limits.troubleSilenceMs);
      await garbage("tcp:192.0.2.1:50000");
      assert.equal(
        cloud.lines(/192\.0\.2\.1:50000: refused: .* \(and 19 times more since the last line\)/, "WARNING"),
        1,
      );
      assert.equal(cloud.lines(/101 lines about troubles were left out/, "WARNING"), 1);
    });
    assert.equal(events.filter((kind) => kind === "stranger").length, limits.troubleLines + 1);
    assert.equal(cloud.lines(/nonsense/), 0);
  });

  it("sends a reply without end is cut off at the bound of a message", async () => {
    let sent = 0;
    const cloud = await besideAnHonestOne(async (cloud) => {
      const peer = cloud.call();
      const seen = watch(peer);
      await cloud.settled();
      peer.write('{"id":1,"error":null,"result":{"AWLAN_Node":{"');
      const piece = "x".repeat(64 * 1024);
      for (; !seen.closed && sent < 4 * limits.nodeMessageBytes; sent += piece.length) {
        peer.write(piece);
        await settle(cloud.clock);
      }
      assert.equal(seen.closed, true);
    });
    assert.ok(sent <= limits.nodeMessageBytes + 128 * 1024, `${sent} bytes were taken`);
    assert.equal(cloud.lines(/message longer than/, "WARNING"), 1);
  });

  it("adds rows without end is cut off at the bound of its mirror", async () => {
    let rows = 0;
    const cloud = await besideAnHonestOne(async (cloud) => {
      const peer = cloud.call();
      const seen = watch(peer);
      await cloud.settled();
      peer.write('{"id":1,"error":null,"result":{}}');
      await cloud.settled();
      while (!seen.closed && rows < 100_000) {
        const updates: Record<string, unknown> = {};
        for (let row = 0; row < 500; row++, rows++) {
          const uuid = `00000000-0000-4000-8000-${rows.toString(16).padStart(12, "0")}`;
          updates[uuid] = { new: { mac: `m${rows}`, key_id: "" } };
        }
        peer.write(JSON.stringify({ id: null, method: "update", params: [1, { Wifi_Associated_Clients: updates }] }));
        await cloud.settled();
      }
      assert.equal(seen.closed, true);
    });
    assert.ok(rows * 256 < limits.mirrorBytes + 500 * 512, `${rows} rows were taken`);
    assert.equal(cloud.lines(/its tables take more than/, "WARNING"), 1);
  });

  it("never answers is answered itself, and asked to come again after the deadline", async () => {
    const cloud = await besideAnHonestOne(async (cloud) => {
      const peer = cloud.call();
      const seen = watch(peer);
      peer.write('{"method":"echo","params":["alive"],"id":"e"}');
      await cloud.settled();
      assert.match(seen.heard, /\{"id":"e","result":\["alive"\]/);
      await cloud.clock.advance(limits.mirrorMs);
      await cloud.settled();
      assert.equal(seen.closed, true);
    });
    assert.equal(cloud.lines(/no answer within|no reply to monitor/, "WARNING"), 1);
  });

  it("stops in the middle of a message costs its place for a while, not the others theirs", async () => {
    const cloud = await besideAnHonestOne(async (cloud) => {
      for (let peers = 0; peers < 3 * limits.firstCopies; peers++) {
        const peer = cloud.call();
        watch(peer);
        peer.write('{"id":1,"error":null,"resu');
      }
      await cloud.settled();
      // The places of those that were first, then of those that came after them.
      for (let round = 0; round < 3; round++) {
        await cloud.clock.advance(limits.mirrorMs);
        await cloud.settled();
      }
    });
    assert.equal(cloud.gateway.counters.refused, 0);
  });

  it("lacks columns and tables is given the rest, and what it lacks is refused with the reason", async () => {
    const cloud = new TestCloud();
    const json = structuredClone(openSyncSchemaJson()) as unknown as {
      tables: Record<string, { columns: Record<string, unknown> }>;
    };
    for (const table of ["Wifi_VIF_Config", "Wifi_VIF_State"]) delete json.tables[table]?.columns.pmf;
    delete json.tables.Openflow_Tag;
    delete json.tables.Client_Freeze_Config;
    const older = new Database(schemaFromJson(json as unknown as Parameters<typeof schemaFromJson>[0]), {
      random: new SeededRandom(1),
    });
    const node = TestNode.of(older);
    await node.start();
    await node.obey();
    cloud.serve(older);
    await cloud.settled();
    const { counters, rows } = cloud.gateway;
    assert.deepEqual([counters.transactions, counters.refused], [1, 0]);
    const refused = rows.filter(({ status }) => status === "refused");
    assert.deepEqual(
      refused.map(({ id }) => id),
      ["home-ap-24", "home-ap-50", "home-ap-60"].map((name) => `Wifi_VIF_Config ${name} pmf`),
    );
    assert.match(refused[0]?.reason ?? "", /the node's schema has no column pmf in Wifi_VIF_Config/);
    assert.equal(rows.find(({ id }) => id === "Wifi_VIF_Config home-ap-24")?.status, "proven");
  });
});
