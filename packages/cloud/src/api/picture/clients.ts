/** Who was where, with names. Pure. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import { zoneOf } from "../../client-facts.ts";
import type { Home } from "../../home.ts";
import type { NodeAir } from "../../steering/loop/node-air.ts";
import type { ClientNow } from "../../telemetry/queries/clients-now.ts";
import { heldUntil } from "../edits/devices.ts";
import type { Picture } from "../host.ts";

/** On an access point; figures are those of its best link. */
export interface ClientThen {
  readonly mac: Mac;
  readonly node: string;
  readonly ssid: string;
  readonly band: string;
  readonly channel: number | null;
  readonly snrDb: number | null;
  readonly rxLinkMbps: number | null;
  readonly txLinkMbps: number | null;
  readonly rxMbps: number | null;
  readonly txMbps: number | null;
  readonly links: number;
  /** ms since 1970. */
  readonly since: number | null;
  /** Id of the key; null: not known. */
  readonly key: string | null;
}

/** Names that devices give themselves, by address. */
export type Naming = Pick<ReadonlyMap<string, string>, "get">;

const unmeasured = { snrDb: null, rxLinkMbps: null, txLinkMbps: null, rxMbps: null, txMbps: null } as const;

/** As nodes reported. */
export function reported({ mac, node, ssid, since, links }: ClientNow): ClientThen | undefined {
  const [best] = links;
  return best && { mac, node, ssid, ...best, links: links.length, since, key: null };
}

/**
 * As nodes say in their tables, with what they reported last of the same client at the same place. Of a node whose tables say nothing of
 * access points, or that is not connected, reports are all there is.
 */
export function presentClients(
  air: ReadonlyMap<string, NodeAir>,
  measured: readonly ClientNow[],
  since: (mac: Mac) => number | null,
): readonly ClientThen[] {
  const reports = new Map(measured.map((client) => [client.mac, client]));
  const found = new Map<Mac, ClientThen>();
  const speaking = new Set([...air].filter(([, { accessPoints }]) => accessPoints.length > 0).map(([node]) => node));
  for (const node of speaking) {
    const { associations = [], accessPoints = [] } = air.get(node) ?? {};
    for (const { mac, bssid, band, network, key } of associations) {
      const report = reports.get(mac);
      const here = report?.node === node ? reported(report) : undefined;
      const known = found.get(mac);
      // On two nodes at once: the one that it was heard at last is right.
      if (known && known.node !== node && !here) continue;
      if (known && known.node === node) {
        found.set(mac, { ...known, links: Math.max(known.links, here?.links ?? known.links + 1) });
        continue;
      }
      const channel = accessPoints.find((accessPoint) => accessPoint.bssid === bssid)?.channel ?? null;
      const place = { mac, node, ssid: network, band, channel, links: 1, key };
      const isSameBand = here !== undefined && (here.band === band || here.links > 1);
      // The radio may have gone to another channel since the report, and takes all with it.
      const tuned = accessPoints.find((accessPoint) => accessPoint.band === here?.band)?.channel;
      found.set(mac, {
        ...unmeasured,
        ...place,
        ...(isSameBand ? { ...here, ssid: network, key, channel: tuned ?? here.channel } : {}),
        // What is known of since when is as old as the report.
        since: isSameBand || !report ? since(mac) : null,
      });
    }
  }
  for (const client of measured) {
    if (found.has(client.mac) || speaking.has(client.node)) continue;
    const then = reported(client);
    if (then) found.set(client.mac, then);
  }
  // Stations of other nodes are no associations of home access points; links are made of their figures.
  for (const client of measured) {
    const isStation = [...air.values()].some(({ backhaul }) =>
      backhaul.some(({ stations }) => stations.includes(client.mac)),
    );
    const then = isStation && !found.has(client.mac) ? reported(client) : undefined;
    if (then) found.set(client.mac, then);
  }
  return [...found.values()].sort((a, b) => (a.mac < b.mac ? -1 : 1));
}

/** For the picture, in order of address. */
export function clientsOf(
  clients: readonly ClientThen[],
  home: Home,
  naming: Naming,
  at: number,
  lastKnown: (node: string) => string | null,
): Picture["clients"] {
  const nicknames = new Map((home.devices ?? []).map(({ mac, nickname }) => [mac as string, nickname]));
  return clients.map(({ key, since, mac, ...client }) => ({
    mac,
    ...client,
    name: nicknames.get(mac) ?? naming.get(mac) ?? mac,
    since: since === null ? null : new Date(since).toISOString(),
    lastKnownAt: lastKnown(client.node),
    frozen: heldUntil(home, "freeze", mac, at) !== null,
    zone: key === null ? null : zoneOf(home, client.ssid, key),
  }));
}

/** What devices said of themselves when they asked for an address. */
export function namingOf(air: Iterable<NodeAir>): Naming {
  const names = new Map<string, string>();
  for (const { leases } of air) {
    for (const [mac, { hostname }] of leases) {
      if (typeof hostname === "string" && hostname.trim() !== "" && parseMac(hostname) === undefined)
        names.set(mac, hostname);
    }
  }
  return names;
}
