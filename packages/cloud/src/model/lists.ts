/** The lists of a document whose entries are something of their own, and what tells those apart. All others are one value each. Pure. */

export type Entry = Readonly<Record<string, unknown>>;

export interface List {
  readonly noun: string;
  /** What tells an entry from the others, and what people call it. */
  readonly identity: (entry: Entry) => string;
  readonly name?: (entry: Entry) => string;
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
  policies: { noun: "policy", identity: ({ id }) => String(id), name: ({ id, label }) => labelled(id, label) },
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
