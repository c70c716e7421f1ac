/** What became of a move: has it gone, has it stayed, is it better off? And what follows from that for the next one. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import * as limits from "../limits.ts";
import { presentOf } from "./assess.ts";
import type { OptimiserPolicy } from "./policy.ts";
import type { SnapshotClient } from "./snapshot.ts";
import type { ClientState, Move } from "./state.ts";
import type { View } from "./view.ts";

export type Result =
  /** It is there, and has more, as much, or less than before. */
  | "better"
  | "same"
  | "worse"
  /** It is where it was. */
  | "did not go"
  /** It went to another access point, which is no worse, or worse. */
  | "went elsewhere"
  | "went to a worse place"
  /** It was there, and is where it was. */
  | "came back"
  /** It was there, and is at a third one. */
  | "moved on"
  /** It is nowhere, or not known how well it is there. */
  | "not seen";

export interface Outcome {
  readonly result: Result;
  readonly move: Move;
  /** Mbit/s, as far as it wants; null where that is not known. */
  readonly scoreAfter: number | null;
  /** dB that it is heard better there than predicted. */
  readonly surpriseDb: number | null;
}

const failed: ReadonlySet<Result> = new Set(["worse", "did not go", "went to a worse place", "came back"]);
/** That do not go away by asking once more. */
const blocking: ReadonlySet<Result> = new Set(["worse", "came back"]);
/** So often in a row a client may not go before it is not asked to go there any more. */
const refusals = 3;

export function isFailure(result: Result): boolean {
  return failed.has(result);
}

export interface Progress {
  readonly known: ClientState;
  readonly outcome: Outcome | null;
}

/** `client`: undefined while the snapshot does not have it. */
export function progress(
  view: View,
  client: SnapshotClient | undefined,
  known: ClientState,
  policy: OptimiserPolicy,
): Progress {
  const { move } = known;
  if (!move) return { known, outcome: null };
  const now = view.snapshot.at;
  // A clock that was set back proves nothing: what it was about is over.
  const since = (at: number) => (now >= at ? now - at : Number.POSITIVE_INFINITY);
  const bssid = client?.bssid ?? null;
  const end = (result: Result, measured = false) => conclude(view, client, known, move, result, policy, measured);
  if (move.arrivedAt === null) {
    if (bssid === move.to) return { known: { ...known, move: { ...move, arrivedAt: now } }, outcome: null };
    if (bssid !== null && bssid !== move.from) return end("went elsewhere", true);
    if (since(move.askedAt) < policy.moveMs) return { known, outcome: null };
    // A report from before the question is no answer.
    return end(bssid === null || !client || client.at <= move.askedAt ? "not seen" : "did not go");
  }
  if (bssid === move.from) return end("came back");
  if (bssid !== null && bssid !== move.to) return end("moved on");
  if (since(move.arrivedAt) < policy.proofMs) return { known, outcome: null };
  return bssid === null ? end("not seen") : end("same", true);
}

function conclude(
  view: View,
  client: SnapshotClient | undefined,
  known: ClientState,
  move: Move,
  supposed: Result,
  policy: OptimiserPolicy,
  measured: boolean,
): Progress {
  const now = view.snapshot.at;
  const after = measured && client ? presentOf({ view, client, known, policy })?.prospect : undefined;
  const result = measured ? judged(supposed, move, after?.scoreMbps, policy) : supposed;
  const there = after?.bssid === move.to ? after : undefined;
  const surpriseDb = there ? there.rawDb - move.snrPredicted : null;
  const isFailed = failed.has(result);
  const failures = isFailed ? Math.min(1000, known.failures + 1) : result === "better" ? 0 : known.failures;
  const wait = isFailed
    ? Math.min(policy.longestBackoffMs, policy.firstBackoffMs * 2 ** Math.min(40, failures - 1))
    : policy.restMs;
  const blocks = blocking.has(result) || (result === "did not go" && failures >= refusals);
  const block = { from: move.from, to: move.to, until: now + policy.blockMs };
  const kept = known.blocked.filter(({ from, to, until }) => until > now && !(from === move.from && to === move.to));
  return {
    outcome: { result, move, scoreAfter: after?.scoreMbps ?? null, surpriseDb },
    known: {
      ...known,
      move: null,
      failures,
      notBefore: now + wait,
      blocked: blocks ? [...kept, block].slice(-limits.blockedPerClient) : kept,
      learned: surpriseDb === null ? known.learned : learn(known.learned, move.to, surpriseDb),
      placed: there && !isFailed ? move.to : result === "did not go" ? known.placed : null,
    },
  };
}

function judged(supposed: Result, move: Move, after: number | undefined, policy: OptimiserPolicy): Result {
  if (after === undefined) return "not seen";
  const harmed = after < move.scoreBefore * policy.harm;
  if (supposed === "went elsewhere") return harmed ? "went to a worse place" : supposed;
  return harmed ? "worse" : after * policy.harm > move.scoreBefore ? "better" : "same";
}

/** Half of the way to what was seen. */
function learn(learned: ClientState["learned"], bssid: Mac, surpriseDb: number): ClientState["learned"] {
  const before = learned.find((each) => each.bssid === bssid)?.offsetDb ?? 0;
  const offsetDb = Math.min(20, Math.max(-20, (before + surpriseDb) / 2));
  return [...learned.filter((each) => each.bssid !== bssid), { bssid, offsetDb }].slice(-limits.learnedPerClient);
}
