/** Nodes as the controller sees them, watched for alerts: who is not there, not as stated, could not bear a version, is there twice, or has heard radar. */

import type { Datum } from "@opensync-ts/ovsdb/datum";
import type { LocationEvent } from "../location-news.ts";
import type { Alerts } from "./alerts/alerts.ts";
import { type AlertKind, lastingIs } from "./alerts/rules.ts";
import { idOf } from "./events/event.ts";
import type { EventDraft } from "./events/location-events.ts";
import type { ServedLocation, ServedLocations } from "./locations.ts";
import type { AlertPolicy } from "./policy.ts";
import { reportTime } from "./report-time.ts";

export interface NodeWatchParts {
  readonly locations: ServedLocations;
  readonly alerts: Alerts;
  readonly policy: () => AlertPolicy;
  readonly event: (location: string, event: EventDraft & { readonly at: number }, id?: string) => void;
}

interface Watched {
  /** When two devices took turns in being it, ms since 1970, and from where. */
  duplicate: { readonly at: number; readonly peers: readonly string[] } | undefined;
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
    if (event.kind === "duplicate") {
      const watched = this.#node(event.node);
      watched.duplicate = { at: now, peers: event.peers };
      this.#observeDuplicate(location, event.node, watched, now);
    }
  }

  /** To be called every some seconds. */
  tick(now: number): void {
    const { locations, alerts } = this.#parts;
    const policy = this.#parts.policy();
    const served = new Set<string>();
    for (const location of locations.all()) {
      this.#observeTakenBack(location, now);
      for (const { id: node, connection, refused, settled, pending } of location.nodes) {
        served.add(node);
        const isConnected = connection === "connected";
        const quarantine = location.quarantine(node);
        const observe = (kind: AlertKind, isOver: boolean, text: () => string) =>
          alerts.observe(
            { location: location.id, node, kind, observation: isOver ? "over" : "under", text },
            now,
            policy,
          );
        const why = refused ? `: ${refused.peer} was refused: ${refused.reason}` : "";
        observe("node-offline", !isConnected, () => `${node}: is not connected${why}`);
        // One that is not written for a reason is another alert.
        const isUnsettled = isConnected && !settled && quarantine === undefined;
        observe(
          "node-unsettled",
          isUnsettled,
          () => `${node}: is not as it should be: ${pending ?? "it is being set up"}`,
        );
        observe("node-quarantined", quarantine !== undefined, () => `${node}: is not written: ${quarantine}`);
        if (isConnected) this.#lookForRadar(location, node, now);
        const watched = this.#nodes.get(node);
        if (!watched) continue;
        this.#observeDuplicate(location.id, node, watched, now);
        this.#observeRadar(location.id, node, watched, now);
      }
    }
    for (const node of this.#nodes.keys()) if (!served.has(node)) this.#nodes.delete(node);
  }

  /** An alert until somebody applies another version, also where the node is not of the one that holds again. */
  #observeTakenBack({ id: location, takenBack }: ServedLocation, now: number): void {
    const { alerts, policy } = this.#parts;
    const observe = (node: string, subject: string, isOver: boolean, text: string) => {
      const observation = isOver ? "over" : "under";
      const kind = "version-taken-back";
      alerts.observe({ location, kind, node, subject, observation, text: () => text }, now, policy());
    };
    const present = takenBack && `version ${takenBack.version}`;
    for (const { kind, node, subject, text } of alerts.open(location)) {
      if (kind === "version-taken-back" && subject !== present) observe(node, subject, false, text);
    }
    if (!takenBack || present === undefined) return;
    const { node, reason, to } = takenBack;
    observe(node, present, true, `${present} is taken back, version ${to} holds again: ${node} ${reason}`);
  }

  #observeDuplicate(location: string, node: string, { duplicate }: Watched, now: number): void {
    if (!duplicate) return;
    const policy = this.#parts.policy();
    const text = () => `${node}: two devices take turns in being it, calling from ${duplicate.peers.join(" and ")}`;
    const observation = lastingIs(duplicate.at, now, policy.duplicateSeconds);
    this.#parts.alerts.observe({ location, kind: "duplicate-serial", node, observation, text }, now, policy);
  }

  /** `Wifi_Radio_State.radar`: `last_channel`, `num_detected`, `time` (s since 1970); not every node tells all of them. */
  #lookForRadar(location: ServedLocation, node: string, now: number): void {
    const rows = location.session(node)?.tables?.("Wifi_Radio_State");
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
      this.#parts.event(location.id, event, said > 0 ? idOf(location.id, node, "radar", ifName, column) : undefined);
    }
  }

  #observeRadar(location: string, node: string, { radar }: Watched, now: number): void {
    const policy = this.#parts.policy();
    for (const [ifName, { heardAt, channel }] of radar) {
      const text = () => `${node}: radio ${ifName} has heard radar on channel ${channel || "(unknown)"}`;
      const observation = lastingIs(heardAt, now, policy.radarSeconds);
      this.#parts.alerts.observe({ location, kind: "radar", node, subject: ifName, observation, text }, now, policy);
    }
  }

  #node(id: string): Watched {
    let watched = this.#nodes.get(id);
    if (!watched) {
      watched = { duplicate: undefined, radar: new Map() };
      this.#nodes.set(id, watched);
    }
    return watched;
  }
}

function isMap(value: Datum | undefined): value is ReadonlyMap<string, string> {
  return value instanceof Map;
}
