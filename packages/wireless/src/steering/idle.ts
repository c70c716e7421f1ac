/** Counts the PPDUs of a station over a sliding window, in slices of a few seconds. */

import { steeringLimits } from "./limits.ts";

const { idleWindow, idleSlice } = steeringLimits;

export class PpduMeter {
  readonly #since: number;
  /** By slice number, the oldest first; at most as many as the window has, and one. `from`: what is counted began then. */
  readonly #slices = new Map<number, { readonly from: number; count: number }>();
  #last: number;

  /** Counting begins at `now`, monotonic ms. */
  constructor(now: number) {
    this.#since = now;
    this.#last = now;
  }

  /** So many since the last call. */
  add(ppdus: number, now: number): void {
    const slice = Math.floor(now / idleSlice);
    const known = this.#slices.get(slice);
    if (known) known.count += ppdus;
    else this.#slices.set(slice, { from: this.#last, count: ppdus });
    this.#last = now;
    for (const old of this.#slices.keys()) {
      if (old >= slice - idleWindow / idleSlice) break;
      this.#slices.delete(old);
    }
  }

  /** Of a minute on average; null: not counted for a whole window yet. */
  perMinute(now: number): number | null {
    if (now - this.#since < idleWindow) return null;
    const oldest = Math.floor(now / idleSlice) - idleWindow / idleSlice;
    const counted = [...this.#slices].flatMap(([slice, one]) => (slice >= oldest ? [one] : []));
    const sum = counted.reduce((total, { count }) => total + count, 0);
    return (sum * 60_000) / (now - (counted[0]?.from ?? oldest * idleSlice));
  }
}
