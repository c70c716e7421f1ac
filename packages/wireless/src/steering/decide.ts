/**
 * One decision about one station: from what it is like and what has happened, to what is done and why. Pure: the same
 * arguments give the same decision, so that each can be replayed.
 */

import type { Outcome } from "./attempt.ts";
import { stepBeaconRequests } from "./beacon-requests.ts";
import type { CandidateList } from "./candidates.ts";
import { evaluate } from "./evaluate.ts";
import { type BtmChannel, type ExecutorAction, executorDue, stepExecutor } from "./executor.ts";
import { type Explanation, explain } from "./explanation.ts";
import { steeringLimits } from "./limits.ts";
import type { Link, StationSnapshot, SteeringInput } from "./model.ts";
import { follow, movesBefore } from "./moves.ts";
import { btmResponseDue, onBtmResponse, tickBtmResponse } from "./policies/btm-response.ts";
import { type CsState, clientSteering } from "./policies/client-steering.ts";
import { forceKick } from "./policies/force-kick.ts";
import { hwm } from "./policies/hwm.ts";
import { preAssoc } from "./policies/pre-assoc.ts";
import { vifDown } from "./policies/vif-down.ts";
import { earliest, type Note, type PolicyContext, type PolicyEvent } from "./policy.ts";
import type { ClientSettings } from "./settings.ts";
import { bottomLwm, lwm, type PolicyStates, type SteeringState, type Transition } from "./state.ts";

export type SteeringAction =
  | { readonly type: "block"; readonly vif: string; readonly blocked: boolean }
  | Exclude<ExecutorAction, { type: "beacon request" }>
  | {
      readonly type: "beacon request";
      readonly token: number;
      readonly links: readonly Link[];
      readonly channels: readonly BtmChannel[];
    };

export interface Decision {
  readonly state: SteeringState;
  readonly actions: readonly SteeringAction[];
  /** Attempts that have ended. */
  readonly outcomes: readonly Outcome[];
  readonly transitions: readonly Transition[];
  readonly notes: readonly Note[];
  readonly csState: CsState | null;
  /** When to decide again at the latest, monotonic ms. */
  readonly due: number | null;
  readonly explanation: Explanation;
}

export function decide(
  snapshot: StationSnapshot,
  inputs: readonly SteeringInput[],
  settings: ClientSettings,
  state: SteeringState,
  now: number,
): Decision {
  const transitions: Transition[] = [];
  const notes: Note[] = [];
  const actions: SteeringAction[] = [];
  const outcomes: Outcome[] = [];
  let { policies, attempt, lastKickAt, nextToken } = state;
  const whereabouts = follow(state.whereabouts, inputs, snapshot, now);
  const takeToken = () => {
    const token = nextToken;
    nextToken = token === 0x80 ? 0xff : token - 1;
    return token;
  };
  const context = (): PolicyContext => ({
    ...{ snapshot, settings, now, lastKickAt, moves: movesBefore(whereabouts, attempt) },
    note: (note) => void notes.push(note),
    transition: (policy, from, to, reason) => void transitions.push({ at: now, policy, from, to, reason }),
  });
  for (const input of inputs) {
    if (input.type === "btm response")
      policies = { ...policies, btmResponse: onBtmResponse(policies.btmResponse, input, attempt, now) };
    policies = deliver(policies, input, context());
  }
  let waiting = inputs;
  for (let pass = 0; pass < steeringLimits.passes; pass++) {
    policies = tick(policies, context());
    const { candidates, offer, wanted } = evaluate(policies, context());
    const { btmMaxNeighbors, filterByBeaconReport } = settings;
    const asked = { btmMaxNeighbors, filterByBeaconReport };
    const query = { snapshot, candidates: candidates.all, offer, wanted, inputs: waiting, ...asked, now };
    const step = stepExecutor(attempt, { ...query, nextToken: takeToken });
    attempt = step.attempt;
    waiting = [];
    for (const action of step.actions) {
      if (action.type !== "beacon request") lastKickAt = now;
      actions.push(action.type === "beacon request" ? { ...action, token: takeToken() } : action);
    }
    if (step.outcome === null) break;
    outcomes.push(step.outcome);
    policies = deliver(policies, { type: "attempt ended", outcome: step.outcome }, context());
  }
  policies = tick(policies, context());
  const beacons = stepBeaconRequests(state.beaconRequests, snapshot, {
    ...{ enabled: settings.beaconRequests, busy: attempt !== null, now },
  });
  if (beacons.request) {
    const { link, channel } = beacons.request;
    actions.push({ type: "beacon request", token: takeToken(), links: [link], channels: [channel] });
  }
  const { candidates } = evaluate(policies, context());
  const blocked = blockedVifs(candidates, snapshot);
  const blocks: SteeringAction[] = [
    ...blocked.filter((vif) => !state.blocked.includes(vif)).map((vif) => block(vif, true)),
    ...state.blocked.filter((vif) => !blocked.includes(vif)).map((vif) => block(vif, false)),
  ];
  const next: SteeringState = {
    ...{ policies, attempt, lastKickAt, whereabouts, blocked, nextToken, beaconRequests: beacons.state },
    attempts: withAttempts(state.attempts, outcomes),
    transitions: [...state.transitions, ...transitions].slice(-steeringLimits.transitions),
    snr: withSnr(state, snapshot, now),
  };
  return {
    state: next,
    // Access points refuse the client before it is told to go.
    actions: [...blocks, ...actions],
    ...{ outcomes, transitions, notes },
    csState: policies.clientSteering.csState,
    due: dueOf(next),
    get explanation() {
      return explain(snapshot, settings, next, now);
    },
  };
}

function deliver(policies: PolicyStates, event: PolicyEvent, context: PolicyContext): PolicyStates {
  return {
    vifDown: vifDown.on(policies.vifDown, event, context),
    clientSteering: clientSteering.on(policies.clientSteering, event, context),
    forceKick: forceKick.on(policies.forceKick, event, context),
    lwm: lwm.on(policies.lwm, event, context),
    hwm: hwm.on(policies.hwm, event, context),
    bottomLwm: bottomLwm.on(policies.bottomLwm, event, context),
    preAssoc: preAssoc.on(policies.preAssoc, event, context),
    btmResponse: policies.btmResponse,
  };
}

/** Client steering first: a kick written in the same transaction finds it in force. */
function tick(policies: PolicyStates, context: PolicyContext): PolicyStates {
  return {
    vifDown: vifDown.tick(policies.vifDown, context),
    clientSteering: clientSteering.tick(policies.clientSteering, context),
    forceKick: forceKick.tick(policies.forceKick, context),
    lwm: lwm.tick(policies.lwm, context),
    hwm: hwm.tick(policies.hwm, context),
    bottomLwm: bottomLwm.tick(policies.bottomLwm, context),
    preAssoc: preAssoc.tick(policies.preAssoc, context),
    btmResponse: tickBtmResponse(policies.btmResponse, context.now),
  };
}

/** Multi-link stations are not kept out: drivers match the address of a link. */
function blockedVifs(candidates: CandidateList, snapshot: StationSnapshot): readonly string[] {
  if (snapshot.mlo || snapshot.groupMlo) return [];
  return candidates.all
    .flatMap(({ bss: { vif }, preference }) =>
      vif !== null && (preference === "HARD_BLOCKED" || preference === "SOFT_BLOCKED") ? [vif] : [],
    )
    .sort();
}

function block(vif: string, blocked: boolean): SteeringAction {
  return { type: "block", vif, blocked };
}

/** Attempts that come to nothing again and again, for the same reason, are kept once. */
function withAttempts(attempts: readonly Outcome[], more: readonly Outcome[]): readonly Outcome[] {
  const all = more.reduce((kept, outcome) => {
    const last = kept.at(-1);
    const again =
      last?.result === "no alternatives" && last.policy === outcome.policy && last.reason === outcome.reason;
    return [...(again ? kept.slice(0, -1) : kept), outcome];
  }, attempts);
  return all.slice(-steeringLimits.attemptHistory);
}

function withSnr({ snr }: SteeringState, { links }: StationSnapshot, now: number): SteeringState["snr"] {
  const [link] = links;
  const last = snr.at(-1);
  if (!link || (last?.snr === link.snr && last.vif === link.vif)) return snr;
  return [...snr, { at: now, vif: link.vif, snr: link.snr }].slice(-steeringLimits.snrHistory);
}

function dueOf({ policies, attempt, beaconRequests }: SteeringState): number | null {
  return earliest(
    vifDown.due(policies.vifDown),
    clientSteering.due(policies.clientSteering),
    forceKick.due(policies.forceKick),
    lwm.due(policies.lwm),
    hwm.due(policies.hwm),
    bottomLwm.due(policies.bottomLwm),
    ...[policies.lwm.kick, policies.hwm, policies.bottomLwm.kick].map(({ waits }) => waits?.until ?? null),
    preAssoc.due(policies.preAssoc),
    btmResponseDue(policies.btmResponse),
    executorDue(attempt),
    attempt === null ? beaconRequests.next : null,
  );
}
