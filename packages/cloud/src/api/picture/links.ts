/** What each node hangs on. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { Home, HomeNode } from "../../home.ts";
import type { NodeAir } from "../../steering/loop/node-air.ts";
import type { Picture } from "../host.ts";
import type { ClientThen } from "./clients.ts";

type Link = Picture["links"][number];
type Connection = Picture["nodes"][number]["connection"];

/** What is known of a node's surroundings. */
export interface NodeAround {
  /** Its own stations: they do not change, so those of today tell of the past. */
  readonly stations: readonly Mac[];
  /** Its tables; null: not of that time. */
  readonly air: NodeAir | null;
  /** Its uplink in use is a cable; null: not known. */
  readonly isWired: boolean | null;
}

const unmeasured = { band: null, channel: null, snrDb: null, downLinkMbps: null, upLinkMbps: null } as const;

/** `stations`: addresses of nodes, which are no clients. */
export function linksOf(
  home: Home,
  around: ReadonlyMap<string, NodeAround>,
  nodes: ReadonlyMap<string, { readonly connection: Connection; readonly silent?: boolean }>,
  clients: readonly ClientThen[],
): { readonly links: readonly Link[]; readonly stations: ReadonlySet<Mac> } {
  const gateway = home.nodes.find(({ role }) => role === "gateway")?.id ?? null;
  const all = new Map(home.nodes.map((node) => [node.id, stationsOf(node, around.get(node.id))]));
  const links = home.nodes.map((node): Link => {
    // Of who says nothing it is not known whether its link is there: it may be anything else.
    const { connection = null, silent = false } = nodes.get(node.id) ?? {};
    const isHere = connection === "connected" && !silent ? true : null;
    if (node.role === "gateway") return { node: node.id, parent: null, ...wiredUp(around.get(node.id), isHere) };
    const overAir = overAirOf(node.id, all.get(node.id) ?? new Set(), around, clients);
    if (overAir && overAir !== "nowhere") return overAir;
    const parent = node.parent ?? gateway;
    if (node.uplink === "wifi" && around.get(node.id)?.isWired !== true)
      return {
        node: node.id,
        parent,
        medium: "wifi",
        up: isHere ?? (overAir === "nowhere" ? false : null),
        ...unmeasured,
      };
    return { node: node.id, parent, medium: "ethernet", up: isHere, ...unmeasured };
  });
  return { links, stations: new Set([...all.values()].flatMap((macs) => [...macs])) };
}

function wiredUp(around: NodeAround | undefined, up: boolean | null) {
  return { medium: around?.isWired ? ("ethernet" as const) : null, up, ...unmeasured };
}

function stationsOf({ stations = [] }: HomeNode, around: NodeAround | undefined): ReadonlySet<Mac> {
  return new Set([...(stations as readonly Mac[]), ...(around?.stations ?? [])]);
}

/** Where one of its stations is associated, by tables of other nodes, else by their reports. `nowhere`: on none that says who is on it. */
function overAirOf(
  node: string,
  stations: ReadonlySet<Mac>,
  around: ReadonlyMap<string, NodeAround>,
  clients: readonly ClientThen[],
): Link | "nowhere" | undefined {
  const measured = clients.find((client) => stations.has(client.mac) && client.node !== node);
  const figures = measured && {
    ...{ band: measured.band, channel: measured.channel, snrDb: measured.snrDb },
    ...{ downLinkMbps: measured.txLinkMbps, upLinkMbps: measured.rxLinkMbps },
  };
  let known = false;
  for (const [id, { air }] of around) {
    if (id === node || !air) continue;
    known = true;
    for (const { radio, stations: joined } of air.backhaul) {
      if (!joined.some((mac) => stations.has(mac))) continue;
      const place = { ...unmeasured, band: radio.band, channel: radio.channel };
      return {
        ...{ node, parent: id, medium: "wifi", up: true },
        // The radio may have gone to another channel since the report.
        ...(measured?.node === id && measured.band === radio.band
          ? { ...place, ...figures, channel: radio.channel }
          : place),
      };
    }
  }
  // Tables know better than what was reported a minute ago.
  if (known) return "nowhere";
  if (!measured || !figures) return undefined;
  return { node, parent: measured.node, medium: "wifi", up: true, ...figures };
}
