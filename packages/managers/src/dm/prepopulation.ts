/**
 * The rows with which a database starts: a common template, the build profile's services and what the target fixes,
 * merged and inserted by one transaction.
 *
 * Rows are in RFC 7047 JSON notation. One row refers to another by a name of its own choosing: the one is written as
 * `{ "_uuid": ["named-uuid", "lan"], … }`, the other refers to it with `["named-uuid", "lan"]`. Order does not matter.
 */

import { UserError } from "@opensync-ts/base/errors";
import { datumFromJson } from "@opensync-ts/ovsdb/datum-json";
import type { Engine } from "@opensync-ts/ovsdb/engine";
import { OvsdbError } from "@opensync-ts/ovsdb/errors";
import type { JsonValue } from "@opensync-ts/ovsdb/json";
import type { DatumInput, Operation } from "@opensync-ts/ovsdb/operations";
import type { DatabaseSchema, TableSchema } from "@opensync-ts/ovsdb/schema";
import type { Prepopulation } from "@opensync-ts/target/target";

type JsonRow = Prepopulation[string][number];

/** What is pre-populated is wrong; the message names the table, the row and the column. */
export class PrepopulationError extends UserError {}

/** The columns by which rows of the same thing are known, where the schema has no index that says so. */
const naturalKeys: { readonly [table: string]: readonly string[] } = {
  AW_Debug: ["name"],
  Connection_Manager_Uplink: ["if_name"],
  Node_Config: ["module", "key"],
  Node_Services: ["service"],
  Wifi_Inet_Config: ["if_name"],
  Wifi_Radio_Config: ["if_name"],
  Wifi_VIF_Config: ["if_name"],
};

/**
 * One set of rows out of several. Rows of the same thing (same key, or any row of a table that holds but one) become
 * one row; of a column given twice the later source wins, maps are merged key by key.
 */
export function mergePrepopulation(schema: DatabaseSchema, sources: readonly Prepopulation[]): Prepopulation {
  const merged: { [table: string]: JsonRow[] } = {};
  for (const source of sources) {
    for (const [tableName, rows] of Object.entries(source)) {
      const table = tableOf(schema, tableName);
      const into = merged[tableName] ?? [];
      merged[tableName] = into;
      for (const row of rows) {
        const same = into.findIndex((other) => isSameThing(table, other, row));
        const other = into[same];
        if (other) into[same] = mergeRows(other, row);
        else into.push(row);
      }
    }
  }
  return merged;
}

/** The inserts of all rows, for one transaction. Throws a `PrepopulationError`. */
export function prepopulationOperations(schema: DatabaseSchema, rows: Prepopulation): readonly Operation[] {
  const operations: Operation[] = [{ op: "comment", comment: "prepopulate" }];
  const names = new Set(
    Object.values(rows)
      .flat()
      .flatMap((row) => namesIn(row._uuid)),
  );
  for (const [tableName, tableRows] of Object.entries(rows)) {
    const table = tableOf(schema, tableName);
    tableRows.forEach((row, index) => {
      const { _uuid: name, ...columns } = row;
      const where = `prepopulation: ${tableName} row ${index + 1}`;
      operations.push({
        op: "insert",
        table: tableName,
        row: Object.fromEntries(
          Object.entries(columns).map(([column, value]) => {
            // A weak reference to nothing would vanish without a word.
            const unknown = namesIn(value).find((other) => !names.has(other));
            if (unknown !== undefined) {
              throw new PrepopulationError(`${where}: column '${column}': no row is named '${unknown}'`);
            }
            return [column, columnInput(table, column, value, where)];
          }),
        ),
        ...(name === undefined ? {} : { uuidName: rowName(name, where) }),
      });
    });
  }
  return operations;
}

/** Inserts all rows into a fresh database: all of them, or none with a `PrepopulationError`. */
export function prepopulate(engine: Engine, sources: readonly Prepopulation[]): void {
  const operations = prepopulationOperations(engine.schema, mergePrepopulation(engine.schema, sources));
  const execution = engine.execute(operations);
  if (execution.kind === "committed") return;
  const results = execution.kind === "failed" ? execution.results : execution.timedOut;
  const culprit = results.findIndex((result) => result !== null && "error" in result);
  const result = results[culprit];
  const operation = operations[culprit];
  const where = operation && "table" in operation ? ` ${operation.table}` : "";
  const why = result && "error" in result ? `${result.error}: ${result.details ?? ""}` : "refused";
  throw new PrepopulationError(`prepopulation:${where}: ${why}`);
}

function tableOf(schema: DatabaseSchema, name: string): TableSchema {
  const table = schema.tables.get(name);
  if (!table) throw new PrepopulationError(`prepopulation: there is no table '${name}' in ${schema.name}`);
  return table;
}

function isSameThing(table: TableSchema, a: JsonRow, b: JsonRow): boolean {
  if (table.maxRows === 1) return true;
  const key = table.indexes[0] ?? naturalKeys[table.name];
  return key?.every((column) => JSON.stringify(a[column]) === JSON.stringify(b[column])) ?? false;
}

function mergeRows(a: JsonRow, b: JsonRow): JsonRow {
  const merged: { [column: string]: unknown } = { ...a };
  for (const [column, value] of Object.entries(b)) merged[column] = mergeValues(merged[column], value);
  return merged;
}

function mergeValues(a: unknown, b: unknown): unknown {
  const [mapA, mapB] = [mapEntries(a), mapEntries(b)];
  if (!mapA || !mapB) return b;
  const byKey = new Map(mapA.map((entry) => [JSON.stringify(entry[0]), entry]));
  for (const entry of mapB) byKey.set(JSON.stringify(entry[0]), entry);
  return ["map", [...byKey.values()]];
}

function mapEntries(value: unknown): readonly (readonly unknown[])[] | undefined {
  return Array.isArray(value) && value[0] === "map" && Array.isArray(value[1]) ? value[1] : undefined;
}

function columnInput(table: TableSchema, column: string, value: unknown, where: string): DatumInput {
  const schema = table.columns.get(column);
  if (!schema) throw new PrepopulationError(`${where}: ${table.name} has no column '${column}'`);
  try {
    return datumFromJson(schema, value as JsonValue, "named");
  } catch (error) {
    if (error instanceof OvsdbError) throw new PrepopulationError(`${where}: column '${column}': ${error.message}`);
    throw error;
  }
}

/** The names of rows in a JSON value. */
function namesIn(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  if (value.length === 2 && value[0] === "named-uuid" && typeof value[1] === "string") return [value[1]];
  return value.flatMap(namesIn);
}

function rowName(name: unknown, where: string): string {
  if (Array.isArray(name) && name[0] === "named-uuid" && typeof name[1] === "string") return name[1];
  throw new PrepopulationError(`${where}: _uuid must be ["named-uuid", NAME]`);
}
