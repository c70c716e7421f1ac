/**
 * Work for many on one thread, in slices: what comes is done at once while the turn of the event loop has time left, and waits for
 * the next turn otherwise. In between others have theirs: who asks for a sign of life gets it, whatever else there is to do.
 */

import type { Clock } from "./clock.ts";

export class WorkQueue {
  readonly #clock: Clock;
  readonly #sliceMs: number;
  /** By whom it is for, in the order in which it came; one entry each, so the queue is bounded by who there is. */
  readonly #waiting = new Map<object, () => void>();
  /** When the slice of this turn is over (clock ms); undefined before the first work of a turn. */
  #ends: number | undefined;

  /** `sliceMs`: after so much work in a turn the rest waits. A piece that takes longer by itself is done as a whole. */
  constructor(clock: Clock, sliceMs: number) {
    this.#clock = clock;
    this.#sliceMs = sliceMs;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Does `work`, now (true) or in a later turn. Where some of the same `owner` waits already, it takes that one's place. */
  run(owner: object, work: () => void): boolean {
    if (this.#waiting.size > 0 || this.#isOver()) {
      this.#waiting.set(owner, work);
      return false;
    }
    this.#begin();
    work();
    return true;
  }

  /** Whether work of the owner waits. */
  has(owner: object): boolean {
    return this.#waiting.has(owner);
  }

  /** The owner needs nothing more. */
  forget(owner: object): void {
    this.#waiting.delete(owner);
  }

  #isOver(): boolean {
    return this.#ends !== undefined && this.#clock.now() >= this.#ends;
  }

  #begin(): void {
    if (this.#ends !== undefined) return;
    this.#ends = this.#clock.now() + this.#sliceMs;
    this.#clock.setTimer(0, () => this.#turn());
  }

  #turn(): void {
    this.#ends = undefined;
    if (this.#waiting.size === 0) return;
    this.#begin();
    for (const [owner, work] of this.#waiting) {
      this.#waiting.delete(owner);
      work();
      if (this.#isOver()) return;
    }
  }
}
