/**
 * Before association (`pre_assoc`): access points on lower bands refuse a client that could use a higher one, until it has
 * been refused for long or often enough; then it is let in for a while.
 *
 * | state | event | to |
 * |---|---|---|
 * | blocking | first rejection | rejecting |
 * | rejecting | limit, time-out, weak signal, Authentication frame that may pass | backoff |
 * | backoff | time is up | blocking |
 * | any | connects | blocking, dormant until it has gone |
 */

import type { Band } from "@opensync-ts/target/radio";
import { type CandidateList, isOpen } from "../candidates.ts";
import { seconds } from "../kick-gate.ts";
import { steeringLimits } from "../limits.ts";
import { type Bss, canUse, type StationSnapshot, type SteeringInput } from "../model.ts";
import { earliest, isLocal, type Policy, type PolicyContext } from "../policy.ts";
import { backoffAfter, type ClientSettings } from "../settings.ts";
import { whyDisarmed } from "./filters.ts";

export interface PreAssocState {
  readonly phase: "off" | "blocking" | "rejecting" | "backoff";
  /** What the settings were that it works by. */
  readonly plan: PreAssocPlan | null;
  readonly rejects: number;
  /** End of the phase, monotonic ms. */
  readonly until: number | null;
  /** Times in a row that it was let in and took it: how long it is let in grows with it. */
  readonly backoffs: number;
  /** The client was let in on its Authentication frame, and has so long to associate. */
  readonly bypassUntil: number | null;
  readonly bypassFailures: number;
  /** The access point that rejects, or that it was let in on. */
  readonly vif: string | null;
}

/** Which bands are held back in favour of which; by value. */
export interface PreAssocPlan {
  readonly held: readonly Band[];
  readonly preferred: readonly Band[];
  readonly timeout: number;
  readonly maxRejects: number;
  readonly hwm: number | null;
}

const start: PreAssocState = {
  phase: "off",
  plan: null,
  rejects: 0,
  until: null,
  backoffs: 0,
  bypassUntil: null,
  bypassFailures: 0,
  vif: null,
};

export const preAssoc: Policy<PreAssocState> = {
  start,
  on(state, event, context) {
    switch (event.type) {
      case "probe":
        return counts(event, context.settings) ? onRejection(state, event.vif, event.snr, context) : state;
      case "auth":
        return onAuthentication(state, event.vif, context);
      case "connected":
        return onConnected(state, event.vif, context);
      default:
        return state;
    }
  },
  tick(state, context) {
    const { now } = context;
    const plan = planOf(context);
    if (!samePlan(plan, state.plan)) return restart(state, plan, context);
    if (state.bypassUntil !== null && now >= state.bypassUntil)
      return tickPhase({ ...state, bypassUntil: null, bypassFailures: state.bypassFailures + 1 }, context);
    return tickPhase(state, context);
  },
  due: ({ until, bypassUntil }) => earliest(until, bypassUntil),
};

/** The last way in is never blocked. */
export function editPreAssoc(list: CandidateList, { phase, plan }: PreAssocState, { snapshot }: PolicyContext): void {
  if (plan === null || phase === "off") return;
  const held = list.all.filter(({ bss }) => isLocal(snapshot, bss) && plan.held.includes(bss.band));
  const other = list.all.some((one) => isOpen(one) && isPreferred(one.bss, plan, snapshot));
  if (phase === "backoff" || !other) {
    const reason = phase === "backoff" ? "let in after rejections" : "there is no other band for it";
    for (const { bss } of held) list.set(bss.bssid, "AVAILABLE", "pre_assoc", reason);
    return;
  }
  for (const { bss } of held) {
    const reason = `${plan.preferred.join(" or ")} is preferred`;
    list.set(bss.bssid, "SOFT_BLOCKED", "pre_assoc", reason);
  }
  for (const { bss } of list.all)
    if (isLocal(snapshot, bss)) list.set(bss.bssid, "AVAILABLE", "pre_assoc", "preferred");
}

/** null: nothing is held back. */
function planOf({ snapshot, settings }: PolicyContext): PreAssocPlan | null {
  const { pref5g, pref6g, maxRejects, hwm } = settings;
  if (snapshot.mlo || snapshot.groupMlo || whyDisarmed(snapshot) !== null) return null;
  const local = snapshot.bsses.filter((bss) => isLocal(snapshot, bss));
  const dfs = local.some((bss) => bss.band === "5G" && bss.dfs);
  const to5g = pref5g !== "never" && !(pref5g === "nonDFS" && dfs);
  const to6g = pref6g === "always" && snapshot.channels.bands.includes("6G") && local.some(({ band }) => band === "6G");
  if (to6g) {
    const plan = { held: ["2.4G", "5G"], preferred: ["6G"], timeout: settings.blockTimeout6g, maxRejects } as const;
    return { ...plan, hwm: null };
  }
  if (!to5g || !local.some(({ band }) => band === "2.4G")) return null;
  const threshold = pref5g === "hwm" ? (hwm ?? defaultHwm) : null;
  return { held: ["2.4G"], preferred: ["5G", "6G"], timeout: settings.blockTimeout, maxRejects, hwm: threshold };
}

/** dB; by the guide. */
const defaultHwm = 30;

/** A neighbour counts, too. */
function isPreferred(bss: Bss, { preferred }: PreAssocPlan, { channels }: StationSnapshot): boolean {
  return preferred.includes(bss.band) && canUse(channels, bss) !== "no";
}

function counts(
  probe: Extract<SteeringInput, { type: "probe" }>,
  { rejectDetection, probeSnr }: ClientSettings,
): boolean {
  if (probe.snr < probeSnr || rejectDetection === "auth") return false;
  if (rejectDetection === "probe_null") return probe.broadcast;
  return rejectDetection === "probe_all" || !probe.broadcast;
}

function onRejection(state: PreAssocState, vif: string, snr: number | null, context: PolicyContext): PreAssocState {
  const { plan } = state;
  const active = state.phase === "blocking" || state.phase === "rejecting";
  if (plan === null || !active || context.snapshot.links.length > 0 || !holds(vif, plan, context.snapshot))
    return state;
  const rejects = state.rejects + 1;
  const next = { ...state, rejects, vif };
  if (plan.maxRejects > 0 && rejects >= plan.maxRejects) return backOff(next, `${rejects} rejections`, true, context);
  if (plan.hwm !== null && snr !== null && snr < plan.hwm)
    return backOff(next, `SNR ${snr} dB is below ${plan.hwm} dB`, true, context);
  if (state.phase === "rejecting") return next;
  context.note({ type: "attempt", vif });
  context.transition("pre_assoc", "blocking", "rejecting", `on ${vif}`);
  return { ...next, phase: "rejecting", until: context.now + rejectingTime(plan, context.settings) };
}

/** Whichever of the time-outs that are set is shorter. */
function rejectingTime(plan: PreAssocPlan, { rejectsTimeout }: ClientSettings): number {
  const times = [plan.timeout, plan.maxRejects > 0 ? rejectsTimeout : 0].filter((time) => time > 0);
  return Math.min(steeringLimits.longestPreAssocBlock, ...times);
}

function onAuthentication(state: PreAssocState, vif: string, context: PolicyContext): PreAssocState {
  const { settings, now, snapshot } = context;
  const { plan } = state;
  if (plan === null || state.phase === "backoff" || snapshot.links.length > 0) return state;
  if (!holds(vif, plan, snapshot)) return state;
  if (settings.authBlock) return settings.rejectDetection === "auth" ? onRejection(state, vif, null, context) : state;
  const letIn = backOff({ ...state, vif }, "it sent an Authentication frame", false, context);
  return { ...letIn, bypassUntil: now + steeringLimits.authBypass };
}

function onConnected(state: PreAssocState, vif: string, context: PolicyContext): PreAssocState {
  const { plan, phase } = state;
  if (plan === null) return state;
  if (phase === "backoff" && state.vif !== null)
    context.note({ type: "backoff", vif: state.vif, enabled: false, period: 0 });
  const backoffs = holds(vif, plan, context.snapshot) ? state.backoffs + (phase === "backoff" ? 1 : 0) : 0;
  if (phase !== "blocking") context.transition("pre_assoc", phase, "blocking", `connected to ${vif}`);
  return { ...state, phase: "blocking", rejects: 0, until: null, bypassUntil: null, backoffs, vif: null };
}

function tickPhase(state: PreAssocState, context: PolicyContext): PreAssocState {
  if (state.until === null || context.now < state.until) return state;
  if (state.phase === "rejecting") return backOff(state, "rejected for long enough", true, context);
  context.transition("pre_assoc", state.phase, "blocking", "back-off is over");
  return { ...state, phase: "blocking", rejects: 0, until: null };
}

function backOff(state: PreAssocState, why: string, tell: boolean, context: PolicyContext): PreAssocState {
  const { settings, now } = context;
  const wait = backoffAfter(state.backoffs + 1, settings);
  context.transition("pre_assoc", state.phase, "backoff", `${why}; ${seconds(wait)}`);
  if (tell && state.vif !== null)
    context.note({ type: "backoff", vif: state.vif, enabled: true, period: Math.round(wait / 1_000) });
  return { ...state, phase: "backoff", rejects: 0, until: now + wait };
}

function restart(state: PreAssocState, plan: PreAssocPlan | null, context: PolicyContext): PreAssocState {
  const phase = plan === null ? "off" : "blocking";
  if (state.phase !== phase)
    context.transition("pre_assoc", state.phase, phase, plan ? "configured" : "not configured");
  return { ...start, phase, plan };
}

function holds(vif: string, { held }: PreAssocPlan, snapshot: StationSnapshot): boolean {
  return snapshot.bsses.some((bss) => bss.vif === vif && isLocal(snapshot, bss) && held.includes(bss.band));
}

function samePlan(a: PreAssocPlan | null, b: PreAssocPlan | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
