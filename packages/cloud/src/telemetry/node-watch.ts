/** Nodes as the controller sees them, watched for alerts: who is not there, not as stated, there twice, or has heard radar. */

import type { Datum } from "@opensync-ts/ovsdb/datum";
import type { LocationEvent } from "../location.ts";
import type { TableReader } from "../rows.ts";
import type { Alerts } from "./alerts/alerts.ts";
import { radarIs, takeoversAre } from "./alerts/rules.ts";
import { count, emptyWindow, total, type Window } from "./alerts/window.ts";
import { idOf } from "./events/event.ts";
import type { EventDraft } from "./events/location-events.ts";
import type { ServedLocations } from "./locations.ts";
import type { AlertPolicy } from "./policy.ts";
import { reportTime } from "./report-time.ts";

export interface NodeWatchParts {
  readonly locations: ServedLocations;
  /** The mirror of a node that is connected; undefined: none. Left out: radar is not seen. */
  readonly rows: ((node: string) => TableReader | undefined) | undefined;
  readonly alerts: Alerts;
  readonly policy: () => AlertPolicy;
  readonly event: (location: string, event: EventDraft & { readonly at: number }, id?: string) => void;
}

interface Watched {
  isConnected: boolean;
  /** How often it has connected while it was connected, and from where last. */
  takeovers: Window;
  peer: string;
  /** By interface: what the column says, and when radar was heard, ms since 1970. */
  readonly radar: Map<string, { readonly column: string; readonly heardAt: number; readonly channel: string }>;
}

export class NodeWatch {
  readonly #parts: NodeWatchParts;
  readonly #nodes = new Map<string, Watched>();

  constructor(parts: NodeWatchParts) {
    this.#parts = parts;
  }

  take(location: string, event: LocationEvent, now: number): void {
    if (event.kind !== "connected" && event.kind !== "disconnected") return;
    const watched = this.#node(event.node);
    if (event.kind === "connected") {
      if (watched.isConnected) watched.takeovers = count(watched.takeovers, now, 1, this.#takeoverMs);
      watched.isConnected = true;
      watched.peer = event.peer;
    } else watched.isConnected = false;
    this.#observeTakeovers(location, event.node, watched, now);
  }

  /** To be called every some seconds. */
  tick(now: number): void {
    const { locations, alerts } = this.#parts;
    const policy = this.#parts.policy();
    const served = new Set<string>();
    for (const { id: location, nodes } of locations.all()) {
      for (const { id: node, connection, settled, pending } of nodes) {
        served.add(node);
        const watched = this.#nodes.get(node);
        const isConnected = connection === "connected";
        if (watched) watched.isConnected = isConnected;
        alerts.observe(
          {
            ...{ location, node, kind: "node-offline", observation: isConnected ? "under" : "over" },
            text: () => `${node}: is not connected`,
          },
          now,
          policy,
        );
        alerts.observe(
          {
            ...{ location, node, kind: "node-unsettled", observation: !isConnected || settled ? "under" : "over" },
            text: () => `${node}: is not as stated: ${pending ?? "being provisioned"}`,
          },
          now,
          policy,
        );
        if (watched) this.#observeTakeovers(location, node, watched, now);
        if (isConnected) this.#lookForRadar(location, node, now);
        this.#observeRadar(location, node, now);
      }
    }
    for (const node of this.#nodes.keys()) if (!served.has(node)) this.#nodes.delete(node);
  }

  get #takeoverMs(): number {
    return this.#parts.policy().takeoverSeconds * 1000;
  }

  #observeTakeovers(location: string, node: string, { takeovers, peer }: Watched, now: number): void {
    const policy = this.#parts.policy();
    const times = total(takeovers, now, this.#takeoverMs);
    const text = () =>
      `${node}: has connected ${times} times within ${policy.takeoverSeconds / 60} min while it was connected, from ${peer} last: two devices with its serial number, or a connection that keeps dying`;
    const observation = takeoversAre(times, policy);
    this.#parts.alerts.observe({ location, kind: "duplicate-serial", node, observation, text }, now, policy);
  }

  /** `Wifi_Radio_State.radar`: `last_channel`, `num_detected`, `time` (s since 1970); not every node tells all of them. */
  #lookForRadar(location: string, node: string, now: number): void {
    const rows = this.#parts.rows?.(node)?.("Wifi_Radio_State");
    if (!rows) return;
    for (const row of rows.values()) {
      const { if_name: ifName, radar } = row;
      if (typeof ifName !== "string" || !isMap(radar) || radar.size === 0) continue;
      const [channel, times, seconds] = ["last_channel", "num_detected", "time"].map((key) =>
        String(radar.get(key) ?? ""),
      );
      const column = `${channel} ${times} ${seconds}`;
      const watched = this.#node(node);
      const known = watched.radar.get(ifName);
      if (known?.column === column) continue;
      const said = Number(seconds) * 1000;
      const heardAt = said > 0 ? reportTime(said, now) : now;
      // Without a time nobody knows whether what is there at first is new.
      const isNew = known !== undefined || said > 0;
      const isOld = said > 0 && now - said > this.#parts.policy().radarSeconds * 1000;
      watched.radar.set(ifName, {
        column,
        heardAt: isNew && !isOld ? heardAt : Number.NEGATIVE_INFINITY,
        channel: channel ?? "",
      });
      if (!isNew || isOld) continue;
      const text = `${node}: radio ${ifName} has heard radar on channel ${channel || "(unknown)"}`;
      const details = { ifName, channel: Number(channel) || null };
      const event = { kind: "radar", node, client: null, at: heardAt, text, details } as const;
      this.#parts.event(location, event, said > 0 ? idOf(location, node, "radar", ifName, column) : undefined);
    }
  }

  #observeRadar(location: string, node: string, now: number): void {
    const policy = this.#parts.policy();
    for (const [ifName, { heardAt, channel }] of this.#nodes.get(node)?.radar ?? []) {
      const text = () => `${node}: radio ${ifName} has heard radar on channel ${channel || "(unknown)"}`;
      const observation = radarIs(heardAt, now, policy);
      this.#parts.alerts.observe({ location, kind: "radar", node, subject: ifName, observation, text }, now, policy);
    }
  }

  #node(id: string): Watched {
    let watched = this.#nodes.get(id);
    if (!watched) {
      watched = { isConnected: false, takeovers: emptyWindow, peer: "", radar: new Map() };
      this.#nodes.set(id, watched);
    }
    return watched;
  }
}

function isMap(value: Datum | undefined): value is ReadonlyMap<string, string> {
  return value instanceof Map;
}
