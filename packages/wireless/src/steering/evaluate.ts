/** The stack of policies: what each thinks of the candidates, and which of them wants the client moved. */

import { CandidateList } from "./candidates.ts";
import { editBtmResponse } from "./policies/btm-response.ts";
import { editCsAllow, editCsDeny } from "./policies/client-steering.ts";
import { editBssFilter, editChanCap, editDeferAllow, editDeferDeny, editDisarm } from "./policies/filters.ts";
import { editForceKick, forceKickPolicy, forceKickSource } from "./policies/force-kick.ts";
import { editHwm, isForcedHwm } from "./policies/hwm.ts";
import { editPreAssoc } from "./policies/pre-assoc.ts";
import { bottomKick, editSnrXing, isForcedLwm } from "./policies/snr-xing.ts";
import { vifDownKick } from "./policies/vif-down.ts";
import type { Enforcement, PolicyContext } from "./policy.ts";
import { type PolicyName, policyNames } from "./policy-names.ts";
import { type Offer, offerOf } from "./ranking.ts";
import type { PolicyStates } from "./state.ts";

export interface Evaluation {
  readonly candidates: CandidateList;
  readonly offer: Offer;
  readonly wanted: Enforcement | null;
}

/** The stack: each policy in its order, then what is left to nobody. */
export function evaluate(policies: PolicyStates, context: PolicyContext): Evaluation {
  const candidates = new CandidateList(context.snapshot.bsses);
  const wanted = enforcementOf(policies, context);
  for (const policy of policyNames)
    if (!kicking.has(policy) || policy === wanted?.policy) edits[policy](candidates, policies, context);
  candidates.finish();
  const offer = offerOf({
    candidates: candidates.all,
    snapshot: context.snapshot,
    settings: context.settings,
    refusals: policies.btmResponse.refusals,
    weak: wanted?.weak ?? false,
    band: wanted?.band ?? null,
    holdsReturns: wanted?.holdsReturns ?? false,
    moves: context.moves,
    now: context.now,
  });
  return { candidates, offer, wanted };
}

/** These refuse a client only to move it: they have no say while a more important one moves it, or nothing of theirs would end in time. */
const kicking: ReadonlySet<PolicyName> = new Set([
  "cs_kick_filter",
  "force_kick",
  "snr_xing_lwm",
  "hwm_2g",
  "snr_xing_bottom_lwm",
]);

type Edit = (list: CandidateList, policies: PolicyStates, context: PolicyContext) => void;

const edits: Readonly<Record<PolicyName, Edit>> = {
  bss_filter: (list, _, context) => editBssFilter(list, context),
  disarm: (list, _, context) => editDisarm(list, context),
  chan_cap: (list, _, context) => editChanCap(list, context),
  defer_vif_down_deny: (list, _, context) => editDeferDeny(list, context),
  defer_vif_down_allow: (list, _, context) => editDeferAllow(list, context),
  cs_kick_filter: (list, policies) => editForceKick("cs_kick_filter", list, policies.forceKick),
  cs_allow_filter: (list, policies, context) => editCsAllow(list, policies.clientSteering, context),
  force_kick: (list, policies) => editForceKick("force_kick", list, policies.forceKick),
  cs_deny_filter: (list, policies, context) => editCsDeny(list, policies.clientSteering, context),
  snr_xing_lwm: (list, policies, context) => editSnrXing("lwm", list, policies.lwm, context),
  hwm_2g: (list, policies, context) => editHwm(list, policies.hwm, context),
  snr_xing_bottom_lwm: (list, policies, context) => editSnrXing("bottom_lwm", list, policies.bottomLwm, context),
  pre_assoc: (list, policies, context) => editPreAssoc(list, policies.preAssoc, context),
  btm_response: (list, policies, context) => editBtmResponse(list, policies.btmResponse, context),
};

/** The most important of those that want the client moved: the mediator. */
function enforcementOf(policies: PolicyStates, { settings }: PolicyContext): Enforcement | null {
  const { steering, sticky, client } = settings;
  const usual = { unconditional: false, weak: false, band: null, holdsReturns: false };
  if (policies.vifDown.phase === "enforce")
    return { ...usual, policy: "defer_vif_down_deny", source: "vif_down", kick: vifDownKick(client) };
  if (policies.forceKick.phase === "enforce") {
    const { target } = policies.forceKick;
    const kick = { ...client, btm: { ...client.btm, target } };
    return { ...usual, policy: forceKickPolicy(policies.forceKick), source: forceKickSource(policies.forceKick), kick };
  }
  if (policies.lwm.kick.phase === "enforce") {
    const weak = !isForcedLwm(settings.lwm);
    const band = weak ? null : "2.4G";
    return { ...usual, weak, band, holdsReturns: weak, policy: "snr_xing_lwm", source: "sticky", kick: sticky };
  }
  if (policies.hwm.phase === "enforce") {
    const holdsReturns = !isForcedHwm(settings.hwm);
    return { ...usual, holdsReturns, policy: "hwm_2g", source: "steering", kick: steering };
  }
  if (policies.bottomLwm.kick.phase === "enforce") {
    const kick = bottomKick("bottom_lwm", sticky);
    return { ...usual, policy: "snr_xing_bottom_lwm", source: "sticky", kick, unconditional: true, weak: true };
  }
  return null;
}
