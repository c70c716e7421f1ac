/** By how much the cloud's clock differs from that of who looks. Pure. */

/** Answers take a while, and say whole seconds: less than this is none. */
const leastMs = 30_000;

/** ms; `date`: the header of an answer. Undefined: it says nothing. `now`: by the clock here, ms since 1970. */
export function differenceFrom(date: string | null, now: number): number | undefined {
  const told = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isFinite(told)) return undefined;
  const difference = told - now;
  return Math.abs(difference) < leastMs ? 0 : difference;
}
