/** The clients of a location as they are now, by what its nodes reported last. */

import type { Mac } from "@opensync-ts/base/units";
import type { Band } from "@opensync-ts/telemetry/names";
import type { ClientLatest } from "../../statistics/client-latest.ts";
import type { NodeLatest } from "../../statistics/latest.ts";
import * as limits from "../limits.ts";

export interface ClientNow {
  /** Of the client; of one with several links, of the whole of it. */
  readonly mac: Mac;
  readonly node: string;
  readonly ssid: string;
  /** Since when it is there, ms since 1970; null: unknown. */
  readonly since: number | null;
  /** Of how long ago this is, ms. */
  readonly ageMs: number;
  /** The one that is heard best first; more than one of a client with several links. */
  readonly links: readonly LinkNow[];
}

/** rx is from the client. What is unknown is null. */
export interface LinkNow {
  readonly band: Band;
  readonly channel: number;
  readonly snrDb: number | null;
  readonly rxLinkMbps: number | null;
  readonly txLinkMbps: number | null;
  readonly rxMbps: number | null;
  readonly txMbps: number | null;
}

interface Found {
  readonly node: string;
  readonly link: ClientLatest;
}

/** What is older than that says nothing of now. */
const presentMs = 600_000;

/** `now`: ms of the cloud's clock. In order of address. */
export function clientsNow(
  nodes: Iterable<string>,
  statistics: { node(id: string): { readonly latest: Pick<NodeLatest, "clients"> } | undefined },
  since: (mac: Mac) => number | undefined,
  now: number,
): readonly ClientNow[] {
  const found = new Map<Mac, Found[]>();
  for (const node of nodes) {
    for (const link of statistics.node(node)?.latest.clients.values() ?? []) {
      if (!link.connected || now - link.at > presentMs) continue;
      const mac = link.mldMac ?? link.mac;
      const known = found.get(mac);
      if (known) known.push({ node, link });
      else if (found.size < limits.listedClients) found.set(mac, [{ node, link }]);
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([mac, all]) => {
      // A node that has lost a client may be late to say so.
      const newest = all.reduce((best, each) => (each.link.at > best.link.at ? each : best));
      const links = all
        .filter(({ node, link }) => node === newest.node && (link === newest.link || link.mldMac !== undefined))
        .map(({ link }) => link)
        .sort((a, b) => (b.snrDb ?? -1) - (a.snrDb ?? -1));
      return {
        mac,
        node: newest.node,
        ssid: newest.link.ssid,
        since: since(mac) ?? null,
        ageMs: now - newest.link.at,
        links: links.map(linkNow),
      };
    });
}

function linkNow(link: ClientLatest): LinkNow {
  return {
    band: link.band,
    channel: link.channel,
    snrDb: link.snrDb ?? null,
    rxLinkMbps: link.rxLinkMbps ?? null,
    txLinkMbps: link.txLinkMbps ?? null,
    rxMbps: link.rxMbps ?? null,
    txMbps: link.txMbps ?? null,
  };
}
