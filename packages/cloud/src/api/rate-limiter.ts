/** How often somebody may ask: an allowance by key, and a back-off for who fails. Both forget the ones they have not heard of longest. */

import type { Clock } from "@opensync-ts/base/clock";
import { Allowance } from "../allowance.ts";
import * as limits from "./limits.ts";

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export class RateLimiter {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #allowances = new Recent<Allowance>(limits.rememberedAddresses);

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** 0: go ahead, this one is counted; otherwise how long (ms) to wait. */
  take(key: string): number {
    const { burst, perSecond } = this.#rate;
    const allowance = this.#allowances.get(key) ?? new Allowance(this.#clock, burst, perSecond);
    this.#allowances.set(key, allowance);
    const wait = allowance.waitMs;
    if (wait === 0) allowance.use(1);
    return wait;
  }

  get size(): number {
    return this.#allowances.size;
  }

  forget(): void {
    this.#allowances.clear();
  }
}

/** Of accounts whose password is being guessed: after some failures each one doubles the wait. */
export class BackOff {
  readonly #clock: Clock;
  readonly #failures = new Recent<{ count: number; at: number; until: number }>(limits.rememberedAccounts);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long (ms) until a try is allowed. */
  waitMs(key: string): number {
    return Math.max(0, (this.#failures.get(key)?.until ?? 0) - this.#clock.now());
  }

  failed(key: string): void {
    const now = this.#clock.now();
    const known = this.#failures.get(key);
    const count = (known && now - known.at < limits.failureLifeMs ? known.count : 0) + 1;
    const over = count - limits.freeFailures;
    const wait = over < 0 ? 0 : Math.min(limits.firstWaitMs * 2 ** Math.min(over, 30), limits.lastWaitMs);
    this.#failures.set(key, { count, at: now, until: now + wait });
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}

/** A map of bounded size: what was set last stays longest. */
class Recent<T> {
  readonly #entries = new Map<string, T>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** What one customer of a provider has: an IPv4 address, or an IPv6 network of 64 bits. */
export function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (!plain.includes(":")) return plain;
  const [head = "", tail] = plain.split("::", 2);
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
