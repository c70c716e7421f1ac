/**
 * The state machine of policies that move clients by themselves: wait for need and an open gate, enforce until the
 * attempt has ended, and back off the longer the more often it failed.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Outcome } from "./attempt.ts";
import { type ClosedGate, seconds } from "./kick-gate.ts";
import { steeringLimits } from "./limits.ts";
import { linkedBssids, type PolicyContext } from "./policy.ts";
import type { PolicyName } from "./policy-names.ts";
import { backoffAfter } from "./settings.ts";

export interface KickState {
  readonly phase: "idle" | "enforce" | "backoff";
  /** End of the back-off, monotonic ms. */
  readonly until: number | null;
  /** In a row. */
  readonly failures: number;
  /** The back-off is no failure's: there was nowhere to go, and steering during back-off would only ask again at once. */
  readonly recheck: boolean;
  /** BSSIDs that the client is to leave, while it enforces. */
  readonly from: readonly Mac[];
  /** Why it does not act although there is need; null: no need, or it acts. */
  readonly waits: ClosedGate | null;
}

export const idleKick: KickState = { phase: "idle", until: null, failures: 0, recheck: false, from: [], waits: null };

export interface KickNeed {
  readonly policy: PolicyName;
  /** Why the client is to be moved; null: it is not. */
  readonly need: string | null;
  readonly gate: ClosedGate | null;
  /** During back-off, too. */
  readonly duringBackoff: boolean;
}

export function tickKick(
  state: KickState,
  { policy, need, gate, duringBackoff }: KickNeed,
  context: PolicyContext,
): KickState {
  const { now } = context;
  switch (state.phase) {
    case "enforce":
      if (need !== null) return state;
      context.transition(policy, "enforce", "idle", "no need any more");
      return { ...state, phase: "idle", until: null, from: [], waits: null };
    case "backoff":
      if (state.until !== null && now >= state.until) {
        context.transition(policy, "backoff", "idle", "back-off is over");
        return tickKick({ ...state, phase: "idle", until: null }, { policy, need, gate, duringBackoff }, context);
      }
      if (!duringBackoff || need === null || state.recheck) {
        return { ...state, waits: need === null ? null : { why: "back-off is not over", until: state.until } };
      }
      return begin(state, need, gate);
    case "idle":
      return begin(state, need, gate);
  }

  function begin(from: KickState, why: string | null, closed: ClosedGate | null): KickState {
    if (why === null) return from.waits === null ? from : { ...from, waits: null };
    if (closed !== null) return { ...from, waits: closed };
    context.transition(policy, from.phase, "enforce", why);
    return {
      ...from,
      phase: "enforce",
      until: null,
      recheck: false,
      from: linkedBssids(context.snapshot),
      waits: null,
    };
  }
}

/** After an attempt of this policy. */
export function endKick(
  state: KickState,
  outcome: Outcome,
  { policy, ceiling }: { readonly policy: PolicyName; readonly ceiling: number },
  context: PolicyContext,
): KickState {
  const { now, settings } = context;
  if (state.phase !== "enforce" || outcome.policy !== policy) return state;
  switch (outcome.result) {
    case "moved":
    case "left":
      context.transition(policy, "enforce", "idle", `${outcome.result}: ${outcome.reason}`);
      return { ...idleKick };
    case "no alternatives":
    case "aborted":
      context.transition(policy, "enforce", "backoff", `${outcome.result}: ${outcome.reason}`);
      return { ...state, phase: "backoff", until: now + steeringLimits.recheck, recheck: true, from: [], waits: null };
    case "failed": {
      const failures = state.failures + 1;
      const wait = backoffAfter(failures, settings, ceiling);
      context.transition(policy, "enforce", "backoff", `${outcome.reason}; ${seconds(wait)}`);
      return { phase: "backoff", until: now + wait, failures, recheck: false, from: [], waits: null };
    }
  }
}
