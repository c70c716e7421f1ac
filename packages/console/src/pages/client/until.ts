/** The moment until which something is to hold, as it was typed. Pure. */

const longestMs = 365 * 86_400_000;

/** Why it cannot be; undefined: it can. `typed`: local time, `2026-08-01T18:30`; `now`: ms since 1970. */
export function untilProblem(typed: string, now: number): string | undefined {
  const at = new Date(typed).getTime();
  if (!Number.isFinite(at)) return "This is no time; give a day and a time.";
  if (at <= now) return "This is over already; choose a later time.";
  if (at - now > longestMs) return "This is more than a year away; take “For good”.";
  return undefined;
}
