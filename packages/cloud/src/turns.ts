/** Whether one node's connections come from two devices in turn: somebody has copied an identity. Pure. */

import * as limits from "./limits.ts";

/** A connection that took another's place while that one still stood. */
export interface Turn {
  readonly at: number;
  /** As `ssl:10.0.0.7:40312`. */
  readonly from: string;
  readonly to: string;
}

/** `turns`: those before, of one node. */
export function withTurn(turns: readonly Turn[], turn: Turn): readonly Turn[] {
  const recent = turns.filter(({ at }) => turn.at - at < limits.duplicateWindowMs);
  return [...recent, turn].slice(-2 * limits.duplicateTurns);
}

/**
 * The addresses of the two, where they go back and forth; undefined: they do not. A node whose address has changed moves once. Behind one
 * address (two devices behind a NAT) nothing but how often it happens tells them from a node whose line breaks without a word.
 */
export function duplicates(turns: readonly Turn[]): readonly string[] | undefined {
  const last = turns.at(-1);
  if (!last || turns.length < limits.duplicateTurns) return undefined;
  const hosts = turns.map(({ from, to }) => [hostOf(from), hostOf(to)] as const);
  if (hosts.every(([from, to]) => from === to)) {
    return turns.length >= limits.duplicateTurnsAtOneAddress ? [last.from, last.to] : undefined;
  }
  const back = hosts.slice(1).every(([from, to], index) => hosts[index]?.[1] === from && hosts[index]?.[0] === to);
  return back ? [hostOf(last.from), hostOf(last.to)].sort() : undefined;
}

/** `ssl:10.0.0.7:40312` → `10.0.0.7` */
function hostOf(peer: string): string {
  const rest = peer.slice(peer.indexOf(":") + 1);
  const end = rest.lastIndexOf(":");
  return end > 0 ? rest.slice(0, end) : rest;
}
