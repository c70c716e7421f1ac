/** Writes a database's present state as a new, short file, a slice at a time so that other work is not held up. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "./database.ts";
import type { Row } from "./datum.ts";
import { newRowToRecord } from "./journal.ts";
import { stringifyJson } from "./json.ts";
import { storageLimits } from "./limits.ts";
import type { LogFile } from "./log-file.ts";
import { encodeRecord, RecordBuilder } from "./record.ts";
import { schemaToJson } from "./schema.ts";
import type { TableLayout } from "./table-layout.ts";

interface TableSnapshot {
  readonly layout: TableLayout;
  readonly rows: readonly Row[];
}

/** The rows of a moment. Rows never change, so this holds on to them and copies nothing. */
export type Snapshot = readonly TableSnapshot[];

export function takeSnapshot(database: Database): Snapshot {
  return [...database.layouts.values()]
    .map((layout) => ({ layout, rows: [...database.rows(layout.schema.name).values()] }))
    .filter(({ rows }) => rows.length > 0);
}

/** Writes schema and rows. `date`: ms since 1970. Rejects with the file system's error. */
export async function writeSnapshot(
  database: Database,
  snapshot: Snapshot,
  file: LogFile,
  date: number,
): Promise<void> {
  file.append([Buffer.from(encodeRecord(stringifyJson(schemaToJson(database.schema))))]);
  if (snapshot.length === 0) return;
  for (const piece of await encodeSnapshot(snapshot, date)) {
    file.append([piece]);
    await nextTurn();
  }
}

/** One record with all rows: references among them hold only when they come together. */
async function encodeSnapshot(snapshot: Snapshot, date: number): Promise<readonly Buffer[]> {
  const record = new RecordBuilder();
  record.add(`{"_date":${Math.trunc(date)},"_comment":"compacting database"`);
  for (const { layout, rows } of snapshot) {
    record.add(`,${JSON.stringify(layout.schema.name)}:{`);
    for (let start = 0; start < rows.length; start += storageLimits.compactSliceRows) {
      const slice = rows.slice(start, start + storageLimits.compactSliceRows);
      const texts = slice.map((row) => `"${row._uuid}":${stringifyJson(newRowToRecord(layout, row))}`);
      record.add(`${start === 0 ? "" : ","}${texts.join(",")}`);
      await nextTurn();
    }
    record.add("}");
  }
  record.add("}");
  return record.finish();
}
