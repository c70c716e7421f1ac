/**
 * Client steering (`cs_mode`): for a while the client may be on the access points of this node on one band only (`home`),
 * or on none of them (`away`). Others refuse it; it is moved by `force_kick` only.
 */

import { bandOf } from "@opensync-ts/target/channels";
import type { CandidateList } from "../candidates.ts";
import { steeringLimits } from "../limits.ts";
import type { Bss } from "../model.ts";
import { isLocal, type Policy, type PolicyContext } from "../policy.ts";
import type { ClientSettings, SteeringBand } from "../settings.ts";
import { whyDisarmed } from "./filters.ts";
import { isOurs } from "./force-kick.ts";

export type CsState = "none" | "steering" | "expired" | "failed";

export interface ClientSteeringState {
  /** The mode as it was last seen, with its parameters. */
  readonly seen: ClientSettings["clientSteering"];
  /** What `cs_state` is to say; null: nothing was asked for yet. */
  readonly csState: CsState | null;
  /** End of the period, monotonic ms; null: not steering. */
  readonly until: number | null;
  readonly word: string | null;
}

const off = { mode: "off", band: null, period: 0, round: 0 } as const;

/** `ended`: the row says that what it asks for is over already. */
export function clientSteeringStart(ended: ClientSettings["clientSteering"] | null): ClientSteeringState {
  return { seen: ended ?? off, csState: null, until: null, word: null };
}

export const clientSteering: Policy<ClientSteeringState> = {
  start: clientSteeringStart(null),
  on(state, event, context) {
    if (event.type !== "attempt ended" || state.until === null || !isOurs(event.outcome)) return state;
    const { result, reason } = event.outcome;
    if (result !== "failed" && result !== "no alternatives") return state;
    return finish(state, "failed", reason, context);
  },
  tick(state, context) {
    const asked = context.settings.clientSteering;
    if (!sameRequest(asked, state.seen)) return begin({ ...state, seen: asked }, context);
    if (state.until !== null && context.now >= state.until) return finish(state, "expired", "time is up", context);
    return state;
  },
  due: ({ until }) => until,
};

export function editCsAllow(
  list: CandidateList,
  { until, seen }: ClientSteeringState,
  { snapshot }: PolicyContext,
): void {
  if (until === null || seen.mode !== "home") return;
  for (const { bss } of list.all)
    if (isLocal(snapshot, bss) && isOn(bss, seen.band))
      list.set(bss.bssid, "AVAILABLE", "cs_allow_filter", `home: ${seen.band ?? "any band"}`);
}

export function editCsDeny(
  list: CandidateList,
  { until, seen }: ClientSteeringState,
  { snapshot }: PolicyContext,
): void {
  if (until === null || seen.mode === "off") return;
  for (const { bss } of list.all)
    if (seen.mode === "home" || isLocal(snapshot, bss))
      list.set(bss.bssid, "SOFT_BLOCKED", "cs_deny_filter", `${seen.mode}: not here`);
}

/** 5GL ends below channel 100. */
export function isOn({ control }: Pick<Bss, "control">, band: SteeringBand | null): boolean {
  if (band === null) return true;
  if (band === "5GL") return control >= 5180 && control < 5500;
  if (band === "5GU") return control >= 5500 && control <= 5885;
  return bandOf(control) === band;
}

function begin(state: ClientSteeringState, context: PolicyContext): ClientSteeringState {
  const { snapshot, now } = context;
  const { mode, band, period } = state.seen;
  const was = state.until === null ? (state.csState ?? "none") : "steering";
  if (mode === "off") {
    if (state.until === null) return state;
    context.transition("cs_deny_filter", was, "none", "cs_mode is off");
    return { ...state, csState: "none", until: null, word: null };
  }
  const local = snapshot.bsses.filter((bss) => isLocal(snapshot, bss));
  const disarmed = whyDisarmed(snapshot);
  if (disarmed !== null) return finish(state, "failed", disarmed, context);
  if (mode === "home" && !local.some((bss) => isOn(bss, band)))
    return finish(state, "failed", `no access point of the group is on ${band ?? "any band"}`, context);
  context.transition("cs_deny_filter", was, "steering", `${mode}${band ? ` ${band}` : ""}`);
  return {
    ...state,
    csState: "steering",
    until: now + Math.min(period, steeringLimits.longestEnforcePeriod),
    word: null,
  };
}

function finish(
  state: ClientSteeringState,
  csState: "expired" | "failed",
  why: string,
  context: PolicyContext,
): ClientSteeringState {
  context.transition("cs_deny_filter", state.csState ?? "none", csState, why);
  return { ...state, csState, until: null, word: why };
}

function sameRequest(a: ClientSettings["clientSteering"], b: ClientSettings["clientSteering"]): boolean {
  return a.mode === b.mode && (a.mode === "off" || (a.band === b.band && a.period === b.period && a.round === b.round));
}
