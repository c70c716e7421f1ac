/** Transactions as the records of a database file tell them (ovsdb(5) "Standalone Format"). */

import { parseUuid } from "./atom.ts";
import type { ChangeSet } from "./change-set.ts";
import type { Datum, Delta, Row, RowChange, Uuid } from "./datum.ts";
import { type DatumType, datumFromJson } from "./datum-json.ts";
import { applyDiff, countOf, diffDatums, equalDatums } from "./datum-ops.ts";
import type { Commit } from "./engine.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import type { JsonBytes } from "./json-bytes.ts";
import { storageLimits } from "./limits.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema.ts";
import { newRow, type TableLayout } from "./table-layout.ts";

type Layouts = ReadonlyMap<string, TableLayout>;

/** Writes the JSON of a commit's record; false when it changed nothing that is kept in files. `date`: ms since 1970. */
export function writeCommit(out: JsonBytes, layouts: Layouts, commit: Commit, date: number): boolean {
  // Every version since 2.5 reads whole values; differences are for sets and maps where they save much.
  const asDiff = holdsLargeDatum(layouts, commit.delta);
  const start = out.length;
  for (const [name, changes] of commit.delta) {
    const layout = layouts.get(name);
    if (layout) writeChanges(out, layout, changes, asDiff);
  }
  if (out.length === start) return false;
  out.ascii(`,"_date":${Math.trunc(date)}`);
  if (commit.comment !== "") {
    out.ascii(',"_comment":');
    out.string(commit.comment);
  }
  if (asDiff) out.ascii(',"_is_diff":true');
  out.object(start);
  return true;
}

/** `,"table":{…}`, or nothing. */
function writeChanges(
  out: JsonBytes,
  layout: TableLayout,
  changes: ReadonlyMap<Uuid, RowChange>,
  asDiff: boolean,
): void {
  const before = out.length;
  out.ascii(`,"${layout.schema.name}":`);
  const start = out.length;
  for (const change of changes.values()) writeChange(out, layout, change, asDiff);
  if (out.length === start) out.truncate(before);
  else out.object(start);
}

/** `,"UUID":` and `null` for a deleted row, else the columns whose values a reader cannot know; nothing when there are none to tell. */
function writeChange(out: JsonBytes, layout: TableLayout, change: RowChange, asDiff: boolean): void {
  const { uuid, old, new: now, changed } = change;
  const before = out.length;
  out.ascii(',"');
  out.ascii(uuid);
  out.ascii('":');
  if (now === null) {
    out.ascii("null");
    return;
  }
  if (old === null) {
    writeNewRow(out, layout, now);
    return;
  }
  const { columns } = layout.schema;
  const start = out.length;
  for (const name of changed) {
    const column = columns.get(name);
    if (!column || column.ephemeral) continue;
    const to = now[name] as Datum;
    out.member(column, asDiff ? diffDatums(column, old[name] as Datum, to) : to);
  }
  if (out.length === start) out.truncate(before);
  else out.object(start);
}

/** A row as the record of its insertion tells it: without ephemeral columns and default values. */
export function writeNewRow(out: JsonBytes, layout: TableLayout, row: Row): void {
  const { blank } = layout;
  const start = out.length;
  for (const column of layout.schema.columns.values()) {
    const datum = row[column.name] as Datum;
    if (!column.ephemeral && !equalDatums(datum, blank[column.name] as Datum)) out.member(column, datum);
  }
  out.object(start);
}

function holdsLargeDatum(layouts: Layouts, delta: Delta): boolean {
  for (const [name, changes] of delta) {
    const columns = layouts.get(name)?.schema.columns;
    for (const { old, new: now, changed } of changes.values()) {
      if (old === null || now === null) continue;
      for (const column of changed) {
        const schema = columns?.get(column);
        if (!schema || schema.ephemeral || (schema.shape !== "set" && schema.shape !== "map")) continue;
        if (countOf(now[column] as Datum) > storageLimits.wholeDatumElements) return true;
      }
    }
  }
  return false;
}

/** Does what a record tells. Throws an `OvsdbError` where it does not fit the schema or the rows. */
export function applyRecord(schema: DatabaseSchema, record: JsonObject, changes: ChangeSet): void {
  const isDiff = record._is_diff === true;
  for (const [name, rows] of Object.entries(record)) {
    // Remarks: _date, _comment, _is_diff, and what later versions add.
    if (name.startsWith("_")) continue;
    const table = schema.tables.get(name);
    if (!table) throw new OvsdbError("unknown table", `No table named ${name}.`);
    if (!isObject(rows)) throw syntaxError(`table ${name}: object expected`, rows);
    for (const [key, row] of Object.entries(rows)) {
      const uuid = parseUuid(key);
      if (uuid === undefined) throw syntaxError(`table ${name}: "${key}" is not a valid UUID`);
      applyRow(changes, table, uuid, row, isDiff);
    }
  }
}

function applyRow(changes: ChangeSet, table: TableSchema, uuid: Uuid, json: JsonValue, isDiff: boolean): void {
  const view = changes.table(table.name);
  const old = view.get(uuid);
  if (json === null) {
    if (!old) throw syntaxError(`table ${table.name}: deleted row ${uuid} does not exist`);
    view.delete(old);
    return;
  }
  if (!isObject(json)) throw syntaxError(`table ${table.name} row ${uuid}: object or null expected`, json);
  const values: [string, Datum][] = [];
  for (const [name, value] of Object.entries(json)) {
    const column = table.columns.get(name);
    if (!column) throw new OvsdbError("unknown column", `No column ${name} in table ${table.name}.`);
    if (old && isDiff) {
      const diff = datumFromJson(diffType(column), value);
      values.push([name, applyDiff(column, old[name] as Datum, diff)]);
    } else {
      values.push([name, datumFromJson(column, value)]);
    }
  }
  if (old) view.update(old, values);
  else view.insert(newRow(view.store.layout, uuid, values));
}

/** A difference may hold any number of elements. */
function diffType(column: ColumnSchema): DatumType {
  if (column.shape !== "set" && column.shape !== "map") return column;
  return { ...column, min: 0, max: Number.POSITIVE_INFINITY };
}
