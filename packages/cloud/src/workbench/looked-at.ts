/** What is kept only while somebody looks: made when it is asked for, given up when it has not been for a while. */

import type { Clock, Timer } from "@opensync-ts/base/clock";

export interface LookedAtOptions<K, V> {
  readonly clock: Clock;
  /** How long after the last question it is kept. */
  readonly keepMs: number;
  /** So many at once. */
  readonly most: number;
  open(key: K): V;
  close?(value: V): void;
}

export class LookedAt<K, V> {
  readonly #options: LookedAtOptions<K, V>;
  /** Those asked for last are last. */
  readonly #kept = new Map<K, { readonly value: V; askedAt: number }>();
  #timer: Timer | undefined;

  constructor(options: LookedAtOptions<K, V>) {
    this.#options = options;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Undefined: there are as many as there may be, and somebody looks at each of them. */
  get(key: K): V | undefined {
    const { clock, most, open } = this.#options;
    const askedAt = clock.now();
    const kept = this.#kept.get(key);
    if (kept) {
      kept.askedAt = askedAt;
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept.value;
    }
    if (this.#kept.size >= most) return undefined;
    const value = open(key);
    this.#kept.set(key, { value, askedAt });
    this.#arm();
    return value;
  }

  /** As it is, without asking for it. */
  peek(key: K): V | undefined {
    return this.#kept.get(key)?.value;
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const key of [...this.#kept.keys()]) this.#giveUp(key);
  }

  #arm(): void {
    const [oldest] = this.#kept.values();
    if (this.#timer || !oldest) return;
    const { clock, keepMs } = this.#options;
    this.#timer = clock.setTimer(Math.max(1, oldest.askedAt + keepMs - clock.now()), () => {
      this.#timer = undefined;
      const now = clock.now();
      for (const [key, { askedAt }] of [...this.#kept]) if (askedAt + keepMs <= now) this.#giveUp(key);
      this.#arm();
    });
  }

  #giveUp(key: K): void {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    if (kept) this.#options.close?.(kept.value);
  }
}
