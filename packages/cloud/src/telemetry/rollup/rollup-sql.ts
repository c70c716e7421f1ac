/** Rows of measurements in the store: added to, made into rows of the next step, and removed. */

import { type RawBuilder, sql } from "kysely";
import type { StoreTransaction } from "../../store/store.ts";
import * as limits from "../limits.ts";
import type { PendingRow } from "./accumulator.ts";
import { type Merge, type Rollup, type RollupName, rollups, startOf } from "./rollups.ts";

const common = { location_id: "text", step: "integer", at: "bigint" } as const;

/** Merges `rows` into those that are there. */
export async function addRows(
  transaction: StoreTransaction,
  name: RollupName,
  rows: readonly PendingRow[],
): Promise<void> {
  const rollup: Rollup = rollups[name];
  const columns = columnsOf(rollup);
  const names = sql.join(columns.map(([column]) => sql.ref(column)));
  const typed = sql.join(columns.map(([column, type]) => sql`${sql.ref(column)} ${sql.raw(type)}`));
  const table = sql.table(rollup.table);
  for (let at = 0; at < rows.length; at += limits.statementRows) {
    // One parameter, however many rows.
    const json = JSON.stringify(rows.slice(at, at + limits.statementRows));
    await sql`insert into ${table} as t (${names}) select ${names} from json_to_recordset(${json}::json) as r(${typed})
      on conflict (${keyOf(rollup)}) do update set ${sql.join(measuresOf(rollup).map(merged))}`.execute(transaction);
  }
}

/** Makes the rows of one bucket of `to` anew, from all rows of `from` that are in it. Where there are none, nothing changes. */
export async function condense(
  transaction: StoreTransaction,
  name: RollupName,
  from: number,
  to: number,
  bucket: number,
): Promise<void> {
  const rollup: Rollup = rollups[name];
  const keys = Object.keys(rollup.keys).map((key) => sql.ref(key));
  const measures = measuresOf(rollup);
  const table = sql.table(rollup.table);
  const things = sql.join([sql.ref("location_id"), ...keys]);
  const columns = sql.join(measures.map(([column]) => sql.ref(column)));
  const until = bucket + to * 1000;
  await sql`insert into ${table} (step, at, ${things}, ${columns})
    select ${sql.lit(to)}, ${sql.lit(bucket)}::bigint, ${things}, ${sql.join(measures.map(condensed))}
    from ${table} where step = ${sql.lit(from)} and at >= ${sql.lit(bucket)} and at < ${sql.lit(until)}
    group by ${things}
    on conflict (${keyOf(rollup)}) do update set ${sql.join(
      measures.map(([column]) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`),
    )}`.execute(transaction);
}

/** The oldest row of a step; null where there is none. */
export async function oldest(transaction: StoreTransaction, name: RollupName, step: number): Promise<number | null> {
  const row = await transaction
    .selectFrom(rollups[name].table)
    .select("at")
    .where("step", "=", step)
    .orderBy("at")
    .limit(1)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** Removes some of the rows that began before `before`; how many. */
export async function removeBefore(
  transaction: StoreTransaction,
  name: RollupName,
  step: number,
  before: number,
): Promise<number> {
  const table = sql.table(rollups[name].table);
  // A table without one key column: rows are found by where they lie.
  const some = sql`select ctid from ${table} where step = ${sql.lit(step)} and at < ${sql.lit(before)} order by at limit ${sql.lit(limits.prunedRows)}`;
  const result = await sql`delete from ${table} where ctid = any(array(${some}))`.execute(transaction);
  return Number(result.numAffectedRows ?? 0);
}

export async function countRows(transaction: StoreTransaction, name: RollupName): Promise<ReadonlyMap<number, number>> {
  const table = sql.table(rollups[name].table);
  const { rows } = await sql<{
    step: number;
    count: number;
  }>`select step, count(*)::float8 as count from ${table} group by step`.execute(transaction);
  return new Map(rows.map(({ step, count }) => [step, count]));
}

/** Where the next step's buckets begin before which `excess` rows of `step` or more lie; null where there are not so many. */
export async function cutoffFor(
  transaction: StoreTransaction,
  name: RollupName,
  step: number,
  excess: number,
  next: number,
): Promise<number | null> {
  const row = await transaction
    .selectFrom(rollups[name].table)
    .select("at")
    .where("step", "=", step)
    .orderBy("at")
    .offset(excess)
    .limit(1)
    .executeTakeFirst();
  return row ? startOf(row.at, next) + next * 1000 : null;
}

function columnsOf(rollup: Rollup): (readonly [string, string])[] {
  const measures = measuresOf(rollup).map(
    ([column, how]) => [column, how === "last text" ? "text" : "double precision"] as const,
  );
  return [...Object.entries(common), ...Object.entries(rollup.keys), ...measures];
}

function keyOf(rollup: Rollup): RawBuilder<unknown> {
  return sql.join([...Object.keys(rollup.keys), ...Object.keys(common)].map((column) => sql.ref(column)));
}

function measuresOf(rollup: Rollup): (readonly [string, Merge])[] {
  return Object.entries(rollup.measures);
}

/** What is there (`t`) and what comes, as one. Null is unknown, and gives way. */
function merged([column, how]: readonly [string, Merge]): RawBuilder<unknown> {
  const name = sql.ref(column);
  switch (how) {
    case "sum":
      return sql`${name} = t.${name} + excluded.${name}`;
    case "min":
      return sql`${name} = least(t.${name}, excluded.${name})`;
    case "max":
      return sql`${name} = greatest(t.${name}, excluded.${name})`;
    case "last":
    case "last text":
      return sql`${name} = case when excluded.last_ms >= coalesce(t.last_ms, 0)
        then coalesce(excluded.${name}, t.${name}) else coalesce(t.${name}, excluded.${name}) end`;
  }
}

function condensed([column, how]: readonly [string, Merge]): RawBuilder<unknown> {
  const name = sql.ref(column);
  switch (how) {
    case "sum":
    case "min":
    case "max":
      return sql`${sql.raw(how)}(${name})`;
    case "last":
    case "last text":
      return sql`(array_agg(${name} order by last_ms desc nulls last) filter (where ${name} is not null))[1]`;
  }
}
