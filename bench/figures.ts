/** Figures and how they are shown. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
  /** What a peer, or the reference implementation, takes for the same. */
  readonly reference?: string;
  /** Ours ÷ the peer's, both measured in this run. */
  readonly ratio?: number;
}

/** The value that `percent` of the sorted samples do not exceed. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** Processor time that the process takes for `step`, its helpers' included, ms: says the same on a busy machine. */
export async function processorTime(step: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await step();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The same of the calling thread alone. */
export async function threadTime(step: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await step();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

export function printFigures(figures: readonly Figure[]): void {
  const lines = figures.map((figure) => [
    figure.name,
    `${figure.value.toFixed(figure.value < 10 ? 2 : 1)} ${figure.unit}`,
    figure.goal ?? "",
    figure.reference ?? "",
    figure.ratio === undefined ? "" : figure.ratio.toFixed(2),
  ]);
  const all = [["figure", "ours", "goal", "reference", "ratio"], ...lines];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((line) => (line[column] ?? "").length)));
  for (const line of all) {
    process.stdout.write(
      `${line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
  }
}
