/**
 * A kick that the cloud asked for (`force_kick`): speculative, away from where the client is; directed, to the BSS of
 * `sc_btm_params`, or where there is none, as speculative. One shot for each time that the column changes.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Outcome } from "../attempt.ts";
import { type CandidateList, isOpen } from "../candidates.ts";
import { closedGate } from "../kick-gate.ts";
import { steeringLimits } from "../limits.ts";
import { blockLinks, earliest, linkedBssids, type Policy, type PolicyContext } from "../policy.ts";
import type { ClientSettings } from "../settings.ts";
import { whyDisarmed } from "./filters.ts";

export interface ForceKickState {
  /** The column as it was last seen. */
  readonly seen: ClientSettings["forceKick"];
  readonly phase: "idle" | "waiting" | "enforce";
  /** End of the phase, monotonic ms. */
  readonly until: number | null;
  /** When what it waits for may be over. */
  readonly look: number | null;
  readonly kind: ClientSettings["forceKick"];
  /** Of a directed kick. */
  readonly target: Mac | null;
  readonly from: readonly Mac[];
  /** Why it waits, or how the last one ended. */
  readonly word: string | null;
}

const idleForceKick: ForceKickState = {
  seen: "none",
  phase: "idle",
  until: null,
  look: null,
  kind: "none",
  target: null,
  from: [],
  word: null,
};

export const forceKick: Policy<ForceKickState> = {
  start: idleForceKick,
  on(state, event, context) {
    if (event.type !== "attempt ended" || state.phase !== "enforce") return state;
    // One of the other kind was given up for this.
    if (event.outcome.policy !== forceKickPolicy(state)) return state;
    return finish(state, `${event.outcome.result}: ${event.outcome.reason}`, context);
  },
  tick(state, context) {
    const asked = context.settings.forceKick;
    const seen = { ...state, seen: asked };
    if (asked !== state.seen && asked !== "none") return wait(begin(seen, asked, context), context);
    if (asked !== state.seen && state.phase === "waiting") return finish(seen, "called off", context);
    return wait(seen, context);
  },
  due: ({ until, look }) => earliest(until, look),
};

export function isOurs({ policy }: Outcome): boolean {
  return policy === "force_kick" || policy === "cs_kick_filter";
}

/** Which of the two policies has it: above all filters of client steering, or among them. */
export function forceKickPolicy({ kind }: ForceKickState): "cs_kick_filter" | "force_kick" {
  return kind === "directed" ? "cs_kick_filter" : "force_kick";
}

/** As reports tell it. */
export function forceKickSource({ kind }: ForceKickState): "directed" | "speculative" {
  return kind === "directed" ? "directed" : "speculative";
}

export function editForceKick(
  policy: "cs_kick_filter" | "force_kick",
  list: CandidateList,
  state: ForceKickState,
): void {
  if (state.phase !== "enforce" || forceKickPolicy(state) !== policy) return;
  const { target, from } = state;
  if (target !== null) {
    const there = list.get(target);
    if (!there || !isOpen(there)) return;
    list.set(target, "AVAILABLE", policy, "the target of a directed kick");
    for (const { bss } of list.all) list.set(bss.bssid, "HARD_BLOCKED", policy, "not the target of a directed kick");
    return;
  }
  const leaving = new Set(from);
  if (!list.all.some((candidate) => isOpen(candidate) && !leaving.has(candidate.bss.bssid))) return;
  blockLinks(list, from, policy, "the cloud wants it elsewhere");
}

function begin(state: ForceKickState, kind: ForceKickState["kind"], context: PolicyContext): ForceKickState {
  const { snapshot, settings, now } = context;
  const { client } = settings;
  const refuse = (why: string): ForceKickState => {
    context.transition("force_kick", state.phase, "idle", `${kind}: ${why}`);
    return { ...state, phase: "idle", until: null, word: `${kind}: ${why}` };
  };
  if (snapshot.links.length === 0) return refuse("not connected");
  const disarmed = whyDisarmed(snapshot);
  if (disarmed !== null) return refuse(disarmed);
  if (client.ladder === null) return refuse("sc_kick_type is none");
  const target = kind === "directed" ? client.btm.target : null;
  if (target !== null && linkedBssids(snapshot).includes(target)) return refuse("it is there already");
  context.transition("force_kick", state.phase, "waiting", kind);
  return { ...state, phase: "waiting", kind, target, until: now + steeringLimits.forceKickIdleWait, word: null };
}

/** For an idle client, where the row says so; then for the end. */
function wait(state: ForceKickState, context: PolicyContext): ForceKickState {
  const { settings, snapshot, now } = context;
  const late = state.until !== null && now >= state.until;
  if (state.phase === "enforce" && late) return finish(state, "time is up", context);
  if (state.phase !== "waiting") return state;
  if (snapshot.links.length === 0) return finish(state, "it has gone", context);
  const gate = closedGate(settings.client, context);
  if (gate !== null && late) return finish(state, `failed: ${gate.why}`, context);
  if (gate !== null) return { ...state, word: gate.why, look: gate.until };
  context.transition("force_kick", "waiting", "enforce", state.kind);
  const from = linkedBssids(snapshot);
  return {
    ...state,
    phase: "enforce",
    until: now + steeringLimits.attempt + steeringLimits.recheck,
    from,
    look: null,
    word: null,
  };
}

function finish(state: ForceKickState, why: string, context: PolicyContext): ForceKickState {
  context.transition("force_kick", state.phase, "idle", why);
  return { ...idleForceKick, seen: state.seen, word: why };
}
