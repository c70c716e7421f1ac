/** How much of something may be used: so much at once, and then so much per second. */

import type { Clock } from "@opensync-ts/base/clock";

export class Allowance {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #at: number;

  constructor(clock: Clock, burst: number, perSecond: number) {
    this.#clock = clock;
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#left = burst;
    this.#at = clock.now();
  }

  /** What is used may exceed what is left: then nothing is allowed until it has been made up for. */
  use(amount: number): void {
    this.#refill();
    this.#left -= amount;
  }

  /** How long (ms) until something is allowed again; 0: now. */
  get waitMs(): number {
    this.#refill();
    return this.#left > 0 ? 0 : Math.ceil((1 - this.#left) / this.#perMs);
  }

  #refill(): void {
    const now = this.#clock.now();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
