/**
 * Two people have changed one document. What only one of them has changed is taken from them; what both have changed to
 * the same is that; the rest is a conflict, about which somebody is asked. Pure.
 */

import { changedSecret, memberWords } from "./differences.ts";
import {
  byIdentity,
  type Entry,
  isEntry,
  isUnit,
  listAt,
  nothingCalled,
  type Path,
  same,
  valueAt,
  withValue,
} from "./lists.ts";

export interface Conflict {
  /** By identities, so that it is the same wherever things stand: `networks/Home/hidden`. */
  readonly id: string;
  readonly words: string;
  /** Undefined: not there, or removed. */
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export type Choice = "mine" | "theirs";

export interface Merged<T> {
  readonly document: T;
  readonly conflicts: readonly Conflict[];
}

interface Work {
  readonly conflicts: Conflict[];
  readonly choices: Readonly<Record<string, Choice>>;
}

/** Where a conflict has no choice yet, the document has theirs: nobody undoes what they have not seen. */
export function merge<T>(base: T, mine: T, theirs: T, choices: Readonly<Record<string, Choice>> = {}): Merged<T> {
  const work: Work = { conflicts: [], choices };
  const document = three(base, renumbered(base, mine, theirs), theirs, [], [], [], work) as T;
  return { document: withoutMarks(document) as T, conflicts: work.conflicts };
}

/**
 * Secrets are null in both documents also where one was changed: `changed` names those (paths of the newer document), and they
 * are marked so that a merge sees it.
 */
export function withChangedSecrets<T>(document: T, changed: readonly Path[]): T {
  return changed.reduce((marked, path) => {
    const isSecret = path.at(-1) === "psk" || path.at(-1) === "password";
    return isSecret && valueAt(marked, path) === null ? withValue(marked, path, changedSecret) : marked;
  }, document);
}

function withoutMarks(value: unknown): unknown {
  if (value === changedSecret) return null;
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isEntry(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutMarks(member)]));
}

function three(
  base: unknown,
  mine: unknown,
  theirs: unknown,
  path: Path,
  id: readonly string[],
  chain: readonly string[],
  work: Work,
): unknown {
  if (same(mine, base) || same(mine, theirs)) return theirs;
  if (same(theirs, base)) return mine;
  const list = listAt(path);
  const sides = [base, mine, theirs];
  if (
    list &&
    sides.every((side) => side === undefined || Array.isArray(side)) &&
    mine !== undefined &&
    theirs !== undefined
  ) {
    return threeLists((base ?? []) as Entry[], mine as Entry[], theirs as Entry[], path, id, chain, work);
  }
  if (isEntry(mine) && isEntry(theirs) && (isEntry(base) || base === undefined) && !isUnit(path)) {
    const from: Entry = base ?? {};
    const merged: Record<string, unknown> = {};
    for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
      const value = three(from[name], mine[name], theirs[name], [...path, name], [...id, name], chain, work);
      if (value !== undefined) merged[name] = value;
    }
    return merged;
  }
  return settled(base, mine, theirs, path, id, chain, work);
}

function settled(
  base: unknown,
  mine: unknown,
  theirs: unknown,
  path: Path,
  id: readonly string[],
  chain: readonly string[],
  { conflicts, choices }: Work,
): unknown {
  const key = id.map(encodeURIComponent).join("/");
  const since = path.findLastIndex((part) => typeof part === "number") + 1;
  const words = [...chain, memberWords(path.slice(since))].filter(Boolean).join(", ");
  conflicts.push({ id: key, words, base, mine, theirs });
  return choices[key] === "mine" ? mine : theirs;
}

type Side = ReadonlyMap<string, Entry>;

function threeLists(
  base: readonly Entry[],
  mine: readonly Entry[],
  theirs: readonly Entry[],
  path: Path,
  id: readonly string[],
  chain: readonly string[],
  work: Work,
): readonly unknown[] {
  const list = listAt(path);
  if (!list) return theirs;
  const [was, own, other] = [base, mine, theirs].map((side) => byIdentity(list, side, base)) as [Side, Side, Side];
  const merged = new Map<string, unknown>();
  for (const identity of new Set([...other.keys(), ...own.keys()])) {
    const entry = own.get(identity) ?? other.get(identity) ?? {};
    const next = [...chain, `${list.noun} “${list.name(entry, nothingCalled)}”`];
    // An index, so that words begin anew behind it.
    const value = three(
      ...([was.get(identity), own.get(identity), other.get(identity)] as const),
      ...([[...path, 0], [...id, identity], next, work] as const),
    );
    if (value !== undefined) merged.set(identity, value);
  }
  return ordered([...was.keys()], [...own.keys()], [...other.keys()], merged, list.isOrdered === true);
}

/** Theirs, and what only I have behind it; mine where only I have put things in another order. */
function ordered(
  was: readonly string[],
  own: readonly string[],
  other: readonly string[],
  merged: ReadonlyMap<string, unknown>,
  counts: boolean,
): readonly unknown[] {
  const within = (a: readonly string[], b: readonly string[]) => a.filter((identity) => b.includes(identity));
  const isMoved = (side: readonly string[]) => !same(within(was, side), within(side, was));
  const order = counts && isMoved(own) && !isMoved(other) ? [...own, ...other] : [...other, ...own];
  return [...new Set(order)].filter((identity) => merged.has(identity)).map((identity) => merged.get(identity));
}

/** Two new keys of one number are two keys: mine takes the next one that is free. */
function renumbered<T>(base: T, mine: T, theirs: T): T {
  const networks = valueAt(mine, ["networks"]);
  if (!Array.isArray(networks)) return mine;
  const keysIn = (document: unknown, ssid: unknown): readonly Entry[] => {
    const all = valueAt(document, ["networks"]);
    const network = Array.isArray(all) ? all.find((entry) => isEntry(entry) && entry.ssid === ssid) : undefined;
    const keys = valueAt(network, ["security", "keys"]);
    return Array.isArray(keys) ? keys.filter(isEntry) : [];
  };
  return networks.reduce<T>((document, network, index) => {
    const ssid = valueAt(network, ["ssid"]);
    const [old, own, other] = [keysIn(base, ssid), keysIn(mine, ssid), keysIn(theirs, ssid)];
    const has = (keys: readonly Entry[], id: unknown) => keys.some((key) => key.id === id);
    const taken = new Set([...old, ...own, ...other].map((key) => String(key.id)));
    const keys = own.map((key) => {
      const rival = other.find((entry) => entry.id === key.id);
      if (has(old, key.id) || !rival || same(rival, key)) return key;
      let number = 1;
      while (taken.has(`key-${number}`)) number++;
      taken.add(`key-${number}`);
      return { ...key, id: `key-${number}` };
    });
    return same(keys, own) ? document : withValue(document, ["networks", index, "security", "keys"], keys);
  }, mine);
}
