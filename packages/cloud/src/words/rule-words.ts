/** Rules of a home (the policies of its document) as sentences for people. Pages load it as it is. Pure. */

import type { ShownDocument } from "../model/shown-document.ts";
import { bandWords } from "./band-words.ts";
import { aKind } from "./kind-words.ts";

type Policy = NonNullable<ShownDocument["policies"]>[number];

/** How things are told that a rule knows by number only. */
export interface Telling {
  /** Of a device, by MAC address. */
  readonly device: (mac: string) => string;
  /** Of an instant of the document. */
  readonly moment: (instant: string) => string;
}

/** `Mia's tablet has no Internet on Mon–Fri from 21:00 to 07:00 the next day (Europe/Ljubljana)`; with no full stop. */
export function ruleSentence({ scope, schedule, action }: Policy, telling: Telling): string {
  return `${scopeWords(scope, telling)} ${actionWords(action)}${scheduleWords(schedule, telling)}`;
}

/** By what people know a rule: the name it was given, else what it says. */
export function ruleName(policy: Policy, telling: Telling): string {
  if (policy.label !== undefined) return policy.label;
  if (!isHold(policy)) return ruleSentence(policy, telling);
  const { scope, schedule, action } = policy;
  const end = schedule.kind === "always" ? ", until that is changed" : scheduleWords(schedule, telling);
  return `${scopeWords(scope, telling)}: ${holdWords(action)}${end}`;
}

/** What a client's page asks of that client alone, for a while. */
export function isHold({ id, scope, action }: Policy): boolean {
  const isAsked = scope.kind === "device" && /^(band|freeze)-[0-9a-f]{12}$/.test(id);
  return isAsked && (action.kind === "band" || action.kind === "freeze");
}

export function scopeWords(scope: Policy["scope"], { device }: Pick<Telling, "device">): string {
  switch (scope.kind) {
    case "everybody":
      return "Everybody";
    case "zone":
      return scope.zone === "home"
        ? "Everybody with a key of the home"
        : scope.zone === "guest"
          ? "Every guest"
          : "Who has an Internet-only key";
    case "device":
      return device(scope.mac);
    case "network":
      return `Everybody on “${scope.ssid}”`;
  }
}

export function actionWords(action: Policy["action"]): string {
  switch (action.kind) {
    case "freeze":
      return "has no Internet";
    case "internet-only":
      return "reaches the Internet only";
    case "band":
      return action.only ? `stays on ${bandWords(action.prefer)}` : `goes to ${bandWords(action.prefer)} where it can`;
    case "profile":
      return `is treated as ${aKind(action.profile)}`;
    case "unsteered":
      return "is never moved to another access point";
  }
}

/** As it goes on behind what a rule does. */
export function scheduleWords(schedule: Policy["schedule"], { moment }: Pick<Telling, "moment">): string {
  switch (schedule.kind) {
    case "always":
      return ", always";
    case "until":
      return ` until ${moment(schedule.instant)}`;
    case "weekly": {
      const windows = schedule.windows.map(({ days, from, to }) => {
        const next = to <= from ? " the next day" : "";
        return `on ${daysText(days)} from ${from} to ${to}${next}`;
      });
      return ` ${windows.join(" and ")} (${schedule.timeZone})`;
    }
  }
}

/** Alone, where nothing stands before it. */
export function whenWords(schedule: Policy["schedule"], telling: Pick<Telling, "moment">): string {
  return scheduleWords(schedule, telling).replace(/^,? /, "");
}

export const dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof dayNames)[number];
export const dayWords: Readonly<Record<Day, string>> = {
  mon: "Mon",
  tue: "Tue",
  wed: "Wed",
  thu: "Thu",
  fri: "Fri",
  sat: "Sat",
  sun: "Sun",
};

/** `Mon–Fri`, `Sat, Sun`, `every day`. */
export function daysText(days: readonly Day[]): string {
  const on = dayNames.filter((day) => days.includes(day));
  if (on.length === 7) return "every day";
  const first = dayNames.indexOf(on[0] ?? "mon");
  const isRun = on.length > 2 && on.every((day, index) => dayNames.indexOf(day) === first + index);
  if (isRun) return `${dayWords[on[0] ?? "mon"]}–${dayWords[on.at(-1) ?? "mon"]}`;
  return on.map((day) => dayWords[day]).join(", ") || "no day";
}

function holdWords(action: Policy["action"]): string {
  if (action.kind !== "band") return "no Internet";
  return action.only ? `${bandWords(action.prefer)} only` : `rather ${bandWords(action.prefer)}`;
}
