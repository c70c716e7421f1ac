/**
 * Rows and updates as monitors tell them, as rows and changes of a replica: `<table-updates>` of RFC 7047 §4.1.6 and
 * `<table-updates2>` of ovsdb-server(7) §4.1.14.
 */

import { SharedValues } from "@opensync-ts/base/shared-values";
import type { Change } from "./client.ts";
import type { Atom, Datum, Row, Uuid } from "./datum.ts";
import { datumFromJson, defaultDatum } from "./datum-json.ts";
import { applyDiff, equalDatums } from "./datum-ops.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue, stringifyJson } from "./json.ts";
import { replicaLimits } from "./limits.ts";
import { isDiffed } from "./peer-schema.ts";
import type { RowUpdate } from "./replica.ts";
import type { ColumnSchema } from "./schema.ts";
import { blankRow } from "./table-layout.ts";

export interface WatchedColumn {
  /** With constraints taken off: the peer's schema may allow more than ours. */
  readonly type: ColumnSchema;
  /** `update2` tells its differences, not its new value. */
  readonly diffed: boolean;
  /** Its sets and maps by their JSON: equal ones of different rows and peers are one object. Not those that refer to rows, which never are equal. */
  readonly shared: SharedValues<Datum> | undefined;
  /** Its values are rows. */
  readonly refers: boolean;
}

/** What is watched of one table; immutable, and shared by all who watch the same. */
export interface WatchedTable {
  readonly columns: ReadonlyMap<string, WatchedColumn>;
  readonly names: ReadonlySet<string>;
  /** A row at its defaults. Rows are made by `{ ...blank }`: a default costs a row no more than a place. */
  readonly blank: Row;
}

/** By name of the table. */
export type WatchedTables = ReadonlyMap<string, WatchedTable>;

export function watchedTable(columns: readonly ColumnSchema[]): WatchedTable {
  const watched = new Map(columns.map((column) => [column.name, watchedColumn(column)]));
  const types = new Map([...watched].map(([name, { type }]) => [name, type]));
  return { columns: watched, names: new Set(watched.keys()), blank: blankRow(types) };
}

type Rows = (table: string) => ReadonlyMap<Uuid, Row>;

function watchedColumn(column: ColumnSchema): WatchedColumn {
  const type = {
    ...column,
    key: { type: column.key.type },
    value: column.value && { type: column.value.type },
    min: 0 as const,
    max: Number.POSITIVE_INFINITY,
  };
  const many = column.shape === "set" || column.shape === "map";
  const refers = column.key.type === "uuid" || column.value?.type === "uuid";
  const shared = many && !refers ? new SharedValues<Datum>(replicaLimits.sharedValues) : undefined;
  return { type, diffed: isDiffed(column), shared, refers };
}

/**
 * The changes that `json` makes to the replica's rows, in its order; `form` 1 for `update`, 2 for `update2` and `update3`. A row known
 * already that is announced as new is a change of it; one that is gone already is skipped. Throws an `OvsdbError` for what is no
 * `<table-updates>`.
 */
export function updatesFromJson(
  watched: WatchedTables,
  form: 1 | 2,
  json: JsonValue | undefined,
  rows: Rows,
): RowUpdate[] {
  const read = form === 1 ? rowUpdate : rowUpdate2;
  const updates: RowUpdate[] = [];
  for (const [table, tableJson] of members(json)) {
    const shape = watched.get(table);
    if (!shape) continue;
    const known = rows(table);
    for (const [uuid, update] of members(tableJson)) {
      const change = read(shape, known.get(uuid as Uuid), uuid as Uuid, isObject(update) ? update : {});
      if (change) updates.push({ table, ...change });
    }
  }
  return updates;
}

/**
 * The net differences between the replica's rows and the whole contents that a monitor begins with (`json`): what came, went
 * and changed while nobody told. Throws an `OvsdbError` as `updatesFromJson` does.
 */
export function differencesFromJson(watched: WatchedTables, json: JsonValue | undefined, rows: Rows): RowUpdate[] {
  const updates: RowUpdate[] = [];
  const contents = new Map(members(json).map(([table, tableJson]) => [table, members(tableJson)]));
  const uuids = new Map<string, string>();
  for (const table of contents.values()) for (const [uuid] of table) uuids.set(uuid, uuid);
  for (const [table, shape] of watched) {
    const known = rows(table);
    const now = new Map<string, JsonValue>(contents.get(table) ?? []);
    for (const [uuid, update] of now) {
      const { new: whole, initial, insert } = isObject(update) ? update : ({} as JsonObject);
      const json = [whole, initial, insert].find(isObject) ?? {};
      const change = replaced(shape, known.get(uuid as Uuid), rowFromJson(shape, uuid as Uuid, json, uuids));
      if (change) updates.push({ table, ...change });
    }
    for (const [uuid, row] of known) if (!now.has(uuid)) updates.push({ table, ...deleted(shape, uuid, row) });
  }
  return updates;
}

function rowUpdate(
  table: WatchedTable,
  known: Row | undefined,
  uuid: Uuid,
  update: JsonObject,
): Change<Row> | undefined {
  if (!isObject(update.new)) return known && deleted(table, uuid, known);
  if (!known) return inserted(table, rowFromJson(table, uuid, update.new));
  // Only what the peer calls changed is read; what did not change stays the same object.
  const { new: now } = update;
  const names = Object.keys(isObject(update.old) ? update.old : now).filter((name) => table.names.has(name));
  return modified(known, names, (name) => datumOf(table.columns.get(name), now[name]));
}

function rowUpdate2(
  table: WatchedTable,
  known: Row | undefined,
  uuid: Uuid,
  update: JsonObject,
): Change<Row> | undefined {
  const row = [update.initial, update.insert].find(isObject);
  if (row) return replaced(table, known, rowFromJson(table, uuid, row));
  if (Object.hasOwn(update, "delete")) return known && deleted(table, uuid, known);
  const { modify } = update;
  if (!isObject(modify)) throw syntaxError(`row ${uuid}: initial, insert, modify or delete expected`, update);
  if (!known) throw syntaxError(`row ${uuid} is modified but was never told`);
  const names = Object.keys(modify).filter((name) => table.names.has(name));
  return modified(known, names, (name) => {
    const column = table.columns.get(name);
    const value = datumOf(column, modify[name]);
    return column?.diffed ? applyDiff(column.type, known[name] as Datum, value) : value;
  });
}

function inserted(table: WatchedTable, row: Row): Change<Row> {
  return { kind: "insert", uuid: row._uuid, old: null, new: row, changed: table.names };
}

function deleted(table: WatchedTable, uuid: Uuid, row: Row): Change<Row> {
  return { kind: "delete", uuid, old: row, new: null, changed: table.names };
}

function modified(known: Row, names: readonly string[], value: (name: string) => Datum): Change<Row> | undefined {
  if (names.length === 0) return undefined;
  const row: { [column: string]: Datum } = { ...known };
  for (const name of names) row[name] = value(name);
  return { kind: "modify", uuid: known._uuid, old: known, new: row as Row, changed: new Set(names) };
}

/** `row` in the place of what was known of it, as far as they differ. */
function replaced(table: WatchedTable, known: Row | undefined, row: Row): Change<Row> | undefined {
  if (!known) return inserted(table, row);
  const differing = [...table.names].filter((name) => {
    const [before, now] = [known[name], row[name] as Datum];
    return before === undefined || !equalDatums(before, now);
  });
  return modified(known, differing, (name) => row[name] as Datum);
}

/** `uuids`: those of rows; who refers to one has its very string, of which there would be two. */
function rowFromJson(
  table: WatchedTable,
  uuid: Uuid,
  json: JsonObject,
  uuids: ReadonlyMap<string, string> | undefined = undefined,
): Row {
  const row: { [column: string]: Datum } = { ...table.blank };
  row._uuid = uuid;
  for (const [name, value] of Object.entries(json)) {
    const column = table.columns.get(name);
    if (!column) continue;
    const datum = datumOf(column, value);
    row[name] = uuids && column.refers ? referring(datum, uuids) : datum;
  }
  return row as Row;
}

function referring(datum: Datum, uuids: ReadonlyMap<string, string>): Datum {
  const same = (atom: Atom): Atom => uuids.get(atom as string) ?? atom;
  if (typeof datum === "string") return same(datum);
  return Array.isArray(datum) && datum.length > 0 ? datum.map(same) : datum;
}

/** A value that does not fit the declared type at all reads as the type's default. */
function datumOf(column: WatchedColumn | undefined, json: JsonValue | undefined): Datum {
  if (!column) return null;
  const { type, shared } = column;
  if (json === undefined) return defaultDatum(type);
  if (!shared) return fittingDatum(type, json);
  const key = stringifyJson(json);
  if (key.length > replicaLimits.sharedValueLength) return fittingDatum(type, json);
  return shared.share(key, () => fittingDatum(type, json));
}

function fittingDatum(type: ColumnSchema, json: JsonValue): Datum {
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
