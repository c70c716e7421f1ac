/**
 * One condition of one thing, from observation to observation: it must last to become an alert, and be over for a while to end one.
 *
 * | state        | over                                  | between    | under                              |
 * |--------------|---------------------------------------|------------|------------------------------------|
 * | (none)       | `PENDING`, `RAISED` where nothing is waited for | -  | -                                  |
 * | `PENDING`    | `RAISED` once it has lasted           | (none)     | (none)                             |
 * | `RAISED`     | -                                     | -          | `RECOVERING`, (none) where nothing is waited for |
 * | `RECOVERING` | `RAISED`                              | `RAISED`   | (none) once it has lasted          |
 *
 * What nobody observes for a while has not lasted: a pending one begins anew. Pure.
 */

import * as limits from "../limits.ts";

export type Observation = "over" | "between" | "under";
export type Phase = "PENDING" | "RAISED" | "RECOVERING";

export interface Condition {
  readonly phase: Phase;
  /** Since when it is in this phase. */
  readonly since: number;
  readonly observedAt: number;
}

export interface Rule {
  /** How long it must be over to be an alert, and under to be none any more. */
  readonly raiseMs: number;
  readonly clearMs: number;
}

export interface Step {
  /** Undefined: nothing is wrong. */
  readonly state: Condition | undefined;
  readonly change: "raise" | "clear" | null;
}

/** `since`: when it began, where that is known to be earlier than now. */
export function step(
  state: Condition | undefined,
  observation: Observation,
  now: number,
  rule: Rule,
  since: number = now,
): Step {
  const enter = (phase: Phase, from: number): Condition => ({ phase, since: from, observedAt: now });
  const same = (condition: Condition): Condition => ({ ...condition, observedAt: now });
  switch (state?.phase) {
    case undefined:
      if (observation !== "over") return { state: undefined, change: null };
      return pending(enter("PENDING", Math.min(since, now)), now, rule);
    case "PENDING": {
      if (observation !== "over") return { state: undefined, change: null };
      const isGap = now - state.observedAt > limits.observationGapMs;
      return pending(isGap ? enter("PENDING", now) : same(state), now, rule);
    }
    case "RAISED":
      if (observation !== "under") return { state: same(state), change: null };
      if (rule.clearMs <= 0) return { state: undefined, change: "clear" };
      return { state: enter("RECOVERING", now), change: null };
    case "RECOVERING":
      if (observation !== "under") return { state: enter("RAISED", now), change: null };
      if (now - state.since < rule.clearMs) return { state: same(state), change: null };
      return { state: undefined, change: "clear" };
  }
}

function pending(condition: Condition, now: number, rule: Rule): Step {
  if (now - condition.since < rule.raiseMs) return { state: condition, change: null };
  return { state: { phase: "RAISED", since: now, observedAt: now }, change: "raise" };
}
