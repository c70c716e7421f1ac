/**
 * The addresses of one DHCP server: who has which and until when. It knows neither clock nor wire: what is asked and what time
 * it is are arguments, who uses an address without having asked is looked up in `Neighbourhood`.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { DhcpIdentity, DhcpRequest } from "./dhcp-message.ts";
import { isHostAddress, type Subnet } from "./ipv4.ts";
import { maxLeases, maxRememberedLeases } from "./limits.ts";

export interface PoolConfig {
  /** The server's own address and its network. */
  readonly subnet: Subnet;
  readonly start: number;
  readonly stop: number;
  /** Seconds; `Infinity`: leases do not end. */
  readonly leaseTime: number;
  readonly reservations: ReadonlyMap<Mac, number>;
}

export interface PoolLease {
  readonly identity: DhcpIdentity;
  readonly address: number;
  /** Clock time, ms. */
  readonly until: number;
}

/** Who answers for an address on the wire (ARP). */
export type Neighbourhood = (address: number) => Mac | null;

export type PoolAnswer = { readonly kind: "ack"; readonly address: number } | { readonly kind: "nak" };

export class DhcpPool {
  #config: PoolConfig;
  readonly #byMac = new Map<Mac, PoolLease>();
  readonly #byAddress = new Map<number, PoolLease>();
  /** Leases that a change of the configuration has ended before their time: they hold again when it allows them again. */
  readonly #suspended = new Map<Mac, PoolLease>();
  /** What clients had whose leases have ended, the latest last. */
  readonly #remembered = new Map<Mac, number>();
  /** Addresses that are kept for somebody. */
  #reserved = new Map<number, Mac>();

  constructor(config: PoolConfig) {
    this.#config = config;
    this.#index();
  }

  /**
   * Leases that the new configuration would not give end at once; their clients hear of it when they renew. Those that only a
   * change before this one has ended, and whose clients have asked for nothing since, are back: their clients still have the address.
   */
  reconfigure(config: PoolConfig): void {
    this.#config = config;
    this.#index();
    for (const lease of [...this.#byMac.values()]) {
      if (!this.#mayHave(lease.identity.mac, lease.address)) this.#suspend(lease);
    }
    for (const lease of [...this.#suspended.values()]) this.#resume(lease);
  }

  /** `null`: no answer; the server has nothing to say, or nothing to give. */
  answer(identity: DhcpIdentity, request: DhcpRequest, now: number, who: Neighbourhood): PoolAnswer | null {
    this.expire(now);
    const { mac } = identity;
    const address = request.kind === "discover" ? this.#choose(mac, request.address, who) : request.address;
    if (address === null) return null;
    if (!this.#isFree(mac, address, who)) return { kind: "nak" };
    if (!this.#byMac.has(mac) && this.#byMac.size >= maxLeases) return null;
    this.#grant(identity, address, now);
    return { kind: "ack", address };
  }

  /** Ends what is over. Returns whether anything was. */
  expire(now: number): boolean {
    const over = [...this.#byMac.values()].filter(({ until }) => until <= now);
    for (const lease of over) this.#end(lease);
    for (const [mac, { until }] of this.#suspended) if (until <= now) this.#suspended.delete(mac);
    return over.length > 0;
  }

  /** Clock time of the next end of a lease; `null`: none ends. */
  nextExpiry(): number | null {
    const next = Math.min(...[...this.#byMac.values()].map(({ until }) => until));
    return Number.isFinite(next) ? next : null;
  }

  /** By address. */
  leases(): readonly PoolLease[] {
    return [...this.#byMac.values()].sort((a, b) => a.address - b.address);
  }

  #index(): void {
    this.#reserved = new Map();
    // Of two reservations of one address the first holds.
    for (const [mac, address] of this.#config.reservations) {
      if (!this.#reserved.has(address)) this.#reserved.set(address, mac);
    }
  }

  #choose(mac: Mac, wished: number | null, who: Neighbourhood): number | null {
    const known = [
      this.#reservationOf(mac, who),
      this.#byMac.get(mac)?.address ?? null,
      wished,
      this.#remembered.get(mac) ?? null,
    ];
    for (const address of known) if (address !== null && this.#isFree(mac, address, who)) return address;
    const before = new Set(this.#remembered.values());
    let second: number | null = null;
    for (let address = this.#config.start; address <= this.#config.stop; address++) {
      if (!this.#isFree(mac, address, who)) continue;
      // Others may come back for what they had; nobody waits for the rest.
      if (!before.has(address)) return address;
      second ??= address;
    }
    return second;
  }

  /** Void while somebody else sits on the address. */
  #reservationOf(mac: Mac, who: Neighbourhood): number | null {
    const address = this.#config.reservations.get(mac);
    if (address === undefined || this.#reserved.get(address) !== mac || !this.#exists(address)) return null;
    const user = who(address);
    return user === null || user === mac ? address : null;
  }

  #isFree(mac: Mac, address: number, who: Neighbourhood): boolean {
    const reserved = this.#reservationOf(mac, who);
    if (reserved !== null && reserved !== address) return false;
    if (!this.#mayHave(mac, address)) return false;
    const holder = this.#byAddress.get(address)?.identity.mac ?? mac;
    const user = who(address) ?? mac;
    return user === mac && (holder === mac || reserved === address);
  }

  /** By the configuration alone. */
  #mayHave(mac: Mac, address: number): boolean {
    if (!this.#exists(address)) return false;
    const owner = this.#reserved.get(address);
    if (owner !== undefined) return owner === mac;
    return address >= this.#config.start && address <= this.#config.stop;
  }

  #exists(address: number): boolean {
    const { subnet } = this.#config;
    return isHostAddress(subnet, address) && address !== subnet.address;
  }

  #grant(identity: DhcpIdentity, address: number, now: number): void {
    const { mac } = identity;
    for (const lease of [this.#byMac.get(mac), this.#byAddress.get(address)]) if (lease) this.#end(lease);
    this.#remembered.delete(mac);
    this.#suspended.delete(mac);
    const lease = { identity, address, until: now + this.#config.leaseTime * 1000 };
    this.#byMac.set(mac, lease);
    this.#byAddress.set(address, lease);
  }

  #suspend(lease: PoolLease): void {
    const { mac } = lease.identity;
    this.#end(lease);
    this.#suspended.delete(mac);
    this.#suspended.set(mac, lease);
    const [oldest] = this.#suspended.keys();
    if (oldest !== undefined && this.#suspended.size > maxLeases) this.#suspended.delete(oldest);
  }

  #resume(lease: PoolLease): void {
    const { mac } = lease.identity;
    if (this.#byMac.size >= maxLeases || this.#byAddress.has(lease.address)) return;
    if (!this.#mayHave(mac, lease.address)) return;
    this.#suspended.delete(mac);
    this.#remembered.delete(mac);
    this.#byMac.set(mac, lease);
    this.#byAddress.set(lease.address, lease);
  }

  #end({ identity: { mac }, address }: PoolLease): void {
    this.#byMac.delete(mac);
    this.#byAddress.delete(address);
    this.#remembered.delete(mac);
    this.#remembered.set(mac, address);
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined && this.#remembered.size > maxRememberedLeases) this.#remembered.delete(oldest);
  }
}
