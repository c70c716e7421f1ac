/** `Wifi_VIF_Neighbors`: the access points that one of ours tells stations of, and those that hand keys over to it. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import { sameMobilityDomain, sameNetwork } from "@opensync-ts/target/ieee80211/bssid-info";
import type { FtNeighbor, Neighbor } from "@opensync-ts/target/radio";
import type { Problem } from "./problems.ts";
import type { VifNeighbor } from "./rows.ts";

export interface Neighborhood {
  readonly neighbors: readonly Neighbor[];
  /** With whom keys can be shared; for the list of an AP the core adds our own (`ft-neighbors.ts`). */
  readonly ftNeighbors: readonly FtNeighbor[];
}

/** `rows`: those of one access point. */
export function neighborhoodOf(rows: readonly VifNeighbor[], report: (problem: Problem) => void): Neighborhood {
  const neighbors: Neighbor[] = [];
  const ftNeighbors: FtNeighbor[] = [];
  for (const row of [...rows].sort(byUuid)) {
    const tell = (column: string, value: string, reason: string) =>
      report({ table: "Wifi_VIF_Neighbors", row: row.if_name, column, value, reason });
    const bssid = parseMac(row.bssid);
    if (!bssid) {
      tell("bssid", row.bssid, "not a MAC address (aa:bb:cc:dd:ee:ff); the neighbour is left out");
      continue;
    }
    const { op_class, channel, phy_type, ft_enabled } = row;
    if ([op_class, channel, phy_type, ft_enabled].some((column) => column !== null)) {
      neighbors.push({
        bssid,
        bssidInfo: ft_enabled ? sameNetwork | sameMobilityDomain : sameNetwork,
        opClass: op_class ?? 0,
        channel: channel ?? 0,
        phyType: phy_type ?? 0,
      });
    }
    const ft = ftNeighborOf(bssid, row, tell);
    if (ft) ftNeighbors.push(ft);
  }
  return { neighbors: byBssid(neighbors), ftNeighbors: byBssid(ftNeighbors) };
}

function ftNeighborOf(
  bssid: Mac,
  { ft_enabled, ft_encr_key, nas_identifier }: VifNeighbor,
  tell: (column: string, value: string, reason: string) => void,
): FtNeighbor | null {
  if (!ft_enabled || !ft_encr_key || !nas_identifier) return null;
  if (isFtKey(ft_encr_key)) return { bssid, nasIdentifier: nas_identifier, key: ft_encr_key };
  tell("ft_encr_key", "", "not 64 hexadecimal digits; no keys are shared with this neighbour");
  return null;
}

export function isFtKey(text: string): boolean {
  return /^[0-9a-fA-F]{64}$/.test(text);
}

/** Each once; of rows for the same one, the last by identity. */
function byBssid<T extends { readonly bssid: Mac }>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((item) => [item.bssid, item])).values()].sort((a, b) => (a.bssid < b.bssid ? -1 : 1));
}

function byUuid(a: VifNeighbor, b: VifNeighbor): number {
  return a._uuid < b._uuid ? -1 : 1;
}
