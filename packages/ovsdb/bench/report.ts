/** The figures as a table. */

export interface Row {
  readonly name: string;
  readonly unit: "/s" | "ms" | "MB";
  readonly ours: number;
  readonly peer?: number;
  /** How many times as good as the peer: ours ÷ theirs for speeds, theirs ÷ ours for times and sizes. */
  readonly ratio?: number;
  readonly goalRatio?: number;
  /** In the row's unit. */
  readonly goalAtMost?: number;
}

export function printReport(rows: readonly Row[]): void {
  const lines = rows.map((row) => [
    row.name,
    quantity(row.ours, row.unit),
    row.peer === undefined ? "" : quantity(row.peer, row.unit),
    row.ratio === undefined ? "" : `${row.ratio.toFixed(2)}×`,
    goal(row),
    reached(row),
  ]);
  const all = [["", "ovsdb", "ovsdb-server", "ratio", "goal", ""], ...lines];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...all.map((line) => (line[column] ?? "").length)));
  for (const line of all) {
    const cells = line.map((text, column) => {
      const width = widths[column] ?? 0;
      return column === 0 || column > 3 ? text.padEnd(width) : text.padStart(width);
    });
    process.stdout.write(`${cells.join("  ").trimEnd()}\n`);
  }
}

function quantity(value: number, unit: Row["unit"]): string {
  const text = value < 10 ? value.toFixed(3) : value < 1000 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
  return unit === "/s" ? `${text}/s` : `${text} ${unit}`;
}

function goal({ goalRatio, goalAtMost, unit }: Row): string {
  if (goalRatio !== undefined) return `≥ ${goalRatio.toFixed(1)}×`;
  return goalAtMost === undefined ? "" : `≤ ${goalAtMost} ${unit}`;
}

function reached({ ours, ratio, goalRatio, goalAtMost }: Row): string {
  if (goalAtMost !== undefined) return ours <= goalAtMost ? "yes" : "no";
  if (goalRatio === undefined || ratio === undefined) return "";
  return ratio >= goalRatio ? "yes" : "no";
}
