/** Removes events, alerts and stays that are too old or too many, and all that is of locations that are no more. */

import { sql } from "kysely";
import type { Store } from "../store/store.ts";
import { forgetWriters } from "./batch.ts";
import * as limits from "./limits.ts";
import type { TelemetryPolicy } from "./policy.ts";
import { type RollupName, rollups } from "./rollup/rollups.ts";

const day = 86_400_000;

/** `isServed`: a location that has no row of its own may still be there. How many rows went. */
export async function pruneHappenings(
  store: Store,
  now: number,
  policy: TelemetryPolicy,
  isServed: (location: string) => boolean,
): Promise<number> {
  const since = (days: number) => new Date(now - days * day);
  let removed = 0;
  const remove = async (what: string, table: string, condition: ReturnType<typeof sql>) => {
    for (;;) {
      const gone = await store.run(what, async (transaction) => {
        const some = sql`select ctid from ${sql.table(table)} where ${condition} limit ${sql.lit(limits.prunedRows)}`;
        const result = await sql`delete from ${sql.table(table)} where ctid = any(array(${some}))`.execute(transaction);
        return Number(result.numAffectedRows ?? 0);
      });
      removed += gone;
      if (gone < limits.prunedRows) return;
    }
  };
  await remove("prune events", "events", sql`at < ${since(policy.eventDays)}`);
  for (const { location, cutoff } of await crowded(store, policy.eventsPerLocation)) {
    await remove("prune events", "events", sql`location_id is not distinct from ${location}::text and at <= ${cutoff}`);
  }
  await remove("prune alerts", "alerts", sql`cleared_at < ${since(policy.alertDays)}`);
  const steering = now - policy.steeringDays * day;
  await remove("prune stays", "client_stays", sql`coalesce(to_ms, from_ms) < ${steering} and from_ms < ${steering}`);
  await remove("prune steering events", "steering_events", sql`at_ms < ${steering}`);
  await forgetWriters(store, new Date(store.now().getTime() - day));
  for (const location of await orphans(store)) {
    if (isServed(location)) continue;
    const tables = [
      ...(Object.keys(rollups) as RollupName[]).map((name) => rollups[name].table),
      ...["events", "alerts", "client_stays", "steering_events"],
    ];
    for (const table of tables) await remove("forget a location", table, sql`location_id = ${location}`);
  }
  return removed;
}

/** Locations with more events than they may have, and the time of the first one that goes. */
async function crowded(store: Store, most: number): Promise<readonly { location: string | null; cutoff: Date }[]> {
  return store.run("count events", async (transaction) => {
    const crowds = await transaction
      .selectFrom("events")
      .select("location_id")
      .groupBy("location_id")
      .having((builder) => builder.fn.countAll(), ">", most)
      .limit(limits.listedRows)
      .execute();
    const found: { location: string | null; cutoff: Date }[] = [];
    for (const { location_id: location } of crowds) {
      const row = await transaction
        .selectFrom("events")
        .select("at")
        .where((builder) =>
          location === null ? builder("location_id", "is", null) : builder("location_id", "=", location),
        )
        .orderBy("at", "desc")
        .offset(most)
        .limit(1)
        .executeTakeFirst();
      if (row) found.push({ location, cutoff: row.at });
    }
    return found;
  });
}

/** Locations of which there are rows, and none of themselves. */
async function orphans(store: Store): Promise<readonly string[]> {
  const { rows } = await store.run("look for lost locations", (transaction) =>
    sql<{ id: string }>`
      select location_id as id from rollup_nodes where step = 86400
      union select location_id from rollup_radios where step = 86400
      union select location_id from events where location_id is not null
      except select id from locations limit ${sql.lit(limits.listedRows)}`.execute(transaction),
  );
  return rows.map(({ id }) => id);
}
