/** What nodes have done to steer a client, as they report it (`BSReport`), the newest first. */

import type { Mac } from "@opensync-ts/base/units";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import type { Insertable } from "kysely";
import type { Store } from "../../store/store.ts";
import * as limits from "../limits.ts";
import type { SteeringEventsTable } from "../tables.ts";

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
  /** Rows that are on their way into the store. */
  waiting: readonly Insertable<SteeringEventsTable>[] = [],
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
  const known = new Set(rows.map(({ id }) => id));
  const fresh = waiting
    .filter(
      ({ id, location_id, mac: client, at_ms: at }) =>
        location_id === location &&
        client === mac &&
        !known.has(id) &&
        (from === undefined || at >= from) &&
        (to === undefined || at < to),
    )
    .map((row) => ({ ...row, event: JSON.parse(row.event as string) as unknown }));
  const all = [...rows, ...fresh]
    .sort((a, b) => b.at_ms - a.at_ms || (a.id < b.id ? 1 : -1))
    .slice(0, Math.min(limit, limits.listedRows));
  return all.map(({ at_ms, node_id, band, if_name, event }) => ({
    at: at_ms,
    node: node_id,
    band,
    ifName: if_name,
    event: event as unknown as SteeringEvent,
  }));
}
