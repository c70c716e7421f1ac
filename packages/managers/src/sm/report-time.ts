/**
 * Time stamps of reports. They run with the monotonic clock, so that what is adjusted a little does not make them go
 * back or stumble, and follow the wall clock when it has been set.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { clockDrift } from "./limits.ts";

export class ReportTime {
  readonly #clock: Clock;
  #wall: number;
  #monotonic: number;
  #synchronised = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wall = clock.wallTime();
    this.#monotonic = clock.now();
  }

  /** How often the wall clock had been set. */
  get synchronised(): number {
    return this.#synchronised;
  }

  /** Wall time of now, ms since 1970. */
  now(): number {
    const wall = this.#clock.wallTime();
    const monotonic = this.#clock.now();
    if (Math.abs(this.at(monotonic) - wall) > clockDrift) {
      this.#wall = wall;
      this.#monotonic = monotonic;
      this.#synchronised++;
    }
    return this.at(monotonic);
  }

  /** Wall time of a moment on the monotonic clock, as far as is known. */
  at(monotonic: number): number {
    return Math.max(0, this.#wall + monotonic - this.#monotonic);
  }
}
