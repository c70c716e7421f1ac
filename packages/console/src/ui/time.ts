/** Moments in addresses and on the screen: all of the console writes them as this does. Pure. */

/** Where a moment begins that is written as in ISO 8601; `Date.parse` takes `2026` and `%00`, too. */
const isoBegin = /^\d{4}-\d{2}-\d{2}T/;

/** Clocks differ, and what has happened just now is shown all the same. */
const aheadMs = 60_000;

/**
 * The member `at` of an address: ISO 8601; undefined, which takes the place of what stands in the address: it is no moment, or is still to come
 * at `now` (ms since 1970).
 */
export function atFrom(value: unknown, now = Number.POSITIVE_INFINITY): { readonly at: string | undefined } {
  const time = typeof value === "string" && isoBegin.test(value) ? Date.parse(value) : Number.NaN;
  return { at: Number.isFinite(time) && time <= now + aheadMs ? new Date(time).toISOString() : undefined };
}

/** `12 s`, `5 min`, `3 h`, `2 d`: the largest unit in which it is at least one. `ms` below 0 counts as 0. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `29:05` or `1:00:00`, what is left; below 0 it is over. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** How closely a moment is told. */
export type Precision = "minutes" | "seconds";

const times: Readonly<Record<Precision, Intl.DateTimeFormatOptions>> = {
  minutes: { hour: "2-digit", minute: "2-digit" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/**
 * `14:05`, as the browser's language has it; `27 Nov, 14:05` where that is not the day of `now`; `27 Nov 2025, 14:05` where it is another year.
 * `at`: ms since 1970 or ISO 8601, of which what is no moment stays as it is; `now`: ms since 1970.
 */
export function momentText(at: number | string, now: number, precision: Precision = "minutes"): string {
  const moment = new Date(at);
  if (!Number.isFinite(moment.getTime())) return String(at);
  const time = unbroken(moment.toLocaleTimeString([], times[precision]));
  const today = new Date(now);
  return moment.toDateString() === today.toDateString()
    ? time
    : `${dayText(moment.getTime(), moment.getFullYear() === today.getFullYear())}, ${time}`;
}

/** `27 Nov`, or with its year. `at`: ms since 1970. */
export function dayText(at: number, isThisYear = true): string {
  const year = isThisYear ? {} : ({ year: "numeric" } as const);
  return unbroken(new Date(at).toLocaleDateString([], { day: "numeric", month: "short", ...year }));
}

/** No line ends in it. */
function unbroken(text: string): string {
  return text.replaceAll(/\s/g, "\u00a0");
}

/** `27 November 2026 at 14:05:09`, for who hears it. `at`: ms since 1970. */
export function spokenText(at: number): string {
  return new Date(at).toLocaleString([], { dateStyle: "long", timeStyle: "medium" });
}

/** `14:05:09.042`: in logs, one below the other, so that it is the same in every language. `at`: ISO 8601. */
export function logTimeText(at: string): string {
  const moment = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(":");
  return `${time}.${String(moment.getMilliseconds()).padStart(3, "0")}`;
}
