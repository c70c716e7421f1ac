/** Transactions as the records of a database file tell them (ovsdb(5) "Standalone Format"). */

import { parseUuid } from "./atom.ts";
import type { ChangeSet } from "./change-set.ts";
import type { Datum, Delta, Row, RowChange, Uuid } from "./datum.ts";
import { type DatumType, datumFromJson } from "./datum-json.ts";
import { applyDiff, countOf, diffDatums, equalDatums } from "./datum-ops.ts";
import type { Commit } from "./engine.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import { storageLimits } from "./limits.ts";
import { memberText } from "./row-text.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema.ts";
import { newRow, type TableLayout } from "./table-layout.ts";

type Layouts = ReadonlyMap<string, TableLayout>;

/** The JSON text of a commit's record; undefined when it changed nothing that is kept in files. `date`: ms since 1970. */
export function commitToRecord(layouts: Layouts, commit: Commit, date: number): string | undefined {
  // Every version since 2.5 reads whole values; differences are for sets and maps where they save much.
  const asDiff = holdsLargeDatum(layouts, commit.delta);
  let tables = "";
  for (const [name, changes] of commit.delta) {
    const layout = layouts.get(name);
    if (!layout) continue;
    let rows = "";
    for (const change of changes.values()) {
      const row = changeText(layout, change, asDiff);
      if (row !== undefined) rows += `,"${change.uuid}":${row}`;
    }
    if (rows !== "") tables += `"${name}":{${rows.slice(1)}},`;
  }
  if (tables === "") return undefined;
  const comment = commit.comment === "" ? "" : `,"_comment":${JSON.stringify(commit.comment)}`;
  return `{${tables}"_date":${Math.trunc(date)}${comment}${asDiff ? ',"_is_diff":true' : ""}}`;
}

/** `null` for a deleted row, else the columns whose values a reader cannot know; undefined when there are none to tell. */
function changeText(layout: TableLayout, change: RowChange, asDiff: boolean): string | undefined {
  const { old, new: now, changed } = change;
  if (now === null) return "null";
  if (old === null) return newRowText(layout, now);
  const { columns } = layout.schema;
  let members = "";
  for (const name of changed) {
    const column = columns.get(name);
    if (!column || column.ephemeral) continue;
    const to = now[name] as Datum;
    members += memberText(column, asDiff ? diffDatums(column, old[name] as Datum, to) : to);
  }
  return members === "" ? undefined : `{${members.slice(1)}}`;
}

/** A row as the record of its insertion tells it: without ephemeral columns and default values. */
export function newRowText(layout: TableLayout, row: Row): string {
  const { blank } = layout;
  let members = "";
  for (const column of layout.schema.columns.values()) {
    const datum = row[column.name] as Datum;
    if (!column.ephemeral && !equalDatums(datum, blank[column.name] as Datum)) members += memberText(column, datum);
  }
  return `{${members.slice(1)}}`;
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
