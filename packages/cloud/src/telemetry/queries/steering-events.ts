/** What nodes have done to steer a client, as they report it (`BSReport`), the newest first. */

import type { Mac } from "@opensync-ts/base/units";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import type { Store } from "../../store/store.ts";
import * as limits from "../limits.ts";

export interface SteeringEventQuestion {
  readonly location: string;
  readonly mac: Mac;
  /** ms since 1970; `to` is not included. */
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
}

export interface ReportedSteering {
  /** ms since 1970 */
  readonly at: number;
  readonly node: string;
  readonly band: string;
  readonly ifName: string;
  readonly event: SteeringEvent;
}

export async function steeringEvents(
  store: Store,
  { location, mac, from, to, limit = 100 }: SteeringEventQuestion,
): Promise<readonly ReportedSteering[]> {
  const rows = await store.run("read what steering did", (transaction) => {
    let query = transaction
      .selectFrom("steering_events")
      .selectAll()
      .where("location_id", "=", location)
      .where("mac", "=", mac);
    if (from !== undefined) query = query.where("at_ms", ">=", from);
    if (to !== undefined) query = query.where("at_ms", "<", to);
    return query.orderBy("at_ms", "desc").orderBy("id", "desc").limit(Math.min(limit, limits.listedRows)).execute();
  });
  return rows.map(({ at_ms, node_id, band, if_name, event }) => ({
    at: at_ms,
    node: node_id,
    band,
    ifName: if_name,
    event: event as unknown as SteeringEvent,
  }));
}
