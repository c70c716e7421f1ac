/** What layers 2 and 3 see of the machines in a fabric: interfaces, and who owns them. */

import type { Mac } from "@opensync-ts/base/units";
import type { DhcpHeard, LinkType } from "@opensync-ts/target/network";
import type { DhcpAnswer, DhcpIdentity, DhcpRequest } from "./dhcp-message.ts";
import type { Neighbourhood } from "./dhcp-pool.ts";
import type { Frame } from "./frame-filter.ts";
import type { Subnet } from "./ipv4.ts";

/** An interface of a device, a host or a router. */
export interface Netdev {
  readonly owner: Machine;
  readonly name: string;
  readonly type: LinkType;
  readonly mac: Mac;
  /** Up and with carrier: frames can pass. */
  readonly usable: boolean;
  readonly subnet: Subnet | null;
  /** What it connects to at layer 2, by its own machine. */
  readonly joints: Joints;
}

/** How an interface is joined to others of its machine, and what is at the other end of it. */
export interface Joints {
  /** At the other end of its wire, or of its radio links. */
  peers(): Iterable<Netdev>;
  /** Frames that come in from one peer go out to the others: an access point without isolation. */
  readonly relays: boolean;
  /** The bridge that it is a port of. */
  bridge(): Netdev | null;
  /** Of a bridge. */
  ports(): Iterable<Netdev>;
  /** Of a VLAN. */
  parent(): { readonly netdev: Netdev; readonly vlan: number } | null;
  /** The VLAN of this number on top of it. */
  child(vlan: number): Netdev | null;
  /** Of a tunnel: its other end, while the way between stands. */
  farEnd(): Netdev | null;
}

export const noJoints: Joints = {
  peers: () => [],
  relays: false,
  bridge: () => null,
  ports: () => [],
  parent: () => null,
  child: () => null,
  farEnd: () => null,
};

/** A way that packets take next; `via` null: the destination is on the link itself. */
export interface NextHop {
  readonly netdev: Netdev;
  readonly via: number | null;
}

export type MachineKind = "device" | "host" | "isp";

/** Whatever has an IP stack. */
export interface Machine {
  readonly name: string;
  readonly kind: MachineKind;
  /** It passes packets on. */
  readonly forwards: boolean;
  /** The Internet answers behind it. */
  readonly internet: boolean;
  netdevs(): Iterable<Netdev>;
  /** `internet`: by its default route. `null`: it has no way there. */
  nextHop(destination: Destination): NextHop | null;
  /** Packets that leave here are given its address. */
  translates(netdev: Netdev): boolean;
  /** Packets that it would pass on there are dropped, as they come from this address. */
  holdsBack(source: Mac, next: NextHop): boolean;
  /** Whether its bridge passes a frame on from one port to another. */
  bridges(frame: Frame, from: Netdev, to: Netdev): boolean;
  /** The DHCP server that listens there. */
  server(netdev: Netdev): DhcpServer | null;
  /** A packet of DHCP has come in there. */
  hear(netdev: Netdev, heard: Omit<DhcpHeard, "link">): void;
}

/** What answers to DHCP at an interface. */
export interface DhcpServer {
  /** `null`: it has nothing to say. */
  answer(identity: DhcpIdentity, request: DhcpRequest, who: Neighbourhood): DhcpAnswer | null;
  /** Whether it has given this address to this client, and the lease runs. */
  holds(mac: Mac, address: number): boolean;
}

export type Destination = number | "internet";
