/** The routes of a device: those that addresses bring along, default routes by their metric, and what somebody wants besides. */

import type { LinkType, Route } from "@opensync-ts/target/network";
import type { DeviceInterface } from "./device-interface.ts";
import type { CheckedRoute } from "./interface-config.ts";
import { contains, formatIpv4, maskOf, networkOf, type Subnet } from "./ipv4.ts";
import type { Destination, NextHop } from "./netdev.ts";
import type { Neighbors } from "./trace.ts";

export interface DeviceRoutesOptions {
  readonly interfaces: () => Iterable<DeviceInterface>;
  readonly neighbors: Neighbors;
}

interface Entry {
  readonly netdev: DeviceInterface;
  readonly subnet: Subnet;
  readonly via: number | null;
  readonly metric: number;
}

/** Of a default route, by what it leaves by. */
const baseMetric = 100;
const metricOf: Readonly<Record<LinkType, number>> = { bridge: 0, eth: 0, vlan: 0, gre: 10, vif: 30 };

const anywhere: Subnet = { address: 0, prefix: 0 };

export class DeviceRoutes {
  readonly #options: DeviceRoutesOptions;
  readonly #metrics = new Map<string, number>();
  #wanted: readonly CheckedRoute[] = [];

  constructor(options: DeviceRoutesOptions) {
    this.#options = options;
  }

  state(routes: readonly CheckedRoute[]): void {
    this.#wanted = routes;
  }

  /** Returns whether that is new. */
  setMetric(name: string, metric: number): boolean {
    if ((this.#metrics.get(name) ?? 0) === metric) return false;
    if (metric === 0) this.#metrics.delete(name);
    else this.#metrics.set(name, metric);
    return true;
  }

  /** The narrowest network wins, then the lowest metric, then what is older. `internet`: by default routes alone. */
  nextHop(destination: Destination): NextHop | null {
    let best: Entry | null = null;
    for (const entry of this.#entries()) {
      const fits = destination === "internet" ? entry.subnet.prefix === 0 : contains(entry.subnet, destination);
      if (fits && (!best || isBetter(entry, best))) best = entry;
    }
    return best && { netdev: best.netdev, via: best.via };
  }

  shown(): readonly Route[] {
    return this.#entries().map(({ netdev, subnet, via, metric }) => ({
      link: netdev.name,
      destination: formatIpv4(networkOf(subnet)),
      netmask: formatIpv4(maskOf(subnet.prefix)),
      gateway: via === null ? null : formatIpv4(via),
      gatewayMac: via === null ? null : (this.#options.neighbors.neighbor(netdev, via)?.mac ?? null),
      metric,
    }));
  }

  #entries(): readonly Entry[] {
    const entries: Entry[] = [];
    const up = [...this.#options.interfaces()].filter(({ subnet, usable }) => subnet && usable);
    for (const netdev of up) {
      const { subnet, gateway } = netdev;
      if (!subnet) continue;
      entries.push({ netdev, subnet, via: null, metric: 0 });
      if (gateway === null || !contains(subnet, gateway)) continue;
      entries.push({ netdev, subnet: anywhere, via: gateway, metric: this.#defaultMetric(netdev) });
    }
    for (const { route, subnet, gateway } of this.#wanted) {
      const netdev = up.find((each) =>
        route.link === null
          ? gateway !== null && each.subnet && contains(each.subnet, gateway)
          : each.name === route.link,
      );
      if (netdev) entries.push({ netdev, subnet, via: gateway, metric: route.metric ?? this.#defaultMetric(netdev) });
    }
    return entries;
  }

  #defaultMetric({ name, type }: DeviceInterface): number {
    return baseMetric + metricOf[type] + (this.#metrics.get(name) ?? 0);
  }
}

function isBetter(a: Entry, b: Entry): boolean {
  return a.subnet.prefix > b.subnet.prefix || (a.subnet.prefix === b.subnet.prefix && a.metric < b.metric);
}
