/**
 * Several drivers as one. A phy belongs to the driver that announced it first; requests go to the owner, a
 * configuration is split by owner, and what another driver says about the phy is not believed.
 */

import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
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
import { limits } from "./limits.ts";

type OptionalOperation = "requestStationDelete" | "requestStatistics" | "requestScan" | "transmitFrame";

export class Mux {
  readonly #drivers: readonly RadioDriver[];
  readonly #log: Log;
  readonly #owners = new Map<string, RadioDriver>();
  /** Phys that their owner has withdrawn: the next driver to announce one owns it. */
  readonly #withdrawn = new Set<string>();
  /** Of what has been warned about, so that it is said once. */
  readonly #warned = new Set<string>();

  constructor(drivers: readonly RadioDriver[], log: Log) {
    this.#drivers = drivers;
    this.#log = log;
  }

  start(events: RadioDriverEvents): void {
    for (const driver of this.#drivers) this.#call(driver, "start", () => driver.start(this.#guard(driver, events)));
  }

  stop(): void {
    for (const driver of this.#drivers) this.#call(driver, "stop", () => driver.stop());
  }

  /** The driver that owns `phy`, by name; null where nobody does. */
  ownerOf(phy: string): string | null {
    return this.#owners.get(phy)?.name ?? null;
  }

  /** As far as drivers tell. Naming a phy that nobody has is as good as announcing it, which may have been lost. */
  phyNames(): readonly string[] {
    return this.#drivers.flatMap((driver) => {
      const names = this.#ask(driver, "phyNames", () => driver.phyNames?.());
      return names.filter((phy) =>
        this.#owners.has(phy) ? this.#owners.get(phy) === driver : this.#claim(driver, phy),
      );
    });
  }

  vifNamesOf(phy: string): readonly string[] {
    const owner = this.#owners.get(phy);
    return owner ? this.#ask(owner, "vifNamesOf", () => owner.vifNamesOf?.(phy)) : [];
  }

  requestPhyState(phy: string): void {
    this.#toOwner(phy, "requestPhyState", (driver) => driver.requestPhyState(phy));
  }

  requestVifState(phy: string, vif: string): void {
    this.#toOwner(phy, "requestVifState", (driver) => driver.requestVifState(phy, vif));
  }

  requestStationState(phy: string, vif: string, station: Mac): void {
    this.#toOwner(phy, "requestStationState", (driver) => driver.requestStationState(phy, vif, station));
  }

  requestDeauth(phy: string, vif: string, station: Mac, reason: number): void {
    this.#toOwner(phy, "requestDeauth", (driver) => driver.requestDeauth(phy, vif, station, reason));
  }

  /** Each of these: false where nobody has the phy, or its driver does not offer it. */
  requestStationDelete(phy: string, vif: string, station: Mac): boolean {
    return this.#offered(phy, "requestStationDelete", (driver) => driver.requestStationDelete?.(phy, vif, station));
  }

  requestStatistics(request: StatisticsRequest): boolean {
    return this.#offered(request.phy, "requestStatistics", (driver) => driver.requestStatistics?.(request));
  }

  /** Whether the phy's driver has scans at all. */
  offersScans(phy: string): boolean {
    return this.#owners.get(phy)?.requestScan !== undefined;
  }

  requestScan(phy: string, vif: string, scan: ScanRequest): boolean {
    return this.#offered(phy, "requestScan", (driver) => driver.requestScan?.(phy, vif, scan));
  }

  transmitFrame(frame: FrameToTransmit): boolean {
    return this.#offered(frame.phy, "transmitFrame", (driver) => driver.transmitFrame?.(frame));
  }

  /** Each driver gets the part about its own phys, and nothing where there is none. False when nobody got anything. */
  requestConfig(request: ConfigRequest): boolean {
    const parts = new Map<RadioDriver, PhyRequest[]>();
    for (const phy of request.phys) {
      const owner = this.#owners.get(phy.name);
      if (!owner) {
        this.#log.warning(`osw: mux: ${phy.name}: no driver has this phy, its configuration is not sent`);
        continue;
      }
      const part = parts.get(owner);
      if (part) part.push(phy);
      else parts.set(owner, [phy]);
    }
    for (const [driver, phys] of parts) this.#call(driver, "requestConfig", () => driver.requestConfig({ phys }));
    return parts.size > 0;
  }

  #offered(phy: string, what: OptionalOperation, call: (driver: RadioDriver) => void): boolean {
    const owner = this.#owners.get(phy);
    if (!owner?.[what]) return false;
    this.#call(owner, what, () => call(owner));
    return true;
  }

  #toOwner(phy: string, what: string, call: (driver: RadioDriver) => void): void {
    const owner = this.#owners.get(phy);
    if (owner) this.#call(owner, what, () => call(owner));
    else this.#log.notice(`osw: mux: ${phy}: no driver has this phy, ${what} is not sent`);
  }

  /** A driver that throws loses the call, not the house: what it owes is asked for again later. */
  #call(driver: RadioDriver, what: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#log.error(`osw: mux: driver ${driver.name}: ${what}: ${messageOf(error)}`);
    }
  }

  #ask(driver: RadioDriver, what: string, call: () => readonly string[] | undefined): readonly string[] {
    let names: readonly string[] | undefined;
    this.#call(driver, what, () => {
      names = call();
    });
    return names ?? [];
  }

  #guard(driver: RadioDriver, events: RadioDriverEvents): RadioDriverEvents {
    return {
      phyChanged: (phy) => {
        if (this.#claim(driver, phy)) events.phyChanged(phy);
      },
      phyState: (phy, state) => {
        if (!this.#claim(driver, phy)) return;
        if (state === null) this.#withdrawn.add(phy);
        events.phyState(phy, state);
      },
      vifChanged: (phy, vif) => {
        if (this.#claim(driver, phy)) events.vifChanged(phy, vif);
      },
      vifState: (phy, vif, state) => {
        if (this.#claim(driver, phy)) events.vifState(phy, vif, state);
      },
      stationChanged: (phy, vif, station) => {
        if (this.#claim(driver, phy)) events.stationChanged(phy, vif, station);
      },
      stationState: (phy, vif, station, state) => {
        if (this.#claim(driver, phy)) events.stationState(phy, vif, station, state);
      },
      channelSwitchStarted: (phy, vif, channel) => {
        if (this.#owns(driver, phy)) events.channelSwitchStarted(phy, vif, channel);
      },
      channelSwitchHeard: (phy, vif, channel) => {
        if (this.#owns(driver, phy)) events.channelSwitchHeard(phy, vif, channel);
      },
      wps: (phy, vif, outcome) => {
        if (this.#owns(driver, phy)) events.wps(phy, vif, outcome);
      },
      probeRequest: (phy, vif, probe) => {
        if (this.#owns(driver, phy)) events.probeRequest(phy, vif, probe);
      },
      frameReceived: (phy, vif, frame) => {
        if (this.#owns(driver, phy)) events.frameReceived(phy, vif, frame);
      },
      frameTransmitted: (token, result) => events.frameTransmitted(token, result),
      scanResults: (results) => {
        if (this.#owns(driver, results.phy)) events.scanResults(results);
      },
      scanCompleted: (phy, vif, outcome) => {
        if (this.#owns(driver, phy)) events.scanCompleted(phy, vif, outcome);
      },
      authFailed: (phy, vif, failure) => {
        if (this.#owns(driver, phy)) events.authFailed(phy, vif, failure);
      },
      statistics: (report) => {
        if (this.#owns(driver, report.phy)) events.statistics(report);
      },
      overrun: () => events.overrun(),
    };
  }

  /** What happens on a phy that nobody has announced is nothing to anybody. */
  #owns(driver: RadioDriver, phy: string): boolean {
    return this.#owners.get(phy) === driver && !this.#withdrawn.has(phy);
  }

  /** Whether `driver` may speak about `phy`; a free phy becomes its own. */
  #claim(driver: RadioDriver, phy: string): boolean {
    const owner = this.#owners.get(phy);
    if (owner === driver) {
      this.#withdrawn.delete(phy);
      return true;
    }
    if (owner && !this.#withdrawn.has(phy)) {
      this.#warnOnce(`osw: mux: ${phy}: driver ${driver.name} reports it too, but ${owner.name} owns it; ignored`);
      return false;
    }
    if (!owner && !this.#makeRoom()) {
      this.#warnOnce(`osw: mux: driver ${driver.name} reports more than ${limits.phys} phys; the rest is ignored`);
      return false;
    }
    this.#owners.set(phy, driver);
    this.#withdrawn.delete(phy);
    return true;
  }

  #makeRoom(): boolean {
    if (this.#owners.size < limits.phys) return true;
    const [oldest] = this.#withdrawn;
    if (oldest === undefined) return false;
    this.#withdrawn.delete(oldest);
    return this.#owners.delete(oldest);
  }

  #warnOnce(text: string): void {
    if (this.#warned.has(text) || this.#warned.size >= limits.phys) return;
    this.#warned.add(text);
    this.#log.warning(text);
  }
}
