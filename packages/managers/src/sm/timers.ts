/** Timers of SM: long ones, and those that follow the wall clock. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { longestTimer, wallClockCheck } from "./limits.ts";

/** As `clock.setTimer`, for any delay: intervals of rows have no upper end. */
export function setLongTimer(clock: Clock, delayMs: number, callback: () => void): Timer {
  const due = clock.now() + delayMs;
  let timer: Timer;
  const arm = () => {
    const left = due - clock.now();
    timer = left > longestTimer ? clock.setTimer(longestTimer, arm) : clock.setTimer(left, callback);
  };
  arm();
  return { cancel: () => timer.cancel() };
}

/**
 * Ticks at the multiples of periods (ms) on the wall clock. Periods that are due together are so in one call, whose
 * argument says of each whether it is. A clock that is set forward skips multiples, one that is set back repeats none
 * of the last period.
 */
export class WallGrid {
  readonly #clock: Clock;
  readonly #periods: readonly number[];
  readonly #onTick: (due: readonly boolean[]) => void;
  #next: readonly number[];
  #timer: Timer | undefined;

  constructor(clock: Clock, periods: readonly number[], onTick: (due: readonly boolean[]) => void) {
    this.#clock = clock;
    this.#periods = periods;
    this.#onTick = onTick;
    const wall = clock.wallTime();
    this.#next = periods.map((period) => multipleAfter(wall, period));
    this.#arm(wall);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #arm(wall: number): void {
    const delay = Math.min(Math.min(...this.#next) - wall, wallClockCheck);
    this.#timer = this.#clock.setTimer(delay, () => this.#wake());
  }

  #wake(): void {
    const wall = this.#clock.wallTime();
    const due = this.#next.map((next) => wall >= next);
    this.#next = this.#next.map((next, index) => {
      const period = this.#periods[index] ?? 0;
      return wall >= next || next - wall > period ? multipleAfter(wall, period) : next;
    });
    this.#arm(wall);
    if (due.includes(true)) this.#onTick(due);
  }
}

function multipleAfter(wall: number, period: number): number {
  return (Math.floor(wall / period) + 1) * period;
}
