/** Somebody who listens to a driver, asks for all that changes, and notes what the contract does not allow. */

import type { Mac } from "@opensync-ts/base/units";
import type { AuthFailure, RadioDriver, ScanResults, StatisticsReport } from "../driver.ts";
import type { PhyState, StationState, VifState } from "../radio.ts";

export class ContractWatch {
  readonly phys = new Map<string, PhyState | null>();
  /** By `phy/vif`. */
  readonly vifs = new Map<string, VifState | null>();
  /** By `phy/vif/station`. */
  readonly stations = new Map<string, StationState | null>();
  readonly statistics: StatisticsReport[] = [];
  readonly scanResults: ScanResults[] = [];
  readonly authFailures: AuthFailure[] = [];
  /** Every call of the driver, in order. */
  readonly log: string[] = [];
  readonly breaches: string[] = [];
  /** False: changes are heard, and nobody asks what they are. */
  asks = true;
  readonly #driver: RadioDriver;

  constructor(driver: RadioDriver) {
    this.#driver = driver;
  }

  start(): void {
    const driver = this.#driver;
    driver.start({
      phyChanged: (phy) => {
        this.log.push(`phyChanged ${phy}`);
        if (this.asks) driver.requestPhyState(phy);
      },
      phyState: (phy, state) => {
        this.log.push(`phyState ${phy}`);
        if (state && state.name !== phy) this.breaches.push(`the report about ${phy} is about ${state.name}`);
        this.phys.set(phy, state);
      },
      vifChanged: (phy, vif) => {
        this.log.push(`vifChanged ${phy}/${vif}`);
        if (this.asks) driver.requestVifState(phy, vif);
      },
      vifState: (phy, vif, state) => {
        const object = `${phy}/${vif}`;
        this.log.push(`vifState ${object}`);
        const about = state && `${state.phy}/${state.name}`;
        if (about && about !== object) this.breaches.push(`the report about ${object} is about ${about}`);
        this.vifs.set(object, state);
      },
      stationChanged: (phy, vif, station) => {
        this.log.push(`stationChanged ${phy}/${vif}/${station}`);
        if (this.asks) driver.requestStationState(phy, vif, station);
      },
      stationState: (phy, vif, station, state) => {
        const object = `${phy}/${vif}/${station}`;
        this.log.push(`stationState ${object}`);
        const about = state && `${state.phy}/${state.vif}/${state.mac}`;
        if (about && about !== object) this.breaches.push(`the report about ${object} is about ${about}`);
        this.stations.set(object, state);
      },
      channelSwitchStarted: (phy, vif) => this.log.push(`channelSwitchStarted ${phy}/${vif}`),
      channelSwitchHeard: (phy, vif) => this.log.push(`channelSwitchHeard ${phy}/${vif}`),
      wps: (phy, vif, outcome) => this.log.push(`wps ${phy}/${vif} ${outcome}`),
      probeRequest: (phy, vif, { station }) => this.log.push(`probeRequest ${phy}/${vif} ${station}`),
      frameReceived: (phy, vif) => this.log.push(`frameReceived ${phy}/${vif}`),
      frameTransmitted: (token, result) => this.log.push(`frameTransmitted ${token} ${result}`),
      scanResults: (results) => {
        this.log.push(`scanResults ${results.phy}/${results.vif}`);
        this.scanResults.push(results);
      },
      scanCompleted: (phy, vif, reason) => this.log.push(`scanCompleted ${phy}/${vif} ${reason}`),
      authFailed: (phy, vif, failure) => {
        this.log.push(`authFailed ${phy}/${vif}/${failure.station}`);
        this.authFailures.push(failure);
      },
      statistics: (report) => {
        this.log.push(`statistics ${report.phy}${report.pushed ? " pushed" : ""}`);
        this.statistics.push(report);
      },
      overrun: () => this.log.push("overrun"),
    });
  }

  vif(phy: string, vif: string): VifState | null | undefined {
    return this.vifs.get(`${phy}/${vif}`);
  }

  station(phy: string, vif: string, mac: Mac): StationState | null | undefined {
    return this.stations.get(`${phy}/${vif}/${mac}`);
  }
}
