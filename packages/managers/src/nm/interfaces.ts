/**
 * States to the target what rows want of its interfaces: a change after a pause at once, those that follow it collected for a moment; always as a
 * whole; what the target refuses is complained of, and what was there stays.
 */

import { isDeepStrictEqual } from "node:util";
import type { Clock, Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { InterfaceConfig, Network } from "@opensync-ts/target/network";
import type { Complaints } from "../complaints.ts";
import type { InetConfig } from "./inet-config.ts";
import type { Applied } from "./inet-state.ts";
import { applyDeadline, applyDebounce } from "./limits.ts";
import { quote } from "./quote.ts";

/** What is wanted of one interface; `config` is null of those that NM only shows. */
export type Wish = Applied;

interface Interface {
  wish: Wish;
  applied: Applied | null;
  /** The last configuration that was stated, whether the target took it or not. */
  stated: InterfaceConfig | null;
  refused: boolean;
  /** When the wish is to be stated (clock, ms); `null`: it has been. */
  dueAt: number | null;
  /** When the first change came that is still to be stated (clock, ms). */
  changedAt: number;
  /** Until then changes are collected, as there was one a moment ago (clock, ms). */
  busyUntil: number;
}

export interface InterfacesOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly complaints: Complaints;
  /** Something was stated later than in `want`. */
  readonly onApplied: () => void;
}

export class Interfaces {
  readonly #options: InterfacesOptions;
  readonly #interfaces = new Map<string, Interface>();
  #timer: Timer | undefined;

  constructor(options: InterfacesOptions) {
    this.#options = options;
  }

  applied(name: string): Applied | null {
    return this.#interfaces.get(name)?.applied ?? null;
  }

  /** Whether anything is wanted of it. */
  knows(name: string): boolean {
    return this.#interfaces.has(name);
  }

  /**
   * Everything that is wanted, by interface. `leftOver` are interfaces that an NM before this one had configured: of those not
   * wanted any more nothing stays.
   */
  want(wishes: ReadonlyMap<string, Wish>, leftOver: Iterable<string> = []): void {
    for (const name of leftOver) if (!wishes.has(name)) this.#state(name, null);
    for (const [name, one] of this.#interfaces) {
      if (wishes.has(name)) continue;
      this.#interfaces.delete(name);
      if (one.stated !== null) this.#state(name, null);
    }
    for (const [name, wish] of wishes) this.#want(name, wish);
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#interfaces.clear();
  }

  #want(name: string, wish: Wish): void {
    const known = this.#interfaces.get(name);
    if (known && known.wish.row === wish.row && isDeepStrictEqual(known.wish.config, wish.config)) return;
    const now = this.#options.clock.now();
    const one = known ?? {
      wish,
      applied: null,
      stated: null,
      refused: false,
      dueAt: null,
      changedAt: now,
      busyUntil: 0,
    };
    this.#interfaces.set(name, one);
    one.wish = wish;
    // After a pause a change acts at once: who writes interfaces and reservations with the networks has both before clients come.
    if (one.dueAt === null && now >= one.busyUntil) {
      one.busyUntil = now + applyDebounce;
      this.#apply(name, one);
      return;
    }
    if (one.dueAt === null) one.changedAt = now;
    one.dueAt = Math.min(now + applyDebounce, one.changedAt + applyDeadline);
  }

  /** One timer for all: what is due at the same time is stated, and shown, in one go. */
  #schedule(): void {
    const { clock, onApplied } = this.#options;
    this.#timer?.cancel();
    const next = Math.min(...[...this.#interfaces.values()].map(({ dueAt }) => dueAt ?? Number.POSITIVE_INFINITY));
    if (!Number.isFinite(next)) return;
    this.#timer = clock.setTimer(next - clock.now(), () => {
      const now = clock.now();
      for (const [name, one] of this.#interfaces) {
        if (one.dueAt === null || one.dueAt > now) continue;
        one.dueAt = null;
        one.busyUntil = now + applyDebounce;
        this.#apply(name, one);
      }
      this.#schedule();
      onApplied();
    });
  }

  #apply(name: string, one: Interface): void {
    const { wish, applied } = one;
    if (!isDeepStrictEqual(one.stated, wish.config)) {
      // Another kind of interface is another interface.
      if (one.stated && one.stated.type !== wish.config?.type) {
        this.#state(name, null);
        one.applied = null;
      }
      one.stated = wish.config;
      one.refused = wish.config !== null && !this.#state(name, wish.config);
    }
    if (one.refused) return;
    one.applied = wish;
    if (wish.config && isCountedUp(wish.row, applied?.row)) this.#renew(name, wish);
  }

  /** Whether the target has taken it. */
  #state(name: string, config: InterfaceConfig | null): boolean {
    try {
      this.#options.network.configure(name, config);
      return true;
    } catch (error) {
      this.#options.complaints.say(
        `Wifi_Inet_Config ${quote(name)}: the device does not take it: ${messageOf(error)}; what was there stays`,
      );
      return false;
    }
  }

  #renew(name: string, { config }: Wish): void {
    if (config?.ipv4.scheme === "dhcp" && config.enabled && config.network) this.#options.network.renewAddress(name);
  }
}

function isCountedUp(now: InetConfig, before: InetConfig | undefined): boolean {
  return before !== undefined && now.dhcp_renew > before.dhcp_renew;
}
