/** The lists of a document whose entries are something of their own, and what tells those apart. All others are one value each. Pure. */

import { ruleName, type Telling } from "../words/rule-words.ts";
import type { Policy } from "./policies.ts";
import { shortened } from "./shortened.ts";

export type Entry = Readonly<Record<string, unknown>>;

export interface List {
  readonly noun: string;
  /** What tells an entry from the others. */
  readonly identity: (entry: Entry) => string;
  /** What people call it; left out: by what tells it from the others. */
  readonly name?: (entry: Entry, telling: Telling) => string;
  /** Its name is what it says: of one that says something else now, that before. */
  readonly isNamedBySaying?: true;
}

/** Lists whose entries are something of their own. All others are compared as one value. */
const lists: Readonly<Record<string, List>> = {
  nodes: { noun: "node", identity: ({ id }) => String(id) },
  networks: { noun: "network", identity: ({ ssid }) => String(ssid) },
  keys: { noun: "key", identity: ({ id }) => String(id), name: ({ id, label }) => labelled(id, label) },
  radios: { noun: "radio opinion", identity: ({ band, node }) => `${band} of ${node ?? "every node"}` },
  reservations: { noun: "reservation", identity: ({ mac }) => String(mac) },
  bridges: { noun: "local network", identity: ({ bridge }) => String(bridge) },
  wan: {
    noun: "way to the Internet",
    identity: ({ type, vlan }) => (vlan === undefined ? `${type}` : `${type} on VLAN ${vlan}`),
  },
  forwards: {
    noun: "forward",
    identity: ({ protocol, port }) => `${protocol} ${port}`,
    name: ({ protocol, port, label }) => labelled(`${protocol} ${port}`, label),
  },
  devices: { noun: "device", identity: ({ mac }) => String(mac), name: ({ mac, nickname }) => labelled(mac, nickname) },
  policies: {
    noun: "rule",
    identity: ({ id }) => String(id),
    name: (entry, telling) => `“${shortened(ruleName(entry as unknown as Policy, telling))}”`,
    isNamedBySaying: true,
  },
};

function labelled(id: unknown, label: unknown): string {
  return label === undefined ? `'${id}'` : `'${id}' (${label})`;
}

/** Undefined where `path` leads to no such list. What a simulation holds is nobody's. */
export function listAt(path: readonly PropertyKey[]): List | undefined {
  const member = path.at(-1);
  if (path[0] === "simulation" || typeof member !== "string" || !Object.hasOwn(lists, member)) return undefined;
  return lists[member];
}

export function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
