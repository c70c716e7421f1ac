/**
 * A node whose line fails while it is written to: the controller does not know what has become of its transaction, asks what there is,
 * and goes on from there. `OPENSYNC_SEEDS` plays more stories than the usual ones.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Datum, Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { RemoteClient } from "@opensync-ts/ovsdb/remote-client";
import { SchemaCache } from "@opensync-ts/ovsdb/schema-cache";
import { OvsdbServer } from "@opensync-ts/ovsdb/server";
import { openSync } from "@opensync-ts/schema/opensync";
import fc from "fast-check";
import { Controller } from "./controller.ts";
import { type Home, parseHome } from "./home.ts";
import * as limits from "./limits.ts";
import { Location } from "./location.ts";
import { Locations } from "./locations.ts";
import { configTables, keyOf, rowId } from "./rows.ts";
import { homeText, testPsk } from "./test-home.ts";
import { TestNode } from "./test-node.ts";
import { type Fault, type FlakyLine, flakyLine } from "./testing/flaky-line.ts";

const { OPENSYNC_SEEDS = "40" } = process.env;
const second = 1_000;
/** Fewer than make the controller believe that the node cannot bear what it is given. */
const mostFaults = limits.breakerDisconnects - 1;
const stations = ["02:00:00:00:0e:50", "02:00:00:00:0e:51"];

/** One of many homes: rows in every table that has no unique index, references of radios, tunnels in a bridge. */
function homeOf(number: number): Home {
  const has = (bit: number) => (number & (1 << bit)) !== 0;
  const keys = [{ id: "key", psk: testPsk }, ...(has(0) ? [{ id: "key-1", psk: "the guests' key" }] : [])];
  const parts = {
    nodes: [
      { id: "gateway", role: "gateway" },
      ...stations
        .slice(0, has(1) ? 2 : 1)
        .map((station, index) => ({ id: `leaf-${index}`, role: "extender", uplink: "wifi", stations: [station] })),
    ],
    lan: {
      address: "192.168.40.1",
      dhcp: {
        start: "192.168.40.100",
        stop: "192.168.40.200",
        reservations: [
          ...(has(2) ? [{ mac: "02:00:00:00:00:01", address: "192.168.40.10", name: "printer" }] : []),
          ...(has(3) ? [{ mac: "02:00:00:00:00:02", address: "192.168.40.11" }] : []),
        ],
      },
    },
    backhaul: { ssid: has(4) ? "Between" : "Between all", psk: "between the nodes" },
    forwards: has(2) ? [{ protocol: "both", port: 8080, to: "192.168.40.10" }] : [],
    devices: has(3) ? [{ mac: "02:00:00:00:00:02", nickname: "laptop" }] : [],
    stats: { client: { sampling: 5, reporting: has(4) ? 60 : 30 } },
  };
  const bands = has(5) ? ["2.4G"] : has(0) ? ["2.4G", "5G"] : ["5G", "6G"];
  return parseHome(homeText(parts, { ssid: has(1) ? "One" : "Two", bands }, { keys }), "home");
}

const schemas = new SchemaCache();

/** A gateway that comes again whenever its line is gone, and its controller. */
class Line {
  readonly clock = new VirtualClock();
  readonly location: Location;
  readonly node: TestNode;
  /** Transactions whose reply the controller has not seen: whether the node had committed them by then. */
  readonly lost: { readonly committed: boolean }[] = [];
  /** Rows that there were too many of, and access points without a radio, at any moment. */
  readonly wrong = new Set<string>();
  readonly #faults: Fault[];
  readonly #server: OvsdbServer;
  readonly #controller: Controller;
  #line: FlakyLine | undefined;
  #called = 0;

  private constructor(home: Home, faults: readonly Fault[], node: TestNode) {
    this.location = new Location(home);
    this.node = node;
    this.#faults = [...faults];
    let version = 0;
    node.database.onCommit(() => {
      version++;
      for (const row of [...duplicates(node), ...orphans(node)]) this.wrong.add(row);
    });
    let before = 0;
    this.location.events.on("event", (event) => {
      if (event.kind !== "state") return;
      if (event.to === "WRITING") before = version;
      if (event.from === "WRITING" && event.to === "CLOSED") this.lost.push({ committed: version > before });
    });
    const { clock } = this;
    const log = Log.create({ name: "TEST", sink: new LogRing(200).sink, wallTime: () => 0 });
    const random = new SeededRandom(5);
    this.#server = new OvsdbServer({ databases: [{ engine: node.database }], clock, random, log });
    this.#controller = new Controller({
      locations: new Locations(this.location),
      attach: (transport) =>
        RemoteClient.attach(transport, openSync, { clock, inactivityProbeMs: limits.inactivityProbeMs, schemas }),
      broker: { host: "192.0.2.2", port: 8883, tls: true },
      clock,
      log,
    });
  }

  /** Each fault is that of one connection, in their order; what is left of them in the end does not happen. */
  static async open(home: Home, faults: readonly Fault[]): Promise<Line> {
    const node = await TestNode.boot({ bridge: "br-home" });
    await node.client.transact((transaction) => {
      const uplink = { if_name: "eth0", if_type: "eth", NAT: true, enabled: true, network: true } as const;
      transaction.insert("Wifi_Inet_Config", uplink);
      for (const [index, hwaddr] of stations.entries())
        transaction.insert("DHCP_leased_IP", { hwaddr, inet_addr: `169.254.5.${index + 2}` });
    });
    await node.obey();
    const line = new Line(home, faults, node);
    line.call();
    return line;
  }

  /** The node calls its controller. */
  call(): void {
    const line = flakyLine(this.clock, `tcp:192.0.2.1:${40_000 + this.#called++}`, this.#faults.shift());
    this.#line = line;
    void line.gone.then(() => this.clock.setTimer(second, () => this.call()));
    this.#server.accept(line.node);
    void this.#controller.accept(line.controller);
  }

  /** Ends the connection, as a reboot of the controller does. */
  hangUp(): void {
    this.#line?.node.destroy();
  }

  get calls(): number {
    return this.#called;
  }

  /** Nothing goes wrong any more; after a while all that was on its way has come to its end. */
  async calm(): Promise<void> {
    this.#faults.length = 0;
    this.#line?.mend();
    await this.clock.advance(150 * second);
  }

  get gateway() {
    const view = this.location.node("gateway");
    assert.ok(view);
    return view;
  }

  async close(): Promise<void> {
    await this.#controller.stop();
  }
}

/** All that is configured, with names in place of identities, in an order of its own. */
function configuration(node: TestNode): readonly string[] {
  const nameOf = new Map<Uuid, string>();
  for (const table of configTables)
    for (const row of node.all(table)) nameOf.set(row._uuid, `${table} ${row.if_name ?? row.name ?? ""}`);
  const plain = (value: Datum): unknown => {
    if (value instanceof Map) return [...value].map(([key, entry]) => `${key}=${entry}`).sort();
    if (Array.isArray(value)) return value.map((member) => nameOf.get(member as Uuid) ?? member).sort();
    return value;
  };
  const text = (table: string, row: Row) =>
    `${table} ${JSON.stringify(
      Object.entries(row)
        .flatMap(([column, value]) => (column.startsWith("_") ? [] : [[column, plain(value)]]))
        .sort(),
    )}`;
  return configTables.flatMap((table) => node.all(table).map((row) => text(table, row))).sort();
}

/** Rows that there are more than one of. */
function duplicates(node: TestNode): readonly string[] {
  return configTables.flatMap((table) => {
    const ids = node.all(table).map((row) => rowId(table, keyOf(table, row)));
    return ids.filter((id, index) => ids.indexOf(id) < index);
  });
}

/** Access points that no radio carries. */
function orphans(node: TestNode): readonly string[] {
  const carried = new Set(node.all("Wifi_Radio_Config").flatMap(({ vif_configs }) => vif_configs as readonly Uuid[]));
  return node
    .all("Wifi_VIF_Config")
    .flatMap(({ _uuid, if_name }) => (carried.has(_uuid) ? [] : [`${if_name} on no radio`]));
}

const cleanly = new Map<number, readonly string[]>();

/** What a node has whose line is good. */
async function configurationOf(home: number): Promise<readonly string[]> {
  const known = cleanly.get(home);
  if (known) return known;
  const line = await Line.open(homeOf(home), []);
  await line.calm();
  assert.equal(line.gateway.state, "SETTLED", line.gateway.pending ?? "");
  assert.equal(line.gateway.counters.transactions, 1);
  const found = configuration(line.node);
  cleanly.set(home, found);
  await line.close();
  return found;
}

/** The node is given one home after the other, each after a while (ms), while its line fails; in the end all is as it should be. */
async function play(homes: readonly (readonly [number, number])[], faults: readonly Fault[]): Promise<Line> {
  const [first = [0, 0], ...more] = homes;
  const line = await Line.open(homeOf(first[0]), faults);
  for (const [home, wait] of more) {
    await line.clock.advance(wait);
    line.location.setHome(homeOf(home));
  }
  await line.clock.advance(45 * second);
  await line.calm();
  const last = homes.at(-1)?.[0] ?? 0;
  assert.equal(line.gateway.state, "SETTLED", line.gateway.pending ?? "");
  assert.deepEqual([...line.wrong], []);
  assert.deepEqual(configuration(line.node), await configurationOf(last));
  const { calls } = line;
  line.hangUp();
  await line.clock.advance(5 * second);
  assert.equal(line.calls, calls + 1);
  assert.deepEqual([line.gateway.state, line.gateway.counters.writes], ["SETTLED", 0]);
  await line.close();
  return line;
}

/** The second home wants rows that the first does not, and no other change, whose guard would keep them out as well. */
const onlyMore = [
  [0, 0],
  [0b001000, second],
] as const;

const kinds = [
  { kind: "cut", ms: 0 },
  { kind: "silent", ms: 0 },
  // The controller waits for it, and does not.
  { kind: "late", ms: 3 * second },
  { kind: "late", ms: limits.transactionMs + 500 },
  { kind: "late", ms: limits.transactionMs + 2 * second },
] as const;

describe("a node whose line fails", () => {
  it("at any one message is as stated in the end, without a row too many and with nothing more to write", async () => {
    const lost: boolean[] = [];
    for (const on of ["request", "reply"] as const) {
      for (const { kind, ms } of kinds) {
        for (let at = 0; at < 4; at++) {
          const fault = { kind, on, at, ms };
          const [given, added] = [await play([[0b011111, 0]], [fault]), await play(onlyMore, [fault])];
          lost.push(...[...given.lost, ...added.lost].map(({ committed }) => committed));
        }
      }
    }
    assert.ok(lost.includes(true) && lost.includes(false), "both have been the case");
  });

  it("again and again, while its home changes, likewise", async () => {
    const fault = fc.record({
      how: fc.constantFrom(...kinds),
      on: fc.constantFrom("request" as const, "reply" as const),
      at: fc.integer({ min: 0, max: 4 }),
    });
    const home = fc.tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 20 * second }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(home, { minLength: 1, maxLength: 4 }),
        fc.array(fault, { maxLength: mostFaults }),
        async (homes, faults) => {
          await play(
            homes,
            faults.map(({ how, on, at }) => ({ ...how, on, at })),
          );
        },
      ),
      { numRuns: Number(OPENSYNC_SEEDS), seed: 1 },
    );
  });
});
