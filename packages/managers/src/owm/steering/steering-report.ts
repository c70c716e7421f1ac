/**
 * Steering reports (`BSReport`, docs/steering.md): what happened to clients, by group, every 60 s. Clients without a row are told
 * of by their capabilities only.
 */

import { type Clock, every, type Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import { clientCapabilities } from "@opensync-ts/target/ieee80211/client-capabilities";
import { readStationCapabilities } from "@opensync-ts/target/ieee80211/station-capabilities";
import type { StationState } from "@opensync-ts/target/radio";
import type { Band } from "@opensync-ts/telemetry/names";
import type { SteeredBand, SteeredClient, SteeringReport } from "@opensync-ts/telemetry/steering";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import type { Wireless } from "@opensync-ts/wireless/contract";
import { refuses } from "@opensync-ts/wireless/steering/acl";
import type { SteeringAction } from "@opensync-ts/wireless/steering/decide";
import type { SteeringInput } from "@opensync-ts/wireless/steering/model";
import type { Steering, SteeringGroup } from "@opensync-ts/wireless/steering/steering";
import { type EventKind, EventLog, type Record } from "./event-log.ts";
import { steeringGlueLimits } from "./limits.ts";

export interface SteeringReportsOptions {
  readonly clock: Clock;
  readonly steering: Pick<Steering, "events">;
  readonly wireless: Pick<Wireless, "state" | "stats">;
  /** As reports name it; null: unknown. */
  readonly bandOf: (phy: string) => Band | null;
  readonly send: (reports: readonly SteeringReport[]) => void;
}

interface Activity {
  readonly client: Mac;
  readonly vif: string;
  bytes: number;
  active: boolean;
}

export class SteeringReports {
  readonly #options: SteeringReportsOptions;
  readonly #log = new EventLog();
  readonly #unsubscribe: readonly Unsubscribe[];
  readonly #timer: Timer;
  #stopWatching: Unsubscribe | null = null;
  #groups: readonly SteeringGroup[] = [];
  /** Bits per second from which each client is active. */
  #clients: ReadonlyMap<Mac, number> = new Map();
  /** By client and access point. */
  readonly #activities = new Map<string, Activity>();
  readonly #snrs = new Map<string, number>();

  constructor(options: SteeringReportsOptions) {
    this.#options = options;
    const { clock, steering, wireless } = options;
    this.#unsubscribe = [
      steering.events.on("input", ({ station, input }) => this.#input(station, input)),
      steering.events.on("action", ({ station, action }) => this.#action(station, action)),
      steering.events.on("decision", ({ station, decision }) => {
        for (const note of decision.notes)
          this.#add(
            station,
            note.vif,
            note.type === "attempt"
              ? { type: "BAND_STEERING_ATTEMPT" }
              : { type: "BACKOFF", enabled: note.enabled, periodSeconds: note.period },
          );
        for (const { result, from } of decision.outcomes) this.#outcome(station, from, result);
      }),
      wireless.state.events.on("station", ({ vif, old, new: now }) => {
        if (now && old?.connectedAt !== now.connectedAt) this.#capabilities(vif, now);
      }),
    ];
    this.#timer = every(clock, steeringGlueLimits.reportPeriod, () => this.report());
  }

  configured(groups: readonly SteeringGroup[], clients: ReadonlyMap<Mac, number>): void {
    this.#groups = groups;
    this.#clients = clients;
    const wanted = groups.length > 0 && clients.size > 0;
    if (wanted) this.#stopWatching ??= this.#watchTraffic();
    else this.#stopWatchingTraffic();
  }

  /** Nothing to say: nothing is sent. */
  report(): void {
    const { clock, send } = this.#options;
    const records = this.#log.take();
    const timestampMs = clock.wallTime();
    const reports = this.#groups.flatMap(({ vifs }) => {
      const own = records.filter(({ vif }) => vifs.includes(vif));
      const clients = [...Map.groupBy(own, ({ client }) => client)].flatMap(([mac, all]) => this.#client(mac, all));
      return clients.length > 0 ? [{ timestampMs, clients }] : [];
    });
    if (reports.length > 0) send(reports);
  }

  stop(): void {
    this.#timer.cancel();
    this.#stopWatchingTraffic();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /** A client that was on no band that reports know is left out. */
  #client(mac: Mac, records: readonly Record[]): readonly SteeredClient[] {
    const { clock, bandOf, wireless } = this.#options;
    const now = clock.now();
    const bands = new Map<Band, SteeredBand>();
    for (const { vif, connected, counts, events } of records) {
      const phy = wireless.state.vifs.get(vif)?.phy;
      const band = phy === undefined ? null : bandOf(phy);
      if (band === null) continue;
      const timed = events.map(({ at, event }) => ({ ...event, offsetMs: now - at }) as SteeringEvent);
      bands.set(band, { band, ifName: vif, connected, ...counts, events: timed });
    }
    const mldMac = records.find((record) => record.mldMac !== null)?.mldMac;
    return bands.size > 0 ? [{ mac, ...(mldMac && { mldMac }), bands: [...bands.values()] }] : [];
  }

  #add(client: Mac, vif: string, event: EventKind): void {
    this.#log.add(client, vif, this.#options.clock.now(), event);
  }

  #input(client: Mac, input: SteeringInput): void {
    switch (input.type) {
      case "probe": {
        const vif = this.#options.wireless.state.vifs.get(input.vif);
        const blocked = vif?.type === "ap" && refuses(vif.ap, client);
        const record = this.#log.of(client, input.vif);
        if (record && blocked) record.counts.rejects++;
        if (record && input.broadcast) record.counts.broadcastProbes++;
        this.#add(client, input.vif, { type: "PROBE", snrDb: input.snr, broadcast: input.broadcast, blocked });
        break;
      }
      case "connected": {
        const record = this.#log.of(client, input.vif);
        if (record) {
          record.connected = true;
          record.counts.connects++;
        }
        this.#add(client, input.vif, { type: "CONNECT", snrDb: 0 });
        this.#add(client, input.vif, { type: "ACTIVITY", active: true });
        this.#activities.set(keyOf(client, input.vif), { client, vif: input.vif, bytes: 0, active: true });
        break;
      }
      case "disconnected": {
        const key = keyOf(client, input.vif);
        const record = this.#log.of(client, input.vif);
        if (record) {
          record.connected = false;
          record.counts.disconnects++;
        }
        const snrDb = this.#snrs.get(key) ?? 0;
        this.#add(client, input.vif, {
          ...{ type: "DISCONNECT", snrDb, source: "LOCAL", disconnectType: "DEAUTH", reason: 0 },
        });
        this.#snrs.delete(key);
        this.#activities.delete(key);
        break;
      }
      case "btm response": {
        const vif = this.#linkOf(client);
        if (vif !== null) this.#add(client, vif, { type: "CLIENT_BTM_STATUS", status: input.status });
        break;
      }
    }
  }

  #action(client: Mac, action: SteeringAction): void {
    if (action.type !== "btm" && action.type !== "deauth") return;
    const vif = action.type === "btm" ? action.links[0]?.vif : action.link.vif;
    const record = vif === undefined ? undefined : this.#log.of(client, vif);
    if (!record || vif === undefined) return;
    if (action.source === "steering") record.counts.steeringKicks++;
    if (action.source === "sticky") record.counts.stickyKicks++;
    if (action.type === "btm") this.#add(client, vif, { type: btmEvents[action.source][action.retry ? 1 : 0] });
    else this.#add(client, vif, { type: kickEvents[action.source] });
  }

  #outcome(client: Mac, from: readonly Mac[], result: string): void {
    const { vifs } = this.#options.wireless.state;
    const vif = vifs.values().find(({ mac }) => mac === from[0])?.name;
    const record = vif === undefined ? undefined : this.#log.of(client, vif);
    if (record && (result === "moved" || result === "left")) record.counts.steeringSuccesses++;
    if (record && result === "failed") record.counts.steeringFailures++;
  }

  /** The newest. */
  #linkOf(client: Mac): string | null {
    let newest: StationState | null = null;
    for (const stations of this.#options.wireless.state.stations.values())
      for (const station of stations.values())
        if ((station.mac === client || station.mldAddr === client) && station.connectedAt >= (newest?.connectedAt ?? 0))
          newest = station;
    return newest?.vif ?? null;
  }

  #capabilities(name: string, station: StationState): void {
    const vif = this.#options.wireless.state.vifs.get(name);
    if (!station.assocIes || vif?.type !== "ap" || !vif.ap.channel) return;
    if (!this.#groups.some(({ vifs }) => vifs.includes(name))) return;
    const capabilities = clientCapabilities(readStationCapabilities(station.assocIes), vif.ap.channel);
    const assocIes = station.assocIes.slice(0, steeringGlueLimits.assocIes);
    this.#add(station.mac, name, { type: "CLIENT_CAPABILITIES", capabilities, assocIes });
    const record = this.#log.of(station.mac, name);
    if (record) record.mldMac = station.mldAddr;
  }

  #stopWatchingTraffic(): void {
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  #watchTraffic(): Unsubscribe {
    const period = steeringGlueLimits.signalPeriod;
    let evaluated = this.#options.clock.now();
    return this.#options.wireless.stats.subscribe({
      name: "ow_steer_bm",
      stats: ["STA"],
      reportPeriod: period,
      report: (records) => {
        for (const record of records) {
          if (record.stats !== "STA") continue;
          const { mac_address: client, vif_name: vif, snr_db: snr, tx_bytes: tx = 0, rx_bytes: rx = 0 } = record.data;
          if (!client || vif === undefined || !this.#clients.has(client)) continue;
          const key = keyOf(client, vif);
          if (snr !== undefined) {
            this.#snrs.set(key, snr);
            this.#log.heard(client, vif, snr);
          }
          const activity = this.#activities.get(key);
          if (activity) activity.bytes += tx + rx;
        }
        const passed = this.#options.clock.now() - evaluated;
        if (passed < steeringGlueLimits.activityPeriod) return;
        evaluated += passed;
        for (const activity of this.#activities.values()) this.#evaluate(activity, passed);
      },
    });
  }

  /** Whether a client was active in the last `passed` ms. */
  #evaluate(activity: Activity, passed: number): void {
    const { client, vif, bytes } = activity;
    activity.bytes = 0;
    const threshold = this.#clients.get(client);
    if (threshold === undefined) return;
    const active = (bytes * 8_000) / passed > threshold;
    if (activity.active === active) return;
    activity.active = active;
    this.#add(client, vif, { type: "ACTIVITY", active });
    const record = this.#log.of(client, vif);
    if (record) record.counts.activityChanges++;
  }
}

/** The first request of an attempt, and further ones. */
const btmEvents = {
  steering: ["CLIENT_BS_BTM", "CLIENT_BS_BTM_RETRY"],
  sticky: ["CLIENT_STICKY_BTM", "CLIENT_STICKY_BTM_RETRY"],
  speculative: ["CLIENT_BTM", "CLIENT_BTM_RETRY"],
  directed: ["CLIENT_BTM", "CLIENT_BTM_RETRY"],
  vif_down: ["CLIENT_BTM", "CLIENT_BTM_RETRY"],
} as const;

const kickEvents = {
  steering: "CLIENT_BS_KICK",
  sticky: "CLIENT_STICKY_KICK",
  speculative: "CLIENT_SPECULATIVE_KICK",
  directed: "CLIENT_DIRECTED_KICK",
  vif_down: "CLIENT_KICKED",
} as const;

function keyOf(client: Mac, vif: string): string {
  return `${client} ${vif}`;
}
