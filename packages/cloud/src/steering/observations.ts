/**
 * What reports tell of the clients of one location, as the optimiser wants to know it: where they are, how well they are
 * heard there and elsewhere, what they move, and whether they are in use. Bounded; the client not heard of for the longest time goes first.
 */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { ClientRecord, ClientsReport } from "@opensync-ts/telemetry/clients";
import type { Band } from "@opensync-ts/telemetry/names";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import * as limits from "./limits.ts";
import type { SnapshotClient } from "./optimiser/snapshot.ts";

/** An access point by what reports call it: node, band, and SSID or interface; undefined where there is none such. */
export interface AccessPoints {
  bySsid(node: string, band: Band, ssid: string): Mac | undefined;
  byInterface(node: string, ifName: string): Mac | undefined;
}

/** What is known of one client, as plain JSON, so that it outlives a restart. */
export interface SavedObservation {
  readonly bssid: Mac | null;
  readonly since: number;
  readonly at: number;
  readonly snrDb: number | null;
  readonly linkMbps: number | null;
  readonly mbps: number;
  readonly typicalMbps: number;
  readonly heard: readonly ({ readonly bssid: Mac } & Heard)[];
}

interface Heard {
  readonly snrDb: number;
  readonly at: number;
  readonly by: "link" | "beacon" | "probe";
}

interface Activity {
  readonly from: number;
  readonly to: number;
  /** Fewer than 200 PPDUs a minute. */
  readonly quiet: boolean;
}

interface Observed {
  bssid: Mac | null;
  since: number;
  at: number;
  snrDb: number | null;
  linkMbps: number | null;
  mbps: number;
  typicalMbps: number;
  activity: readonly Activity[];
  readonly heard: Map<Mac, Heard>;
}

/** A client of which its access point has told nothing for so long has left it, and that was not heard of. */
const staleMs = 150_000;
const quietPpdus = 200;
const quietMs = 180_000;
/** Reports do not come on the second. */
const quietSlackMs = 5_000;
/** From so much on a client is in use, and what it moves is typical for it. */
const inUseMbps = 0.1;
const smoothing = 0.2;

export class Observations {
  readonly #accessPoints: AccessPoints;
  readonly #clients = new Map<Mac, Observed>();

  constructor(accessPoints: AccessPoints) {
    this.#accessPoints = accessPoints;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** `intervalMs`: what a record is of that does not say how long it was connected. */
  takeClients(node: string, report: ClientsReport, intervalMs: number): void {
    for (const record of report.clients) {
      const mac = parseMac(record.mldMac ?? record.mac);
      const bssid = this.#accessPoints.bySsid(node, report.band, record.ssid);
      if (mac !== undefined && bssid !== undefined)
        this.#takeRecord(mac, bssid, record, report.timestampMs, intervalMs);
    }
  }

  /** Probe requests tell how well a client would be heard where it is not. */
  takeSteering(node: string, report: SteeringReport): void {
    for (const { mac: link, mldMac, bands } of report.clients) {
      const mac = parseMac(mldMac ?? link);
      if (mac === undefined) continue;
      for (const { ifName, events } of bands) {
        const bssid = this.#accessPoints.byInterface(node, ifName);
        if (bssid === undefined) continue;
        for (const event of events) {
          if (event.type !== "PROBE" || event.snrDb <= 0) continue;
          this.#hear(this.#client(mac), bssid, {
            snrDb: event.snrDb,
            at: report.timestampMs - event.offsetMs,
            by: "probe",
          });
        }
      }
    }
  }

  /** What the client itself has measured, dB over the noise as its access points would hear it. */
  takeBeacon(mac: Mac, bssid: Mac, snrDb: number, at: number): void {
    this.#hear(this.#client(mac), bssid, { snrDb, at, by: "beacon" });
  }

  save(mac: Mac): SavedObservation | undefined {
    const observed = this.#clients.get(mac);
    if (!observed) return undefined;
    const { activity: _, heard, ...rest } = observed;
    return { ...rest, heard: [...heard].map(([bssid, each]) => ({ bssid, ...each })) };
  }

  /** Of a client that nothing is known of yet. Whether it is idle is to be seen again. */
  restore(mac: Mac, { heard, ...rest }: SavedObservation): void {
    if (this.#clients.has(mac)) return;
    const all = heard.slice(0, limits.heardPerClient).map(({ bssid, ...each }) => [bssid, each] as const);
    Object.assign(this.#client(mac), { ...rest, heard: new Map(all) });
  }

  forget(mac: Mac): void {
    this.#clients.delete(mac);
  }

  /** What a snapshot says of a client that is observed; the rest is for others to say. */
  client(
    mac: Mac,
  ):
    | Pick<
        SnapshotClient,
        "mac" | "bssid" | "since" | "at" | "snrDb" | "linkMbps" | "mbps" | "typicalMbps" | "idle" | "heard"
      >
    | undefined {
    const observed = this.#clients.get(mac);
    if (!observed) return undefined;
    const { bssid, since, at, snrDb, linkMbps, mbps, typicalMbps, activity, heard } = observed;
    return {
      ...{ mac, bssid, since, at, snrDb, linkMbps, mbps, typicalMbps, idle: idleOf(activity) },
      heard: [...heard].map(([each, { snrDb: snr, at: when, by }]) => ({ bssid: each, snrDb: snr, at: when, by })),
    };
  }

  #takeRecord(mac: Mac, bssid: Mac, record: ClientRecord, at: number, intervalMs: number): void {
    const client = this.#client(mac);
    const { connected, connectOffsetMs, disconnectOffsetMs, stats } = record;
    const since = connectOffsetMs === undefined ? null : at - connectOffsetMs;
    if (!connected) {
      const left = at - (disconnectOffsetMs ?? 0);
      if (client.bssid === bssid && left >= client.since)
        Object.assign(client, { bssid: null, since: left, at, mbps: 0, snrDb: null });
      return;
    }
    if (client.bssid !== bssid) {
      // It was there before it was where it is known to be now; unless nobody tells of that any more.
      const isStale = at - client.at > Math.max(staleMs, 2 * intervalMs);
      if (client.bssid !== null && (since ?? 0) <= client.since && !isStale) return;
      Object.assign(client, { bssid, since: since ?? at, linkMbps: null, activity: [] });
    } else if (since !== null && since > client.since) client.since = since;
    if (at < client.at) return;
    const ms = record.durationMs > 0 ? record.durationMs : intervalMs;
    const mbps = ms > 0 ? ((stats.rxBytes + stats.txBytes) * 8) / ms / 1000 : 0;
    client.at = at;
    client.mbps = mbps;
    client.snrDb = stats.snrDb > 0 ? stats.snrDb : null;
    client.linkMbps = stats.txRateMbps > 0 ? stats.txRateMbps : null;
    if (mbps >= inUseMbps) {
      client.typicalMbps += client.typicalMbps === 0 ? mbps : (mbps - client.typicalMbps) * smoothing;
    }
    if (ms > 0)
      client.activity = addActivity(client.activity, {
        from: at - ms,
        to: at,
        quiet: ppdusOf(record) * 60_000 < quietPpdus * ms,
      });
    if (client.snrDb !== null) {
      const before = client.heard.get(bssid);
      const snrDb = before?.by === "link" ? before.snrDb + (client.snrDb - before.snrDb) * smoothing : client.snrDb;
      this.#hear(client, bssid, { snrDb, at, by: "link" });
    }
  }

  #hear(client: Observed, bssid: Mac, heard: Heard): void {
    const before = client.heard.get(bssid);
    // A link tells more than a probe request, as long as it is not out of date.
    if (
      before &&
      (before.at > heard.at || (before.by === "link" && heard.by === "probe" && heard.at - before.at < 3_600_000))
    )
      return;
    client.heard.delete(bssid);
    client.heard.set(bssid, heard);
    for (const oldest of client.heard.keys()) {
      if (client.heard.size <= limits.heardPerClient) break;
      client.heard.delete(oldest);
    }
  }

  /** Most recently heard of last. */
  #client(mac: Mac): Observed {
    const known = this.#clients.get(mac) ?? {
      ...{ bssid: null, since: 0, at: 0, snrDb: null, linkMbps: null, mbps: 0, typicalMbps: 0, activity: [] },
      heard: new Map<Mac, Heard>(),
    };
    this.#clients.delete(mac);
    this.#clients.set(mac, known);
    for (const oldest of this.#clients.keys()) {
      if (this.#clients.size <= limits.clients) break;
      this.#clients.delete(oldest);
    }
    return known;
  }
}

/** Nodes that do not count PPDUs count frames, of which there are no fewer. */
function ppdusOf({ rx, tx, stats }: ClientRecord): number {
  const counted = [...rx, ...tx].reduce((sum, { ppdus }) => sum + ppdus, 0);
  return counted > 0 ? counted : stats.rxFrames + stats.txFrames;
}

function addActivity(activity: readonly Activity[], latest: Activity): readonly Activity[] {
  return [...activity, latest].filter(({ to }) => latest.to - to < quietMs).slice(-limits.heardPerClient);
}

/** Null while three minutes have not been seen whole. */
function idleOf(activity: readonly Activity[]): boolean | null {
  const [first] = activity;
  const last = activity.at(-1);
  if (!first || !last) return null;
  if (activity.some(({ quiet }) => !quiet)) return false;
  return last.to - first.from >= quietMs - quietSlackMs ? true : null;
}
