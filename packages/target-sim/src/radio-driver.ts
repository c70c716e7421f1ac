/**
 * A radio driver whose hardware lives in a world. Requests and reports take their time on the clock; what is reported
 * is what the simulated hardware really does, unless a fault says otherwise. The hardware goes on when nobody listens
 * (`stop`), until the device is switched off (`close`).
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import type {
  ConfigRequest,
  FrameToTransmit,
  PhyRequest,
  RadioDriver,
  RadioDriverEvents,
  ScanRequest,
  StatisticsRequest,
} from "@opensync-ts/target/driver";
import type { PhyState, StationState, VifState } from "@opensync-ts/target/radio";
import type { Attempt } from "@opensync-ts/world/access-point";
import type { World } from "@opensync-ts/world/world";
import { type Interface, listenToAir, sendFrame } from "./air.ts";
import { Announcer } from "./announcer.ts";
import { Backhaul } from "./backhaul.ts";
import { type CacDurations, standardCac } from "./dfs.ts";
import type { FaultSwitch } from "./faults.ts";
import { FramesToStations } from "./frames-to-stations.ts";
import { maxPendingDeauths, maxPendingFrames, maxPendingRequests } from "./limits.ts";
import { Measurements } from "./measurements.ts";
import { type RadioModel, vifNames } from "./models.ts";
import type { VifWire } from "./network/vif-wire.ts";
import type { Regulation } from "./regulatory.ts";
import { ReportQueue } from "./report-queue.ts";
import { SimRadio } from "./sim-radio.ts";
import { stationState } from "./station-state.ts";

/** Milliseconds; 0 = at the next turn of the clock. */
export interface Latency {
  /** From a configuration request to its effect. */
  readonly apply: number;
  /** From a state request to its report. */
  readonly report: number;
  /** From the announcement of a channel switch to the switch; default 0. */
  readonly channelSwitch?: number;
}

export const instant: Latency = { apply: 0, report: 0 };

export interface SimRadioDriverOptions {
  readonly world: World;
  readonly clock: Clock;
  /** The device's site in the world, which exists. */
  readonly site: string;
  readonly radios: readonly RadioModel[];
  /** The address of the n-th phy or vif, counted radio by radio, each phy before its vifs. */
  readonly macOf: (index: number) => Mac;
  /** The address of a multi-link device; default: that of the last interface before the radios. */
  readonly mldAddress?: (ifName: string) => Mac;
  readonly regulation: Regulation;
  readonly faults: FaultSwitch;
  readonly latency?: Latency;
  readonly cac?: CacDurations;
  /** Something may have changed about what its vifs are wired to (`wires`). */
  readonly onWires?: () => void;
  /** Of the fan that cools the radios; absent: there is none. */
  readonly fanRpm?: () => number;
}

/** What a restart of the driver leaves of the settings of its radios. */
export type RestartSettings = "kept" | "initial";

export class SimRadioDriver implements RadioDriver {
  readonly name: string;
  /** Asked last whenever a client is about to be let in; a hook for steering and for tests. */
  admits: ((vif: string, attempt: Attempt) => boolean) | null = null;
  readonly #options: SimRadioDriverOptions;
  readonly #latency: Latency;
  readonly #radios = new Map<string, SimRadio>();
  readonly #byMac = new Map<Mac, Interface>();
  readonly #measurements: Measurements;
  readonly #backhaul: Backhaul;
  readonly #frameDelivery: FramesToStations;
  readonly #reports: ReportQueue;
  readonly #subscriptions: Unsubscribe[] = [];
  readonly #requests = new Set<Timer>();
  readonly #deauths = new Set<Timer>();
  readonly #frames = new Set<Timer>();
  /** What happens on the next turn. */
  readonly #turns = new Set<Timer>();
  readonly #announcer: Announcer;
  #events: RadioDriverEvents | null = null;
  #announcement: Timer | null = null;
  /** The driver is down, on its way to a restart. */
  #down: Timer | null = null;
  #droppedRequests = 0;

  constructor(options: SimRadioDriverOptions) {
    const { world, clock, site, faults } = options;
    this.#options = options;
    this.name = `sim/${site}`;
    this.#latency = options.latency ?? instant;
    this.#backhaul = new Backhaul(world, site);
    this.#frameDelivery = new FramesToStations(world);
    this.#reports = new ReportQueue(clock, faults, this.#latency.report);
    this.#measurements = new Measurements({
      ...{ world, clock, site, faults },
      radio: (phy) => (this.#down ? undefined : this.#radios.get(phy)),
      events: () => this.#events,
      fanRpm: options.fanRpm ?? (() => 0),
    });
    this.#announcer = new Announcer({
      faults,
      radios: () => this.#radios,
      phyState: (phy) => this.phyState(phy),
      vifState: (phy, vif) => this.vifState(phy, vif),
    });
    this.#build();
    this.#subscriptions.push(
      ...listenToAir({
        world,
        site,
        find: (mac) => this.#byMac.get(mac),
        frames: this.#frameDelivery,
        radios: () => this.#radios.values(),
        events: () => this.#events,
        stationCame: (bssid, mac) => this.#stationCame(bssid, mac),
        stationLeft: (bssid, mac) => this.#stationLeft(bssid, mac),
        linkChanging: () => this.#later(this.#turns, 0, () => this.#announceChanges()),
      }),
      faults.onChange(() => this.#faultsChanged()),
    );
  }

  /** Configuration requests that found the queue full. */
  get droppedRequests(): number {
    return this.#droppedRequests;
  }

  /** Management frames that were sent and that no station could make sense of. */
  get unreadableFrames(): number {
    return this.#frameDelivery.unreadable;
  }

  /** Its phys and vifs, as faults and scans may name them. */
  phyNames(): readonly string[] {
    return [...this.#radios.keys()];
  }

  vifNamesOf(phy: string): readonly string[] {
    return [...(this.#radios.get(phy)?.vifs.keys() ?? [])];
  }

  /** °C, whether anybody listens to the driver or not; `null` where there is no such radio now. */
  temperature(phy: string): number | null {
    return this.#measurements.temperature(phy);
  }

  start(events: RadioDriverEvents): void {
    this.stop();
    this.#events = events;
    this.#announcement = this.#options.clock.setTimer(0, () => {
      this.#announcement = null;
      this.#announceAll();
    });
  }

  stop(): void {
    this.#events = null;
    this.#announcement?.cancel();
    this.#announcement = null;
    this.#announcer.forget();
    this.#reports.clear();
    this.#measurements.stop();
  }

  /** The device is switched off. Idempotent. */
  close(): void {
    this.stop();
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
    for (const timers of [this.#requests, this.#deauths, this.#frames, this.#turns]) {
      for (const timer of timers) timer.cancel();
      timers.clear();
    }
    this.#down?.cancel();
    for (const radio of this.#radios.values()) radio.close();
  }

  /**
   * The driver ends and comes back after `downMs`: until then its phys and vifs are gone, and what is asked of it is
   * lost. A restart during a restart changes nothing.
   */
  restart(settings: RestartSettings, downMs: number): void {
    if (this.#down) return;
    this.#down = this.#options.clock.setTimer(downMs, () => {
      this.#down = null;
      if (settings === "initial") this.#build();
      else for (const radio of this.#radios.values()) radio.wake();
      for (const radio of this.#radios.values()) this.#measurements.resume(radio);
      this.#announceChanges();
    });
    for (const [phy, radio] of this.#radios) {
      this.#measurements.pause(phy);
      if (settings === "initial") radio.close();
      else radio.silence();
    }
    for (const timer of this.#requests) timer.cancel();
    this.#requests.clear();
    this.#announceChanges();
  }

  requestPhyState(phy: string): void {
    if (!this.#events) return;
    this.#reports.ask(
      `phy ${phy}`,
      () => this.#options.faults.of(phy),
      () => {
        const state = this.phyState(phy);
        return () => this.#events?.phyState(phy, state);
      },
    );
  }

  requestVifState(phy: string, vif: string): void {
    if (!this.#events) return;
    this.#reports.ask(
      `vif ${phy} ${vif}`,
      () => this.#options.faults.of(phy, vif),
      () => {
        const state = this.vifState(phy, vif);
        return () => this.#events?.vifState(phy, vif, state);
      },
    );
  }

  requestStationState(phy: string, vif: string, station: Mac): void {
    if (!this.#events) return;
    this.#reports.ask(
      `station ${phy} ${vif} ${station}`,
      () => this.#options.faults.of(phy, vif),
      () => {
        const state = this.stationState(phy, vif, station);
        return () => this.#events?.stationState(phy, vif, station, state);
      },
    );
  }

  requestConfig(request: ConfigRequest): void {
    const { clock } = this.#options;
    if (this.#requests.size >= maxPendingRequests) {
      this.#droppedRequests++;
      return;
    }
    if (this.#down) return;
    const parts = request.phys.flatMap((phy) => this.#heeded(phy));
    const latest = Math.max(0, ...parts.map(({ name }) => this.#options.faults.of(name).applyDelay));
    const timer = clock.setTimer(this.#latency.apply + latest, () => {
      this.#requests.delete(timer);
      for (const phy of parts) this.#apply(phy);
      this.#announceChanges();
    });
    this.#requests.add(timer);
  }

  requestDeauth(phy: string, vif: string, station: Mac, _reason: number): void {
    this.#sendAway(phy, vif, station);
  }

  /** In the world a station that is forgotten notices as fast as one that is told. */
  requestStationDelete(phy: string, vif: string, station: Mac): void {
    this.#sendAway(phy, vif, station);
  }

  requestStatistics(request: StatisticsRequest): void {
    if (!this.#events) return;
    const { phy, stations, survey, temperature, bsses } = request;
    this.#reports.ask(
      `statistics ${phy} ${stations} ${survey} ${temperature} ${bsses}`,
      () => this.#options.faults.of(phy),
      () => {
        const report = this.#measurements.read(request);
        return () => this.#events?.statistics(report);
      },
    );
  }

  requestScan(phy: string, vif: string, scan: ScanRequest): void {
    this.#measurements.scan(phy, vif, scan);
  }

  transmitFrame({ phy, vif, frame, token }: FrameToTransmit): void {
    if (this.#frames.size >= maxPendingFrames) {
      this.#events?.frameTransmitted(token, "failed");
      return;
    }
    this.#later(this.#frames, this.#latency.apply, () => {
      const found = this.#down ? undefined : this.#radios.get(phy)?.vifs.get(vif);
      const sent = sendFrame(this.#options.world, this.#frameDelivery, found, frame);
      this.#events?.frameTransmitted(token, sent ? "submitted" : "failed");
    });
  }

  /** Radar is heard by a radio on a 20 MHz channel (its centre, MHz). */
  radar(phy: string, frequency: number): void {
    const radio = this.#radios.get(phy);
    if (!radio) throw new RangeError(`${this.name}: there is no radio '${phy}'`);
    this.#measurements.book(phy);
    radio.hearRadar(frequency);
    this.#announceChanges();
  }

  /** The counters of a radio and its stations begin anew, and nobody is told. */
  resetCounters(phy: string): void {
    const radio = this.#radios.get(phy);
    if (!radio) throw new RangeError(`${this.name}: there is no radio '${phy}'`);
    this.#measurements.resetCounters(radio);
  }

  /** Keeps its own stations off the air, or lets them be there again. Access points stay. */
  setStationsOnAir(on: boolean): void {
    if (this.#backhaul.offAir === !on) return;
    this.#backhaul.offAir = !on;
    if (this.#down) return;
    for (const radio of this.#radios.values()) radio.transmit();
    this.#announceChanges();
  }

  /** Its vifs as the network sees them: as they are, whatever is reported of them. */
  wires(): readonly VifWire[] {
    return this.#down ? [] : [...this.#radios.values()].flatMap((radio) => radio.wires());
  }

  /** The state as it would be reported now, faults included; `null` for what does not exist. */
  phyState(name: string): PhyState | null {
    return this.#down ? null : (this.#radios.get(name)?.phyState() ?? null);
  }

  vifState(phy: string, name: string): VifState | null {
    return this.#down ? null : (this.#radios.get(phy)?.vifState(name) ?? null);
  }

  stationState(phy: string, vif: string, station: Mac): StationState | null {
    const found = this.#radios.get(phy)?.vifs.get(vif);
    return found ? stationState(this.#options.world, { phy, vif, bssid: found.mac }, station) : null;
  }

  #build(): void {
    const { world, clock, site, radios, macOf, regulation, faults, cac = standardCac } = this.#options;
    this.#byMac.clear();
    let index = 0;
    for (const model of radios) {
      const { phy } = model;
      const radio: SimRadio = new SimRadio({
        model,
        mac: macOf(index++),
        vifMacs: vifNames(model).map(() => macOf(index++)),
        mldAddress: this.#options.mldAddress ?? (() => macOf(0)),
        world,
        clock,
        site,
        backhaul: this.#backhaul,
        regulation,
        cac,
        switchDelay: this.#latency.channelSwitch ?? 0,
        faults,
        admits: (vif, attempt) => this.admits?.(vif, attempt) ?? true,
        onChange: () => this.#announceChanges(),
        onSwitch: (vif, channel) => this.#events?.channelSwitchStarted(phy, vif, channel),
        onWps: (vif, outcome) => this.#events?.wps(phy, vif, outcome),
      });
      this.#radios.set(phy, radio);
      this.#measurements.install(radio);
      for (const vif of radio.vifs.values()) this.#byMac.set(vif.mac, { radio, vif });
    }
  }

  /** What of a request the driver takes notice of. */
  #heeded(request: PhyRequest): PhyRequest[] {
    const { faults } = this.#options;
    const ignored = faults.of(request.name).ignoreRequests;
    if (faults.strikes(ignored)) return [];
    const vifs = request.vifs.filter(({ name }) => {
      const own = faults.of(request.name, name).ignoreRequests;
      return own === ignored || !faults.strikes(own);
    });
    return [{ ...request, vifs }];
  }

  #apply(request: PhyRequest): void {
    const radio = this.#radios.get(request.name);
    if (!radio) return;
    this.#measurements.book(request.name);
    radio.apply(request);
  }

  #sendAway(phy: string, vif: string, station: Mac): void {
    const found = this.#radios.get(phy)?.vifs.get(vif);
    if (!found || this.#deauths.size >= maxPendingDeauths) return;
    this.#later(this.#deauths, this.#latency.apply, () => this.#options.world.deauthenticate(found.mac, station));
  }

  #later(timers: Set<Timer>, delay: number, step: () => void): void {
    const timer = this.#options.clock.setTimer(delay, () => {
      timers.delete(timer);
      step();
    });
    timers.add(timer);
  }

  #stationCame(bssid: Mac, station: Mac): void {
    const served = this.#byMac.get(bssid);
    if (served) this.#measurements.stationCame(served.radio.model.phy, served.vif.name, bssid, station);
    this.#stationChanged(bssid, station);
  }

  #stationLeft(bssid: Mac, station: Mac): void {
    const served = this.#byMac.get(bssid);
    if (served) this.#measurements.stationLeft(served.radio.model.phy, served.vif.name, bssid, station);
    this.#stationChanged(bssid, station);
  }

  #stationChanged(bssid: Mac, station: Mac): void {
    const served = this.#byMac.get(bssid);
    if (served) {
      this.#events?.stationChanged(served.radio.model.phy, served.vif.name, station);
      if (served.radio.model.apVlans) this.#announceChanges();
    }
    // One of our own backhaul stations has found, or lost, its parent.
    if (this.#byMac.get(station)?.vif.type === "sta") this.#announceChanges();
  }

  #faultsChanged(): void {
    if (this.#down) return;
    for (const radio of this.#radios.values()) radio.faultsChanged();
    const events = this.#events;
    if (events && !this.#announcement && this.#announcer.recovers()) {
      // A driver that is well again and knows that it has kept something quiet says so, and announces all it has.
      this.#announcer.forget();
      events.overrun();
      this.#announceAll();
    }
    this.#announceChanges();
  }

  #announceAll(): void {
    this.#announceChanges();
    for (const [phy, { vifs }] of this.#radios) {
      for (const vif of vifs.values()) {
        for (const { client } of this.#options.world.stations(vif.mac)) {
          this.#events?.stationChanged(phy, vif.name, client.device.mac);
        }
      }
    }
  }

  #announceChanges(): void {
    if (!this.#down) for (const radio of this.#radios.values()) this.#measurements.follow(radio);
    this.#options.onWires?.();
    if (this.#events && !this.#announcement) this.#announcer.announce(this.#events);
  }
}
