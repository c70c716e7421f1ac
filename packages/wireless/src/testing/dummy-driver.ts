/**
 * A radio driver without radios, for tests: it reports what it was told to, keeps every request, and, unless told not
 * to, applies them after a while. The shape of `osw_drv_dummy`.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type { ConfigRequest, PhyRequest, RadioDriver, RadioDriverEvents, VifRequest } from "@opensync-ts/target/driver";
import type { PhyState, StationState, VifState } from "@opensync-ts/target/radio";

interface DummyDriverOptions {
  readonly clock: Clock;
  readonly name?: string;
  /** Milliseconds from being asked to reporting; null: at once, before the call returns. */
  readonly reportDelay?: number | null;
  /** Milliseconds from a request to its effect; null: at once, before the call returns. */
  readonly applyDelay?: number | null;
}

export interface Deauth {
  readonly phy: string;
  readonly vif: string;
  readonly station: Mac;
  readonly reason: number;
}

export class DummyDriver implements RadioDriver {
  readonly name: string;
  readonly requests: ConfigRequest[] = [];
  readonly deauths: Deauth[] = [];
  /** How often a report was asked for, by object. */
  readonly asked = new Map<string, number>();
  /** False: requests are kept and have no effect. */
  applies = true;
  /** False: requests for state are not answered. */
  answers = true;
  /** What becomes of a vif that was asked to change; faults go here. */
  applyVif: (request: VifRequest, before: VifState) => VifState = applyToVif;
  applyPhy: (request: PhyRequest, before: PhyState) => PhyState = applyToPhy;
  reportDelay: number | null;
  applyDelay: number | null;
  readonly #clock: Clock;
  readonly #phys = new Map<string, PhyState>();
  readonly #vifs = new Map<string, VifState>();
  readonly #stations = new Map<string, StationState>();
  readonly #timers = new Set<Timer>();
  #events: RadioDriverEvents | undefined;

  constructor(options: DummyDriverOptions) {
    this.#clock = options.clock;
    this.name = options.name ?? "dummy";
    this.reportDelay = options.reportDelay === undefined ? 1 : options.reportDelay;
    this.applyDelay = options.applyDelay === undefined ? 10 : options.applyDelay;
  }

  /** Where reports go; for tests that report out of turn. */
  get events(): RadioDriverEvents {
    if (!this.#events) throw new Error(`driver ${this.name} is not started`);
    return this.#events;
  }

  start(events: RadioDriverEvents): void {
    this.#events = events;
    for (const { name } of this.#phys.values()) events.phyChanged(name);
    for (const { phy, name } of this.#vifs.values()) events.vifChanged(phy, name);
    for (const { phy, vif, mac } of this.#stations.values()) events.stationChanged(phy, vif, mac);
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#events = undefined;
  }

  setPhy(state: PhyState): void {
    this.#phys.set(state.name, state);
    this.#events?.phyChanged(state.name);
  }

  removePhy(name: string): void {
    this.#phys.delete(name);
    this.#events?.phyChanged(name);
  }

  setVif(state: VifState): void {
    this.#vifs.set(key(state.phy, state.name), state);
    this.#events?.vifChanged(state.phy, state.name);
  }

  removeVif(phy: string, name: string): void {
    this.#vifs.delete(key(phy, name));
    this.#events?.vifChanged(phy, name);
  }

  setStation(state: StationState): void {
    this.#stations.set(key(state.phy, state.vif, state.mac), state);
    this.#events?.stationChanged(state.phy, state.vif, state.mac);
  }

  removeStation(phy: string, vif: string, mac: Mac): void {
    this.#stations.delete(key(phy, vif, mac));
    this.#events?.stationChanged(phy, vif, mac);
  }

  /** What the radio is really at, reported or not. */
  phy(name: string): PhyState | undefined {
    return this.#phys.get(name);
  }

  vif(phy: string, name: string): VifState | undefined {
    return this.#vifs.get(key(phy, name));
  }

  phyNames(): readonly string[] {
    return [...this.#phys.keys()];
  }

  vifNamesOf(phy: string): readonly string[] {
    return [...this.#vifs.values()].filter((vif) => vif.phy === phy).map(({ name }) => name);
  }

  requestPhyState(phy: string): void {
    this.#answer(phy, () => this.#events?.phyState(phy, this.#phys.get(phy) ?? null));
  }

  requestVifState(phy: string, vif: string): void {
    this.#answer(key(phy, vif), () => this.#events?.vifState(phy, vif, this.#vifs.get(key(phy, vif)) ?? null));
  }

  requestStationState(phy: string, vif: string, station: Mac): void {
    const object = key(phy, vif, station);
    this.#answer(object, () => this.#events?.stationState(phy, vif, station, this.#stations.get(object) ?? null));
  }

  requestConfig(request: ConfigRequest): void {
    this.requests.push(request);
    if (this.applies) this.#later(this.applyDelay, () => this.#apply(request));
  }

  requestDeauth(phy: string, vif: string, station: Mac, reason: number): void {
    this.deauths.push({ phy, vif, station, reason });
  }

  #apply(request: ConfigRequest): void {
    for (const phy of request.phys) {
      const state = this.#phys.get(phy.name);
      if (state && Object.keys(phy).length > 2) this.setPhy(this.applyPhy(phy, state));
      for (const vif of phy.vifs) {
        const vifState = this.#vifs.get(key(phy.name, vif.name));
        if (vifState) this.setVif(this.applyVif(vif, vifState));
      }
    }
  }

  #answer(object: string, report: () => void): void {
    this.asked.set(object, (this.asked.get(object) ?? 0) + 1);
    if (this.answers) this.#later(this.reportDelay, report);
  }

  #later(delay: number | null, step: () => void): void {
    if (delay === null) {
      step();
      return;
    }
    const timer = this.#clock.setTimer(delay, () => {
      this.#timers.delete(timer);
      step();
    });
    this.#timers.add(timer);
  }
}

/** What a phy is after a request that works. */
export function applyToPhy(request: PhyRequest, before: PhyState): PhyState {
  const { vifs: _vifs, ...attributes } = request;
  return { ...before, ...attributes };
}

/** What a vif is after a request that works. */
export function applyToVif(request: VifRequest, before: VifState): VifState {
  const status = request.enabled === undefined ? before.status : request.enabled ? "enabled" : "disabled";
  const common = { ...before, status, txPower: request.txPower ?? before.txPower } as VifState;
  if (common.type === "ap" && request.ap) {
    const { csaRequired: _csaRequired, ...attributes } = request.ap;
    return { ...common, ap: { ...common.ap, ...attributes } };
  }
  if (common.type === "sta" && request.sta) return { ...common, sta: applyToSta(request.sta, common.sta) };
  return common;
}

/** The first network is always in the air. */
function applyToSta(
  { operation, networks: wanted }: NonNullable<VifRequest["sta"]>,
  before: Extract<VifState, { type: "sta" }>["sta"],
): Extract<VifState, { type: "sta" }>["sta"] {
  const networks = wanted ?? before.networks;
  const [first] = networks;
  if (operation === "disconnect") return { ...before, networks, link: { ...before.link, status: "disconnected" } };
  if (operation === null || !first) return { ...before, networks };
  const { ssid, bridge, multiAp, bssid, psk, wpa } = first;
  return { ...before, networks, link: { ...before.link, status: "connected", ssid, bridge, multiAp, bssid, psk, wpa } };
}

function key(...names: readonly string[]): string {
  return names.join("/");
}
