/** Columns: the two that every table has, look-up by name, and the form of their values. */

import type { ColumnShape, Uuid } from "./datum.ts";
import type { BaseType } from "./declare.ts";
import type { ColumnSchema, TableSchema } from "./schema-types.ts";

/** The columns that every table has besides its own (RFC 7047 §3.2). */
export const systemColumns: ReadonlyMap<string, ColumnSchema> = new Map(
  ["_uuid", "_version"].map((name) => [name, systemColumn(name)]),
);

function systemColumn(name: string): ColumnSchema {
  const key: BaseType<Uuid> = { type: "uuid" };
  return { name, shape: "scalar", key, value: null, min: 1, max: 1, ephemeral: false, mutable: false };
}

/** A column of `table` by name, `_uuid` and `_version` included. */
export function findColumn(table: TableSchema, name: string): ColumnSchema | undefined {
  return table.columns.get(name) ?? systemColumns.get(name);
}

/** The form of a column's values. */
export function shapeOf(column: Pick<ColumnSchema, "value" | "min" | "max">): ColumnShape {
  if (column.value !== null) return "map";
  if (column.max > 1) return "set";
  return column.min === 1 ? "scalar" : "optional";
}
