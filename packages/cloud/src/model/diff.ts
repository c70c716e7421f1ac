/** What differs between two documents: as paths, and in words for people. Secrets differ, but are never shown. Pure. */

import { isDeepStrictEqual } from "node:util";
import type { Home } from "../home.ts";
import { ruleSentence, type Telling } from "../words/rule-words.ts";
import { type Entry, isEntry, type List, listAt } from "./lists.ts";
import type { Policy } from "./policies.ts";
import { isSecretMember, withoutSecrets } from "./secrets.ts";
import { shortened } from "./shortened.ts";
import { inWords, isPlainList, listWords, membersWords, unitAt } from "./words.ts";

export interface DocumentChange {
  readonly kind: "added" | "removed" | "changed" | "reordered";
  /** As in messages about the file; of what was removed, in the older document: `networks[0].security.keys[1].psk`. */
  readonly path: string;
  /** Without secrets; undefined where there was none, and where it is one. */
  readonly before: unknown;
  readonly after: unknown;
  /** `network 'Test', key 'key-1' (guest): psk changed` */
  readonly words: string;
}

/** Nothing exactly if the documents are the same. */
export function diffDocuments(before: Home, after: Home): readonly DocumentChange[] {
  const changes: DocumentChange[] = [];
  compare(before, after, { path: [], was: [], chain: [], telling: tellingOf(before, after) }, changes);
  return changes;
}

/** Devices by the names that the documents give them. An instant is the same to all who read of it, wherever they are. */
function tellingOf(before: Home, after: Home): Telling {
  const named = [...(before.devices ?? []), ...(after.devices ?? [])];
  const names = new Map(
    named.flatMap(({ mac, nickname }) => (nickname === undefined ? [] : [[String(mac), nickname]])),
  );
  return { device: (mac) => names.get(mac) ?? mac, moment: (instant) => instant };
}

interface Place {
  /** In the newer document, and in the older one. */
  readonly path: readonly PropertyKey[];
  readonly was: readonly PropertyKey[];
  /** Entries of lists on the way: `network 'Test'`. */
  readonly chain: readonly string[];
  readonly telling: Telling;
}

function compare(before: unknown, after: unknown, place: Place, changes: DocumentChange[]): void {
  if (isDeepStrictEqual(before, after)) return;
  const list = listAt(place.path);
  const isStated = [before, after].map((side) => Array.isArray(side));
  const isEmpty = [before, after].every((side) => side === undefined || (Array.isArray(side) && side.length === 0));
  if (list && isStated.every(Boolean)) {
    compareLists(before as Entry[], after as Entry[], list, place, changes);
  } else if (list && isStated.some(Boolean) && !isEmpty) {
    // A list that is stated is all there is; one that is not is left as it is.
    changes.push(statedChange(isStated[1] === true, place));
    compareLists((before ?? []) as Entry[], (after ?? []) as Entry[], list, place, changes);
  } else if (
    isEntry(before) &&
    isEntry(after) &&
    place.path[0] !== "simulation" &&
    !unitAt(place.path, place.telling)
  ) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const next = { ...place, path: [...place.path, name], was: [...place.was, name] };
      compare(before[name], after[name], next, changes);
    }
  } else changes.push(valueChange(before, after, place));
}

function compareLists(
  before: readonly Entry[],
  after: readonly Entry[],
  list: List,
  place: Place,
  changes: DocumentChange[],
): void {
  const old = identities(before, list);
  const now = identities(after, list);
  const at = (index: number, was: number, named: Entry): Place => ({
    path: [...place.path, index],
    was: [...place.was, was],
    chain: [...place.chain, `${list.noun} ${list.name?.(named, place.telling) ?? `'${list.identity(named)}'`}`],
    telling: place.telling,
  });
  for (const [identity, index] of old) {
    if (now.has(identity)) continue;
    const entry = before[index] as Entry;
    changes.push(wholeChange("removed", entry, at(index, index, entry)));
  }
  for (const [identity, index] of now) {
    const entry = after[index] as Entry;
    const was = old.get(identity);
    if (was === undefined) changes.push(wholeChange("added", entry, at(index, index, entry)));
    else {
      const old = before[was] as Entry;
      compare(old, entry, at(index, was, list.isNamedBySaying ? old : entry), changes);
    }
  }
  const common = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>) =>
    [...a.keys()].filter((identity) => b.has(identity));
  if (isDeepStrictEqual(common(old, now), common(now, old))) return;
  const words = `${placeWords(place.path, place.chain)}: another order`;
  changes.push({ kind: "reordered", path: pathText(place.path), before: undefined, after: undefined, words });
}

/** Where each entry stands; of two that are alike, the second is told from the first. */
function identities(entries: readonly Entry[], list: List): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  entries.forEach((entry, index) => {
    let identity = list.identity(entry);
    while (found.has(identity)) identity += "\n";
    found.set(identity, index);
  });
  return found;
}

function statedChange(isStated: boolean, { path, was, chain }: Place): DocumentChange {
  const kind = isStated ? "added" : "removed";
  const words = `${placeWords(path, chain)}: ${isStated ? "stated from now on" : "no longer stated"}`;
  return { kind, path: pathText(isStated ? path : was), before: undefined, after: undefined, words };
}

function wholeChange(kind: "added" | "removed", entry: Entry, { path, chain, telling }: Place): DocumentChange {
  const shown = withoutSecrets(entry);
  const sides = kind === "added" ? { before: undefined, after: shown } : { before: shown, after: undefined };
  const about = kind === "added" ? aboutEntry(path, entry, telling) : "";
  return { kind, path: pathText(path), ...sides, words: `${chain.join(", ")} ${kind}${about && `: ${about}`}` };
}

/** What an entry states, where its name alone says little. */
function aboutEntry(path: readonly PropertyKey[], entry: Entry, telling: Telling): string {
  switch (path.at(-2)) {
    case "policies":
      return aboutRule(entry as unknown as Policy, telling);
    case "radios":
      return membersWords(entry, "node", "band");
    case "reservations":
      return membersWords(entry, "mac");
    case "bridges":
      return membersWords(entry, "bridge");
    case "forwards":
      return membersWords(entry, "protocol", "port", "label");
    default:
      return "";
  }
}

/** What it says; of one that has no other name, that is its name already. */
function aboutRule(rule: Policy, telling: Telling): string {
  const said = rule.label === undefined ? [] : [shortened(ruleSentence(rule, telling))];
  return [...said, ...(rule.enabled ? [] : ["not enabled"])].join(", ");
}

function valueChange(before: unknown, after: unknown, { path, was, chain, telling }: Place): DocumentChange {
  const kind = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  const at = pathText(kind === "removed" ? was : path);
  const isSecret = isSecretMember(path.at(-1));
  const hide = isSecret || path[0] === "simulation";
  const unit = unitAt(path, telling);
  const show = (value: unknown) => (unit && value !== undefined ? unit(value) : inWords(value));
  const what = hide
    ? kind
    : isPlainList(before) && isPlainList(after)
      ? listWords(before, after)
      : `${show(before)} -> ${show(after)}`;
  const shown = (value: unknown) => (hide ? undefined : withoutSecrets(value));
  return { kind, path: at, before: shown(before), after: shown(after), words: `${placeWords(path, chain)} ${what}` };
}

/** `network 'Test': hidden`; a list that is part of the document itself: `policies`. */
function placeWords(path: readonly PropertyKey[], chain: readonly string[]): string {
  if (chain.length === 0) return pathText(path);
  const since = path.findLastIndex((part) => typeof part === "number") + 1;
  return `${chain.join(", ")}: ${pathText(path.slice(since))}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
