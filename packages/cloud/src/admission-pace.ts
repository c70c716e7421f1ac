/**
 * How many may be served at once, by how long turns of the event loop are: with nodes far away many can wait for the network at the same
 * time; with nodes that answer at once as many would fill one turn, and `echo` would have to wait. Pure.
 */

import * as limits from "./limits.ts";

/** `present`: how many were allowed; `lateMs`: by how much a timer came too late meanwhile. At most `most`. */
export function paced(present: number, lateMs: number, most: number): number {
  if (lateMs >= limits.longTurnMs) return Math.max(Math.min(limits.leastAtOnce, most), Math.floor(present / 2));
  return lateMs < limits.shortTurnMs ? Math.min(most, present + 1) : present;
}
