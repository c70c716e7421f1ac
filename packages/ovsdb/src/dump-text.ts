/** A table's rows as text, in columns; stable enough to diff. */

import { findColumn } from "./columns.ts";
import type { Datum, Row } from "./datum.ts";
import { datumToText } from "./datum-ops.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";

/** A heading, the column names (`_uuid` first, then by name), and one line per row, sorted. */
export function dumpTable(table: TableSchema, rows: Iterable<Row>): string {
  const names = ["_uuid", ...[...table.columns.keys()].sort()];
  const columns = names.map((name) => findColumn(table, name) as ColumnSchema);
  const lines = [...rows]
    .map((row) => columns.map((column) => datumToText(column, row[column.name] as Datum)))
    .sort((a, b) => compare(a.slice(1).join("\0"), b.slice(1).join("\0")));
  const widths = names.map((name, index) => Math.max(name.length, ...lines.map((line) => (line[index] ?? "").length)));
  const format = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(" ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width));
  return [`${table.name} table`, ...[names, rule, ...lines].map(format), ""].join("\n");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
