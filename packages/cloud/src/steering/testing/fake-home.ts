/** For tests: the tables and the reports of a home of two nodes, without nodes: who is where is what the test says. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Datum, Row, Uuid } from "@opensync-ts/ovsdb/datum";
import type { ClientRecord } from "@opensync-ts/telemetry/clients";
import { emptyReport, type StatsReport } from "@opensync-ts/telemetry/report";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import { checkHome, type Home } from "../../home.ts";
import { plan } from "../../reconcile.ts";
import { steeringTables, type TableReader } from "../../rows.ts";
import type { Store } from "../../store/store.ts";
import { LocationSteering, type LocationSteeringOptions } from "../loop/location-steering.ts";

export const minute = 60_000;
export const nodeIds = ["gw", "ext"] as const;
export type NodeId = (typeof nodeIds)[number];
export type FakeBand = "2.4G" | "5G";
export const bands = ["2.4G", "5G"] as const;

export function bssidOf(node: NodeId, band: FakeBand): Mac {
  return mac(`0a:00:00:00:0${node === "gw" ? 1 : 2}:${band === "5G" ? 50 : 24}`);
}

const channels = { gw: { "2.4G": 1, "5G": 36 }, ext: { "2.4G": 11, "5G": 149 } } as const;

export interface FakeClient {
  readonly node: NodeId;
  readonly band: FakeBand;
  readonly snrDb: number;
  readonly bytes?: number;
}

export function homeDocument(parts: object = {}): Home {
  const keys = [{ id: "key", psk: "the family's key" }];
  return checkHome(
    {
      name: "Home",
      nodes: [
        { id: "gw", role: "gateway" },
        { id: "ext", role: "extender" },
      ],
      networks: [{ ssid: "Home", security: { mode: "wpa2", keys } }],
      ...parts,
    },
    "test",
  );
}

/** The tables of one node. */
class FakeTables {
  readonly #rows = new Map<string, Map<Uuid, Row>>();
  #next = 0;
  writes = 0;

  readonly reader: TableReader = (table) => this.#rows.get(table) ?? new Map();

  insert(table: string, columns: Readonly<Record<string, Datum>>): Uuid {
    const uuid = `${table}-${++this.#next}` as Uuid;
    const rows = this.#rows.get(table) ?? new Map<Uuid, Row>();
    this.#rows.set(table, rows);
    rows.set(uuid, { ...columns, _uuid: uuid } as Row);
    return uuid;
  }

  find(table: Parameters<TableReader>[0], column: string, value: Datum): Row | undefined {
    return [...this.reader(table).values()].find((row) => row[column] === value);
  }

  set(table: Parameters<TableReader>[0], uuid: Uuid, columns: Readonly<Record<string, Datum>>): void {
    const row = this.#rows.get(table)?.get(uuid);
    if (row) this.#rows.get(table)?.set(uuid, { ...row, ...columns } as Row);
  }

  delete(table: string, uuid: Uuid): void {
    this.#rows.get(table)?.delete(uuid);
  }
}

export class FakeHome {
  readonly clock: VirtualClock;
  readonly log = new LogRing(2_000);
  readonly clients = new Map<Mac, FakeClient>();
  /** How well clients that go where they are asked to go are heard there. */
  readonly obedient = new Map<Mac, number>();
  /** Nodes that have no session. */
  readonly away = new Set<NodeId>();
  /** Nodes that publish nothing. */
  readonly mute = new Set<NodeId>();
  /** Time that nodes' clocks are ahead of the cloud's, ms. */
  skew = 0;
  home = homeDocument();
  steering: LocationSteering;
  readonly #options: LocationSteeringOptions;
  readonly #tables = new Map<NodeId, FakeTables>();
  /** Who has come and gone since the last reports. */
  #news: {
    readonly mac: Mac;
    readonly at: number;
    readonly from: FakeClient | undefined;
    readonly to: FakeClient | null;
  }[] = [];
  readonly #events = new Map<NodeId, { mac: Mac; band: FakeBand; event: SteeringEvent }[]>();

  constructor(store: Store, location: string, options: Partial<LocationSteeringOptions> & { epoch?: number } = {}) {
    this.clock = new VirtualClock(options.epoch);
    const { clock } = this;
    for (const id of nodeIds) this.#tables.set(id, this.#boot(id));
    this.#options = {
      ...{ location, store, clock, random: new SeededRandom(1) },
      log: Log.create({ name: "CLOUD", sink: this.log.sink, wallTime: () => clock.wallTime() }),
      home: () => this.home,
      nodes: { rows: (node) => this.#rows(node as NodeId) },
      ...options,
    };
    this.steering = new LocationSteering(this.#options);
  }

  /** Another cloud, of the same store. */
  async restart(offMs = 0): Promise<void> {
    await this.steering.stop();
    await this.clock.advance(offMs);
    this.steering = new LocationSteering(this.#options);
    await this.start();
  }

  async start(): Promise<void> {
    await this.steering.start();
    this.steering.onChange((node) => this.bring(node as NodeId));
    for (const id of nodeIds) this.bring(id);
  }

  tables(node: NodeId): FakeTables {
    return this.#tables.get(node) as FakeTables;
  }

  row(node: NodeId, client: Mac): Row | undefined {
    return this.tables(node).find("Band_Steering_Clients", "mac", client);
  }

  /** As its session does: what differs is written. */
  bring(node: NodeId): void {
    const wanted = this.#rows(node) && this.steering.steering(node);
    if (!wanted) return;
    const tables = this.tables(node);
    for (const change of plan(wanted.rows, tables.reader)) {
      if (!(steeringTables as readonly string[]).includes(change.table)) continue;
      tables.writes++;
      if (change.kind === "insert") tables.insert(change.table, { cs_state: null, ...change.row });
      if (change.kind === "update") tables.set(change.table, change.uuid, change.row);
      if (change.kind === "delete") tables.delete(change.table, change.uuid);
    }
    this.#obey(node);
  }

  /** Somebody is elsewhere, or nowhere. */
  put(client: Mac, place: FakeClient | null, row: Readonly<Record<string, Datum>> = {}): void {
    const before = this.clients.get(client);
    this.#news.push({ mac: client, at: this.clock.wallTime(), from: before, to: place });
    if (place) this.clients.set(client, place);
    else this.clients.delete(client);
    for (const node of nodeIds) {
      for (const band of bands) {
        const tables = this.tables(node);
        const vif = tables.find("Wifi_VIF_State", "mac", bssidOf(node, band));
        const there = tables.find("Wifi_Associated_Clients", "mac", client);
        if (!vif) continue;
        const joined = (vif.associated_clients as readonly Uuid[]).filter((uuid) => uuid !== there?._uuid);
        const isHere = place?.node === node && place.band === band;
        const wasHere = before?.node === node && before.band === band;
        if (isHere && wasHere && there) continue;
        if (wasHere && there) tables.delete("Wifi_Associated_Clients", there._uuid);
        const columns = {
          mac: client,
          key_id: "key",
          mld_addr: null,
          capabilities: ["11n", "11ac"],
          wpa_key_mgmt: null,
        };
        if (isHere) joined.push(tables.insert("Wifi_Associated_Clients", { ...columns, ...row }));
        tables.set("Wifi_VIF_State", vif._uuid, { associated_clients: joined });
        if (isHere || wasHere) this.steering.rowsChanged(node);
      }
    }
  }

  lease(client: Mac, columns: Readonly<Record<string, Datum>>): void {
    this.tables("gw").insert("DHCP_leased_IP", { hwaddr: client, inet_addr: "192.168.40.9", ...columns });
    this.steering.rowsChanged("gw");
  }

  happens(node: NodeId, band: FakeBand, client: Mac, event: SteeringEvent): void {
    this.#events.set(node, [...(this.#events.get(node) ?? []), { mac: client, band, event }]);
  }

  /** Minutes pass; at the end of each, nodes report. */
  async pass(minutes: number, each: (at: number) => void = () => undefined): Promise<void> {
    for (let count = 0; count < minutes; count++) {
      // Writing takes no time of this clock, so that little of it may pass meanwhile.
      for (let second = 0; second < 60; second += 3) {
        await this.clock.advance(3_000);
        await this.steering.settled();
      }
      each(this.clock.wallTime());
      this.report();
      await this.clock.advance(0);
    }
  }

  /** What nodes would report now. */
  capture(take: (report: StatsReport) => void): void {
    for (const node of nodeIds) take(this.#report(node));
  }

  report(): void {
    for (const node of nodeIds) {
      if (this.mute.has(node)) continue;
      const report = this.#report(node);
      const nothing = new Uint8Array();
      this.steering.take({ kind: "stats", node, topic: "stats", payload: nothing, bytes: nothing, report });
    }
    this.#news = [];
  }

  #rows(node: NodeId): TableReader | undefined {
    return this.away.has(node) ? undefined : this.#tables.get(node)?.reader;
  }

  #boot(node: NodeId): FakeTables {
    const tables = new FakeTables();
    for (const [index, band] of bands.entries()) {
      const ifName = `wifi${index}`;
      const channel = channels[node][band];
      const state = { channel, ht_mode: band === "5G" ? "HT80" : "HT20", hw_mode: "11ax", tx_chainmask: 3 };
      tables.insert("Wifi_Radio_State", {
        if_name: ifName,
        freq_band: band,
        enabled: true,
        allowed_channels: [],
        ...state,
      });
      tables.insert("Wifi_VIF_State", {
        ...{ if_name: `home-ap-${band === "5G" ? 50 : 24}`, mode: "ap", enabled: true, mac: bssidOf(node, band) },
        ...{ ssid: "Home", channel, associated_clients: [], parent: null, mld_addr: null },
      });
    }
    return tables;
  }

  /** What the node does about its rows, as deployed ones do. */
  #obey(node: NodeId): void {
    const tables = this.tables(node);
    for (const row of [...tables.reader("Band_Steering_Clients").values()]) {
      this.#kick(node, row);
      const armed = row.cs_mode === "home" || row.cs_mode === "away";
      if (armed && row.cs_state === null) {
        tables.set("Band_Steering_Clients", row._uuid, { cs_state: "steering" });
        this.steering.rowsChanged(node);
        this.bring(node);
        return;
      }
      if (!armed && row.cs_state === "steering") tables.set("Band_Steering_Clients", row._uuid, { cs_state: "none" });
    }
  }

  #kick(node: NodeId, { mac: address, force_kick: kick, sc_btm_params: params }: Row): void {
    const client = address as Mac;
    const snrDb = this.obedient.get(client);
    const target = params instanceof Map ? params.get("bssid") : undefined;
    if (kick !== "directed" || snrDb === undefined || this.clients.get(client)?.node !== node) return;
    const places = nodeIds.flatMap((id) => bands.map((band) => ({ node: id, band, snrDb })));
    const place = places.find((each) => bssidOf(each.node, each.band) === target);
    if (place) this.clock.setTimer(3_000, () => this.put(client, place));
  }

  #report(node: NodeId): StatsReport {
    const at = this.clock.wallTime() + this.skew;
    const events = this.#events.get(node) ?? [];
    this.#events.delete(node);
    const noCounts = { rejects: 0, connects: 0, disconnects: 0, activityChanges: 0, steeringSuccesses: 0 };
    const noKicks = { steeringFailures: 0, steeringKicks: 0, stickyKicks: 0, broadcastProbes: 0 };
    return {
      ...emptyReport(node),
      clients: bands.map((band) => ({
        ...{ band, timestampMs: at, channel: channels[node][band], uplinkType: "", uplinkChanged: false },
        clients: [...this.#left(node, band, at), ...this.#present(node, band, at)],
      })),
      surveys: bands.map((band) => ({
        ...({ band, surveyType: "on-chan", reportType: "raw", timestampMs: at } as const),
        samples: [
          {
            ...{ channel: channels[node][band], durationMs: 1000, offsetMs: 0, busyPercent: this.busy(node, band) },
            ...{ busyTxPercent: 5, busyRxPercent: 5, busySelfPercent: 5, busyExtPercent: 0 },
          },
        ],
      })),
      steering: [
        {
          timestampMs: at,
          clients: events.map(({ mac: client, band, event }) => ({
            mac: client,
            bands: [
              {
                band,
                ifName: `home-ap-${band === "5G" ? 50 : 24}`,
                connected: true,
                ...noCounts,
                ...noKicks,
                events: [event],
              },
            ],
          })),
        },
      ],
    };
  }

  #present(node: NodeId, band: FakeBand, at: number): ClientRecord[] {
    const here = [...this.clients].filter(([, place]) => place.node === node && place.band === band);
    return here.map(([client, { snrDb, bytes = 0 }]) => {
      const came = this.#news.find(({ mac: each, to }) => each === client && to?.node === node && to.band === band);
      return {
        ...record(client, snrDb, bytes),
        ...(came && { connectCount: 1, connectOffsetMs: at - this.skew - came.at }),
      };
    });
  }

  #left(node: NodeId, band: FakeBand, at: number): ClientRecord[] {
    const gone = this.#news.filter(({ from, to }) => {
      const isOther = to?.node !== node || to.band !== band;
      return from?.node === node && from.band === band && isOther;
    });
    return gone.map(({ mac: client, at: left }) => ({
      ...{ ...record(client, 0, 0), connected: false, durationMs: 0 },
      disconnectOffsetMs: at - this.skew - left,
    }));
  }

  /** Percent. */
  busy: (node: NodeId, band: FakeBand) => number = () => 20;
}

function record(client: Mac, snrDb: number, bytes: number): ClientRecord {
  return {
    ...{
      mac: client.toUpperCase(),
      ssid: "Home",
      connected: true,
      connectCount: 0,
      disconnectCount: 0,
      durationMs: minute,
    },
    stats: {
      ...{ rxBytes: 0, txBytes: bytes, rxFrames: 0, txFrames: Math.ceil(bytes / 1500), rxRetries: 0, txRetries: 0 },
      ...{
        rxErrors: 0,
        txErrors: 0,
        rxRateMbps: 0,
        txRateMbps: 100,
        snrDb,
        rxRatePerceivedMbps: 0,
        txRatePerceivedMbps: 0,
      },
    },
    ...{ rx: [], tx: [], tids: [], uapsd: 0 },
  };
}
