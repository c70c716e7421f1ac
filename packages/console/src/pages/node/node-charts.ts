/** A node's own load as charts. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { columns, type Values } from "../../ui/chart-data.ts";

export type NodeSeries = AnswerTo<"GET /locations/:location/series/nodes/:node">;
type Point = NodeSeries["points"][number];

interface Drawn {
  readonly label: string;
  readonly values: Values;
  readonly colour: string;
}

export interface NodeCharts {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  /** Percent. */
  readonly processor: readonly Drawn[];
  readonly memory: readonly Drawn[];
  /** °C. */
  readonly heat: readonly Drawn[];
}

export function nodeCharts({ points, step }: Pick<NodeSeries, "points" | "step">): NodeCharts {
  const read = (name: string) => (there: readonly Point[]) => there[0]?.values[name] ?? null;
  const memory = (there: readonly Point[]) => {
    const { memoryUsedKb: used, memoryTotalKb: total } = there[0]?.values ?? {};
    return used == null || total == null || total <= 0 ? null : (used / total) * 100;
  };
  const { times, values } = columns(points, step, [read("cpuPercent"), memory, read("celsius")]);
  const drawn = (label: string, index: number) => [{ label, values: values[index] ?? [], colour: "--accent" }];
  return { times, processor: drawn("processor", 0), memory: drawn("memory", 1), heat: drawn("hottest radio", 2) };
}
