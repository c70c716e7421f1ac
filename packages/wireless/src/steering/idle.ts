/** Counts the PPDUs of a station over a sliding window, in slices of a few seconds. */

import { steeringLimits } from "./limits.ts";

const { idleWindow, idleSlice } = steeringLimits;

export class PpduMeter {
  readonly #since: number;
  /** Counts by slice number, the oldest first; at most as many as the window has, and one. */
  readonly #slices = new Map<number, number>();

  /** Counting begins at `now`, monotonic ms. */
  constructor(now: number) {
    this.#since = now;
  }

  add(ppdus: number, now: number): void {
    const slice = Math.floor(now / idleSlice);
    this.#slices.set(slice, (this.#slices.get(slice) ?? 0) + ppdus);
    for (const old of this.#slices.keys()) {
      if (old >= slice - idleWindow / idleSlice) break;
      this.#slices.delete(old);
    }
  }

  /** Of a minute on average; null: not counted for a whole window yet. */
  perMinute(now: number): number | null {
    if (now - this.#since < idleWindow) return null;
    const oldest = Math.floor(now / idleSlice) - idleWindow / idleSlice;
    let sum = 0;
    for (const [slice, count] of this.#slices) if (slice >= oldest) sum += count;
    return (sum * 60_000) / (now - Math.max(this.#since, oldest * idleSlice));
  }
}
