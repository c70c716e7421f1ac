/** Rows in the format asked for. */

import type { Settings } from "./arguments.ts";
import { formatJson } from "./format-json.ts";
import { type Cells, formatColumn, formatMulti, formatMultiLine, formatRaw, formatTable } from "./format-lines.ts";
import { plainStyle, type Row, type ValueStyle, valueText } from "./value.ts";

/**
 * `columns` as named by the user; none means those of the first row. Either way they appear in order of their names.
 * `width` is that of the terminal, in characters.
 */
export async function formatRows(
  rows: readonly Row[],
  columns: readonly string[],
  settings: Pick<Settings, "output" | "compactUuids" | "abbreviateUuids">,
  width: number,
): Promise<string> {
  const names = (columns.length > 0 ? [...columns] : Object.keys(rows[0] ?? {})).sort();
  const forPeople: ValueStyle = { ...settings, escapeControls: true };
  const { output } = settings;
  switch (output.kind) {
    case "json":
      return formatJson(rows);
    case "raw":
      return formatRaw(cells(names, rows, plainStyle));
    case "printf": {
      const { formatPrintf } = await import("./format-printf.ts");
      return formatPrintf(output.format, cells(names, rows, plainStyle).rows);
    }
    case "column":
      return formatColumn(cells(names, rows, forPeople));
    case "table":
      return names.length === 0 ? "" : formatTable(cells(names, rows, forPeople));
    case "multi":
      return formatMulti(cells(names, rows, forPeople));
    case "multi-line":
      return formatMultiLine(cells(names, rows, forPeople), width);
  }
}

function cells(names: readonly string[], rows: readonly Row[], style: ValueStyle): Cells {
  return { names, rows: rows.map((row) => names.map((name) => valueText(row[name], style))) };
}
