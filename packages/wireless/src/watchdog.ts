/**
 * Confsync must settle. It has failed when it stays unsettled for three minutes (rule A), or was unsettled for more than
 * three quarters of the last five (rule B). Settled means it entered IDLE, unsettled that it entered WAITING; the other two
 * states change nothing.
 *
 * Rule B is looked at whenever an unsettled interval ends, so a confsync that never settles again is rule A's. The first
 * interval is settled and began with the clock: what was long before the start counts for a good while.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Emitter } from "@opensync-ts/base/emitter";
import type { ConfsyncEvents } from "./contract.ts";
import { limits } from "./limits.ts";

export interface Interval {
  readonly settled: boolean;
  /** Milliseconds. */
  readonly length: number;
}

/** Rule B. `intervals`: newest first. */
export function unsettledTooOften(intervals: readonly Interval[]): boolean {
  if (intervals.length === 0 || intervals[0]?.settled) return false;
  const total = lengthOf(intervals);
  if (total < limits.watchdogWindow) return false;
  return lengthOf(intervals.filter(({ settled }) => !settled)) / total > limits.watchdogShare;
}

/** Those that count next time: the first that exceeds the window, from the newest on, and all older ones do not. */
export function withinWindow(intervals: readonly Interval[]): readonly Interval[] {
  let total = 0;
  const end = intervals.findIndex(({ length }) => {
    total += length;
    return total > limits.watchdogWindow;
  });
  return intervals.slice(0, Math.min(end < 0 ? intervals.length : end, limits.watchdogIntervals));
}

interface WatchdogOptions {
  readonly clock: Clock;
  readonly events: Emitter<ConfsyncEvents>;
  /** Called once, with why; the watchdog sleeps then. */
  readonly bark: (reason: string) => void;
}

export class Watchdog {
  readonly #clock: Clock;
  readonly #bark: (reason: string) => void;
  readonly #unsubscribe: () => void;
  #settled = true;
  /** When it last changed; the clock's origin at first. */
  #since = 0;
  #intervals: readonly Interval[] = [];
  #timer: Timer | undefined;

  constructor({ clock, events, bark }: WatchdogOptions) {
    this.#clock = clock;
    this.#bark = bark;
    this.#unsubscribe = events.on("transition", ({ to }) => {
      if (to === "IDLE") this.#change(true);
      else if (to === "WAITING") this.#change(false);
    });
  }

  stop(): void {
    this.#unsubscribe();
    this.#timer?.cancel();
  }

  #change(settled: boolean): void {
    if (settled === this.#settled) return;
    const now = this.#clock.now();
    this.#intervals = [{ settled: this.#settled, length: now - this.#since }, ...this.#intervals];
    this.#settled = settled;
    this.#since = now;
    this.#timer?.cancel();
    const share = `${limits.watchdogShare * 100} % of the last ${limits.watchdogWindow / 1000} s`;
    if (unsettledTooOften(this.#intervals)) {
      this.#fail(`unsettled for more than ${share}`);
      return;
    }
    this.#intervals = withinWindow(this.#intervals);
    if (settled) return;
    const { watchdogUnsettled } = limits;
    this.#timer = this.#clock.setTimer(watchdogUnsettled, () =>
      this.#fail(`not settled for ${watchdogUnsettled / 1000} s`),
    );
  }

  #fail(reason: string): void {
    this.stop();
    this.#bark(reason);
  }
}

function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { length }) => sum + length, 0);
}
