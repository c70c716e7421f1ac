/** Lines between nodes, which clients keep off: whoever stands on one seems to hang on it. Pure. */

import type { Graph } from "./graph.ts";
import { clientRadius, type Point } from "./places.ts";

/** A client's middle is no nearer to a line where there is room. */
export const clearance = clientRadius + 16;

export interface Cable {
  readonly from: string;
  readonly to: string;
}

export function cablesOf({ lines }: Graph): readonly Cable[] {
  return lines.filter(({ to }) => to.startsWith("node ")).map(({ from, to }) => ({ from, to }));
}

/** From the nearest point of the line to `point`: its length, and its direction; of what stands on the line itself, `side` decides. */
export function awayFrom(a: Point, b: Point, point: Point, side: 1 | -1): { distance: number; x: number; y: number } {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return { distance: Number.POSITIVE_INFINITY, x: 0, y: 0 };
  const along = Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length ** 2));
  const [x, y] = [point.x - a.x - along * dx, point.y - a.y - along * dy];
  const distance = Math.hypot(x, y);
  if (distance < 0.5) return { distance, x: (-dy / length) * side, y: (dx / length) * side };
  return { distance, x: x / distance, y: y / distance };
}
