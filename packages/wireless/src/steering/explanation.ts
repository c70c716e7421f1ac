/** Why a station is steered as it is, as data. No secrets. */

import type { Mac } from "@opensync-ts/base/units";
import type { Attempt, Outcome } from "./attempt.ts";
import type { Preference } from "./candidates.ts";
import { evaluate } from "./evaluate.ts";
import type { Link, StationSnapshot } from "./model.ts";
import { movesBefore } from "./moves.ts";
import type { PolicyName } from "./policy-names.ts";
import type { ClientSettings } from "./settings.ts";
import type { SteeringState, Transition } from "./state.ts";

export interface CandidateExplanation {
  readonly bssid: Mac;
  /** null: of another node. */
  readonly vif: string | null;
  readonly band: string;
  readonly channel: number;
  readonly preference: Preference;
  /** The policy that decided. */
  readonly by: string;
  readonly reason: string;
  /** Place among those that would be offered, from 1; null: not offered. */
  readonly rank: number | null;
  /** Why it is available and yet not offered. */
  readonly leftOut: string | null;
}

export interface PolicyExplanation {
  readonly policy: PolicyName;
  /** State of its machine. */
  readonly state: string;
  /** Why it does not act, or what it waits for; null: nothing to say. */
  readonly word: string | null;
  /** What runs, ms from now. */
  readonly timer: number | null;
}

/** Times are ms before (`ago`) or after `at`, the monotonic time of the explanation. */
export interface Explanation {
  readonly station: Mac;
  readonly group: string;
  readonly at: number;
  readonly links: readonly Link[];
  readonly ppdusPerMinute: number | null;
  readonly candidates: readonly CandidateExplanation[];
  readonly policies: readonly PolicyExplanation[];
  readonly attempt: Attempt | null;
  readonly attempts: readonly Outcome[];
  readonly transitions: readonly Transition[];
  readonly snr: SteeringState["snr"];
  readonly blocked: readonly string[];
}

export function explain(
  snapshot: StationSnapshot,
  settings: ClientSettings,
  state: SteeringState,
  now: number,
): Explanation {
  const silent = { note: () => {}, transition: () => {} };
  const context = {
    snapshot,
    settings,
    now,
    lastKickAt: state.lastKickAt,
    moves: movesBefore(state.whereabouts, state.attempt),
    ...silent,
  };
  const { candidates, offer } = evaluate(state.policies, context);
  const ranks = new Map(offer.offered.map(({ bss }, index) => [bss.bssid, index + 1]));
  const leftOut = new Map(offer.leftOut.map(({ bssid, reason }) => [bssid, reason]));
  return {
    ...{ station: snapshot.station, group: snapshot.group, at: now, links: snapshot.links },
    ppdusPerMinute: snapshot.ppdusPerMinute,
    candidates: candidates.all.map(({ bss: { bssid, vif, band, channel }, preference, by, reason }) => ({
      ...{ bssid, vif, band, channel, preference, by, reason },
      rank: ranks.get(bssid) ?? null,
      leftOut: leftOut.get(bssid) ?? null,
    })),
    policies: policiesOf(state, now),
    attempt: state.attempt,
    attempts: state.attempts,
    transitions: state.transitions,
    snr: state.snr,
    blocked: state.blocked,
  };
}

function policiesOf({ policies }: SteeringState, now: number): readonly PolicyExplanation[] {
  const { vifDown, clientSteering, forceKick, lwm, hwm, bottomLwm, preAssoc, btmResponse } = policies;
  const left = (until: number | null | undefined) => (until == null ? null : Math.max(0, until - now));
  const kick = (policy: PolicyName, state: typeof hwm, level = ""): PolicyExplanation => ({
    ...{ policy, state: `${level}${state.phase}`, timer: left(state.until ?? state.waits?.until) },
    word: state.waits?.why ?? (state.failures > 0 ? `${state.failures} failures in a row` : null),
  });
  const rejects = preAssoc.rejects > 0 ? `${preAssoc.rejects} rejections on ${preAssoc.vif}` : null;
  return [
    kick("defer_vif_down_deny", vifDown),
    {
      ...{ policy: "cs_deny_filter", state: clientSteering.csState ?? "none", word: clientSteering.word },
      timer: left(clientSteering.until),
    },
    { policy: "force_kick", state: forceKick.phase, word: forceKick.word, timer: left(forceKick.until) },
    kick("snr_xing_lwm", lwm.kick, `${lwm.level} `),
    kick("hwm_2g", hwm),
    kick("snr_xing_bottom_lwm", bottomLwm.kick, `${bottomLwm.level} `),
    { policy: "pre_assoc", state: preAssoc.phase, word: rejects, timer: left(preAssoc.until) },
    {
      ...{ policy: "btm_response", state: btmResponse.list ? "list" : "none", timer: left(btmResponse.list?.until) },
      word:
        btmResponse.refusals.length > 0 ? `refused ${btmResponse.refusals.map(({ bssid }) => bssid).join(" ")}` : null,
    },
  ];
}
