/** A picture of a location, put together of what is known of one time. Pure. */

import type { Home } from "../../home.ts";
import type { Picture } from "../host.ts";
import * as limits from "../limits.ts";
import { type ClientThen, clientsOf, type Naming } from "./clients.ts";
import { linksOf, type NodeAround } from "./links.ts";

export interface PictureParts {
  readonly home: Home;
  /** ms since 1970. */
  readonly at: number;
  readonly from: Picture["from"];
  readonly stepSeconds: number | null;
  /** ms since 1970; null: nothing is known of the location. */
  readonly known: { readonly from: number; readonly to: number } | null;
  /** By id; a node that is missing is not known of. */
  readonly nodes: ReadonlyMap<string, NodeParts>;
  /** Of the past: when nodes went that were not connected, ms since 1970. */
  readonly left?: ReadonlyMap<string, number>;
  /** Tables and addresses, by node. */
  readonly around: ReadonlyMap<string, NodeAround>;
  /** Everybody who was on an access point, stations of nodes too. */
  readonly clients: readonly ClientThen[];
  readonly radios: Picture["radios"];
  readonly naming: Naming;
  readonly unknown: readonly string[];
}

/** What was heard of a node is known only of now. */
export type NodeParts = Omit<Picture["nodes"][number], "id" | "role" | "heardAt" | "silent" | "faults" | "note"> &
  Partial<Pick<Picture["nodes"][number], "heardAt" | "silent" | "faults" | "note">>;

const unknownNode = { model: null, connection: null, settled: null, pending: null } as const;

export function pictureOf(parts: PictureParts): Picture {
  const { home, at, from, stepSeconds, known, nodes, around, radios, naming } = parts;
  const { links, stations } = linksOf(home, around, nodes, parts.clients);
  const present = new Set(home.nodes.map(({ id }) => id));
  const backhaul = home.backhaul?.ssid;
  const people = parts.clients.filter(
    ({ mac, node, ssid }) => present.has(node) && !stations.has(mac) && (ssid !== backhaul || ssid === ""),
  );
  const lastKnown = (node: string) => {
    if (from === "now") return lastKnownAt(nodes.get(node));
    const leftAt = parts.left?.get(node);
    return leftAt === undefined ? null : iso(leftAt);
  };
  return {
    ...{ at: iso(at), from, stepSeconds },
    knownFrom: known && iso(known.from),
    knownTo: known && iso(known.to),
    nodes: home.nodes.map(({ id, role }) => ({
      ...{ id, role, heardAt: null, silent: false, faults: [], note: null },
      ...(nodes.get(id) ?? unknownNode),
    })),
    links: [...links],
    clients: clientsOf(people.slice(0, limits.picturedClients), home, naming, at, lastKnown),
    truncated: people.length > limits.picturedClients,
    radios: radios.filter(({ node }) => present.has(node)),
    unknown: [...parts.unknown],
  };
}

/** Of when what is known of a node's clients is; null: of now. */
export function lastKnownAt(node: NodeParts | undefined): string | null {
  if (!node || (node.connection === "connected" && node.silent !== true)) return null;
  return node.heardAt ?? null;
}

export function nothingKnown(at: number, why: string): Picture {
  return {
    ...{ at: iso(at), from: "nothing", stepSeconds: null, knownFrom: null, knownTo: null },
    ...{ nodes: [], links: [], clients: [], truncated: false, radios: [], unknown: [why] },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
