/** Who is where at present: by what nodes show, and of nodes that nothing is heard of by what was known last. */

import type { Mac } from "@opensync-ts/base/units";
import type { Location, NodeView } from "../../location.ts";
import { type NodeAir, nodeAir } from "../../steering/loop/node-air.ts";
import type { ClientNow } from "../../telemetry/queries/clients-now.ts";
import type { TelemetryQueries } from "../../telemetry/queries/queries.ts";
import { type ClientThen, presentClients } from "./clients.ts";

export interface Present {
  /** Of the nodes that are connected. */
  readonly air: ReadonlyMap<string, NodeAir>;
  /** As nodes reported last. */
  readonly measured: readonly ClientNow[];
  /** Stations of nodes too. */
  readonly clients: readonly ClientThen[];
  /** When the home was heard of last; while it is heard of, the time that was given. Wall clock, ms. */
  readonly at: number;
}

type Queries = Pick<TelemetryQueries, "clientsNow" | "since">;

/** `now`: wall clock, ms. */
export function presentAt(
  queries: Queries,
  location: Pick<Location, "id" | "nodes" | "session" | "lastClients">,
  now: number,
): Present {
  const { id, nodes } = location;
  const air = new Map<string, NodeAir>();
  for (const { id: node } of nodes) {
    const tables = location.session(node)?.tables;
    if (tables) air.set(node, nodeAir(tables));
  }
  const at = homeHeardAt(nodes, now);
  // While nothing is heard of the home, what it is like does not get old.
  const measured = queries.clientsNow(id, now - at);
  const since = (mac: Mac) => queries.since(id, mac) ?? null;
  const clients = presentClients(air, measured, since).map((client) => withLastKey(client, location));
  return { air, measured, clients, at };
}

/** Reports do not say by which key a client joined; the node that is away now did. */
function withLastKey(client: ClientThen, location: Pick<Location, "lastClients">): ClientThen {
  if (client.key !== null) return client;
  const last = location.lastClients(client.node).find(({ mac, ssid }) => mac === client.mac && ssid === client.ssid);
  return last ? { ...client, key: last.key } : client;
}

/** Of when what is known of a node is, wall clock, ms; null: it is heard of. */
export function lastHeardOf({ connection, silent, heardAt }: Pick<NodeView, "connection" | "silent" | "heardAt">) {
  return connection === "connected" && !silent ? null : heardAt;
}

function homeHeardAt(nodes: readonly NodeView[], now: number): number {
  if (nodes.some(({ connection, silent }) => connection === "connected" && !silent)) return now;
  const heard = nodes.flatMap(({ heardAt }) => heardAt ?? []);
  return heard.length === 0 ? now : Math.min(now, Math.max(...heard));
}
