/** Local time of a time zone, from what the run time knows of time zones. */

import * as limits from "../limits.ts";

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Making a formatter costs a hundred times as much as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws a `RangeError` where there is no such time zone. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  const options = {
    ...parts,
    second: "numeric",
    hourCycle: "h23",
    calendar: "gregory",
    numberingSystem: "latn",
  } as const;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, ...options });
  if (formats.size >= limits.rememberedTimeZones) formats.clear();
  formats.set(timeZone, format);
  return format;
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Days are numbers since 1970-01-01, times of day minutes since midnight, instants ms since the Unix epoch. */
export class LocalCalendar {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#format = formatOf(timeZone);
  }

  /** The local day at `instant`. */
  dayOf(instant: number): number {
    return Math.floor((instant + this.#offset(instant)) / dayMs);
  }

  /**
   * When clocks show this time. One that they show twice (they are put back) counts as the first; one that they skip (they
   * are put forward) as if they had not yet been.
   */
  instantOf(day: number, minutes: number): number {
    const shown = day * dayMs + minutes * minuteMs;
    const before = shown - this.#offset(shown - dayMs);
    const after = shown - this.#offset(shown + dayMs);
    const real = [before, after].filter((instant) => instant + this.#offset(instant) === shown);
    return real.length > 0 ? Math.min(...real) : before;
  }

  /** Local time less universal time (ms). */
  #offset(instant: number): number {
    const second = Math.floor(instant / 1000) * 1000;
    const parts = Object.fromEntries(
      this.#format.formatToParts(second).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
  }
}
