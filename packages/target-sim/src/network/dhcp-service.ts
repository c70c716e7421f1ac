/** A DHCP server at one interface: its pool of addresses, what it tells clients besides, and the end of leases on the clock. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type { DhcpLease, DhcpReservation } from "@opensync-ts/target/network";
import { answeredOptions, type DhcpAnswer, type DhcpIdentity, type DhcpRequest, type Grant } from "./dhcp-message.ts";
import { DhcpPool, type Neighbourhood, type PoolConfig } from "./dhcp-pool.ts";
import { broadcastOf, formatIpv4, maskOf, parseIpv4, type Subnet } from "./ipv4.ts";
import type { DhcpServer } from "./netdev.ts";

export interface ServiceConfig {
  readonly subnet: Subnet;
  readonly start: number;
  readonly stop: number;
  /** Seconds; 0 or less: the default. */
  readonly leaseTime: number;
  readonly options: ReadonlyMap<number, string>;
  /** Empty: the server itself. */
  readonly dns: readonly string[];
  readonly reservations: readonly DhcpReservation[];
}

/** Seconds. */
export const defaultLeaseTime = 12 * 3600;

export class DhcpService implements DhcpServer {
  readonly #clock: Clock;
  readonly #pool: DhcpPool;
  readonly #onLeases: () => void;
  #config: ServiceConfig;
  #expiry: Timer | null = null;
  #expiryAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, config: ServiceConfig, onLeases: () => void) {
    this.#clock = clock;
    this.#config = config;
    this.#pool = new DhcpPool(poolConfig(config));
    this.#onLeases = onLeases;
  }

  reconfigure(config: ServiceConfig): void {
    this.#config = config;
    this.#pool.reconfigure(poolConfig(config));
    this.#pool.expire(this.#clock.now());
    this.#planExpiry();
    this.#onLeases();
  }

  /** It is to serve no more; its leases are still known, should it be configured again. */
  rest(): void {
    this.#expiry?.cancel();
    this.#expiryAt = Number.POSITIVE_INFINITY;
  }

  answer(identity: DhcpIdentity, request: DhcpRequest, who: Neighbourhood): DhcpAnswer | null {
    const { subnet } = this.#config;
    const others = (address: number) => (address === subnet.address ? null : who(address));
    const answer = this.#pool.answer(identity, request, this.#clock.now(), others);
    if (answer?.kind !== "ack") return answer;
    this.#planExpiry();
    this.#onLeases();
    return { kind: "ack", grant: this.#grant(identity, answer.address) };
  }

  holds(mac: Mac, address: number): boolean {
    return this.#pool.leases().some((lease) => lease.identity.mac === mac && lease.address === address);
  }

  leases(link: string): readonly DhcpLease[] {
    return this.#pool.leases().map(({ identity, address }) => ({
      link,
      mac: identity.mac,
      address: formatIpv4(address),
      hostname: this.#reservation(identity.mac)?.hostname ?? identity.hostname,
      fingerprint: identity.requested.join(","),
      vendorClass: identity.vendorClass,
      leaseTime: leaseTimeOf(this.#config),
    }));
  }

  #grant(identity: DhcpIdentity, address: number): Grant {
    const { subnet, options: told, dns } = this.#config;
    const own = formatIpv4(subnet.address);
    const leaseTime = leaseTimeOf(this.#config);
    const hostname = this.#reservation(identity.mac)?.hostname;
    const all = new Map([
      [1, formatIpv4(maskOf(subnet.prefix))],
      [3, own],
      [6, (dns.length > 0 ? dns : [own]).join(",")],
      ...(hostname ? ([[12, hostname]] as const) : []),
      [28, formatIpv4(broadcastOf(subnet))],
      ...told,
      [51, String(leaseTime)],
      [54, own],
    ]);
    const options = answeredOptions(all, identity.requested);
    return {
      address,
      prefix: subnet.prefix,
      leaseTime,
      server: subnet.address,
      gateway: parseIpv4(options.get(3) ?? "") ?? null,
      dns: (options.get(6) ?? "").split(",").filter((server) => server !== ""),
      options,
    };
  }

  #reservation(mac: Mac): DhcpReservation | undefined {
    return this.#config.reservations.find((reservation) => reservation.mac === mac);
  }

  /** One timer, which is not moved as long as it is early enough: renewals make leases end later, not sooner. */
  #planExpiry(): void {
    const next = this.#pool.nextExpiry() ?? Number.POSITIVE_INFINITY;
    if (next >= this.#expiryAt) return;
    this.#expiry?.cancel();
    this.#expiryAt = next;
    this.#expiry = this.#clock.setTimer(next - this.#clock.now(), () => {
      this.#expiryAt = Number.POSITIVE_INFINITY;
      if (this.#pool.expire(this.#clock.now())) this.#onLeases();
      this.#planExpiry();
    });
  }
}

function leaseTimeOf({ leaseTime }: ServiceConfig): number {
  return leaseTime > 0 ? leaseTime : defaultLeaseTime;
}

function poolConfig(config: ServiceConfig): PoolConfig {
  const reservations = config.reservations.flatMap(({ mac, address }) => {
    const parsed = parseIpv4(address);
    return parsed === undefined ? [] : [[mac, parsed] as const];
  });
  const { subnet, start, stop } = config;
  return { subnet, start, stop, leaseTime: leaseTimeOf(config), reservations: lastOfEach(reservations) };
}

/** The last reservation of each client, in its own place: of two of one address the first holds. */
function lastOfEach(reservations: readonly (readonly [Mac, number])[]): Map<Mac, number> {
  const last = new Map<Mac, number>();
  for (const [mac, address] of reservations) {
    last.delete(mac);
    last.set(mac, address);
  }
  return last;
}
