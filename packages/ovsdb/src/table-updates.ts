/** Rows and updates as a monitor tells them (RFC 7047 §4.1.6 `<table-updates>`), as rows and changes of a replica. */

import { zeroUuid } from "./atom.ts";
import type { Change } from "./client.ts";
import type { Datum, Row, Uuid } from "./datum.ts";
import { datumFromJson, defaultDatum } from "./datum-json.ts";
import { OvsdbError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import type { RowUpdate } from "./replica.ts";
import type { ColumnSchema } from "./schema.ts";

/** The columns watched of each table, with constraints taken off: the peer's schema may allow more than ours. */
export type WatchedColumns = ReadonlyMap<string, ReadonlyMap<string, ColumnSchema>>;

/** The column, accepting any number of any values of its type. */
export function withoutConstraints(column: ColumnSchema): ColumnSchema {
  return {
    ...column,
    key: { type: column.key.type },
    value: column.value && { type: column.value.type },
    min: 0,
    max: Number.POSITIVE_INFINITY,
  };
}

/**
 * The changes that `json` makes to the replica's rows, in its order. A row known already that is announced as new is a
 * change of it; one that is gone already is skipped. Throws an `OvsdbError` for what is no `<table-updates>`.
 */
export function updatesFromJson(
  watched: WatchedColumns,
  json: JsonValue | undefined,
  rows: (table: string) => ReadonlyMap<Uuid, Row>,
): RowUpdate[] {
  const updates: RowUpdate[] = [];
  for (const [table, tableJson] of members(json)) {
    const columns = watched.get(table);
    if (!columns) continue;
    const known = rows(table);
    const everyColumn = new Set(columns.keys());
    for (const [uuid, update] of members(tableJson)) {
      const change = rowUpdate(columns, known.get(uuid as Uuid), uuid as Uuid, update, everyColumn);
      if (change) updates.push({ table, ...change });
    }
  }
  return updates;
}

function rowUpdate(
  columns: ReadonlyMap<string, ColumnSchema>,
  known: Row | undefined,
  uuid: Uuid,
  json: JsonValue,
  everyColumn: ReadonlySet<string>,
): Change<Row> | undefined {
  const update = isObject(json) ? json : {};
  if (!isObject(update.new)) {
    return known && { kind: "delete", uuid, old: known, new: null, changed: everyColumn };
  }
  if (!known) {
    const row = rowFromJson(columns, uuid, update.new);
    return { kind: "insert", uuid, old: null, new: row, changed: everyColumn };
  }
  // Only what the peer calls changed is read; what did not change stays the same object.
  const changed = Object.keys(isObject(update.old) ? update.old : update.new).filter((name) => columns.has(name));
  if (changed.length === 0) return undefined;
  const row: { [column: string]: Datum } = { ...known };
  for (const name of changed) row[name] = datumOf(columns.get(name) as ColumnSchema, update.new[name]);
  return { kind: "modify", uuid, old: known, new: row as Row, changed: new Set(changed) };
}

function rowFromJson(columns: ReadonlyMap<string, ColumnSchema>, uuid: Uuid, json: JsonObject): Row {
  const row: { [column: string]: Datum } = { _uuid: uuid, _version: zeroUuid };
  for (const [name, column] of columns) row[name] = datumOf(column, json[name]);
  return row as Row;
}

/** A value that does not fit the declared type at all reads as the type's default. */
function datumOf(column: ColumnSchema, json: JsonValue | undefined): Datum {
  if (json === undefined) return defaultDatum(column);
  try {
    return datumFromJson(column, json) ?? (column.shape === "optional" ? null : defaultDatum(column));
  } catch (error) {
    if (error instanceof OvsdbError) return defaultDatum(column);
    throw error;
  }
}

function members(json: JsonValue | undefined): [string, JsonValue][] {
  if (!isObject(json)) throw new OvsdbError("syntax error", "table updates must be objects");
  return Object.entries(json);
}
