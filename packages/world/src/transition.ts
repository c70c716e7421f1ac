/**
 * BSS transition management (IEEE 802.11-2020 §11.21.7) on the client's side: what it answers to a request, and what it then
 * really does. Pure: chance comes in as `dice`.
 */

import type { Mac } from "@opensync-ts/base/units";
import { type Candidate, type Habits, score } from "./choice.ts";
import type { Manners } from "./device-class.ts";

export interface TransitionCandidate {
  readonly bssid: Mac;
  /** 1 to 255, higher is better; 0: to be kept off; `null`: the list does not say. */
  readonly preference: number | null;
}

export interface TransitionRequest {
  /** Dialog token. */
  readonly token: number;
  readonly candidates: readonly TransitionCandidate[];
  /** What is not listed is to be kept off. */
  readonly abridged: boolean;
  readonly disassociationImminent: boolean;
}

export const transitionStatus = {
  accept: 0,
  rejectUnspecified: 1,
  insufficientBeacons: 2,
  insufficientCapacity: 3,
  terminationUndesired: 4,
  terminationDelayRequested: 5,
  candidatesProvided: 6,
  noSuitableCandidates: 7,
  leavingEss: 8,
} as const;

export interface TransitionAnswer {
  readonly token: number;
  /** Status code, table 9-428. */
  readonly status: number;
  /** Where it says that it goes; with `accept` only. */
  readonly target: Mac | null;
  /** Its own, best first; with `candidatesProvided` only. */
  readonly candidates: readonly TransitionCandidate[];
}

export interface TransitionPlan {
  /** `null`: it says nothing. */
  readonly answer: TransitionAnswer | null;
  /** Where it really goes; `null`: it stays. */
  readonly move: Mac | null;
}

export interface TransitionCase {
  readonly request: TransitionRequest;
  readonly current: Candidate;
  /** All that it hears and knows, the current one included or not. */
  readonly heard: readonly Candidate[];
  readonly manners: Manners;
  readonly habits: Habits;
}

/** `dice` gives numbers in [0, 1); always as many are taken, whatever comes of it. */
export function planTransition(situation: TransitionCase, dice: () => number): TransitionPlan {
  const { request, manners } = situation;
  const [ignoring, accepting, rejecting, staying, straying] = [dice(), dice(), dice(), dice(), dice()];
  const bound = request.disassociationImminent && manners.honoursImminent;
  if (!bound && ignoring < manners.ignore) return { answer: null, move: null };
  const own = ownBest(situation);
  const target = manners.choice === "preferred" ? preferred(situation) : ownTarget(situation, own, bound);
  const { token } = request;
  if (!target) return { answer: rejection(token, transitionStatus.noSuitableCandidates, []), move: null };
  if (!bound && accepting >= manners.accept) {
    const status = drawn(manners.rejections, rejecting);
    return { answer: rejection(token, status, status === transitionStatus.candidatesProvided ? own : []), move: null };
  }
  const answer: TransitionAnswer = { token, status: transitionStatus.accept, target: target.bssid, candidates: [] };
  if (staying < manners.stays) return { answer, move: null };
  const elsewhere = straying < manners.elsewhere ? own.find(({ bssid }) => bssid !== target.bssid) : undefined;
  return { answer, move: (elsewhere ?? target).bssid };
}

/** Others that are strong enough, and that the list does not keep it off, best first by its own judgement. */
function ownBest({ request, current, heard, manners, habits }: TransitionCase): readonly Candidate[] {
  const excluded = new Set(request.candidates.filter(({ preference }) => preference === 0).map(({ bssid }) => bssid));
  return heard
    .filter(
      ({ bssid, rssi, priority }) =>
        bssid !== current.bssid &&
        rssi >= manners.minimumSignal &&
        priority >= current.priority &&
        !excluded.has(bssid),
    )
    .sort((a, b) => score(b, habits) - score(a, habits) || (a.bssid < b.bssid ? -1 : 1));
}

/** The most preferred of the list that it can use; without a list, its own best. */
function preferred(situation: TransitionCase): Candidate | null {
  const { request } = situation;
  const usable = ownBest(situation);
  if (request.candidates.length === 0) return usable[0] ?? null;
  const wishes = new Map(request.candidates.map(({ bssid, preference }) => [bssid, preference ?? 1]));
  const listed = usable.filter(({ bssid }) => wishes.has(bssid));
  // The sort is stable: of equal wishes its own judgement decides.
  return listed.sort((a, b) => (wishes.get(b.bssid) ?? 0) - (wishes.get(a.bssid) ?? 0))[0] ?? null;
}

/** The list only narrows its choice, where it is abridged. One that is about to be sent away takes less than it would like. */
function ownTarget(situation: TransitionCase, own: readonly Candidate[], bound: boolean): Candidate | null {
  const { request, current, manners, habits } = situation;
  const listed = new Set(request.candidates.map(({ bssid }) => bssid));
  const open = request.abridged && listed.size > 0 ? own.filter(({ bssid }) => listed.has(bssid)) : own;
  const [first] = open;
  if (!first) return null;
  return bound || score(first, habits) >= score(current, habits) + manners.gain ? first : null;
}

function rejection(token: number, status: number, candidates: readonly Candidate[]): TransitionAnswer {
  return {
    token,
    status,
    target: null,
    candidates: candidates.slice(0, maxOwnCandidates).map(({ bssid }, index) => ({ bssid, preference: 255 - index })),
  };
}

/** Candidates that a client lists itself. */
const maxOwnCandidates = 8;

/** A status by its weight; `at` in [0, 1). */
function drawn(weights: Readonly<Record<string, number>>, at: number): number {
  const entries = Object.entries(weights);
  let left = at * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [status, weight] of entries) {
    left -= weight;
    if (left < 0) return Number(status);
  }
  return transitionStatus.rejectUnspecified;
}
