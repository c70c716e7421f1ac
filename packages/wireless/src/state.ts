/**
 * What drivers have reported (`osw_state`): phys, vifs and stations, each kept by the life cycle of `life-cycle.ts`.
 * A driver says that something changed; it is asked; its report is compared with the last one, and observers hear of
 * it when it says something new. Parents come before their children and go after them.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import type { Log } from "@opensync-ts/base/log";
import type { Mac } from "@opensync-ts/base/units";
import type {
  AuthFailure,
  ProbeRequest,
  RadioDriverEvents,
  ScanOutcome,
  ScanResults,
  StatisticsReport,
  WpsOutcome,
} from "@opensync-ts/target/driver";
import type { Channel, PhyState, StationState, VifState } from "@opensync-ts/target/radio";
import { Announced, type LivePhy, type LiveStation, type LiveVif, type StateSource } from "./announced.ts";
import type { WirelessState, WirelessStateEvents } from "./contract.ts";
import { objectName } from "./diff.ts";
import { type LiveObject, Lives } from "./life-cycle.ts";
import { limits } from "./limits.ts";
import { flawOfChannel, flawOfPhy, flawOfStation, flawOfVif } from "./report-shape.ts";
import { normalizeVifState, reassociated, samePhyState, sameStationState, sameVifState } from "./state-compare.ts";

interface ObservedStateOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly source: StateSource;
}

/** `object`: `wifi0` or `wifi0/home-ap-24`. */
export interface Unreported {
  readonly object: string;
  readonly askedSecondsAgo: number;
}

export class ObservedState implements WirelessState, RadioDriverEvents {
  readonly phys = new Map<string, PhyState>();
  readonly vifs = new Map<string, VifState>();
  readonly stations = new Map<string, Map<Mac, StationState>>();
  readonly events = new Emitter<WirelessStateEvents>();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #source: StateSource;
  readonly #lives: Lives;
  readonly #announced: Announced;
  #idle = true;
  #depth = 0;
  #stopped = false;

  constructor(options: ObservedStateOptions) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#source = options.source;
    this.#lives = new Lives({ clock: options.clock, log: options.log, turn: (step) => this.#turn(step) });
    this.#announced = new Announced({ log: options.log, source: options.source, lives: this.#lives });
  }

  get idle(): boolean {
    return this.#idle;
  }

  stop(): void {
    this.#stopped = true;
    this.#lives.stop();
    for (const phy of this.#announced.phys.values()) cancelTimers(phy);
  }

  /** An AP's channel was configured on `phy`: its vifs are looked at again a little later. */
  channelConfigured(phy: string): void {
    const live = this.#announced.phys.get(phy);
    if (!live) return;
    live.channelResync?.cancel();
    live.channelResync = this.#clock.setTimer(limits.channelResync, () => {
      live.channelResync = undefined;
      this.#turn(() => this.#pollVifs(live));
    });
  }

  phyChanged(phy: string): void {
    this.#turn(() => this.#lives.changed(this.#announced.phy(phy)));
  }

  phyState(phy: string, state: PhyState | null): void {
    this.#turn(() => {
      const live = this.#announced.phys.get(phy);
      if (!this.#lives.expects(live, `phy ${phy}`)) return;
      const flaw = state && (flawOfPhy(state) ?? (state.name === phy ? null : `it is about '${state.name}'`));
      if (flaw !== null) return this.#malformed(live, flaw);
      this.#lives.report(live, (outdated) => this.#processPhy(live, state, outdated));
      if (state === null && live.life === "PROCESSED" && live.vifs.size === 0) this.#announced.delete(phy);
    });
  }

  vifChanged(phy: string, vif: string): void {
    this.#turn(() => {
      const live = this.#announced.vif(phy, vif);
      if (live) this.#lives.changed(live);
    });
  }

  vifState(phy: string, vif: string, state: VifState | null): void {
    this.#turn(() => {
      const live = this.#announced.phys.get(phy)?.vifs.get(vif);
      if (!this.#lives.expects(live, `vif ${phy}/${vif}`)) return;
      const own = state?.name === vif && state.phy === phy;
      const flaw = state && (flawOfVif(state) ?? (own ? null : `it is about '${state.phy}/${state.name}'`));
      if (flaw !== null) return this.#malformed(live, flaw);
      this.#lives.report(live, (outdated) => this.#processVif(live, state, outdated));
      if (state === null && live.life === "PROCESSED") live.phy.vifs.delete(vif);
    });
  }

  stationChanged(phy: string, vif: string, station: Mac): void {
    this.#turn(() => {
      const live = this.#announced.station(phy, vif, station);
      if (live) this.#lives.changed(live);
    });
  }

  stationState(phy: string, vif: string, station: Mac, state: StationState | null): void {
    this.#turn(() => {
      const live = this.#announced.phys.get(phy)?.vifs.get(vif)?.stations.get(station);
      if (!this.#lives.expects(live, `station ${phy}/${vif}/${station}`)) return;
      const own = state?.mac === station && state.vif === vif && state.phy === phy;
      const about = () => `it is about '${state?.phy}/${state?.vif}/${state?.mac}'`;
      const flaw = state && (flawOfStation(state) ?? (own ? null : about()));
      if (flaw !== null) return this.#malformed(live, flaw);
      this.#lives.report(live, () => this.#processStation(live, state));
      if (state === null && live.life === "PROCESSED") live.vif.stations.delete(station);
    });
  }

  /** Where it ends, the vif's report will tell. */
  channelSwitchStarted(phy: string, vif: string, _channel: Channel): void {
    this.vifChanged(phy, vif);
  }

  channelSwitchHeard(phy: string, vif: string, channel: Channel): void {
    const flaw = flawOfChannel(channel);
    if (flaw === null) this.#turn(() => this.events.emit("channelSwitchHeard", { phy, vif, channel }));
    else this.#log.warning(`osw: state: vif ${phy}/${vif}: channel switch not believed, ${flaw}`);
  }

  wps(phy: string, vif: string, outcome: WpsOutcome): void {
    this.#turn(() => this.events.emit("wps", { phy, vif, outcome }));
  }

  probeRequest(phy: string, vif: string, probe: ProbeRequest): void {
    this.#turn(() => this.events.emit("probeRequest", { phy, vif, probe }));
  }

  frameReceived(phy: string, vif: string, frame: Uint8Array): void {
    this.#turn(() => this.events.emit("frameReceived", { phy, vif, frame }));
  }

  frameTransmitted(token: number, result: "submitted" | "failed"): void {
    this.#turn(() => this.events.emit("frameTransmitted", { token, result }));
  }

  scanResults(results: ScanResults): void {
    this.#turn(() => this.events.emit("scanResults", results));
  }

  scanCompleted(phy: string, vif: string, reason: ScanOutcome): void {
    this.#turn(() => this.events.emit("scanCompleted", { phy, vif, reason }));
  }

  authFailed(phy: string, vif: string, { station, invalidPsk }: AuthFailure): void {
    this.#turn(() => this.events.emit("authFailed", { phy, vif, station, invalidPsk }));
  }

  statistics(report: StatisticsReport): void {
    this.#turn(() => this.events.emit("statistics", report));
  }

  /** Nobody knows what was missed: everything is asked for again. */
  overrun(): void {
    this.#log.notice("osw: state: a driver has lost events, everything is asked for again");
    this.poll();
  }

  /** When the driver last reported this, news or not; null: never. */
  reportedAt(phy: string, vif: string | null): number | null {
    const live = this.#announced.phys.get(phy);
    return (vif === null ? live : live?.vifs.get(vif))?.reportedAt ?? null;
  }

  /** Phys, and vifs of the others, that their drivers have announced and never reported. */
  unreported(): readonly Unreported[] {
    const ago = (object: LiveObject) => Math.floor((this.#clock.now() - object.requestedAt) / 1000);
    return [...this.#announced.phys.values()].flatMap((phy) =>
      phy.reportedAt === null
        ? [{ object: phy.name, askedSecondsAgo: ago(phy) }]
        : [...phy.vifs.values()]
            .filter(({ reportedAt }) => phy.known !== null && reportedAt === null)
            .map((vif) => ({ object: objectName(phy.name, vif.name), askedSecondsAgo: ago(vif) })),
    );
  }

  /** Asks for one object that is known. */
  look(phy: string, vif: string | null): void {
    this.#turn(() => {
      const live = this.#announced.phys.get(phy);
      const object = vif === null ? live : live?.vifs.get(vif);
      if (object?.life === "PROCESSED") this.#lives.changed(object);
    });
  }

  /** Asks for everything that is known, and for what drivers have besides. */
  poll(): void {
    this.#turn(() => {
      for (const name of this.#source.phyNames())
        if (!this.#announced.phys.has(name)) this.#lives.changed(this.#announced.phy(name));
      for (const phy of this.#announced.phys.values()) {
        if (phy.life === "PROCESSED") this.#lives.changed(phy);
        this.#pollVifs(phy);
        this.#requestUnknownVifs(phy);
        for (const vif of phy.vifs.values()) {
          for (const station of vif.stations.values()) {
            if (station.life === "PROCESSED") this.#lives.changed(station);
          }
        }
      }
    });
  }

  #processPhy(phy: LivePhy, state: PhyState | null, outdated: boolean): void {
    const old = phy.known;
    if (state === null) {
      for (const vif of [...phy.vifs.values()]) this.#drop(vif, outdated);
      cancelTimers(phy);
      this.phys.delete(phy.name);
    } else {
      this.phys.set(phy.name, state);
      this.#watchRadar(phy, state);
    }
    phy.known = state;
    if (isNews(old, state, samePhyState)) this.events.emit("phy", { name: phy.name, old, new: state });
    if (old !== null || state === null) return;
    this.#requestWaiting(phy.vifs.values());
    this.#requestUnknownVifs(phy);
  }

  #processVif(vif: LiveVif, reported: VifState | null, outdated: boolean): void {
    const { name, phy, known: old } = vif;
    const state = reported !== null && this.#mayHaveName(vif) ? normalizeVifState(reported) : null;
    if (state === null) {
      const stations = [...vif.stations.values()];
      for (const station of stations) this.#letGo(station, vif.stations, station.mac, outdated);
      for (const station of stations) this.#processStation(station, null);
      if (old !== null) this.vifs.delete(name);
    } else {
      this.vifs.set(name, state);
    }
    vif.known = state;
    if (isNews(old, state, sameVifState)) {
      this.events.emit("vif", { name, phy: phy.name, old, new: state });
      if (old !== null && state !== null) this.#resyncVifs(phy);
    }
    if (old === null && state !== null) this.#requestWaiting(vif.stations.values());
    if (old !== null && state === null) this.#nameIsFree(name);
  }

  #processStation(station: LiveStation, state: StationState | null): void {
    const { mac, vif, known: old } = station;
    station.known = state;
    const emit = (before: StationState | null, after: StationState | null) =>
      this.events.emit("station", { mac, vif: vif.name, old: before, new: after });
    const gone = old !== null && (state === null || reassociated(old, state));
    if (gone) {
      this.#unlist(vif.name, mac);
      emit(old, null);
    }
    if (state === null) return;
    this.#list(vif.name, mac, state);
    const before = gone ? null : old;
    if (isNews(before, state, sameStationState)) emit(before, state);
  }

  #list(vif: string, mac: Mac, state: StationState): void {
    const list = this.stations.get(vif);
    if (list) list.set(mac, state);
    else this.stations.set(vif, new Map([[mac, state]]));
  }

  #unlist(vif: string, mac: Mac): void {
    const list = this.stations.get(vif);
    list?.delete(mac);
    if (list?.size === 0) this.stations.delete(vif);
  }

  /** The phy of this vif has gone. */
  #drop(vif: LiveVif, outdated: boolean): void {
    this.#letGo(vif, vif.phy.vifs, vif.name, outdated);
    this.#processVif(vif, null, outdated);
  }

  /**
   * What an object belongs to has gone. If the driver has spoken of either since (`outdated`: of the former), it may mean
   * the next life of both, and will not say it again: the object is kept to be asked for then.
   */
  #letGo<Key, Live extends LiveObject>(object: Live, list: Map<Key, Live>, key: Key, outdated: boolean): void {
    this.#lives.forget(object);
    if (!outdated && (object.life === "PROCESSED" || object.life === "VALID")) list.delete(key);
    else object.life = "INVALID";
  }

  /** A vif's name is unique among all phys; the first to come has it. */
  #mayHaveName(vif: LiveVif): boolean {
    const holder = this.vifs.get(vif.name);
    if (!holder || holder.phy === vif.phy.name) return true;
    this.#log.warning(`osw: state: ${holder.phy} has a vif ${vif.name}, the one on ${vif.phy.name} is ignored`);
    return false;
  }

  /** Another phy may have a vif of that name, ignored until now. */
  #nameIsFree(name: string): void {
    for (const phy of this.#announced.phys.values()) {
      const vif = phy.vifs.get(name);
      if (vif && vif.known === null && vif.life === "PROCESSED") this.#lives.changed(vif);
    }
  }

  /** What they belong to has come. */
  #requestWaiting(objects: Iterable<LiveObject>): void {
    for (const object of objects) if (object.life === "INVALID") this.#lives.request(object);
  }

  /** Their announcement was lost, or came when nobody could make anything of it. */
  #requestUnknownVifs(phy: LivePhy): void {
    if (phy.known === null) return;
    for (const name of this.#source.vifNamesOf(phy.name)) {
      if (phy.vifs.has(name) || phy.vifs.size >= limits.vifsPerPhy) continue;
      const vif = this.#announced.vif(phy.name, name);
      if (vif) this.#lives.changed(vif);
    }
  }

  #resyncVifs(phy: LivePhy): void {
    phy.vifResync ??= this.#clock.setTimer(limits.vifResync, () => {
      phy.vifResync = undefined;
      this.#turn(() => this.#pollVifs(phy));
    });
  }

  #pollVifs(phy: LivePhy): void {
    for (const vif of phy.vifs.values()) if (vif.life === "PROCESSED") this.#lives.changed(vif);
  }

  /** Drivers announce neither the end of a CAC nor the time left on the non-occupancy list reliably. */
  #watchRadar(phy: LivePhy, state: PhyState): void {
    phy.radarPoll?.cancel();
    phy.radarPoll = undefined;
    const has = (dfs: string) => state.channelStates.some((channel) => channel.dfs === dfs);
    const period = has("cac_in_progress") ? limits.cacPoll : has("nol") ? limits.nolPoll : null;
    if (period === null) return;
    phy.radarPoll = this.#clock.setTimer(period, () => {
      phy.radarPoll = undefined;
      this.#turn(() => {
        if (phy.life === "PROCESSED") this.#lives.changed(phy);
      });
    });
  }

  #malformed(object: LiveObject, why: string): void {
    this.#log.warning(`osw: state: ${object.label}: report ignored, ${why}`);
  }

  /** Observers hear of idle and busy when all that one event caused is done. */
  #turn(step: () => void): void {
    if (this.#stopped) return;
    this.#depth++;
    try {
      step();
    } finally {
      this.#depth--;
    }
    if (this.#depth > 0 || this.#idle === this.#lives.idle) return;
    this.#idle = this.#lives.idle;
    this.events.emit("idle", this.#idle);
  }
}

function isNews<T>(old: T | null, now: T | null, same: (a: T, b: T) => boolean): boolean {
  return old === null || now === null ? old !== now : !same(old, now);
}

function cancelTimers(phy: LivePhy): void {
  phy.channelResync?.cancel();
  phy.vifResync?.cancel();
  phy.radarPoll?.cancel();
  phy.channelResync = undefined;
  phy.vifResync = undefined;
  phy.radarPoll = undefined;
}
