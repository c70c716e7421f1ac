/** What is behind a WAN: the router of a provider, with the Internet behind it or not. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import { DhcpService } from "./dhcp-service.ts";
import { contains, parseIpv4, type Subnet } from "./ipv4.ts";
import { type Destination, type DhcpServer, type Machine, type Netdev, type NextHop, noJoints } from "./netdev.ts";

export interface IspOptions {
  readonly name: string;
  readonly mac: Mac;
  readonly clock: Clock;
  readonly peers: () => Iterable<Netdev>;
  /** The first three bytes of its addresses; default `198.51.100` (TEST-NET-2). */
  readonly prefix?: string;
}

/** Seconds. */
const leaseTime = 4 * 3600;

export class Isp implements Machine {
  readonly name: string;
  readonly kind = "isp";
  readonly forwards = true;
  /** False: the router is there, and nothing behind it. */
  internet = true;
  readonly port: Netdev;
  readonly #subnet: Subnet;
  readonly #service: DhcpService;

  constructor(options: IspOptions) {
    const { name, mac, clock, peers, prefix = "198.51.100" } = options;
    const network = parseIpv4(`${prefix}.0`);
    if (network === undefined) throw new RangeError(`'${prefix}' is not the first three bytes of an address`);
    this.name = name;
    this.#subnet = { address: network + 1, prefix: 24 };
    this.port = {
      owner: this,
      name: "isp",
      type: "eth",
      mac,
      usable: true,
      subnet: this.#subnet,
      joints: { ...noJoints, peers },
    };
    const config = {
      start: network + 2,
      stop: network + 254,
      leaseTime,
      options: new Map(),
      dns: [],
      reservations: [],
    };
    this.#service = new DhcpService(clock, { subnet: this.#subnet, ...config }, () => {});
  }

  netdevs(): readonly Netdev[] {
    return [this.port];
  }

  nextHop(destination: Destination): NextHop | null {
    if (destination === "internet" || !contains(this.#subnet, destination)) return null;
    return { netdev: this.port, via: null };
  }

  translates(): boolean {
    return false;
  }

  holdsBack(): boolean {
    return false;
  }

  bridges(): boolean {
    return true;
  }

  server(): DhcpServer {
    return this.#service;
  }

  hear(): void {}

  close(): void {
    this.#service.rest();
  }
}
