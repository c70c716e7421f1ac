/** What somebody has changed in a document, thing by thing, in words for owners. Pure. */

import { byIdentity, type Entry, isEntry, isUnit, listAt, nothingCalled, type Path, pathText, same } from "./lists.ts";
import type { Called } from "./sentences.ts";
import { formWords } from "./value-words.ts";

export interface Difference {
  /** In the newer document; of what is gone, in the older one. */
  readonly path: string;
  readonly words: string;
}

/** Stands for a secret that is not shown and has changed. */
export const changedSecret = "\u0000changed";

export function differences(before: unknown, after: unknown, called = nothingCalled): readonly Difference[] {
  const found: Difference[] = [];
  compare(before, after, [], [], { found, called });
  return found;
}

interface Comparing {
  readonly found: Difference[];
  readonly called: Called;
}

function compare(before: unknown, after: unknown, path: Path, chain: readonly string[], comparing: Comparing): void {
  if (same(before, after)) return;
  const { found, called } = comparing;
  const list = listAt(path);
  const isList = (value: unknown) => value === undefined || Array.isArray(value);
  if (list && isList(before) && isList(after)) {
    const already = found.length;
    const [old, now] = [(before ?? []) as Entry[], (after ?? []) as Entry[]];
    const whole = (entry: Entry) => list.whole?.(entry, called);
    const name = (entry: Entry) => whole(entry) ?? `${list.noun} “${list.name(entry, called)}”`;
    const [was, is] = [byIdentity(list, old, old), byIdentity(list, now, old)];
    for (const [identity, entry] of was) {
      const what = whole(entry) === undefined ? `removed${list.gone?.(entry) ?? ""}` : "ended";
      if (!is.has(identity)) found.push(at([...path, old.indexOf(entry)], [...chain, name(entry)], what));
    }
    for (const [identity, entry] of is) {
      const before = was.get(identity);
      const place = [...path, now.indexOf(entry)];
      if (!before) {
        const what = whole(entry) === undefined ? `new${list.more?.(entry) ?? ""}` : "";
        found.push(at(place, [...chain, name(entry)], what));
      } else if (whole(before) === undefined || whole(entry) === undefined) {
        compare(before, entry, place, [...chain, name(before)], comparing);
      } else if (!same(before, entry)) found.push(at(place, [...chain, name(entry)], `before: ${whole(before)}`));
    }
    // What comes first of things that are told whole is no choice of anybody's.
    const order = (of: ReadonlyMap<string, Entry>, other: ReadonlyMap<string, Entry>) =>
      [...of].flatMap(([identity, entry]) => (other.has(identity) && whole(entry) === undefined ? [identity] : []));
    if (!same(order(was, is), order(is, was)))
      found.push(at(path, [...chain, `order of ${memberWords(path.slice(-1))}`], "changed"));
    // An empty list says that there is none on the nodes either; without it they are left as they are.
    const all = [...chain, memberWords(path.slice(-1))];
    if (after === undefined) found.push(at(path, all, `nothing is said of them any more; ${leftOf(path, old)}`));
    else if (found.length === already) found.push(at(path, all, "none, on the nodes too"));
  } else if (isEntry(before) && isEntry(after) && !isUnit(path)) {
    for (const member of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[member], after[member], [...path, member], chain, comparing);
    }
  } else {
    const since = path.findLastIndex((part) => typeof part === "number") + 1;
    found.push(at(path, [...chain, memberWords(path.slice(since))], valueWords(before, after, path, called)));
  }
}

/** Of rules, nodes keep by themselves only who has no Internet. */
function leftOf(path: Path, old: readonly Entry[]): string {
  return path[0] === "policies" && old.length > 0
    ? "who has no Internet now by one of them stays without"
    : "nodes are left as they are";
}

function at(path: Path, chain: readonly string[], what: string): Difference {
  return { path: pathText(path), words: [chain.filter(Boolean).join(", "), what].filter(Boolean).join(": ") };
}

const members: Readonly<Record<string, string>> = {
  psk: "passphrase",
  ssid: "name",
  "security.mode": "security",
  hidden: "hidden",
  isolate: "devices kept apart",
  enabled: "on",
  zone: "access",
  expires: "ends",
  "dhcp.start": "first address",
  "dhcp.stop": "last address",
  "dhcp.leaseTime": "lease time",
  "lan.address": "address of the gateway",
  scope: "for whom",
  schedule: "when",
  action: "what",
  forwards: "port forwards",
  policies: "rules",
  label: "name",
  nickname: "name",
  shared: "shared with guests",
  timeZone: "time zone",
  lan: "addresses at home",
  wan: "ways to the Internet",
  bridges: "more local networks",
  stats: "statistics",
};

export function memberWords(path: Path): string {
  const text = pathText(path);
  return members[text] ?? members[text.replace(/^lan\./, "")] ?? text;
}

function valueWords(before: unknown, after: unknown, path: Path, called: Called): string {
  const member = String(path.at(-1));
  if (member === "psk" || member === "password") return before === undefined ? "new" : "changed";
  const words = (value: unknown) => formWords(path, value, called) ?? (isUnit(path) ? undefined : shown(value));
  if (isUnit(path) && (words(before) === undefined || words(after) === undefined)) return "changed";
  return `${words(before)} → ${words(after)}`;
}

/** Longest value in words, in characters. */
const longest = 60;

function shown(value: unknown): string {
  const text =
    value === undefined
      ? "as it is"
      : value === true
        ? "yes"
        : value === false
          ? "no"
          : Array.isArray(value)
            ? value.map(shown).join(", ") || "none"
            : isEntry(value)
              ? Object.keys(value)
                  .filter((name) => name !== "psk" && name !== "password")
                  .map((name) => `${name} ${shown(value[name])}`)
                  .join(", ")
              : String(value);
  return text.length > longest ? `${[...text].slice(0, longest - 1).join("")}…` : text;
}
