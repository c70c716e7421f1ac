/** What a client said in answer to BTM requests: where it would rather go, and what it will not have again. */

import type { Mac } from "@opensync-ts/base/units";
import type { Attempt } from "../attempt.ts";
import type { CandidateList } from "../candidates.ts";
import { steeringLimits } from "../limits.ts";
import type { SteeringInput } from "../model.ts";
import { earliest, type PolicyContext } from "../policy.ts";
import type { Refusal } from "../ranking.ts";

export interface BtmResponseState {
  /** Candidates of its own list, and until when it counts (monotonic ms). */
  readonly list: { readonly bssids: readonly Mac[]; readonly until: number } | null;
  readonly refusals: readonly Refusal[];
}

export const noResponses: BtmResponseState = { list: null, refusals: [] };

/** Preference 0 stands for a BSS that is excluded (IEEE 802.11-2020 §9.4.2.36). */
const excluded = 0;

/** `attempt`: whose request it may answer. Answers to nothing are nothing. */
export function onBtmResponse(
  state: BtmResponseState,
  input: Extract<SteeringInput, { type: "btm response" }>,
  attempt: Attempt | null,
  now: number,
): BtmResponseState {
  if (attempt === null || input.token !== attempt.token || attempt.status !== null) return state;
  const listed = input.candidates.filter(({ preference }) => preference !== excluded).map(({ bssid }) => bssid);
  const list =
    listed.length > 0
      ? { bssids: listed.slice(0, steeringLimits.btmNeighbors), until: now + steeringLimits.btmResponseList }
      : null;
  if (input.status === 0) return { ...state, list };
  const refused = attempt.offered.filter((bssid) => !listed.includes(bssid));
  const until = now + steeringLimits.btmRefusal;
  const kept = state.refusals.filter((one) => one.until > now && !refused.includes(one.bssid));
  const refusals = [...kept, ...refused.map((bssid) => ({ bssid, until }))].slice(-steeringLimits.candidates);
  return { list, refusals };
}

export function tickBtmResponse(state: BtmResponseState, now: number): BtmResponseState {
  const stale = state.refusals.some(({ until }) => until <= now) || (state.list !== null && state.list.until <= now);
  if (!stale) return state;
  const list = state.list !== null && state.list.until > now ? state.list : null;
  return { list, refusals: state.refusals.filter(({ until }) => until > now) };
}

export function btmResponseDue({ list, refusals }: BtmResponseState): number | null {
  return earliest(list?.until ?? null, ...refusals.map(({ until }) => until));
}

export function editBtmResponse(list: CandidateList, state: BtmResponseState, { settings }: PolicyContext): void {
  const { list: listed } = state;
  if (!listed || !settings.filterByBtmStatus) return;
  for (const { bss } of list.all)
    if (!listed.bssids.includes(bss.bssid))
      list.set(bss.bssid, "OUT_OF_SCOPE", "btm_response", "not among those that the client named");
}
