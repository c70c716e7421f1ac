/**
 * Where a station has come from and gone to lately. Who walks to and fro between two access points, or cannot make up its mind, is
 * not sent after itself: two steers between the same two within minutes help nobody.
 */

import type { Mac } from "@opensync-ts/base/units";
import { steeringLimits } from "./limits.ts";
import type { StationSnapshot, SteeringInput } from "./model.ts";

export interface Move {
  readonly from: Mac;
  readonly to: Mac;
  /** Monotonic ms. */
  readonly at: number;
}

export interface Whereabouts {
  /** The latest last. */
  readonly moves: readonly Move[];
  readonly last: LastSeen | null;
}

interface LastSeen {
  readonly bssid: Mac;
  /** Since when it has been gone from there; null: it is there. */
  readonly leftAt: number | null;
  /** Where it said it would go. */
  readonly going: Mac | null;
}

export const unknownWhereabouts: Whereabouts = { moves: [], last: null };

/**
 * What is known after `inputs`: a Reassociation Request names where the station comes from, an accepted BTM request where it goes, and
 * among our own access points it is seen.
 */
export function follow(
  before: Whereabouts,
  inputs: readonly SteeringInput[],
  { links: [link] }: StationSnapshot,
  now: number,
): Whereabouts {
  let { moves, last } = before;
  for (const input of inputs) {
    if (input.type === "reassociation") moves = withMove(moves, { from: input.from, to: input.to, at: now });
    if (input.type === "btm response" && last !== null)
      last = { ...last, going: input.status === 0 ? input.target : null };
  }
  if (link === undefined) {
    if (last === null || last.leftAt !== null) return { moves, last };
    if (last.going !== null) moves = withMove(moves, { from: last.bssid, to: last.going, at: now });
    return { moves, last: { ...last, leftAt: now } };
  }
  const away = last?.leftAt == null ? 0 : now - last.leftAt;
  if (last !== null && last.bssid !== link.bssid && away < steeringLimits.attempt)
    moves = withMove(moves, { from: last.bssid, to: link.bssid, at: now });
  const stays = last?.bssid === link.bssid && last.leftAt === null;
  return { moves, last: stays ? last : { bssid: link.bssid, leftAt: null, going: null } };
}

/** What a station did since an attempt began is of its making, and does not speak against it. */
export function movesBefore({ moves }: Whereabouts, attempt: { readonly startedAt: number } | null): readonly Move[] {
  return attempt === null ? moves : moves.filter(({ at }) => at < attempt.startedAt);
}

/** `moves` and one more. Those too old to count are forgotten. */
export function withMove(moves: readonly Move[], move: Move): readonly Move[] {
  if (move.from === move.to) return moves;
  const recent = moves.filter(({ from, to, at }) => counts(at, move.at) && !(from === move.from && to === move.to));
  return [...recent, move].slice(-steeringLimits.moves);
}

interface Query {
  readonly moves: readonly Move[];
  readonly snapshot: StationSnapshot;
  readonly now: number;
}

/** Why the station is not to go to `bssid` again: it has come from there, or gone there, lately; null: it may. */
export function lately(
  bssid: Mac,
  { moves, snapshot, now }: Query,
): { readonly what: string; readonly ago: number } | null {
  const here = (mac: Mac) => snapshot.links.some((link) => link.bssid === mac);
  const last = moves.findLast(
    ({ from, to, at }) => counts(at, now) && ((from === bssid && here(to)) || (to === bssid && here(from))),
  );
  return last ? { what: last.from === bssid ? "came from there" : "went there", ago: now - last.at } : null;
}

function counts(at: number, now: number): boolean {
  return now - at < steeringLimits.returnHold;
}
