/** All that is known of one location for steering it, out of what its nodes' tables show and what they report. No timer, no store. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/ovsdb/datum";
import type { ClientsReport } from "@opensync-ts/telemetry/clients";
import type { StatsReport } from "@opensync-ts/telemetry/report";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import { bandOf } from "../../radio-bands.ts";
import type { TableReader } from "../../rows.ts";
import type { EvidenceSources } from "../evidence.ts";
import { isForced } from "../indicators/indicators.ts";
import * as limits from "../limits.ts";
import { Observations } from "../observations.ts";
import { leastAbility } from "../optimiser/rates.ts";
import type { Profiles } from "../profiles.ts";
import { isMore, withEvidence, withSample } from "./known-client.ts";
import { KnownClients } from "./known-clients.ts";
import { nodeAir } from "./node-air.ts";
import { NodeRecords } from "./node-records.ts";
import { Presence } from "./presence.ts";
import { Records } from "./records.ts";
import type { SavedSteering } from "./steering-store.ts";

/** Where the cloud has sent a client, if it has. */
export type Sent = (mac: Mac) => Mac | null;

export class Knowledge {
  readonly nodes = new NodeRecords();
  readonly clients: KnownClients;
  readonly observations: Observations;
  readonly presence: Presence;
  readonly records = new Records();
  /** Nodes whose clients have been reported. */
  readonly reported = new Set<string>();
  readonly #profiles: Profiles;
  /** Rows that have been looked at: they are never modified, so the same row says the same. */
  readonly #looked = new Map<Mac, readonly [association: Row, lease: Row | undefined]>();
  /** When its node asked a client to go. */
  readonly #askedAt = new Map<Mac, number>();
  /** When the clients of a node's band were reported last. */
  readonly #reportedAt = new Map<string, number>();

  /** `now`: ms since 1970. */
  constructor(profiles: Profiles, now: number) {
    this.#profiles = profiles;
    this.clients = new KnownClients(profiles);
    this.observations = new Observations(this.nodes);
    this.presence = new Presence(now);
  }

  restore({ clients, nodes }: SavedSteering): void {
    for (const { client, observation } of clients) {
      this.clients.restore(client);
      if (observation) this.observations.restore(client.mac, observation);
    }
    for (const node of nodes) this.nodes.restore(node);
  }

  /** What a node's tables show; undefined: it is not connected. Says whether its access points are others. */
  takeRows(node: string, rows: TableReader | undefined, now: number): boolean {
    const air = rows && nodeAir(rows);
    const isOther = this.nodes.take(node, air, now);
    if (!air) {
      this.reported.delete(node);
      return isOther;
    }
    // Nobody is on what is not on the air any more.
    const bssids = new Set([...air.accessPoints, ...air.offAir].flatMap(({ bssid }) => bssid ?? []));
    this.presence.takeAssociations(bssids, air.associations, now);
    this.#lookAtRows(now);
    return isOther;
  }

  /** `zone`: of the home, for its nights. Times of the report are those of the cloud's clock (`inOurTime`). */
  takeReport(node: string, report: StatsReport, zone: string, sent: Sent): void {
    for (const survey of report.surveys) this.nodes.takeSurvey(node, survey, survey.timestampMs);
    for (const neighbors of report.neighbors) this.nodes.takeNeighbors(node, neighbors, neighbors.timestampMs);
    const stations = this.nodes.stations();
    for (const clients of report.clients) {
      this.nodes.takeLinks(node, clients, stations, clients.timestampMs);
      this.#takeClients(node, clients, stations, zone, sent);
      this.reported.add(node);
    }
    for (const steering of report.steering) this.#takeSteering(node, steering);
  }

  forget(mac: Mac): void {
    this.clients.forget(mac);
    this.observations.forget(mac);
    this.presence.forget(mac);
    this.#looked.delete(mac);
  }

  /** Who is associated, and what is said of it in the tables of whatever node. */
  #lookAtRows(now: number): void {
    const nodes = [...this.nodes.connected().values()];
    const stations = this.nodes.stations();
    for (const { associations } of nodes) {
      for (const { mac, network, key, band, row } of associations) {
        if (stations.has(mac)) continue;
        const lease = nodes.map(({ leases }) => leases.get(mac)).find((each) => each !== undefined);
        const [association, before] = this.#looked.get(mac) ?? [];
        if (association === row && before === lease && this.clients.get(mac)) continue;
        remember(this.#looked, mac, [row, lease]);
        const sources = { mac, lease, association: row, seenOn: [bandOf(band)] };
        this.clients.update(mac, now, (client) => ({
          ...withEvidence(client, sources, this.#profiles),
          ...{ network, key },
        }));
      }
    }
  }

  #takeClients(node: string, report: ClientsReport, stations: ReadonlySet<Mac>, zone: string, sent: Sent): void {
    const { timestampMs: at, band } = report;
    const slot = `${node} ${band}`;
    const intervalMs = at - (this.#reportedAt.get(slot) ?? at);
    remember(this.#reportedAt, slot, at);
    const clients = report.clients.filter(({ mac, mldMac }) => {
      const address = parseMac(mldMac ?? mac);
      return address !== undefined && !stations.has(address);
    });
    this.observations.takeClients(node, { ...report, clients }, Math.max(0, intervalMs));
    for (const record of clients) {
      const mac = parseMac(record.mldMac ?? record.mac);
      const bssid = this.nodes.bySsid(node, band, record.ssid);
      if (mac === undefined || bssid === undefined) continue;
      const { connected, connectOffsetMs, disconnectOffsetMs = 0, durationMs, stats } = record;
      if (!connected) {
        this.presence.left(mac, bssid, at - disconnectOffsetMs);
        continue;
      }
      this.presence.arrived(mac, bssid, at - Math.min(connectOffsetMs ?? durationMs, at));
      const ms = durationMs > 0 ? durationMs : intervalMs;
      if (ms > 0) this.presence.moved(mac, ((stats.rxBytes + stats.txBytes) * 8) / ms / 1000, at);
      this.records.connected(mac, at);
      const asked = sent(mac) === bssid || at - (this.#askedAt.get(mac) ?? 0) < limits.askedMs;
      const accessPoint = this.nodes.accessPoint(bssid);
      const shown = accessPoint && leastAbility(Math.max(stats.rxRateMbps, stats.txRateMbps), accessPoint);
      this.clients.update(mac, at, (before) => {
        const { radio } = before.evidence;
        const isKnown = radio.bands?.includes(bandOf(band)) && !isMore(shown, radio.shown);
        const seen = isKnown ? before : withEvidence(before, { mac, seenOn: [bandOf(band)], shown }, this.#profiles);
        const client = seen.network === null ? { ...seen, network: record.ssid } : seen;
        return stats.snrDb > 0 ? withSample(client, { at, bssid, node, snrDb: stats.snrDb }, zone, asked) : client;
      });
    }
  }

  #takeSteering(node: string, report: SteeringReport): void {
    this.observations.takeSteering(node, report);
    for (const { mac: link, mldMac, bands } of report.clients) {
      const mac = parseMac(mldMac ?? link);
      const known = mac && this.clients.get(mac);
      if (!mac || !known) continue;
      for (const event of bands.flatMap(({ events }) => events)) {
        const at = report.timestampMs - event.offsetMs;
        this.records.happened(event, known.classification.class, report.timestampMs);
        if (isAsking(event)) remember(this.#askedAt, mac, Math.max(at, this.#askedAt.get(mac) ?? 0));
        if (event.type === "CLIENT_CAPABILITIES") this.#takeCapabilities({ mac, capabilities: event });
      }
    }
  }

  #takeCapabilities(sources: EvidenceSources): void {
    const known = this.clients.get(sources.mac);
    if (known) this.clients.replace(withEvidence(known, sources, this.#profiles));
  }
}

/** What its node does so that a client goes elsewhere. */
function isAsking(event: SteeringEvent): boolean {
  return isForced(event) || event.type.includes("_BTM") || event.type === "CLIENT_BTM";
}

/** Bounded; the oldest goes first. */
function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > limits.clients) map.delete(map.keys().next().value as Key);
}

/** A report in the time of the cloud's clock: nodes may not know what time it is, and say 0, or anything. */
export function inOurTime(report: StatsReport, now: number): StatsReport {
  const parts = [report.surveys, report.neighbors, report.clients, report.steering].flat();
  const newest = Math.max(0, ...parts.map(({ timestampMs }) => timestampMs));
  const behind = now - newest;
  const shift = behind >= 0 && behind <= limits.reportAgeMs ? 0 : behind;
  const shifted = <T extends { readonly timestampMs: number }>(list: readonly T[]) =>
    list
      .map((each) => ({ ...each, timestampMs: each.timestampMs === 0 ? now : Math.max(0, each.timestampMs + shift) }))
      .sort((a, b) => a.timestampMs - b.timestampMs);
  return {
    ...report,
    ...{ surveys: shifted(report.surveys), neighbors: shifted(report.neighbors) },
    ...{ clients: shifted(report.clients), steering: shifted(report.steering) },
  };
}
