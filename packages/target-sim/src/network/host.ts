/** A host: a client of the world, or something with a cable. It has one interface, a DHCP client and a default gateway. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Random } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import { type Backoff, DhcpClient } from "./dhcp-client.ts";
import type { DhcpAnswer, DhcpIdentity, DhcpRequest } from "./dhcp-message.ts";
import { contains, formatIpv4, type Subnet } from "./ipv4.ts";
import { type Destination, type DhcpServer, type Machine, type Netdev, type NextHop, noJoints } from "./netdev.ts";

export interface HostOptions {
  readonly name: string;
  readonly identity: DhcpIdentity;
  readonly clock: Clock;
  readonly random: Random;
  /** Whom its wire or its radio link leads to. */
  readonly peers: () => Iterable<Netdev>;
  readonly send: (
    from: Netdev,
    identity: DhcpIdentity,
    request: DhcpRequest,
    answered: (answer: DhcpAnswer | null) => void,
  ) => Timer | null;
  /** Whether what it has still holds where its link leads now. */
  readonly holds: (from: Netdev, server: number, address: number) => boolean;
  readonly onChange: (what: HostChange) => void;
}

export type HostChange = "link" | "lease";

export interface HostView {
  readonly name: string;
  readonly mac: Mac;
  /** Its cable is in, or it is associated. */
  readonly linked: boolean;
  readonly address: string | null;
  readonly gateway: string | null;
  readonly dns: readonly string[];
  /** Clock time since when it has this address, ms. */
  readonly since: number | null;
}

/** Like many a host: soon, then less often, then every five minutes. */
const backoff: Backoff = { tries: [4000, 8000, 16_000, 32_000, 64_000], pause: 300_000 };

export class Host implements Machine {
  readonly name: string;
  readonly mac: Mac;
  readonly kind = "host";
  readonly forwards = false;
  readonly internet = false;
  readonly port: Netdev;
  readonly #options: HostOptions;
  readonly #client: DhcpClient;
  #linked = false;

  constructor(options: HostOptions) {
    const { name, identity, clock, random, peers, send } = options;
    this.#options = options;
    this.name = name;
    this.mac = identity.mac;
    const host = this;
    const port: Netdev = {
      owner: this,
      name: "port",
      type: "eth",
      mac: identity.mac,
      get usable() {
        return host.#linked;
      },
      get subnet() {
        return host.#subnet();
      },
      joints: { ...noJoints, peers },
    };
    this.port = port;
    this.#client = new DhcpClient({
      clock,
      random,
      backoff,
      send: (request, answered) => send(port, identity, request, answered),
      onLease: () => options.onChange("lease"),
    });
  }

  get linked(): boolean {
    return this.#linked;
  }

  /** Its link has come or gone. */
  link(linked: boolean): void {
    if (this.#linked === linked) return;
    this.#linked = linked;
    this.#options.onChange("link");
    if (linked) this.#client.start();
    else this.#client.stop();
  }

  /** Its link leads somewhere else without having been gone. Within one broadcast domain it keeps what it has. */
  relink(): void {
    if (!this.#linked) return;
    this.#options.onChange("link");
    const { grant } = this.#client;
    if (!grant || !this.#options.holds(this.port, grant.server, grant.address)) this.#client.moved();
  }

  /** Asks for its address anew, now. */
  renew(): void {
    this.#client.renew();
  }

  view(): HostView {
    const { grant, since } = this.#client;
    return {
      name: this.name,
      mac: this.mac,
      linked: this.#linked,
      address: grant ? formatIpv4(grant.address) : null,
      gateway: grant?.gateway == null ? null : formatIpv4(grant.gateway),
      dns: grant?.dns ?? [],
      since: grant ? since : null,
    };
  }

  get address(): number | null {
    return this.#client.grant?.address ?? null;
  }

  get gateway(): number | null {
    return this.#client.grant?.gateway ?? null;
  }

  netdevs(): readonly Netdev[] {
    return [this.port];
  }

  nextHop(destination: Destination): NextHop | null {
    const subnet = this.#subnet();
    if (!subnet || !this.#linked) return null;
    if (destination !== "internet" && contains(subnet, destination)) return { netdev: this.port, via: null };
    const { gateway } = this;
    return gateway === null ? null : { netdev: this.port, via: gateway };
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

  server(): DhcpServer | null {
    return null;
  }

  hear(): void {}

  close(): void {
    this.#linked = false;
    this.#client.stop();
  }

  #subnet(): Subnet | null {
    const { grant } = this.#client;
    return grant && { address: grant.address, prefix: grant.prefix };
  }
}
