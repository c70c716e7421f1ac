/** Results of operations as the JSON of a `transact` reply (RFC 7047 §5.2). */

import { findColumn } from "./columns.ts";
import type { Datum, Row } from "./datum.ts";
import { datumToJson } from "./datum-json.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { Operation, OperationResult } from "./operations.ts";
import type { DatabaseSchema, TableSchema } from "./schema.ts";

/** The array of a reply: one element per operation, and a last one for an error at commit. */
export function resultsToJson(
  schema: DatabaseSchema,
  operations: readonly Operation[],
  results: readonly (OperationResult | null)[],
): JsonValue[] {
  return results.map((result, index) => resultToJson(schema, operations[index], result));
}

/** `operation` says what kind of rows a select returned; other results need none. */
export function resultToJson(
  schema: DatabaseSchema,
  operation: Operation | undefined,
  result: OperationResult | null,
): JsonValue {
  if (result === null) return null;
  if ("uuid" in result) return { uuid: ["uuid", result.uuid] };
  if (!("rows" in result)) return result as JsonObject;
  const table = operation?.op === "select" ? schema.tables.get(operation.table) : undefined;
  if (!table) throw new TypeError("rows in the result of an operation that selects none");
  return { rows: (result.rows as readonly Row[]).map((row) => rowToJson(table, row)) };
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
