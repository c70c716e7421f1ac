/** When periodic work is next due: at multiples of its period on the clock, so that equal and multiple periods meet. */

/** Milliseconds; later than `now`. */
export function nextOnGrid(now: number, period: number): number {
  return (Math.floor(now / period) + 1) * period;
}
