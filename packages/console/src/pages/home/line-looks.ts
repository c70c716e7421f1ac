/** How lines of the map look, there and in its legend: what they mean is told by more than their colour. Pure. */

import type { Line } from "./graph.ts";

export interface LineLook {
  /** Lengths of dashes and gaps, px; empty: drawn through. With round ends, so that the shortest dashes are dots. */
  readonly dashes: readonly number[];
  /** In the middle of it; null: none. */
  readonly sign: "?" | "×" | null;
  /** It is no thinner, px. */
  readonly leastWidth: number;
}

const plain: LineLook = { dashes: [], sign: null, leastWidth: 0 };
export const weakLook: LineLook = { dashes: [11, 8], sign: null, leastWidth: 0 };
const dotted = { dashes: [0.1, 7], leastWidth: 3 } as const;
export const unknownLook: LineLook = { ...dotted, sign: "?" };
export const downLook: LineLook = { ...dotted, sign: "×" };

export function lookOf({ isDown, isUnknown, isWeak }: Pick<Line, "isDown" | "isUnknown" | "isWeak">): LineLook {
  if (isDown) return downLook;
  if (isUnknown) return unknownLook;
  return isWeak ? weakLook : plain;
}
