/** What puts a radio back that is not as it was told, in words. Pure. */

import type { NodeAnswer } from "./row-words.ts";

export type RadioFault = NodeAnswer["faults"][number];

/** `channel 99 → unset` */
export function undoText({ set, guard }: NonNullable<RadioFault["undo"]>): string {
  const text = (value: string | number | boolean | null | undefined) => (value == null ? "unset" : String(value));
  return Object.keys(set)
    .map((column) => `${column} ${text(guard[column])} → ${text(set[column])}`)
    .join(", ");
}
