/** The radio links of a world as wires: who is at the other end of an access point or a station. */

import type { Mac } from "@opensync-ts/base/units";
import type { World } from "@opensync-ts/world/world";
import type { Netdev } from "./netdev.ts";

/** An access point of a device. */
export interface AccessPoint {
  readonly netdev: Netdev;
  /** Where the stations of other devices are, in place of the access point itself. */
  readonly backhaul: Netdev | null;
}

export class RadioLinks {
  readonly #world: World | null;
  readonly #accessPoints = new Map<Mac, AccessPoint>();
  readonly #stations = new Map<Mac, Netdev>();

  constructor(world: World | null) {
    this.#world = world;
  }

  addAccessPoint(bssid: Mac, accessPoint: AccessPoint): void {
    this.#accessPoints.set(bssid, accessPoint);
  }

  /** `netdev`: only if it is this one's. */
  removeAccessPoint(bssid: Mac, netdev: Netdev): void {
    if (this.#accessPoints.get(bssid)?.netdev === netdev) this.#accessPoints.delete(bssid);
  }

  addStation(mac: Mac, netdev: Netdev): void {
    this.#stations.set(mac, netdev);
  }

  removeStation(mac: Mac, netdev: Netdev): void {
    if (this.#stations.get(mac) === netdev) this.#stations.delete(mac);
  }

  /** The BSS that a station is associated with, if it is one of ours; of several links that of the first. */
  parentOf(station: Mac): Mac | null {
    const bssid = this.#world?.client(station)?.association?.bssid;
    return bssid !== undefined && this.#accessPoints.has(bssid) ? bssid : null;
  }

  /** At the other end of a station's link. */
  peersOfStation(station: Mac): readonly Netdev[] {
    const bssid = this.parentOf(station);
    const parent = bssid && this.#accessPoints.get(bssid);
    if (!parent) return [];
    return [(this.#isBackhaul(station) && parent.backhaul) || parent.netdev];
  }

  /** At the other ends of an access point's links, or of those of its interface for backhaul stations. */
  *peersOfAccessPoint(bssid: Mac, netdev: Netdev): Iterable<Netdev> {
    const parent = this.#accessPoints.get(bssid);
    if (!parent || !this.#world) return;
    for (const association of this.#world.stations(bssid)) {
      const { mac } = association.client.device;
      const station = association.bssid === bssid ? this.#stations.get(mac) : undefined;
      if (!station) continue;
      const end = (this.#isBackhaul(mac) && parent.backhaul) || parent.netdev;
      if (end === netdev) yield station;
    }
  }

  #isBackhaul(station: Mac): boolean {
    return this.#world?.client(station)?.device.site != null;
  }
}
