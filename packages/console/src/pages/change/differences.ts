/** What somebody has changed in a document, thing by thing, in words for owners. Pure. */

import { byIdentity, type Entry, isEntry, isUnit, listAt, type Path, pathText, same } from "./lists.ts";
import { formWords } from "./value-words.ts";

export interface Difference {
  /** In the newer document; of what is gone, in the older one. */
  readonly path: string;
  readonly words: string;
}

/** Stands for a secret that is not shown and has changed. */
export const changedSecret = "\u0000changed";

export function differences(before: unknown, after: unknown): readonly Difference[] {
  const found: Difference[] = [];
  compare(before, after, [], [], found);
  return found;
}

function compare(before: unknown, after: unknown, path: Path, chain: readonly string[], found: Difference[]): void {
  if (same(before, after)) return;
  const list = listAt(path);
  const isList = (value: unknown) => value === undefined || Array.isArray(value);
  if (list && isList(before) && isList(after)) {
    const already = found.length;
    const [old, now] = [(before ?? []) as Entry[], (after ?? []) as Entry[]];
    const name = (entry: Entry) => `${list.noun} “${list.name(entry)}”`;
    const [was, is] = [byIdentity(list, old, old), byIdentity(list, now, old)];
    for (const [identity, entry] of was) {
      if (!is.has(identity)) found.push(at([...path, old.indexOf(entry)], [...chain, name(entry)], "removed"));
    }
    for (const [identity, entry] of is) {
      const before = was.get(identity);
      const place = [...path, now.indexOf(entry)];
      if (before) compare(before, entry, place, [...chain, name(before)], found);
      else found.push(at(place, [...chain, name(entry)], "new"));
    }
    const order = (of: ReadonlyMap<string, Entry>, other: ReadonlyMap<string, Entry>) =>
      [...of.keys()].filter((identity) => other.has(identity));
    if (!same(order(was, is), order(is, was))) found.push(at(path, [...chain, `order of ${path.at(-1)}`], "changed"));
    // An empty list says that there is none on the nodes either; without it they are left as they are.
    if (found.length === already) {
      const what = after === undefined ? "none here; nodes keep what they have" : "none, on the nodes too";
      found.push(at(path, [...chain, memberWords(path.slice(-1))], what));
    }
  } else if (isEntry(before) && isEntry(after) && !isUnit(path)) {
    for (const member of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[member], after[member], [...path, member], chain, found);
    }
  } else {
    const since = path.findLastIndex((part) => typeof part === "number") + 1;
    found.push(at(path, [...chain, memberWords(path.slice(since))], valueWords(before, after, path)));
  }
}

function at(path: Path, chain: readonly string[], what: string): Difference {
  return { path: pathText(path), words: `${chain.filter(Boolean).join(", ")}: ${what}` };
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
};

export function memberWords(path: Path): string {
  const text = pathText(path);
  return members[text] ?? members[text.replace(/^lan\./, "")] ?? text;
}

function valueWords(before: unknown, after: unknown, path: Path): string {
  const member = String(path.at(-1));
  if (member === "psk" || member === "password") return before === undefined ? "new" : "changed";
  if (isUnit(path)) return "changed";
  const words = (value: unknown) => formWords(path, value) ?? shown(value);
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
