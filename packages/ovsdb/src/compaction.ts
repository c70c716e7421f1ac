/** A database's present state as a new, short file: schema and rows in two records, made a slice at a time. */

import type { Database } from "./database.ts";
import type { Row } from "./datum.ts";
import { writeNewRow } from "./journal.ts";
import { stringifyJson } from "./json.ts";
import { JsonBytes } from "./json-bytes.ts";
import { storageLimits } from "./limits.ts";
import type { LogFile } from "./log-file.ts";
import { encodeRecord, RecordHeader } from "./record.ts";
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
  for (const piece of encodeSnapshot(snapshot, file)) {
    await file.appendLater(piece);
    signal.throwIfAborted();
  }
}

/** As `writeSnapshot`, at once: nothing happens to the database meanwhile. */
export function writeSnapshotNow(snapshot: Snapshot, file: LogFile): void {
  for (const piece of encodeSnapshot(snapshot, file)) file.append(piece);
}

/** The two records in pieces, each made when it is asked for. Puts their header in place itself. */
function* encodeSnapshot(snapshot: Snapshot, file: LogFile): Generator<Buffer> {
  yield Buffer.from(encodeRecord(stringifyJson(schemaToJson(snapshot.schema))));
  if (snapshot.tables.length === 0) return;
  const start = file.size;
  yield RecordHeader.blank;
  const header = new RecordHeader();
  for (const piece of rowPieces(snapshot)) {
    header.add(piece);
    yield piece;
  }
  file.overwrite(header.finish(), start);
}

/** One record with all rows: references among them hold only when they come together. Each piece is good until the next. */
function* rowPieces(snapshot: Snapshot): Generator<Buffer> {
  const { compactSliceRows, compactSliceBytes, encoderBytes } = storageLimits;
  const out = new JsonBytes();
  out.ascii(`{"_date":${Math.trunc(snapshot.date)},"_comment":`);
  out.string(snapshot.comment);
  let rowsOfSlice = 0;
  for (const { layout, rows } of snapshot.tables) {
    out.ascii(`,"${layout.schema.name}":`);
    let separator = '{"';
    for (const row of rows) {
      out.ascii(separator);
      out.ascii(row._uuid);
      out.ascii('":');
      writeNewRow(out, layout, row);
      separator = ',"';
      if (++rowsOfSlice < compactSliceRows && out.length < compactSliceBytes) continue;
      yield out.bytes;
      out.clear(encoderBytes);
      rowsOfSlice = 0;
    }
    out.ascii("}");
  }
  out.ascii("}\n");
  yield out.bytes;
}
