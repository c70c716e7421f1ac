/** Lists of a document whose entries are something of their own, by what tells those apart; all others are one value each. Pure. */

import { bandWords } from "@opensync-ts/cloud/words/band-words";
import { isHold, ruleName } from "@opensync-ts/cloud/words/rule-words";
import { zoneText } from "../../ui/keys.ts";
import type { Policy } from "./doc.ts";
import { radioWords } from "./radio-words.ts";
import { type Called, tellingOf } from "./sentences.ts";

export type Entry = Readonly<Record<string, unknown>>;

export const nothingCalled: Called = { names: new Map(), now: 0 };

interface List {
  readonly noun: string;
  readonly identity: (entry: Entry) => string;
  /** What people call it. */
  readonly name: (entry: Entry, called: Called) => string;
  /** All that an entry says, where that is short, without its noun; undefined: it is told part by part. */
  readonly whole?: (entry: Entry, called: Called) => string | undefined;
  /** What is said of a new one. */
  readonly more?: (entry: Entry) => string;
  /** What is said of one that is gone. */
  readonly gone?: (entry: Entry) => string;
  /** What comes first counts first. */
  readonly isOrdered?: true;
  /** What tells entries apart is what people change of them. */
  readonly isRenamed?: true;
}

const text = (value: unknown) => String(value ?? "");
const withColon = (words: string) => (words === "" ? "" : `: ${words}`);

const lists: Readonly<Record<string, List>> = {
  nodes: { noun: "node", identity: ({ id }) => text(id), name: ({ id }) => text(id) },
  networks: { noun: "network", identity: ({ ssid }) => text(ssid), name: ({ ssid }) => text(ssid), isRenamed: true },
  keys: {
    noun: "key",
    identity: ({ id }) => text(id),
    name: ({ label, id }) => text(label ?? id),
    more: ({ zone }) => `; opens: ${zoneText(text(zone ?? "home"))}`,
  },
  radios: {
    noun: "radio setting",
    identity: ({ band, node }) => `${text(band)} of ${text(node ?? "every node")}`,
    name: ({ band, node }) => `${bandWords(text(band))} of ${text(node ?? "every node")}`,
    more: (entry) => withColon(radioWords(entry)),
    gone: (entry) => withColon(radioWords(entry)),
    isRenamed: true,
  },
  reservations: {
    noun: "reserved address",
    identity: ({ mac }) => text(mac),
    name: ({ name, mac }) => text(name ?? mac),
    isRenamed: true,
  },
  bridges: { noun: "local network", identity: ({ bridge }) => text(bridge), name: ({ bridge }) => text(bridge) },
  wan: {
    noun: "way to the Internet",
    identity: ({ type, vlan }) => (vlan === undefined ? text(type) : `${text(type)} on VLAN ${text(vlan)}`),
    name: ({ type, vlan }) => (vlan === undefined ? text(type) : `${text(type)} on VLAN ${text(vlan)}`),
    isOrdered: true,
    isRenamed: true,
  },
  forwards: {
    noun: "port forward",
    identity: ({ protocol, port }) => `${text(protocol)} ${text(port)}`,
    name: ({ label, protocol, port }) => text(label ?? `${text(protocol)} ${text(port)}`),
    isRenamed: true,
  },
  devices: {
    noun: "device",
    identity: ({ mac }) => text(mac),
    name: ({ nickname, mac }, { names }) => text(nickname ?? names.get(text(mac)) ?? mac),
  },
  policies: {
    noun: "rule",
    identity: ({ id }) => text(id),
    name: (entry, called) => (isPolicy(entry) ? ruleName(entry, tellingOf(called)) : text(entry.label ?? entry.id)),
    whole: (entry, called) =>
      isPolicy(entry) && entry.label === undefined && isHold(entry) ? ruleName(entry, tellingOf(called)) : undefined,
    isOrdered: true,
  },
};

export type Path = readonly (string | number)[];

/** Documents come checked; a part of one may stand where another part is meant. */
function isPolicy(entry: unknown): entry is Policy {
  return isEntry(entry) && [entry.scope, entry.schedule, entry.action].every(isEntry);
}

/** Undefined where `path` leads to no such list. */
export function listAt(path: Path): List | undefined {
  const member = path.at(-1);
  if (path[0] === "simulation" || typeof member !== "string" || !Object.hasOwn(lists, member)) return undefined;
  return lists[member];
}

/**
 * The entries of a list by what tells them apart in `base`: one that stands where another stood that is gone is that one, under another
 * name.
 */
export function byIdentity(list: List, entries: readonly Entry[], base: readonly Entry[]): ReadonlyMap<string, Entry> {
  const own = new Set(entries.map(list.identity));
  const was = new Set(base.map(list.identity));
  return new Map(
    entries.map((entry, index) => {
      const identity = list.identity(entry);
      const before = base[index] && list.identity(base[index]);
      const isRenamed = list.isRenamed && before !== undefined && !was.has(identity) && !own.has(before);
      return [isRenamed ? before : identity, entry];
    }),
  );
}

/** Parts that say one thing with several members. */
export function isUnit(path: Path): boolean {
  const [first, , member] = path;
  if (path[0] === "simulation") return true;
  return path.length === 3 && first === "policies" && ["scope", "schedule", "action"].includes(String(member));
}

export function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whatever the order of members. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, i) => same(each, b[i]));
  if (!isEntry(a) || !isEntry(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same(a[name], b[name]));
}

/** `networks[0].security.keys[1].psk`, as messages of the cloud have it. */
export function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

export function pathFrom(text: string): Path {
  return [...text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) =>
    index === undefined ? (name ?? "") : Number(index),
  );
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (Array.isArray(at) ? at[Number(part)] : isEntry(at) ? at[String(part)] : undefined),
    value,
  );
}

/** A copy in which something else is at `path`; undefined takes it away. */
export function withValue<T>(value: T, path: Path, next: unknown): T {
  const [part, ...rest] = path;
  if (part === undefined) return next as T;
  if (Array.isArray(value)) {
    const copy = [...value];
    if (rest.length === 0 && next === undefined) copy.splice(Number(part), 1);
    else copy[Number(part)] = withValue(copy[Number(part)], rest, next);
    return copy as T;
  }
  const from: Entry = isEntry(value) ? value : {};
  const { [String(part)]: old, ...others } = from;
  const made = withValue(old, rest, next);
  if (made === undefined) return others as T;
  return { ...from, [String(part)]: made } as T;
}
