/** Text tables for people: columns as wide as their content, cut to the width of the terminal. */

export interface Column<T> {
  readonly title: string;
  readonly align?: "left" | "right";
  readonly cell: (row: T) => string;
}

/** One line of titles and one per row, each at most `width` characters. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], width: number): string[] {
  const cells = rows.map((row) => columns.map((column) => printable(column.cell(row))));
  const widths = columns.map((column, index) =>
    cells.reduce((widest, line) => Math.max(widest, (line[index] ?? "").length), column.title.length),
  );
  const format = (line: readonly string[]) =>
    fit(
      line
        .map((text, index) => {
          const size = widths[index] ?? 0;
          return columns[index]?.align === "right" ? text.padStart(size) : text.padEnd(size);
        })
        .join("  ")
        .trimEnd(),
      width,
    );
  return [format(columns.map((column) => column.title)), ...cells.map(format)];
}

/** `text` cut to `width` characters, the cut shown by an ellipsis. */
export function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** `text` without the power to steer a terminal: what a stranger named (an SSID, a host) may hold anything. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
