/** Tables as text, for people and programs; stable enough to diff. */

import { findColumn } from "./columns.ts";
import type { Datum, Row } from "./datum.ts";
import { datumToText } from "./datum-ops.ts";
import { type JsonObject, stringifyJson } from "./json.ts";
import { rowToJson } from "./result-json.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";

export type Format = "table" | "json" | "csv";

export const formats: readonly Format[] = ["table", "json", "csv"];

export interface TextOptions {
  readonly format: Format;
  /** Captions, column names and rules; without meaning for JSON. */
  readonly headings: boolean;
}

/** A table of text: what is printed of a database's table, or of a change in one. */
export interface TextTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** A table's rows: `_uuid` first, then the columns by name; one line per row, sorted. */
export function tableOf(table: TableSchema, rows: Iterable<Row>): TextTable {
  const columns = ["_uuid", ...[...table.columns.keys()].sort()];
  const lines = [...rows].map((row) => columns.map((name) => cellText(table, name, row[name])));
  const key = (line: readonly string[]) => line.slice(1).join("\0");
  return { caption: `${table.name} table`, columns, lines: lines.sort((a, b) => compare(key(a), key(b))) };
}

/** A value as cells show it; nothing for one that is not there. */
export function cellText(table: TableSchema, column: string, datum: Datum | undefined): string {
  return datum === undefined ? "" : datumToText(findColumn(table, column) as ColumnSchema, datum);
}

/** Tables as text, with an empty line between them. */
export function formatTables(tables: readonly TextTable[], { format, headings }: TextOptions): string {
  const format1 = format === "csv" ? csvLines : alignedLines;
  const several = tables.length > 1;
  const texts = tables.map((table) => {
    const caption = headings && (format === "table" || several) ? [table.caption] : [];
    return [...caption, ...format1(table, headings), ""].join("\n");
  });
  return texts.join(headings ? "\n" : "").trimEnd();
}

/** `{"Table":[{"_uuid":["uuid",…],…},…],…}`: values in the notation of RFC 7047 §5.1, as `transact` takes them. */
export function rowsToJson(tables: Iterable<readonly [TableSchema, readonly Row[]]>): string {
  const json: { [table: string]: readonly JsonObject[] } = {};
  for (const [table, rows] of tables) {
    json[table.name] = rows.map((row) => rowToJson(table, row, ["_uuid", ...table.columns.keys()]));
  }
  return stringifyJson(json);
}

function alignedLines({ columns, lines }: TextTable, headings: boolean): string[] {
  const widths = columns.map((name, index) => {
    return lines.reduce((width, line) => Math.max(width, line[index]?.length ?? 0), headings ? name.length : 0);
  });
  const format = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(" ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width));
  return [...(headings ? [columns, rule] : []), ...lines].map(format);
}

/** RFC 4180, with line feeds. */
function csvLines({ columns, lines }: TextTable, headings: boolean): string[] {
  const field = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [...(headings ? [columns] : []), ...lines].map((cells) => cells.map(field).join(","));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
