/**
 * Work of many sessions on one thread, in slices: what comes is done at once while the turn of the event loop has time left, and waits
 * for the next turn otherwise. In between, `echo` is answered, whatever else there is to do.
 */

import type { Clock } from "@opensync-ts/base/clock";
import * as limits from "./limits.ts";

export class WorkQueue {
  readonly #clock: Clock;
  readonly #sliceMs: number;
  /** By whom it is for, in the order in which it came; one entry each, so the queue is bounded by who there is. */
  readonly #waiting = new Map<object, () => void>();
  /** When the slice of this turn is over (clock ms); undefined before the first work of a turn. */
  #ends: number | undefined;

  constructor(clock: Clock, sliceMs: number = limits.workSliceMs) {
    this.#clock = clock;
    this.#sliceMs = sliceMs;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Does `work`, now or soon. Where some of the same `owner` waits already, that takes its place. */
  run(owner: object, work: () => void): void {
    if (this.#waiting.size > 0 || this.#isOver()) {
      this.#waiting.set(owner, work);
      return;
    }
    this.#begin();
    work();
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
