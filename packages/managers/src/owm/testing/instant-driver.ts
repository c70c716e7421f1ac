/** A radio driver that does at once, and exactly, what it is asked; tests can make it ignore, stall and change by itself. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type { ConfigRequest, RadioDriver, RadioDriverEvents, VifRequest, WpsOutcome } from "@opensync-ts/target/driver";
import type { ApState, Channel, PhyState, StationState, VifState } from "@opensync-ts/target/radio";

export class InstantDriver implements RadioDriver {
  readonly name = "instant";
  /** Every configuration request so far. */
  readonly requests: ConfigRequest[] = [];
  /** Requests have no effect. */
  deaf = false;
  /** Reports are owed, and given when this ends. */
  #stalled: (() => void)[] | null = null;
  readonly #clock: Clock;
  readonly #phys = new Map<string, PhyState>();
  readonly #vifs = new Map<string, VifState>();
  readonly #stations = new Map<string, StationState>();
  #events: RadioDriverEvents | null = null;

  constructor(clock: Clock, phys: readonly PhyState[], vifs: readonly VifState[]) {
    this.#clock = clock;
    for (const phy of phys) this.#phys.set(phy.name, phy);
    for (const vif of vifs) this.#vifs.set(vif.name, vif);
  }

  start(events: RadioDriverEvents): void {
    this.#events = events;
    for (const name of this.#phys.keys()) events.phyChanged(name);
    for (const { name, phy } of this.#vifs.values()) events.vifChanged(phy, name);
    for (const { mac, vif, phy } of this.#stations.values()) events.stationChanged(phy, vif, mac);
  }

  stop(): void {
    this.#events = null;
  }

  requestPhyState(phy: string): void {
    this.#soon(() => this.#events?.phyState(phy, this.#phys.get(phy) ?? null));
  }

  requestVifState(phy: string, vif: string): void {
    this.#soon(() => this.#events?.vifState(phy, vif, this.#vifs.get(vif) ?? null));
  }

  requestStationState(phy: string, vif: string, station: Mac): void {
    this.#soon(() => this.#events?.stationState(phy, vif, station, this.#stations.get(`${vif} ${station}`) ?? null));
  }

  requestConfig(request: ConfigRequest): void {
    this.requests.push(request);
    if (this.deaf) return;
    for (const { name, vifs, ...asked } of request.phys) {
      const phy = this.#phys.get(name);
      if (phy && Object.keys(asked).length > 0) this.setPhy({ ...phy, ...asked });
      for (const vif of vifs) this.#configureVif(vif);
    }
  }

  requestDeauth(_phy: string, vif: string, station: Mac): void {
    this.leave(vif, station);
  }

  vif(name: string): VifState {
    const vif = this.#vifs.get(name);
    if (!vif) throw new RangeError(`no vif ${name}`);
    return vif;
  }

  ap(name: string): ApState {
    const vif = this.vif(name);
    if (vif.type !== "ap") throw new RangeError(`${name} is no AP`);
    return vif.ap;
  }

  setPhy(phy: PhyState): void {
    this.#phys.set(phy.name, phy);
    this.#events?.phyChanged(phy.name);
  }

  setVif(vif: VifState): void {
    this.#vifs.set(vif.name, vif);
    this.#events?.vifChanged(vif.phy, vif.name);
  }

  changeAp(name: string, change: Partial<ApState>): void {
    const vif = this.vif(name);
    if (vif.type === "ap") this.setVif({ ...vif, ap: { ...vif.ap, ...change } });
  }

  removeVif(name: string): void {
    const { phy } = this.vif(name);
    this.#vifs.delete(name);
    this.#events?.vifChanged(phy, name);
  }

  join(station: StationState): void {
    this.#stations.set(`${station.vif} ${station.mac}`, station);
    this.#events?.stationChanged(station.phy, station.vif, station.mac);
  }

  leave(vif: string, station: Mac): void {
    const { phy } = this.vif(vif);
    this.#stations.delete(`${vif} ${station}`);
    this.#events?.stationChanged(phy, vif, station);
  }

  hearWps(vif: string, outcome: WpsOutcome): void {
    this.#events?.wps(this.vif(vif).phy, vif, outcome);
  }

  hearSwitch(vif: string, channel: Channel): void {
    this.#events?.channelSwitchHeard(this.vif(vif).phy, vif, channel);
  }

  /** From now on reports are kept back; the result gives them. */
  stall(): () => void {
    const owed: (() => void)[] = [];
    this.#stalled = owed;
    return () => {
      this.#stalled = null;
      for (const report of owed) report();
    };
  }

  #configureVif({ name, enabled, txPower, ap, sta }: VifRequest): void {
    const vif = this.#vifs.get(name);
    if (!vif) return;
    const common = {
      ...(enabled === undefined ? {} : { status: enabled ? ("enabled" as const) : ("disabled" as const) }),
      ...(txPower === undefined ? {} : { txPower }),
    };
    if (vif.type === "ap") {
      const { csaRequired: _, ...attributes } = ap ?? {};
      this.setVif({ ...vif, ...common, ap: { ...vif.ap, ...attributes } });
    } else if (vif.type === "sta") {
      const networks = sta?.networks ?? vif.sta.networks;
      this.setVif({ ...vif, ...common, sta: { ...vif.sta, networks } });
    } else this.setVif({ ...vif, ...common });
  }

  #soon(report: () => void): void {
    this.#clock.setTimer(0, () => {
      if (this.#stalled) this.#stalled.push(report);
      else report();
    });
  }
}
