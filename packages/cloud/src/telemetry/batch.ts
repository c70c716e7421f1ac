/**
 * What is on its way into the store: rows of measurements, and what happened. A batch is written as a whole; the same one, tried again
 * because nobody knows whether it was, is not added twice.
 */

import type { Insertable } from "kysely";
import { sql } from "kysely";
import type { Store, StoreTransaction } from "../store/store.ts";
import * as limits from "./limits.ts";
import type { PendingRows } from "./rollup/accumulator.ts";
import { addRows } from "./rollup/rollup-sql.ts";
import type { AlertsTable, ClientStaysTable, EventsTable, SteeringEventsTable } from "./tables.ts";

/** One thing that happened, as a row. What has an id that is there already is not written again. */
export type Note =
  | { readonly table: "events"; readonly row: Insertable<EventsTable> }
  | { readonly table: "steering_events"; readonly row: Insertable<SteeringEventsTable> }
  /** Begun, or with `to_ms` ended. */
  | { readonly table: "client_stays"; readonly row: Insertable<ClientStaysTable> }
  | { readonly table: "alerts"; readonly row: Insertable<AlertsTable> }
  | {
      readonly table: "alerts cleared";
      readonly row: { readonly id: string; readonly at: Date; readonly because: string };
    };

export interface Batch {
  /** Grows from batch to batch of a writer. */
  readonly number: number;
  readonly rollups: readonly PendingRows[];
  readonly notes: readonly Note[];
}

/** Resolves to false where it had been written before. Rejects with `StoreUnavailable`: perhaps it was written. */
export function writeBatch(store: Store, writer: string, batch: Batch): Promise<boolean> {
  return store.run("write telemetry", async (transaction) => {
    if (!(await isFirst(transaction, writer, batch.number, store.now()))) return false;
    for (const { rollup, rows } of batch.rollups) await addRows(transaction, rollup, rows);
    await writeNotes(transaction, batch.notes);
    return true;
  });
}

/** Forgets writers that have written nothing since `before`. */
export async function forgetWriters(store: Store, before: Date): Promise<void> {
  await store.run("forget writers of telemetry", (transaction) =>
    transaction.deleteFrom("telemetry_writers").where("at", "<", before).execute(),
  );
}

async function isFirst(transaction: StoreTransaction, id: string, batch: number, at: Date): Promise<boolean> {
  const row = await transaction
    .insertInto("telemetry_writers")
    .values({ id, batch, at })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet({ batch, at }).where("telemetry_writers.batch", "<", batch),
    )
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

async function writeNotes(transaction: StoreTransaction, notes: readonly Note[]): Promise<void> {
  const of = <T extends Note["table"]>(table: T) =>
    notes.flatMap((note) => (note.table === table ? [note.row as Extract<Note, { table: T }>["row"]] : []));
  for (const rows of parts(of("events"))) {
    await transaction
      .insertInto("events")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (const rows of parts(of("steering_events"))) {
    await transaction
      .insertInto("steering_events")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  // Begun and ended in one batch is one row.
  const stays = new Map<string, Insertable<ClientStaysTable>>();
  for (const row of of("client_stays"))
    stays.set(row.id, { ...row, to_ms: row.to_ms ?? stays.get(row.id)?.to_ms ?? null });
  for (const rows of parts([...stays.values()])) {
    await transaction
      .insertInto("client_stays")
      .values(rows)
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet({ to_ms: sql<number | null>`coalesce(excluded.to_ms, client_stays.to_ms)` }),
      )
      .execute();
  }
  for (const rows of parts(of("alerts"))) {
    await transaction
      .insertInto("alerts")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (const { id, at, because } of of("alerts cleared")) {
    await transaction
      .updateTable("alerts")
      .set({ cleared_at: at, cleared_because: because })
      .where("id", "=", id)
      .where("cleared_at", "is", null)
      .execute();
  }
}

function parts<T>(rows: readonly T[]): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < rows.length; at += limits.statementRows) all.push(rows.slice(at, at + limits.statementRows));
  return all;
}
