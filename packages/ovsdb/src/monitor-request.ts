/** What a client asks to watch: the requests of `monitor` (RFC 7047 §4.1.5) and `monitor_cond` (ovsdb-server(7) §4.1.12). */

import { findColumn } from "./columns.ts";
import { type ResolvedCondition, resolvedConditionsFromJson } from "./condition.ts";
import { datumKey } from "./datum-ops.ts";
import { syntaxError } from "./errors.ts";
import { isArray, isObject, type JsonObject, type JsonValue, stringifyJson } from "./json.ts";
import { JsonMembers } from "./json-members.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema.ts";

/** Which kinds of updates to send (RFC 7047 §4.1.5 `<monitor-select>`). */
export interface Select {
  readonly initial: boolean;
  readonly insert: boolean;
  readonly delete: boolean;
  readonly modify: boolean;
}

export interface MonitoredColumn {
  readonly column: ColumnSchema;
  readonly select: Select;
}

/** What to watch in one table. */
export interface TableRequest {
  readonly table: TableSchema;
  readonly columns: readonly MonitoredColumn[];
  /** What any of the columns is watched for; also holds where no column is. */
  readonly select: Select;
  /** A row is seen while it meets any of these; without them, always. */
  readonly where: RowFilter;
}

/** Clauses of which one must hold, or every row. */
export type RowFilter = readonly ResolvedCondition[] | "every row";

const everything: Select = { initial: true, insert: true, delete: true, modify: true };
const nothing: Select = { initial: false, insert: false, delete: false, modify: false };

/**
 * One request per table; the value of a table may be one object or an array of them. `conditions`: whether `where` is
 * allowed. Throws an `OvsdbError`.
 */
export function parseMonitorRequests(
  schema: DatabaseSchema,
  json: JsonValue | undefined,
  conditions: boolean,
): TableRequest[] {
  if (!isObject(json)) throw syntaxError("monitor-requests must be object", json ?? null);
  return Object.entries(json).map(([name, value]) => {
    const table = schema.tables.get(name);
    if (!table) throw syntaxError(`no table named ${name}`);
    return parseTable(table, isArray(value) ? value : [value], conditions);
  });
}

/**
 * The requests with the new conditions that `json` gives to some of their tables (ovsdb-server(7) §4.1.13
 * `monitor_cond_change`); the others stay the same objects. Throws an `OvsdbError`.
 */
export function changeConditions(
  schema: DatabaseSchema,
  requests: readonly TableRequest[],
  json: JsonValue,
): TableRequest[] {
  if (!isObject(json)) throw syntaxError("monitor-cond-change-requests must be object");
  const changed = [...requests];
  for (const [name, value] of Object.entries(json)) {
    const table = schema.tables.get(name);
    if (!table) throw syntaxError(`no table named ${name}`);
    const position = requests.findIndex((request) => request.table.name === name);
    const request = requests[position];
    if (!request) throw syntaxError(`no table named ${name} in monitor session`);
    if (!isArray(value)) throw syntaxError(`table ${name} no monitor-cond-change JSON array`);
    const clauses: JsonValue[] = [];
    for (const element of value) {
      const members = new JsonMembers(element, `table ${name}`);
      const columns = members.optional("columns", "array");
      const where = members.optional("where", "array");
      members.finish();
      if (columns) throw syntaxError("changing columns is unsupported", element);
      clauses.push(...(where ?? [true]));
    }
    changed[position] = { ...request, where: parseFilter(table, clauses) };
  }
  return changed;
}

function parseTable(table: TableSchema, requests: readonly JsonValue[], conditions: boolean): TableRequest {
  const columns: MonitoredColumn[] = [];
  const clauses: JsonValue[] = [];
  let select = nothing;
  for (const request of requests) {
    const members = new JsonMembers(request, `table ${table.name}`);
    const columnsJson = members.optional("columns", "array");
    const selectJson = members.optional("select", "object");
    if (conditions) clauses.push(...(members.optional("where", "array") ?? [true]));
    members.finish();
    const own = parseSelect(table, selectJson);
    select = anyOf(select, own);
    for (const column of parseColumns(table, columnsJson)) {
      if (columns.some((other) => other.column.name === column.name)) {
        throw syntaxError(`column ${column.name} mentioned more than once`, columnsJson ?? null);
      }
      columns.push({ column, select: own });
    }
  }
  return { table, columns, select, where: conditions ? parseFilter(table, clauses) : "every row" };
}

function parseColumns(table: TableSchema, json: readonly JsonValue[] | undefined): ColumnSchema[] {
  if (json === undefined) return [...table.columns.values(), findColumn(table, "_version") as ColumnSchema];
  return json.map((name) => {
    if (typeof name !== "string") throw syntaxError("array of column names expected", json);
    const column = findColumn(table, name);
    if (!column) throw syntaxError(`${name} is not a valid column name`, json);
    return column;
  });
}

function parseSelect(table: TableSchema, json: JsonObject | undefined): Select {
  if (json === undefined) return everything;
  const members = new JsonMembers(json, `table ${table.name} select`);
  const select = {
    initial: members.optional("initial", "boolean") ?? true,
    insert: members.optional("insert", "boolean") ?? true,
    delete: members.optional("delete", "boolean") ?? true,
    modify: members.optional("modify", "boolean") ?? true,
  };
  members.finish();
  return select;
}

/** An empty list of clauses means every row; `false` alone means none. */
function parseFilter(table: TableSchema, clauses: readonly JsonValue[]): RowFilter {
  const conditions = resolvedConditionsFromJson(table, clauses);
  if (clauses.length === 0 || conditions.includes(true)) return "every row";
  return conditions.filter((condition) => typeof condition !== "boolean");
}

function anyOf(a: Select, b: Select): Select {
  return {
    initial: a.initial || b.initial,
    insert: a.insert || b.insert,
    delete: a.delete || b.delete,
    modify: a.modify || b.modify,
  };
}

/** A text that two requests have in common only when they see the same. */
export function requestKey(request: TableRequest): string {
  const bits = (select: Select) => `${+select.initial}${+select.insert}${+select.delete}${+select.modify}`;
  const columns = request.columns.map(({ column, select }) => `${column.name}/${bits(select)}`);
  const { where } = request;
  const filter =
    where === "every row"
      ? where
      : stringifyJson(where.map((clause) => [clause.column, clause.function, datumKey(clause.value)]));
  return `${request.table.name} ${bits(request.select)} ${columns.join(" ")} ${filter}`;
}
