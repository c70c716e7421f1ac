/** Addresses of those who are in the home: none is given twice, and nobody sits on one of another LAN for longer than a lease. */

import type { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { minute } from "../cloudless-home.ts";
import { leaseMinutes } from "./wishes.ts";

const leaseEnds = leaseMinutes * minute + minute;

export class AddressWatch {
  readonly #fabric: Fabric;
  readonly #broken: (words: string) => void;
  /** Since when each host is seen outside the LAN. */
  #outside = new Map<string, number>();

  constructor(fabric: Fabric, broken: (words: string) => void) {
    this.#fabric = fabric;
    this.#broken = broken;
    fabric.onHosts(() => this.#lookForDoubles());
  }

  /** To be called each minute. `lan`: the address of the gateway in it; undefined: nobody can know. */
  look(lan: string | undefined): void {
    const now = this.#fabric.clock.now();
    const before = this.#outside;
    this.#outside = new Map();
    if (lan === undefined) return;
    for (const { name, linked, address } of this.#fabric.hosts()) {
      if (!linked || address === null || address.startsWith(networkOf(lan))) continue;
      const since = before.get(name) ?? now;
      const isOver = now - since > leaseEnds;
      if (isOver) this.#broken(`${name} still has ${address}, the LAN is that of ${lan}`);
      this.#outside.set(name, isOver ? now : since);
    }
  }

  #lookForDoubles(): void {
    const holders = new Map<string, string>();
    for (const { name, address } of this.#fabric.hosts()) {
      if (address === null) continue;
      const holder = holders.get(address);
      if (holder !== undefined) this.#broken(`${holder} and ${name} both have ${address}`);
      holders.set(address, name);
    }
  }
}

/** All LANs of a storm have a netmask of 24 bits: `192.168.40.` of `192.168.40.1`. */
export function networkOf(address: string): string {
  return address.replace(/\d+$/, "");
}
