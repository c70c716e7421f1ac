/** A table of a node as it is shown: texts of cells, which columns, which rows. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import type { May } from "../../api/may.ts";

export type TableAnswer = AnswerTo<"GET /locations/:location/nodes/:node/tables/:table">;
export type Column = TableAnswer["columns"][number];
export type Row = NonNullable<TableAnswer["rows"]>[number];

/** Unset and empty values are empty. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(String).join(", ");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([key, each]) => `${key}=${String(each)}`)
      .join(", ");
  }
  return String(value);
}

/** By these rows are known, in this order; a row without any goes by its identity. */
const naming = ["if_name", "ifname", "name", "mac", "hwaddr", "hw_addr", "bssid", "key", "id", "target", "type"];

export function namingColumn(columns: readonly Column[]): string | undefined {
  return naming.find((name) => columns.some((column) => column.name === name));
}

export function nameOf(row: Row, naming: string | undefined): string {
  return (naming === undefined ? "" : cellText(row.cells[naming])) || row.uuid.slice(0, 8);
}

/** By name; those of one name by identity. */
export function inOrder(rows: readonly Row[], columns: readonly Column[]): readonly Row[] {
  const naming = namingColumn(columns);
  const order = new Intl.Collator("en", { numeric: true });
  const named = rows.map((row) => ({ row, name: nameOf(row, naming) }));
  named.sort((a, b) => order.compare(a.name, b.name) || order.compare(a.row.uuid, b.row.uuid));
  return named.map(({ row }) => row);
}

/** Columns in which some row has a value: most tables leave most of theirs empty. */
export function filledColumns(columns: readonly Column[], rows: readonly Row[]): readonly string[] {
  return columns.map(({ name }) => name).filter((name) => rows.some(({ cells }) => cellText(cells[name]) !== ""));
}

/** In a sentence; undefined: rows may be edited, and it is of use. */
export function whyNotEdited(
  { writer }: Pick<TableAnswer, "writer">,
  { allowed, reason = "" }: May,
): string | undefined {
  if (writer !== null) return `Rows are not edited here: ${writer}.`;
  return allowed ? undefined : `Rows cannot be edited: ${reason}`;
}

/** Rows that have all words somewhere, as `ssid` or `ssid=home`, whatever their case. */
export function hasWords(row: Row, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [row.uuid, ...Object.entries(row.cells).map(([name, value]) => `${name}=${cellText(value)}`)]
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
