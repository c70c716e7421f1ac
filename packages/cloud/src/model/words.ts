/** Values of a document in words for people: short, and without secrets. Pure. */

import { actionWords, scopeWords, type Telling, whenWords } from "../words/rule-words.ts";
import { type Entry, isEntry } from "./lists.ts";
import type { Action, Scope } from "./policies.ts";
import type { Schedule } from "./schedule.ts";
import { isSecretMember } from "./secrets.ts";
import { shortened } from "./shortened.ts";

/** `192.0.2.53`; `primary 192.0.2.53, secondary 192.0.2.54`; `none`, of an empty list; `unset`. No longer than a person reads. */
export function inWords(value: unknown): string {
  return shortened(plain(value));
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

/** Parts of a policy that say one thing with several members. Undefined where `path` leads to none. */
export function unitAt(path: readonly PropertyKey[], telling: Telling): ((value: unknown) => string) | undefined {
  if (path.length !== 3 || path[0] !== "policies") return undefined;
  switch (path[2]) {
    case "scope":
      return (value) => shortened(scopeWords(value as Scope, telling));
    case "schedule":
      return (value) => shortened(whenWords(value as Schedule, telling));
    case "action":
      return (value) => actionWords(value as Action);
    default:
      return undefined;
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
