/** The hours of a rule that holds on days of the week: as many as its owner wants. Pure. */

import { type Day, dayNames } from "@opensync-ts/cloud/words/rule-words";
import type { Policy } from "./doc.ts";

type Weekly = Extract<Policy["schedule"], { kind: "weekly" }>;
export type Window = Weekly["windows"][number];

/** As many as the cloud takes. */
export const mostWindows = 32;

const free: Window = { days: ["sat", "sun"], from: "13:00", to: "15:00" };

/** Of the days that no other hours begin on, with the hours of the last; where there are none, an example to change. */
export function nextWindow(windows: readonly Window[]): Window {
  const taken = new Set<Day>(windows.flatMap(({ days }) => days));
  const days = dayNames.filter((day) => !taken.has(day));
  const last = windows.at(-1);
  return last && days.length > 0 ? { ...last, days } : free;
}

export function withNext(schedule: Weekly): Weekly {
  const { windows } = schedule;
  return windows.length >= mostWindows ? schedule : { ...schedule, windows: [...windows, nextWindow(windows)] };
}

/** The last ones stay: a rule without hours holds never. */
export function without({ windows, ...schedule }: Weekly, index: number): Weekly {
  return { ...schedule, windows: windows.length < 2 ? windows : windows.filter((_, other) => other !== index) };
}

/** Undefined: it is a time of day. */
export function timeProblem(text: string): string | undefined {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? undefined : "Write a time of day as 07:30.";
}
