/**
 * The southbound network (OSN): interfaces with their addresses, bridges, DHCP, NAT, routes, and what can be reached. NM states
 * what it wants of one interface as a whole, again and again; the target does the least that brings it about, and tells
 * what is in `links`. Statements about what does not exist yet (a vif that is not up, a VLAN without its parent) are kept
 * and take effect when it appears.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";

export type LinkType = "eth" | "bridge" | "vif" | "vlan" | "gre";
export type IpFamily = "ipv4" | "ipv6";

/** An interface that exists, as it is. */
export interface Link {
  readonly name: string;
  readonly type: LinkType;
  readonly mac: Mac;
  /** A cable is plugged; an access point is up, or a station has its link; a tunnel's or VLAN's parent has carrier; a bridge always. */
  readonly carrier: boolean;
  /** IPv4 address as dotted text, `null` while there is none. */
  readonly address: string | null;
  readonly netmask: string | null;
  readonly gateway: string | null;
  /** Mbit/s and duplex, of Ethernet ports with carrier. */
  readonly speed?: number;
  readonly duplex?: "full" | "half";
  /** Name servers in force, by DHCP or as configured. */
  readonly dns?: readonly string[];
  /** What its DHCP client received: `Wifi_Inet_State.dhcpc`, by the names used there. */
  readonly dhcpOptions?: ReadonlyMap<string, string>;
}

/** All that is wanted of one interface. What is left out is off. */
export interface InterfaceConfig {
  readonly type: LinkType;
  /** It exists and is up. */
  readonly enabled: boolean;
  /** It takes part in layer 3: without, no address, no DHCP. */
  readonly network: boolean;
  readonly mtu?: number;
  readonly ipv4: Ipv4Config;
  /** Packets that leave here are given its address. */
  readonly nat: boolean;
  /** Name servers: told to clients of its DHCP server, and used by the device. */
  readonly dns: readonly string[];
  readonly dhcpServer: DhcpServerConfig | null;
  readonly vlan?: { readonly parent: string; readonly id: number };
  readonly gre?: { readonly parent: string; readonly local: string; readonly remote: string };
}

export type Ipv4Config =
  | { readonly scheme: "none" }
  | {
      readonly scheme: "static";
      readonly address: string;
      readonly netmask: string;
      readonly broadcast: string | null;
      readonly gateway: string | null;
    }
  /** `options`: which to ask for (`dhcp_req`). */
  | { readonly scheme: "dhcp"; readonly options: readonly number[] };

export interface DhcpServerConfig {
  readonly start: string;
  readonly stop: string;
  /** Seconds. */
  readonly leaseTime: number;
  /** Options told to clients, by number. */
  readonly options: ReadonlyMap<number, string>;
  readonly reservations: readonly DhcpReservation[];
}

export interface DhcpReservation {
  readonly mac: Mac;
  readonly address: string;
  readonly hostname: string | null;
}

/** An address that a DHCP server of this device has given. */
export interface DhcpLease {
  /** Of the server. */
  readonly link: string;
  readonly mac: Mac;
  readonly address: string;
  readonly hostname: string;
  /** Option 55 as text, `1,3,6`; "" where unknown. */
  readonly fingerprint: string;
  /** Option 60. */
  readonly vendorClass: string;
  /** Seconds, as given. */
  readonly leaseTime: number;
}

export interface PortForward {
  readonly protocol: "tcp" | "udp";
  /** Where packets come in. */
  readonly link: string;
  readonly port: number;
  readonly toAddress: string;
  readonly toPort: number;
  readonly loopback: boolean;
}

export interface Route {
  readonly link: string;
  readonly destination: string;
  readonly netmask: string;
  /** `null`: on the link itself. */
  readonly gateway: string | null;
  readonly gatewayMac: Mac | null;
  readonly metric: number;
}

/** A route that somebody wants, beside those that addresses bring along. `link` null: by its gateway. */
export interface RouteConfig {
  readonly link: string | null;
  readonly destination: string;
  readonly netmask: string;
  readonly gateway: string | null;
  readonly metric: number | null;
}

/** An address seen behind a port of a bridge. */
export interface LearnedMac {
  readonly bridge: string;
  readonly port: string;
  readonly mac: Mac;
  /** 0: untagged. */
  readonly vlan: number;
}

export interface Network {
  links(): readonly Link[];
  /** A link has come, changed or gone. */
  onChange(listener: () => void): Unsubscribe;

  /**
   * States what is wanted of an interface; `null`: nothing more (virtual ones vanish, others lose addresses and services).
   * Idempotent: the same again changes nothing. Throws a `UserError` for what the target cannot do, and keeps what was.
   */
  configure(name: string, config: InterfaceConfig | null): void;
  /** The ports of a bridge beside itself; those without a device join when they have one. `null`: the bridge is gone. */
  setBridgePorts(bridge: string, ports: readonly string[] | null): void;
  /** Its DHCP client asks anew, now. */
  renewAddress(name: string): void;
  setPortForwards(forwards: readonly PortForward[]): void;
  setRoutes(routes: readonly RouteConfig[]): void;
  /** Prefers other uplinks to this one (999), or no longer (0): added to the metric of its default route. */
  setMetric(name: string, metric: number): void;

  routes(): readonly Route[];
  leases(): readonly DhcpLease[];
  learned(): readonly LearnedMac[];
  /** Routes, leases or learned addresses have changed. */
  onTables(listener: () => void): Unsubscribe;
  /** A packet of DHCP has come in at a port, from a client or a server behind it. For WANO's look at who is plugged in. */
  onDhcpHeard(listener: (heard: DhcpHeard) => void): Unsubscribe;

  /**
   * Whether something answers through a link: its default router, a host of the Internet, the far end of a tunnel. `fast`: one
   * attempt only. Resolves within the deadline of the signal; never rejects but for an abort.
   */
  probe(link: string, what: ProbeTarget, family: IpFamily, options: ProbeOptions): Promise<boolean>;

  /** What lies between the node's own connections and their destination; absent: the machine's network as it is. */
  readonly wayOut?: WayOut;
}

export type ProbeTarget = "router" | "internet" | "tunnel";

export interface ProbeOptions {
  readonly fast: boolean;
  readonly signal: AbortSignal;
}

export interface DhcpHeard {
  readonly link: string;
  readonly mac: Mac;
  readonly message: "discover" | "request" | "offer" | "ack";
  /** Option 60 of clients: how other OpenSync nodes are told from clients. */
  readonly vendorClass: string;
}

/**
 * The way of a simulated device to the world outside: the node itself uses the machine's network, as if every cable were
 * plugged, so connections ask here first, and are cut when it changes.
 */
export interface WayOut {
  /** `null`: nothing. `refused`: answered with a reset. `lost`: packets vanish. `unreachable`: there is no route. */
  obstacle(destination: Destination): Obstacle | null;
  onChange(listener: () => void): Unsubscribe;
}

export interface Destination {
  readonly host: string;
  readonly port: number;
  /** `cloud`: redirector, controller, broker. `dns`: any resolver. */
  readonly purpose: "cloud" | "dns";
}

export type Obstacle = "refused" | "lost" | "unreachable";
