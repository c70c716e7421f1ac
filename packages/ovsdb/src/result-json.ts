/** Results of operations as the JSON text of a `transact` reply (RFC 7047 §5.2), and rows as JSON. */

import { findColumn } from "./columns.ts";
import type { Datum, Row } from "./datum.ts";
import { datumToJson } from "./datum-json.ts";
import { type JsonObject, type JsonValue, stringifyJson } from "./json.ts";
import type { Operation, OperationResult } from "./operations.ts";
import { memberText } from "./row-text.ts";
import type { DatabaseSchema, TableSchema } from "./schema.ts";

/** The array of a reply: one element per operation, and a last one for an error at commit. */
export function resultsToText(
  schema: DatabaseSchema,
  operations: readonly Operation[],
  results: readonly (OperationResult | null)[],
): string {
  let text = "";
  for (let i = 0; i < results.length; i++) {
    text += `,${resultToText(schema, operations[i], results[i] as OperationResult | null)}`;
  }
  return `[${text.slice(1)}]`;
}

/** `operation` says what kind of rows a select returned; other results need none. */
function resultToText(
  schema: DatabaseSchema,
  operation: Operation | undefined,
  result: OperationResult | null,
): string {
  if (result === null) return "null";
  if ("uuid" in result) return `{"uuid":["uuid","${result.uuid}"]}`;
  if ("count" in result) return `{"count":${result.count}}`;
  if (!("rows" in result)) return stringifyJson(result as JsonObject);
  const table = operation?.op === "select" ? schema.tables.get(operation.table) : undefined;
  if (!table) throw new TypeError("rows in the result of an operation that selects none");
  return `{"rows":[${rowsToText(table, result.rows as readonly Row[])}]}`;
}

/** The columns that each row holds. */
function rowsToText(table: TableSchema, rows: readonly Row[]): string {
  let text = "";
  for (const row of rows) {
    let members = "";
    for (const name in row) {
      const column = findColumn(table, name);
      if (column) members += memberText(column, row[name] as Datum);
    }
    text += `,{${members.slice(1)}}`;
  }
  return text.slice(1);
}

/** The columns that `row` holds, or those of them that are named. */
export function rowToJson(
  table: TableSchema,
  row: Partial<Row>,
  columns: Iterable<string> = Object.keys(row),
): JsonObject {
  const json: { [column: string]: JsonValue } = {};
  for (const name of columns) {
    const column = findColumn(table, name);
    if (column) json[name] = datumToJson(column, row[name] as Datum);
  }
  return json;
}
