/**
 * The wired side of a simulated device: ports with cables in them or not, Ethernet segments that hand out addresses,
 * the LAN bridge. A wired backhaul is an extender's uplink port on the gateway's LAN segment.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import type { Mac } from "@opensync-ts/base/units";
import type { InterfaceConfig, Link, LinkType, Network } from "@opensync-ts/target/network";
import { noNetwork } from "@opensync-ts/target/no-network";
import { maxLeases } from "./limits.ts";

/** Addresses as one segment's DHCP server gives them; all of one /24. */
export interface Lease {
  readonly address: string;
  readonly netmask: string;
  readonly gateway: string;
}

/** Something to plug cables into. */
export class EthernetSegment {
  readonly name: string;
  readonly #prefix: string;
  readonly #leases = new Map<Mac, number>();

  /** `prefix`: the first three bytes of its addresses, `192.168.40`; `.1` is the gateway. */
  constructor(name: string, prefix: string) {
    this.name = name;
    this.#prefix = prefix;
  }

  /** The same device always gets the same address; `null` when all are taken. */
  lease(client: Mac): Lease | null {
    let host = this.#leases.get(client);
    if (host === undefined) {
      if (this.#leases.size >= maxLeases) return null;
      host = this.#leases.size + 2;
      this.#leases.set(client, host);
    }
    return { address: `${this.#prefix}.${host}`, netmask: "255.255.255.0", gateway: `${this.#prefix}.1` };
  }
}

export interface PortSpec {
  readonly name: string;
  readonly type: LinkType;
  readonly mac: Mac;
}

export interface SimNetworkOptions {
  readonly clock: Clock;
  readonly ports: readonly PortSpec[];
  /** Milliseconds from a request to the address; default 20. */
  readonly dhcpDelay?: number;
}

export class SimNetwork implements Network {
  readonly #clock: Clock;
  readonly #dhcpDelay: number;
  readonly #events = new Emitter<{ change: Link }>();
  readonly #links = new Map<string, Link>();
  readonly #segments = new Map<string, EthernetSegment>();
  readonly #requests = new Map<string, Timer>();
  readonly #schemes = new Map<string, "none" | "static" | "dhcp">();

  constructor(options: SimNetworkOptions) {
    this.#clock = options.clock;
    this.#dhcpDelay = options.dhcpDelay ?? 20;
    for (const { name, type, mac } of options.ports) {
      const carrier = type === "bridge";
      this.#links.set(name, { name, type, mac, carrier, address: null, netmask: null, gateway: null });
    }
  }

  links(): readonly Link[] {
    return [...this.#links.values()];
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#events.on("change", listener);
  }

  /** Addresses only. */
  configure(name: string, config: InterfaceConfig | null): void {
    const ipv4 = config?.enabled && config.network ? config.ipv4 : ({ scheme: "none" } as const);
    const before = this.#schemes.get(name) ?? "none";
    this.#schemes.set(name, ipv4.scheme);
    const link = this.#links.get(name);
    if (!link) return;
    if (ipv4.scheme === "static") {
      this.#update({ ...link, address: ipv4.address, netmask: ipv4.netmask, gateway: ipv4.gateway });
    } else if (ipv4.scheme !== before) this.#update({ ...link, address: null, netmask: null, gateway: null });
    if (ipv4.scheme === "dhcp" && before !== "dhcp") this.renewAddress(name);
  }

  readonly setBridgePorts = noNetwork.setBridgePorts;
  readonly setPortForwards = noNetwork.setPortForwards;
  readonly setRoutes = noNetwork.setRoutes;
  readonly setMetric = noNetwork.setMetric;
  readonly routes = noNetwork.routes;
  readonly leases = noNetwork.leases;
  readonly learned = noNetwork.learned;
  readonly onTables = noNetwork.onTables;
  readonly onDhcpHeard = noNetwork.onDhcpHeard;
  readonly probe = async (link: string) => this.#links.get(link)?.address != null;

  /** Without a link or a carrier nothing happens; a request under way is not doubled. */
  renewAddress(name: string): void {
    if (!this.#links.get(name)?.carrier || this.#requests.has(name)) return;
    const timer = this.#clock.setTimer(this.#dhcpDelay, () => {
      this.#requests.delete(name);
      const link = this.#links.get(name);
      const lease = link?.carrier && this.#segments.get(name)?.lease(link.mac);
      if (link && lease) this.#update({ ...link, ...lease });
    });
    this.#requests.set(name, timer);
  }

  /** Throws a `UserError` where there is no such port. */
  plug(name: string, segment: EthernetSegment): void {
    const link = this.#port(name);
    this.#segments.set(name, segment);
    this.#update({ ...link, carrier: true, address: null, netmask: null, gateway: null });
    if (this.#schemes.get(name) === "dhcp") this.renewAddress(name);
  }

  /** Pulls the cable. Throws a `UserError` where there is no such port. */
  unplug(name: string): void {
    const link = this.#port(name);
    this.#requests.get(name)?.cancel();
    this.#requests.delete(name);
    this.#segments.delete(name);
    this.#update({ ...link, carrier: false, address: null, netmask: null, gateway: null });
  }

  close(): void {
    for (const timer of this.#requests.values()) timer.cancel();
    this.#requests.clear();
  }

  #port(name: string): Link {
    const link = this.#links.get(name);
    if (link?.type === "eth") return link;
    const ports = [...this.#links.values()].filter(({ type }) => type === "eth").map((port) => port.name);
    throw new UserError(`there is no Ethernet port '${name}'; use one of ${ports.join(", ")}`);
  }

  #update(link: Link): void {
    const before = this.#links.get(link.name);
    if (JSON.stringify(before) === JSON.stringify(link)) return;
    this.#links.set(link.name, link);
    this.#events.emit("change", link);
  }
}
