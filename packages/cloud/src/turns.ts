/** Whether one node's connections come from two devices in turn: somebody has copied an identity. Pure. */

import * as limits from "./limits.ts";

/** A connection that took another's place, from another address. */
export interface Turn {
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

/** `turns`: those before, of one node. */
export function withTurn(turns: readonly Turn[], turn: Turn): readonly Turn[] {
  const recent = turns.filter(({ at }) => turn.at - at < limits.duplicateWindowMs);
  return [...recent, turn].slice(-2 * limits.duplicateTurns);
}

/** The addresses of the two, where they go back and forth; undefined: they do not. A node whose address has changed moves once. */
export function duplicates(turns: readonly Turn[]): readonly string[] | undefined {
  if (turns.length < limits.duplicateTurns) return undefined;
  const back = turns.slice(1).every(({ from, to }, index) => turns[index]?.to === from && turns[index]?.from === to);
  const last = turns.at(-1);
  return back && last ? [last.from, last.to].sort() : undefined;
}

/** `ssl:10.0.0.7:40312` → `10.0.0.7` */
export function hostOf(peer: string): string {
  const rest = peer.slice(peer.indexOf(":") + 1);
  const end = rest.lastIndexOf(":");
  return end > 0 ? rest.slice(0, end) : rest;
}
