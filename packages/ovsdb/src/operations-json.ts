/** Operations as the JSON of a `transact` request (RFC 7047 §5.2): the inverse of `parse-operations.ts`. */

import { findColumn } from "./columns.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { Condition, DatumInput, Operation } from "./operations.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema.ts";
import { inputToJson } from "./values.ts";

type Inputs = { readonly [column: string]: DatumInput };

/** Throws a `RangeError` for a table or column that the schema does not have. */
export function operationToJson(schema: DatabaseSchema, operation: Operation): JsonObject {
  switch (operation.op) {
    case "insert": {
      const { op, table, row, uuidName, uuid } = operation;
      return {
        op,
        table,
        row: rowToJson(tableOf(schema, table), row),
        ...(uuidName === undefined ? {} : { "uuid-name": uuidName }),
        ...(uuid === undefined ? {} : { uuid }),
      };
    }
    case "select": {
      const { op, table, where, columns, sort } = operation;
      return {
        op,
        table,
        where: whereToJson(tableOf(schema, table), where),
        ...(columns === undefined ? {} : { columns }),
        ...(sort === undefined ? {} : { sort }),
      };
    }
    case "update": {
      const { op, table, where, row } = operation;
      const layout = tableOf(schema, table);
      return { op, table, where: whereToJson(layout, where), row: rowToJson(layout, row) };
    }
    case "mutate": {
      const { op, table, where, mutations } = operation;
      const layout = tableOf(schema, table);
      return {
        op,
        table,
        where: whereToJson(layout, where),
        mutations: mutations.map(({ column, mutator, value }) => [
          column,
          mutator,
          inputToJson(columnOf(layout, column), value),
        ]),
      };
    }
    case "delete":
      return { ...operation, where: whereToJson(tableOf(schema, operation.table), operation.where) };
    case "wait": {
      const { op, table, where, columns, until, rows, timeout } = operation;
      const layout = tableOf(schema, table);
      return {
        op,
        table,
        where: whereToJson(layout, where),
        columns,
        until,
        rows: rows.map((row) => rowToJson(layout, row)),
        ...(timeout === undefined ? {} : { timeout }),
      };
    }
    case "invalid":
      throw new RangeError("an operation that could not be parsed has no JSON");
    default:
      return { ...operation };
  }
}

function rowToJson(table: TableSchema, row: Inputs): JsonObject {
  const json: { [column: string]: JsonValue } = {};
  for (const [name, value] of Object.entries(row)) json[name] = inputToJson(columnOf(table, name), value);
  return json;
}

function whereToJson(table: TableSchema, where: readonly Condition[]): JsonValue {
  return where.map((clause) =>
    typeof clause === "boolean"
      ? clause
      : [clause.column, clause.function, inputToJson(columnOf(table, clause.column), clause.value)],
  );
}

function tableOf(schema: DatabaseSchema, name: string): TableSchema {
  const table = schema.tables.get(name);
  if (!table) throw new RangeError(`no table ${name} in schema ${schema.name}`);
  return table;
}

function columnOf(table: TableSchema, name: string): ColumnSchema {
  const column = findColumn(table, name);
  if (!column) throw new RangeError(`no column ${name} in table ${table.name}`);
  return column;
}
