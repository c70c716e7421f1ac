/** Nights in the time zone of a home: a day ends when hardly anybody walks, whatever the clock does in spring and autumn. */

import * as limits from "../limits.ts";

/** Hour at which a day ends and the night's work is done. */
export const nightHour = 3;

const calendars = new Map<string, Intl.DateTimeFormat>();

/** A name of the time zone database that this machine knows. */
export function isTimeZone(zone: string): boolean {
  try {
    return calendarOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** The day that an instant (ms since 1970) is part of, `2026-11-26`: from three in the night to three in the night. Throws a `RangeError` for an unknown zone. */
export function dayOf(at: number, zone: string): string {
  const parts = Object.fromEntries(
    calendarOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const date = Date.UTC(Number(parts.year), Number(parts.month) - 1, Number(parts.day));
  // By the clock on the wall: on a day of 23 or 25 hours it is three o'clock, too.
  return dateText(Number(parts.hour) < nightHour ? date - 86_400_000 : date);
}

/** The day so many days before. */
export function daysBefore(day: string, count: number): string {
  return dateText(Date.parse(`${day}T00:00:00Z`) - count * 86_400_000);
}

function dateText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function calendarOf(zone: string): Intl.DateTimeFormat {
  const known = calendars.get(zone);
  if (known) return known;
  const calendar = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric" },
  });
  if (calendars.size >= limits.zones) calendars.clear();
  calendars.set(zone, calendar);
  return calendar;
}
