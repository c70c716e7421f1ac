/** `Wifi_VIF_Neighbors` as candidates of steering; bad addresses are told where the rows are mapped for beacons (`neighbors.ts`). */

import { parseMac } from "@opensync-ts/base/units";
import { type SteeringNeighbor, whyUnusable } from "@opensync-ts/wireless/steering/bss-table";
import type { Problem } from "../problems.ts";
import type { VifNeighbor } from "../rows.ts";

export interface ReadNeighbors {
  readonly neighbors: readonly SteeringNeighbor[];
  readonly problems: readonly Problem[];
}

/** Of rows about the same BSS and access point, the one with the best priority counts. */
export function readNeighbors(rows: Iterable<VifNeighbor>): ReadNeighbors {
  const neighbors: SteeringNeighbor[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const worst = Number.MAX_SAFE_INTEGER;
  const ordered = [...rows].sort(
    (a, b) => (a.priority ?? worst) - (b.priority ?? worst) || (a._uuid < b._uuid ? -1 : 1),
  );
  for (const row of ordered) {
    const bssid = parseMac(row.bssid);
    if (!bssid) continue;
    const tell = (column: string, value: string, reason: string, inert?: true) =>
      problems.push({
        table: "Wifi_VIF_Neighbors",
        row: `${row.if_name} ${bssid}`,
        column,
        value,
        reason,
        ...(inert && { inert }),
      });
    const mldAddr = row.mld_addr === null || row.mld_addr === "" ? null : parseMac(row.mld_addr);
    if (mldAddr === undefined) tell("mld_addr", row.mld_addr ?? "", "not a MAC address (aa:bb:cc:dd:ee:ff); left out");
    const { channel, op_class: opClass, center_freq0_chan: center, priority } = row;
    const neighbor = { bssid, vif: row.if_name, channel, center, opClass, priority, mldAddr: mldAddr ?? null };
    const why = whyUnusable(neighbor);
    if (why !== null) {
      // A row without a channel may be there for fast transition only.
      if (channel === null) continue;
      tell("channel", `${channel}`, `${why}; no client is sent there`);
      continue;
    }
    const key = `${row.if_name} ${bssid}`;
    if (seen.has(key)) continue;
    seen.add(key);
    neighbors.push(neighbor);
  }
  return { neighbors, problems };
}
