/** Rules, access and states of versions as sentences for owners. Pure. */

import { aKind } from "../../ui/kinds.ts";
import { momentText } from "../../ui/time.ts";
import type { Policy, WanWay } from "./doc.ts";

/** `names`: of devices, by MAC address; `now`: ms since 1970. */
export function policySentence(
  { scope, schedule, action }: Policy,
  names: ReadonlyMap<string, string>,
  now: number,
): string {
  return `${scopeWords(scope, names)} ${actionWords(action)}${scheduleWords(schedule, now)}.`;
}

export function scopeWords(scope: Policy["scope"], names: ReadonlyMap<string, string>): string {
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
      return names.get(scope.mac) ?? scope.mac;
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

/** What a client's page asks of that client alone, for a while; undefined: it is another rule. */
export function holdWords({ id, scope, action, schedule }: Policy, now: number): string | undefined {
  if (scope.kind !== "device" || !/^(band|freeze)-[0-9a-f]{12}$/.test(id)) return undefined;
  if (action.kind !== "band" && action.kind !== "freeze") return undefined;
  const what =
    action.kind === "freeze"
      ? "no Internet"
      : `${action.only ? "" : "rather "}${bandWords(action.prefer)}${action.only ? " only" : ""}`;
  return what + (schedule.kind === "always" ? ", until that is changed" : scheduleWords(schedule, now));
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

/** As it goes on behind what a rule does. */
export function scheduleWords(schedule: Policy["schedule"], now: number): string {
  switch (schedule.kind) {
    case "always":
      return ", always";
    case "until":
      return ` until ${momentText(schedule.instant, now)}`;
    case "weekly": {
      const windows = schedule.windows.map(({ days, from, to }) => {
        const next = to <= from ? " the next day" : "";
        return `on ${daysText(days)} from ${from} to ${to}${next}`;
      });
      return ` ${windows.join(" and ")} (${schedule.timeZone})`;
    }
  }
}

/** `Mon–Fri`, `Sat, Sun`, `every day`. */
export function daysText(days: readonly Day[]): string {
  const on = dayNames.filter((day) => days.includes(day));
  if (on.length === 7) return "every day";
  const first = dayNames.indexOf(on[0] ?? "mon");
  const isRun = on.length > 2 && on.every((day, index) => dayNames.indexOf(day) === first + index);
  if (isRun) return `${dayWords[on[0] ?? "mon"]}–${dayWords[on.at(-1) ?? "mon"]}`;
  return on.map((day) => dayWords[day]).join(", ") || "no day";
}

export function bandWords(band: string): string {
  return band === "5GL" ? "5 GHz (lower half)" : band === "5GU" ? "5 GHz (upper half)" : `${band.replace("G", "")} GHz`;
}

export function wanWords(way: WanWay): string {
  const kind = { dhcp: "Automatic (DHCP)", pppoe: "With user name (PPPoE)", static: "Fixed address" }[way.type];
  return way.vlan === undefined ? kind : `${kind}, VLAN ${way.vlan}`;
}

export const stateWords = {
  draft: "draft",
  discarded: "dropped",
  applied: "not every node has shown that it works",
  proven: "worked on every node",
  reverted: "taken back",
} as const;
