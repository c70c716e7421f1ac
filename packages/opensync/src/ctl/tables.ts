/** Tables of `ctl`, and what their cells share. */

import { shownDetails } from "../limits.ts";
import { say } from "../run.ts";
import { type Column, table } from "../table.ts";

export function printTable<T>(rows: readonly T[], columns: readonly Column<T>[]): void {
  for (const line of table(columns, rows, terminalWidth())) say(line);
}

/** Lines are cut where somebody looks at them only. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
}

export function textColumn<T>(title: string, cell: (row: T) => string | number | null | undefined): Column<T> {
  return { title, cell: (row) => String(cell(row) ?? "-") };
}

export function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

/** What a deed has changed, as one cell; null: nothing that has words. `--json` has all of it. */
export function detailWords(details: readonly string[]): string | null {
  if (details.length === 0) return null;
  const more = details.length > shownDetails ? `; and ${details.length - shownDetails} more` : "";
  return `${details.slice(0, shownDetails).join("; ")}${more}`;
}

/** To the second, UTC. */
export function moment(text: string | null): string {
  return text === null ? "-" : text.replace(/\.\d+Z$/, "Z");
}
