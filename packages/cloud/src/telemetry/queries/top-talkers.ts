/** Who moved the most. */

import type { Mac } from "@opensync-ts/base/units";
import { sql } from "kysely";
import type { Store } from "../../store/store.ts";
import * as limits from "../limits.ts";
import type { Resolved } from "./span.ts";

export interface Talker {
  readonly mac: Mac;
  /** From the client and to it. */
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly connectedSeconds: number;
}

/** The greatest first. */
export async function topTalkers(
  store: Store,
  location: string,
  span: Resolved,
  limit: number,
): Promise<readonly Talker[]> {
  const { rows } = await store.run("find the top talkers", (transaction) =>
    sql<{ mac: Mac; rx: number; tx: number; ms: number }>`
      select mac, sum(rx_bytes) as rx, sum(tx_bytes) as tx, sum(connected_ms) as ms from rollup_clients
      where location_id = ${location} and step = ${span.step} and at >= ${span.from} and at < ${span.to}
      group by mac order by sum(rx_bytes + tx_bytes) desc, mac
      limit ${Math.max(1, Math.min(limit, limits.listedRows))}`.execute(transaction),
  );
  return rows.map(({ mac, rx, tx, ms }) => ({ mac, rxBytes: rx, txBytes: tx, connectedSeconds: ms / 1000 }));
}
