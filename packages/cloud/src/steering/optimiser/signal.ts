/** How well a client would be heard at an access point: measured, or else told from another band of the same node. */

import type { Mac } from "@opensync-ts/base/units";
import type { HomeBand } from "../evidence.ts";
import type { OptimiserPolicy } from "./policy.ts";
import type { SnapshotBss, SnapshotClient } from "./snapshot.ts";
import type { ClientState } from "./state.ts";
import type { View } from "./view.ts";

export interface Signal {
  /** With what was learned, and less the caution. */
  readonly snrDb: number;
  /** As it was heard, or follows from what was heard. */
  readonly rawDb: number;
  readonly by: "link" | "beacon" | "probe" | "other band";
}

/** How much weaker than on 2.4 GHz the same way is, dB. */
const loss: Readonly<Record<HomeBand, number>> = { "2.4G": 0, "5G": 7, "6G": 9 };

/** Null where nothing tells: that is not the same as weak. */
export function signalAt(
  view: View,
  client: SnapshotClient,
  bss: SnapshotBss,
  known: Pick<ClientState, "learned">,
  policy: OptimiserPolicy,
): Signal | null {
  const offset = known.learned.find(({ bssid }) => bssid === bss.bssid)?.offsetDb ?? 0;
  const told = heardBy(view, client, policy);
  const direct = told.find(({ bssid }) => bssid === bss.bssid);
  if (direct) {
    const { snrDb, by } = direct;
    // What was measured on a link needs no correction.
    const corrected = by === "link" ? snrDb : snrDb + offset - (by === "probe" ? policy.cautionDb : 0);
    return { snrDb: corrected, rawDb: snrDb, by };
  }
  for (const { bssid, snrDb } of told) {
    const sibling = view.bsses.get(bssid);
    if (sibling?.node !== bss.node) continue;
    const rawDb = snrDb + loss[sibling.band] - loss[bss.band];
    return { rawDb, snrDb: rawDb + offset - policy.cautionDb, by: "other band" };
  }
  return null;
}

/** The newest of each access point, those of a link first. One who walks is believed for a short time only. */
function heardBy({ snapshot }: View, client: SnapshotClient, policy: OptimiserPolicy) {
  const now = snapshot.at;
  const life = client.mobility === "static" ? policy.heardMs : policy.staleMs;
  const order = { link: 0, beacon: 1, probe: 2 } as const;
  const heard = client.heard.filter(({ at }) => now - at <= life);
  heard.sort((a, b) => order[a.by] - order[b.by] || b.at - a.at || (a.bssid < b.bssid ? -1 : 1));
  const here: { bssid: Mac; snrDb: number; by: "link" }[] =
    client.bssid !== null && client.snrDb !== null && now - client.at <= policy.staleMs
      ? [{ bssid: client.bssid, snrDb: client.snrDb, by: "link" }]
      : [];
  return [...here, ...heard];
}
