/**
 * Does a client stay where it is put? Decided in the night, from the signals of the day and the majority of the last
 * ten: static only where both say so. Pure; a client costs a few hundred bytes, and some kilobytes for the day that goes on.
 */

import * as limits from "../limits.ts";
import { dayOf, daysBefore } from "./calendar.ts";
import { addSample, type Day, emptyDay, type Sample, type Summary, summarise } from "./day.ts";

export interface History {
  /** Days that have ended, the newest first; days on which it was never heard are not among them. */
  readonly days: readonly ({ readonly day: string } & Summary)[];
  /** The one that goes on. */
  readonly today: { readonly day: string; readonly signals: Day } | null;
}

export const emptyHistory: History = { days: [], today: null };

/** `zone`: the time zone of the home. */
export function addToHistory(history: History, sample: Sample, zone: string, asked = false): History {
  const day = dayOf(sample.at, zone);
  const { today } = history;
  // A clock that was set back, or a report that comes late: a day that has ended has ended.
  if (today && day < today.day) return history;
  const ended = today && day > today.day ? endDay(history, day) : history;
  const signals = ended.today?.signals ?? emptyDay;
  return { ...ended, today: { day, signals: addSample(signals, sample, asked) } };
}

/** To be called in the night, so that who is not heard any more is judged, too. `now`: ms since 1970. */
export function closeDays(history: History, now: number, zone: string): History {
  return endDay(history, dayOf(now, zone));
}

function endDay(history: History, day: string): History {
  const { today } = history;
  const ended = today && today.day < day ? [{ day: today.day, ...summarise(today.signals) }] : [];
  const oldest = daysBefore(day, limits.nightsKept);
  const days = [...ended, ...history.days].filter((each) => each.day >= oldest).slice(0, limits.nightsKept);
  return { days, today: ended.length > 0 ? null : today };
}

export interface Mobility {
  readonly mobility: "static" | "mobile" | "unknown";
  readonly reason: string;
}

/** Days that must have told something before anybody is taken for static. */
const leastDays = 3;

/** From the days that have ended. The last one that told something speaks for "the last 24 hours": a television is not on every day. */
export function mobilityOf({ days }: History): Mobility {
  const telling = days.filter(({ verdict }) => verdict !== "unknown");
  const [last] = telling;
  const still = telling.filter(({ verdict }) => verdict === "static").length;
  const of = `${still} of ${telling.length} days`;
  if (!last) return { mobility: "unknown", reason: "no day has told enough" };
  if (last.verdict === "mobile")
    return { mobility: "mobile", reason: `on ${last.day} it was on the move: ${dayText(last)}` };
  if (telling.length < leastDays) return { mobility: "unknown", reason: `static on ${of}; it takes ${leastDays}` };
  if (still * 2 <= telling.length) return { mobility: "mobile", reason: `static on ${of} only` };
  return { mobility: "static", reason: `static on ${of}, and on ${last.day}: ${dayText(last)}` };
}

function dayText({ moving, spreadDb, wanderings }: Summary): string {
  const nodes = wanderings === 1 ? "once" : `${wanderings} times`;
  return `moving ${Math.round(moving * 1000) / 10} % of the time, signal within ${spreadDb} dB, from node to node ${nodes}`;
}
