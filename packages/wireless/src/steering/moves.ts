/**
 * Where a station has come from lately. Who walks to and fro between two access points, or cannot make up its mind, is not
 * sent back at once: two steers between the same two within minutes help nobody.
 */

import type { Mac } from "@opensync-ts/base/units";
import { steeringLimits } from "./limits.ts";
import type { StationSnapshot } from "./model.ts";

export interface Move {
  readonly from: Mac;
  readonly to: Mac;
  /** Monotonic ms. */
  readonly at: number;
}

/** `moves` and one more. Those too old to count are forgotten. */
export function withMove(moves: readonly Move[], move: Move): readonly Move[] {
  const recent = moves.filter(({ from, to, at }) => counts(at, move.at) && !(from === move.from && to === move.to));
  return [...recent, move].slice(-steeringLimits.moves);
}

/** How long ago (ms) the station came to one of its links from `bssid`; null: not lately. */
export function cameFrom(
  bssid: Mac,
  {
    moves,
    snapshot,
    now,
  }: { readonly moves: readonly Move[]; readonly snapshot: StationSnapshot; readonly now: number },
): number | null {
  const here = (to: Mac) => snapshot.links.some((link) => link.bssid === to);
  const last = moves.findLast(({ from, to, at }) => from === bssid && here(to) && counts(at, now));
  return last ? now - last.at : null;
}

function counts(at: number, now: number): boolean {
  return now - at < steeringLimits.returnHold;
}
