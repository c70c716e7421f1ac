/** The moment until which something is to hold, and whether it does already. Pure. */

const longestMs = 365 * 86_400_000;

/** Why it cannot be; undefined: it can. `typed`: local time, `2026-08-01T18:30`; `now`: ms since 1970. */
export function untilProblem(typed: string, now: number): string | undefined {
  const at = new Date(typed).getTime();
  if (!Number.isFinite(at)) return "This is no time; give a day and a time.";
  if (at <= now) return "This is over already; choose a later time.";
  if (at - now > longestMs) return "This is more than a year away; take “For good”.";
  return undefined;
}

/** Of what was taken back, and its node holds still. */
export function endingText(isReached: boolean): string {
  return isReached
    ? "Stopped; its node is being told …"
    : "Stopped here. Its node is not reached, and holds it still: it is told when it is back.";
}

/** Of what its node has not been given yet. `until`: ISO 8601, null: for good. */
export function untoldText(isReached: boolean, until: string | null): string {
  if (isReached) return "Being told to its node …";
  const late = until === null ? "" : ", unless the time is over by then";
  return `Not told to its node yet, which is not reached. It is told when it is back${late}.`;
}
