/** When something holds: always, in weekly windows of a time zone, or until an instant. Pure. */

import { z } from "zod";
import * as limits from "../limits.ts";
import { instant, instantMs } from "./instant.ts";
import { isTimeZone, LocalCalendar } from "./time-zone.ts";

/** In the order of `Date.getUTCDay`. */
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is no time of day; write it as 07:30");

const window = z.strictObject({
  /** On which it begins. */
  days: z.array(z.enum(weekdays)).min(1, "is empty; name a day").max(7),
  from: time,
  /** Not after `from`: on the next day. */
  to: time,
});

export const schedule = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("always") }),
    z.strictObject({
      kind: z.literal("weekly"),
      timeZone: z.string().max(64).refine(isTimeZone, "is not a time zone; write it as Europe/Ljubljana"),
      windows: z.array(window).min(1, "is empty; give a window").max(limits.windowsPerSchedule),
    }),
    z.strictObject({ kind: z.literal("until"), instant }),
  ],
  { error: "has no 'kind' that is known; use always, weekly or until" },
);

export type Schedule = z.output<typeof schedule>;
type Weekly = Extract<Schedule, { kind: "weekly" }>;

export interface Holding {
  readonly holds: boolean;
  /** When that changes, or may change (ms since the Unix epoch); null: never. */
  readonly until: number | null;
}

const dayMs = 86_400_000;

/** `now`: ms since the Unix epoch. */
export function holdingAt(schedule: Schedule, now: number): Holding {
  switch (schedule.kind) {
    case "always":
      return { holds: true, until: null };
    case "until": {
      const end = instantMs(schedule.instant);
      return now < end ? { holds: true, until: end } : { holds: false, until: null };
    }
    case "weekly":
      return weeklyAt(schedule, now);
  }
}

/** As intervals of real time, so that what holds and when it ends agree also on the days when clocks are changed. */
function weeklyAt({ timeZone, windows }: Weekly, now: number): Holding {
  const calendar = new LocalCalendar(timeZone);
  const today = calendar.dayOf(now);
  const intervals: [number, number][] = [];
  for (let day = today - 2; day <= today + 8; day++) {
    const weekday = weekdays[new Date(day * dayMs).getUTCDay()];
    for (const { days, from, to } of windows) {
      if (weekday === undefined || !days.includes(weekday)) continue;
      const start = calendar.instantOf(day, minutesOf(from));
      const end = calendar.instantOf(minutesOf(to) > minutesOf(from) ? day : day + 1, minutesOf(to));
      if (end > start) intervals.push([start, end]);
    }
  }
  intervals.sort(([a], [b]) => a - b);
  let end: number | undefined;
  for (const [from, to] of intervals) {
    if (end === undefined ? from <= now && now < to : from <= end) end = Math.max(end ?? to, to);
    else if (end !== undefined) break;
  }
  if (end !== undefined) return { holds: true, until: end };
  const next = intervals.find(([from]) => from > now);
  return { holds: false, until: next ? next[0] : null };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
