/** When what a report tells was: its own time, unless that cannot be. */

import * as limits from "./limits.ts";

/**
 * Wall clock, ms. A node that was without a broker sends reports late, with their own time; one whose clock is wrong, or that does not say
 * (0), is taken to tell of now.
 */
export function reportTime(timestampMs: number, arrivedAt: number): number {
  const isBelievable =
    timestampMs >= arrivedAt - limits.latestPastMs && timestampMs <= arrivedAt + limits.latestFutureMs;
  return isBelievable ? timestampMs : arrivedAt;
}
