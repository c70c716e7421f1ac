/**
 * Rows and updates as monitors tell them, as rows and changes of a replica: `<table-updates>` of RFC 7047 §4.1.6 and
 * `<table-updates2>` of ovsdb-server(7) §4.1.14.
 */

import { zeroUuid } from "./atom.ts";
import type { Change } from "./client.ts";
import type { Datum, Row, Uuid } from "./datum.ts";
import { datumFromJson, defaultDatum } from "./datum-json.ts";
import { applyDiff, equalDatums } from "./datum-ops.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import { isDiffed } from "./peer-schema.ts";
import type { RowUpdate } from "./replica.ts";
import type { ColumnSchema } from "./schema.ts";

export interface WatchedColumn {
  /** With constraints taken off: the peer's schema may allow more than ours. */
  readonly type: ColumnSchema;
  /** `update2` tells its differences, not its new value. */
  readonly diffed: boolean;
}

/** The columns watched of each table. */
export type WatchedColumns = ReadonlyMap<string, ReadonlyMap<string, WatchedColumn>>;

type Columns = ReadonlyMap<string, WatchedColumn>;
type Rows = (table: string) => ReadonlyMap<Uuid, Row>;

export function watchedColumn(column: ColumnSchema): WatchedColumn {
  const type = {
    ...column,
    key: { type: column.key.type },
    value: column.value && { type: column.value.type },
    min: 0 as const,
    max: Number.POSITIVE_INFINITY,
  };
  return { type, diffed: isDiffed(column) };
}

/**
 * The changes that `json` makes to the replica's rows, in its order; `form` 1 for `update`, 2 for `update2` and `update3`. A row known
 * already that is announced as new is a change of it; one that is gone already is skipped. Throws an `OvsdbError` for what is no
 * `<table-updates>`.
 */
export function updatesFromJson(
  watched: WatchedColumns,
  form: 1 | 2,
  json: JsonValue | undefined,
  rows: Rows,
): RowUpdate[] {
  const read = form === 1 ? rowUpdate : rowUpdate2;
  const updates: RowUpdate[] = [];
  for (const [table, tableJson] of members(json)) {
    const columns = watched.get(table);
    if (!columns) continue;
    const known = rows(table);
    for (const [uuid, update] of members(tableJson)) {
      const change = read(columns, known.get(uuid as Uuid), uuid as Uuid, isObject(update) ? update : {});
      if (change) updates.push({ table, ...change });
    }
  }
  return updates;
}

/**
 * The net differences between the replica's rows and the whole contents that a monitor begins with (`json`): what came, went
 * and changed while nobody told. Throws an `OvsdbError` as `updatesFromJson` does.
 */
export function differencesFromJson(watched: WatchedColumns, json: JsonValue | undefined, rows: Rows): RowUpdate[] {
  const updates: RowUpdate[] = [];
  const contents = new Map(members(json));
  for (const [table, columns] of watched) {
    const known = rows(table);
    const now = new Map<string, JsonValue>(members(contents.get(table) ?? {}));
    for (const [uuid, update] of now) {
      const { new: whole, initial, insert } = isObject(update) ? update : ({} as JsonObject);
      const json = [whole, initial, insert].find(isObject) ?? {};
      const change = replaced(columns, known.get(uuid as Uuid), rowFromJson(columns, uuid as Uuid, json));
      if (change) updates.push({ table, ...change });
    }
    for (const [uuid, row] of known) if (!now.has(uuid)) updates.push({ table, ...deleted(columns, uuid, row) });
  }
  return updates;
}

function rowUpdate(columns: Columns, known: Row | undefined, uuid: Uuid, update: JsonObject): Change<Row> | undefined {
  if (!isObject(update.new)) return known && deleted(columns, uuid, known);
  if (!known) return inserted(columns, rowFromJson(columns, uuid, update.new));
  // Only what the peer calls changed is read; what did not change stays the same object.
  const { new: now } = update;
  const names = Object.keys(isObject(update.old) ? update.old : now).filter((name) => columns.has(name));
  return modified(known, names, (name) => datumOf(columns.get(name), now[name]));
}

function rowUpdate2(columns: Columns, known: Row | undefined, uuid: Uuid, update: JsonObject): Change<Row> | undefined {
  const row = [update.initial, update.insert].find(isObject);
  if (row) return replaced(columns, known, rowFromJson(columns, uuid, row));
  if (Object.hasOwn(update, "delete")) return known && deleted(columns, uuid, known);
  const { modify } = update;
  if (!isObject(modify)) throw syntaxError(`row ${uuid}: initial, insert, modify or delete expected`, update);
  if (!known) throw syntaxError(`row ${uuid} is modified but was never told`);
  const names = Object.keys(modify).filter((name) => columns.has(name));
  return modified(known, names, (name) => {
    const column = columns.get(name);
    const value = datumOf(column, modify[name]);
    return column?.diffed ? applyDiff(column.type, known[name] as Datum, value) : value;
  });
}

function inserted(columns: Columns, row: Row): Change<Row> {
  return { kind: "insert", uuid: row._uuid, old: null, new: row, changed: new Set(columns.keys()) };
}

function deleted(columns: Columns, uuid: Uuid, row: Row): Change<Row> {
  return { kind: "delete", uuid, old: row, new: null, changed: new Set(columns.keys()) };
}

function modified(known: Row, names: readonly string[], value: (name: string) => Datum): Change<Row> | undefined {
  if (names.length === 0) return undefined;
  const row: { [column: string]: Datum } = { ...known };
  for (const name of names) row[name] = value(name);
  return { kind: "modify", uuid: known._uuid, old: known, new: row as Row, changed: new Set(names) };
}

/** `row` in the place of what was known of it, as far as they differ. */
function replaced(columns: Columns, known: Row | undefined, row: Row): Change<Row> | undefined {
  if (!known) return inserted(columns, row);
  const differing = [...columns.keys()].filter((name) => {
    const [before, now] = [known[name], row[name] as Datum];
    return before === undefined || !equalDatums(before, now);
  });
  return modified(known, differing, (name) => row[name] as Datum);
}

function rowFromJson(columns: Columns, uuid: Uuid, json: JsonObject): Row {
  const row: { [column: string]: Datum } = { _uuid: uuid, _version: zeroUuid };
  for (const [name, column] of columns) row[name] = datumOf(column, json[name]);
  return row as Row;
}

/** A value that does not fit the declared type at all reads as the type's default. */
function datumOf(column: WatchedColumn | undefined, json: JsonValue | undefined): Datum {
  if (!column) return null;
  const { type } = column;
  if (json === undefined) return defaultDatum(type);
  try {
    return datumFromJson(type, json) ?? (type.shape === "optional" ? null : defaultDatum(type));
  } catch (error) {
    if (error instanceof OvsdbError) return defaultDatum(type);
    throw error;
  }
}

function members(json: JsonValue | undefined): [string, JsonValue][] {
  if (!isObject(json)) throw syntaxError("table updates must be objects");
  return Object.entries(json);
}
