/** Values of a document in words for people: short, and without secrets. Pure. */

import * as limits from "../limits.ts";
import { type Entry, isEntry } from "./lists.ts";
import type { Action, Policy, Scope } from "./policies.ts";
import type { Schedule } from "./schedule.ts";
import { isSecretMember } from "./secrets.ts";

/** `192.0.2.53`; `primary 192.0.2.53, secondary 192.0.2.54`; `none`, of an empty list; `unset`. No longer than a person reads. */
export function inWords(value: unknown): string {
  const text = plain(value);
  return text.length > limits.shownValueLength ? `${text.slice(0, limits.shownValueLength - 1)}…` : text;
}

/** What is in one list of plain values and not in the other: `2.4G added, 6G removed`. */
export function listWords(before: readonly unknown[], after: readonly unknown[]): string {
  const missing = (from: readonly unknown[], to: readonly unknown[]) => from.filter((value) => !to.includes(value));
  const parts = [
    ["added", missing(after, before)],
    ["removed", missing(before, after)],
  ] as const;
  const told = parts.flatMap(([what, values]) => (values.length > 0 ? [`${inWords(values)} ${what}`] : []));
  return told.join(", ") || "another order";
}

export function isPlainList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((entry) => typeof entry !== "object" || entry === null);
}

/** `freeze zone guest, mon, tue from 22:00 to 07:00 (Europe/Ljubljana)` */
export function policyWords({ enabled, scope, schedule, action }: Policy): string {
  const off = enabled ? "" : ", not enabled";
  return `${actionWords(action)}, ${scopeWords(scope)}, ${scheduleWords(schedule)}${off}`;
}

/** Parts of a policy that say one thing with several members. Undefined where `path` leads to none. */
export function unitAt(path: readonly PropertyKey[]): ((value: unknown) => string) | undefined {
  if (path.length !== 3 || path[0] !== "policies") return undefined;
  switch (path[2]) {
    case "scope":
      return (value) => scopeWords(value as Scope);
    case "schedule":
      return (value) => scheduleWords(value as Schedule);
    case "action":
      return (value) => actionWords(value as Action);
    default:
      return undefined;
  }
}

function scopeWords(scope: Scope): string {
  switch (scope.kind) {
    case "everybody":
      return "everybody";
    case "zone":
      return `zone ${scope.zone}`;
    case "device":
      return `device ${scope.mac}`;
    case "network":
      return `network '${scope.ssid}'`;
  }
}

function scheduleWords(schedule: Schedule): string {
  switch (schedule.kind) {
    case "always":
      return "always";
    case "until":
      return `until ${schedule.instant}`;
    case "weekly": {
      const windows = schedule.windows.map(({ days, from, to }) => `${days.join(", ")} from ${from} to ${to}`);
      return inWords(`${windows.join("; ")} (${schedule.timeZone})`);
    }
  }
}

function actionWords(action: Action): string {
  switch (action.kind) {
    case "freeze":
      return "freeze";
    case "internet-only":
      return "Internet only";
    case "band":
      return `${action.only ? "only" : "rather"} ${action.prefer}`;
    case "profile":
      return `steering profile ${action.profile}`;
    case "unsteered":
      return "not steered";
  }
}

/** Of an entry: its members but for those that name it. */
export function membersWords(entry: Entry, ...without: readonly string[]): string {
  return inWords(Object.fromEntries(Object.entries(entry).filter(([name]) => !without.includes(name))));
}

function plain(value: unknown): string {
  if (value === undefined) return "unset";
  if (Array.isArray(value))
    return value.length === 0 ? "none" : value.map(plain).join(isPlainList(value) ? ", " : "; ");
  if (!isEntry(value)) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const text = members.map(([name, member]) => {
    if (isSecretMember(name)) return `${name} not shown`;
    return isEntry(member) ? `${name} (${plain(member)})` : `${name} ${plain(member)}`;
  });
  return text.join(", ") || "none";
}
