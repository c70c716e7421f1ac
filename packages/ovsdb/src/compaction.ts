/** A database's present state as a new, short file: schema and rows in two records, made a slice at a time. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "./database.ts";
import type { Row } from "./datum.ts";
import { newRowText } from "./journal.ts";
import { stringifyJson } from "./json.ts";
import { storageLimits } from "./limits.ts";
import type { LogFile } from "./log-file.ts";
import { encodeRecord, RecordBuilder } from "./record.ts";
import { type DatabaseSchema, schemaToJson } from "./schema.ts";
import type { TableLayout } from "./table-layout.ts";

interface TableSnapshot {
  readonly layout: TableLayout;
  readonly rows: readonly Row[];
}

/** The rows of a moment. Rows never change, so this holds on to them and copies nothing. */
export interface Snapshot {
  readonly schema: DatabaseSchema;
  readonly tables: readonly TableSnapshot[];
  /** Stands in the record of the rows. */
  readonly comment: string;
  /** Ms since 1970. */
  readonly date: number;
}

export function takeSnapshot(database: Database, comment: string, date: number): Snapshot {
  const tables = [...database.layouts.values()]
    .map((layout) => ({ layout, rows: [...database.rows(layout.schema.name).values()] }))
    .filter(({ rows }) => rows.length > 0);
  return { schema: database.schema, tables, comment, date };
}

/** Writes the snapshot; others have their turn between its slices. Rejects with the file system's error, or when aborted. */
export async function writeSnapshot(snapshot: Snapshot, file: LogFile, signal: AbortSignal): Promise<void> {
  const records = encodeSnapshot(snapshot);
  for (let next = records.next(); !next.done; next = records.next()) {
    if (next.value) await file.appendLater(next.value);
    else await nextTurn();
    signal.throwIfAborted();
  }
}

/** As `writeSnapshot`, at once: nothing happens to the database meanwhile. */
export function writeSnapshotNow(snapshot: Snapshot, file: LogFile): void {
  for (const piece of encodeSnapshot(snapshot)) if (piece) file.append([piece]);
}

/** The records in pieces; undefined after each slice of work that gives no piece yet. */
function* encodeSnapshot(snapshot: Snapshot): Generator<Buffer | undefined> {
  yield Buffer.from(encodeRecord(stringifyJson(schemaToJson(snapshot.schema))));
  if (snapshot.tables.length === 0) return;
  // One record with all rows: references among them hold only when they come together. Its header is known in the end.
  const record = new RecordBuilder();
  record.add(`{"_date":${Math.trunc(snapshot.date)},"_comment":${JSON.stringify(snapshot.comment)}`);
  for (const { layout, rows } of snapshot.tables) {
    record.add(`,${JSON.stringify(layout.schema.name)}:{`);
    for (const slice of encodeRows(layout, rows)) {
      record.add(slice);
      yield undefined;
    }
    record.add("}");
  }
  record.add("}");
  yield* record.finish();
}

function* encodeRows(layout: TableLayout, rows: readonly Row[]): Generator<string> {
  const { compactSliceRows, compactSliceLength } = storageLimits;
  let slice = "";
  let count = 0;
  for (const [index, row] of rows.entries()) {
    slice += `${index === 0 ? "" : ","}"${row._uuid}":${newRowText(layout, row)}`;
    if (++count < compactSliceRows && slice.length < compactSliceLength) continue;
    yield slice;
    slice = "";
    count = 0;
  }
  if (slice !== "") yield slice;
}
