/** The clients of all locations, followed from report to report: their movements as events, and where they stayed. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { ClientsReport } from "@opensync-ts/telemetry/clients";
import type { Band } from "@opensync-ts/telemetry/names";
import { ssidOf } from "../../statistics/client-latest.ts";
import type { Note } from "../batch.ts";
import * as limits from "../limits.ts";
import { idOf, storable } from "./event.ts";
import { type Followed, type Followup, follow, type Movement, type Place, pass } from "./follow-client.ts";
import type { EventDraft } from "./location-events.ts";

export interface TrackerSink {
  event(location: string, event: EventDraft & { readonly at: number }): void;
  note(note: Note): void;
}

export interface OpenStay {
  readonly location: string;
  readonly mac: Mac;
  readonly node: string;
  readonly band: Band;
  readonly ssid: string;
  readonly from: number;
}

export class ClientTracker {
  readonly #sink: TrackerSink;
  /** By location and address, the one not heard of for the longest time first. */
  readonly #locations = new Map<string, Map<Mac, Followed>>();

  constructor(sink: TrackerSink) {
    this.#sink = sink;
  }

  /** Since when a client is where it is; undefined while unknown. */
  since(location: string, mac: Mac): number | undefined {
    const known = this.#locations.get(location)?.get(mac);
    return known && known.leftAt === null ? known.since : undefined;
  }

  /** What was known before a restart. What has been heard since then stands. */
  restore(stays: readonly OpenStay[], now: number): void {
    for (const { location, mac, node, band, ssid, from } of stays) {
      const clients = this.#clients(location);
      if (clients.has(mac) || clients.size >= limits.followedClients) continue;
      clients.set(mac, { place: { node, band, ssid }, since: from, seenAt: now, leftAt: null, links: [] });
    }
  }

  take(location: string, node: string, report: ClientsReport, at: number): void {
    const clients = this.#clients(location);
    for (const record of report.clients.slice(0, limits.clientsPerNode)) {
      const mac = parseMac(record.mldMac ?? record.mac);
      if (mac === undefined) continue;
      const ago = (offset: number | undefined) =>
        offset === undefined ? null : at - Math.min(offset, limits.latestPastMs);
      const followup = follow(clients.get(mac), {
        place: { node, band: report.band, ssid: storable(ssidOf(record.ssid)) },
        at,
        connected: record.connected,
        multiLink: record.mldMac !== undefined,
        connectedAt: record.connectCount > 0 ? ago(record.connectOffsetMs) : null,
        disconnectedAt: record.disconnectCount > 0 ? ago(record.disconnectOffsetMs) : null,
        durationMs: Math.min(record.durationMs, limits.latestPastMs),
      });
      this.#apply(location, clients, mac, followup);
    }
  }

  /** To be called now and then. */
  tick(now: number): void {
    for (const [location, clients] of this.#locations) {
      for (const [mac, known] of clients) {
        const followup = pass(known, now);
        if (followup.movements.length > 0) this.#apply(location, clients, mac, followup);
      }
      if (clients.size === 0) this.#locations.delete(location);
    }
  }

  #apply(location: string, clients: Map<Mac, Followed>, mac: Mac, { state, movements }: Followup): void {
    clients.delete(mac);
    if (state) clients.set(mac, state);
    for (const movement of movements) this.#tell(location, mac, movement);
    if (clients.size <= limits.followedClients) return;
    const [oldest] = clients;
    if (oldest) clients.delete(oldest[0]);
  }

  #tell(location: string, mac: Mac, movement: Movement): void {
    const { kind, at, place } = movement;
    const details = { band: place.band, ssid: place.ssid };
    const event = (name: EventDraft["kind"], text: string, more: EventDraft["details"] = {}) =>
      this.#sink.event(location, {
        kind: name,
        node: place.node,
        client: mac,
        at,
        text,
        details: { ...details, ...more },
      });
    const where = `${place.node} ${place.band}`;
    switch (kind) {
      case "arrived":
        this.#stay(location, mac, place, at, null);
        if (movement.told) event("client-connected", `${mac}: connected to ${where}`);
        break;
      case "roamed": {
        const { from } = movement;
        this.#stay(location, mac, from, movement.since, movement.leftAt);
        this.#stay(location, mac, place, at, null);
        // Where it was not told to have left, it is not known how long it was nowhere.
        const ms = at > movement.leftAt ? at - movement.leftAt : null;
        const more = { fromNode: from.node, fromBand: from.band, ms };
        event("client-roamed", `${mac}: went from ${from.node} ${from.band} to ${where}`, more);
        break;
      }
      case "left":
        this.#stay(location, mac, place, movement.since, at);
        event("client-disconnected", `${mac}: left ${where}${movement.silent ? " (no longer reported)" : ""}`, {
          silent: movement.silent,
        });
        break;
    }
  }

  #stay(location: string, mac: Mac, { node, band, ssid }: Place, from: number, to: number | null): void {
    const id = idOf(location, mac, node, band, from);
    const row = { id, location_id: location, mac, node_id: node, band, ssid, from_ms: from, to_ms: to };
    this.#sink.note({ table: "client_stays", row });
  }

  #clients(location: string): Map<Mac, Followed> {
    let clients = this.#locations.get(location);
    if (!clients) {
      clients = new Map();
      this.#locations.set(location, clients);
    }
    return clients;
  }
}
