/**
 * What drivers have announced: phys, their vifs, and the stations of those, each known from its first mention on, and as many as the
 * bounds allow. Parents are asked for before their children.
 */

import type { Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { Mac } from "@opensync-ts/base/units";
import type { PhyState, StationState, VifState } from "@opensync-ts/target/radio";
import type { LiveObject, Lives } from "./life-cycle.ts";
import { limits } from "./limits.ts";

/** Whom the state asks for reports. */
export interface StateSource {
  /** As far as drivers tell. */
  phyNames(): readonly string[];
  vifNamesOf(phy: string): readonly string[];
  requestPhyState(phy: string): void;
  requestVifState(phy: string, vif: string): void;
  requestStationState(phy: string, vif: string, station: Mac): void;
}

/** `known` is what observers have been told; null where nothing. */
export interface LivePhy extends LiveObject {
  readonly name: string;
  readonly vifs: Map<string, LiveVif>;
  known: PhyState | null;
  channelResync: Timer | undefined;
  vifResync: Timer | undefined;
  radarPoll: Timer | undefined;
}

export interface LiveVif extends LiveObject {
  readonly name: string;
  readonly phy: LivePhy;
  readonly stations: Map<Mac, LiveStation>;
  known: VifState | null;
}

export interface LiveStation extends LiveObject {
  readonly mac: Mac;
  readonly vif: LiveVif;
  known: StationState | null;
}

export class Announced {
  readonly #log: Log;
  readonly #source: StateSource;
  readonly #lives: Lives;
  readonly #phys = new Map<string, LivePhy>();

  constructor(options: { readonly log: Log; readonly source: StateSource; readonly lives: Lives }) {
    this.#log = options.log;
    this.#source = options.source;
    this.#lives = options.lives;
  }

  get phys(): ReadonlyMap<string, LivePhy> {
    return this.#phys;
  }

  delete(phy: string): void {
    this.#phys.delete(phy);
  }

  phy(name: string): LivePhy {
    const existing = this.#phys.get(name);
    if (existing) return existing;
    const request = () => {
      this.#source.requestPhyState(name);
      return true;
    };
    const phy: LivePhy = {
      ...untold(`phy ${name}`, request),
      known: null,
      name,
      vifs: new Map(),
      channelResync: undefined,
      vifResync: undefined,
      radarPoll: undefined,
    };
    this.#phys.set(name, phy);
    return phy;
  }

  /** A vif of a phy that was never announced makes the phy be asked for. Null: there are too many. */
  vif(phyName: string, name: string): LiveVif | null {
    const phy = this.phy(phyName);
    const existing = phy.vifs.get(name);
    if (existing) return existing;
    if (phy.life === "INVALID") this.#lives.request(phy);
    if (phy.vifs.size >= limits.vifsPerPhy) {
      this.#log.warning(`osw: state: ${phyName} reports more than ${limits.vifsPerPhy} vifs, ${name} is ignored`);
      return null;
    }
    const request = () => {
      if (phy.known === null) return false;
      this.#source.requestVifState(phyName, name);
      return true;
    };
    const label = `vif ${phyName}/${name}`;
    const vif: LiveVif = { ...untold(label, request), known: null, name, phy, stations: new Map() };
    phy.vifs.set(name, vif);
    return vif;
  }

  /** Null: there are too many, or its vif is ignored. */
  station(phyName: string, vifName: string, mac: Mac): LiveStation | null {
    const vif = this.vif(phyName, vifName);
    if (!vif || (vif.known === null && vif.life === "PROCESSED")) return null;
    const existing = vif.stations.get(mac);
    if (existing) return existing;
    if (vif.life === "INVALID") this.#lives.request(vif);
    if (vif.stations.size >= limits.stationsPerVif) {
      this.#log.warning(`osw: state: ${vifName} has more than ${limits.stationsPerVif} stations, ${mac} is ignored`);
      return null;
    }
    const request = () => {
      if (vif.known === null) return false;
      this.#source.requestStationState(phyName, vifName, mac);
      return true;
    };
    const label = `station ${phyName}/${vifName}/${mac}`;
    const station: LiveStation = { ...untold(label, request), known: null, mac, vif };
    vif.stations.set(mac, station);
    return station;
  }
}

function untold(label: string, request: () => boolean): LiveObject {
  return { label, request, life: "INVALID", requestedAt: 0, reportedAt: null };
}
