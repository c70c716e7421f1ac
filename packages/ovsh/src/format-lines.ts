/** Rows in lines: `--table`, `--column`, `--multi`, `--multi-line` and `--raw`. All take cells already turned into text. */

/** `cells[row][column]`; columns as in `names`. */
export interface Cells {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Least room for a value that `--multi-line` wraps, characters. */
const minWrap = 10;

/** A row per line, values apart by one space. */
export function formatRaw({ rows }: Cells): string {
  return lines(rows.map((row) => row.join(" ")));
}

/** `name : value` lines, a rule before, between and after the rows. */
export function formatColumn({ names, rows }: Cells): string {
  if (rows.length === 0) return "";
  const width = widest(names);
  const blocks = rows.map((row) => names.map((name, at) => `${pad(name, width)} : ${row[at] ?? ""}`));
  const rule = "-".repeat(widest(blocks.flat()));
  return lines([rule, ...blocks.flatMap((block) => [...block, rule])]);
}

/** A frame with a row per line. Without rows, the frame is empty. */
export function formatTable({ names, rows }: Cells): string {
  const widths = names.map((name, at) => Math.max(length(name), widest(rows.map((row) => row[at] ?? ""))));
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+`;
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => pad(cell, widths[at] ?? 0)).join(" | ")} |`;
  const body = rows.length === 0 ? [] : [...rows.map(line), rule];
  return lines([rule, line(names), rule, ...body]);
}

/** A column per row, names to the left: `name | v1 | v2 |`. */
export function formatMulti(cells: Cells): string {
  return multi(cells, () => Number.POSITIVE_INFINITY);
}

/**
 * As `formatMulti`, with values wrapped after commas to fit `width` characters; the lines that continue a value have
 * `:` for `|`.
 */
export function formatMultiLine(cells: Cells, width: number): string {
  return multi(cells, (names) => {
    const room = Math.floor((width - names - 2) / cells.rows.length) - 3;
    return Math.max(room, minWrap);
  });
}

function multi({ names, rows }: Cells, roomFor: (namesWidth: number) => number): string {
  if (rows.length === 0) return "";
  const namesWidth = widest(names);
  const room = roomFor(namesWidth);
  // wrapped[row][column] are the lines of one value.
  const wrapped = rows.map((row) => names.map((_, at) => wrap(row[at] ?? "", room)));
  const widths = wrapped.map((values) => widest(values.flat()));
  const body = names.flatMap((name, column) => {
    const values = wrapped.map((row) => row[column] ?? []);
    const height = Math.max(...values.map((value) => value.length));
    return Array.from({ length: height }, (_, line) => {
      const bar = line === 0 ? "|" : ":";
      const cells = values.map((value, row) => `${pad(value[line] ?? "", widths[row] ?? 0)} ${bar}`);
      return `${pad(line === 0 ? name : "", namesWidth)} ${bar} ${cells.join(" ")}`;
    });
  });
  const rule = "-".repeat(widest(body));
  return lines([rule, ...body, rule]);
}

/** Breaks after commas, so that no line is longer than `room` where a comma allows. */
function wrap(text: string, room: number): string[] {
  if (length(text) <= room) return [text];
  const wrapped: string[] = [];
  let line = "";
  for (const piece of text.match(/[^,]*,|[^,]+$/g) ?? [text]) {
    if (line !== "" && length(line) + length(piece) > room) {
      wrapped.push(line);
      line = "";
    }
    line += piece;
  }
  return [...wrapped, line];
}

function lines(text: readonly string[]): string {
  return text.map((line) => `${line}\n`).join("");
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - length(text)));
}

/** In code points, which is what most terminals give one cell. */
function length(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, length(text)), 0);
}
