/** What the tables of reports share. */

import type { Column } from "./table.ts";

/** A moment on the wall clock; a stranger's number may be none. */
export function moment(timestampMs: number): string {
  if (timestampMs === 0) return "time unknown";
  const date = new Date(timestampMs);
  return Number.isNaN(date.getTime()) ? `${timestampMs} ms` : date.toISOString();
}

/** A column of numbers. */
export function figure<T>(title: string, value: (row: T) => number | undefined): Column<T> {
  return { title, align: "right", cell: (row) => String(value(row) ?? "") };
}
