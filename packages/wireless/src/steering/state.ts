/** What is remembered of one station between decisions; plain data. */

import type { Attempt, Outcome } from "./attempt.ts";
import { type BeaconRequestState, noBeaconRequests } from "./beacon-requests.ts";
import type { KickState } from "./kick-machine.ts";
import { unknownWhereabouts, type Whereabouts } from "./moves.ts";
import { type BtmResponseState, noResponses } from "./policies/btm-response.ts";
import { type ClientSteeringState, clientSteeringStart } from "./policies/client-steering.ts";
import { type ForceKickState, forceKick } from "./policies/force-kick.ts";
import { hwm } from "./policies/hwm.ts";
import { type PreAssocState, preAssoc } from "./policies/pre-assoc.ts";
import { snrXing, type XingState } from "./policies/snr-xing.ts";
import { vifDown } from "./policies/vif-down.ts";
import type { PolicyName } from "./policy-names.ts";
import type { ClientSettings } from "./settings.ts";

/** The states of all machines of one station; plain data. */
export interface PolicyStates {
  readonly vifDown: KickState;
  readonly clientSteering: ClientSteeringState;
  readonly forceKick: ForceKickState;
  readonly lwm: XingState;
  readonly hwm: KickState;
  readonly bottomLwm: XingState;
  readonly preAssoc: PreAssocState;
  readonly btmResponse: BtmResponseState;
}

export interface Transition {
  /** Monotonic ms. */
  readonly at: number;
  readonly policy: PolicyName;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export interface SteeringState {
  readonly policies: PolicyStates;
  readonly attempt: Attempt | null;
  /** The latest last. */
  readonly attempts: readonly Outcome[];
  readonly transitions: readonly Transition[];
  readonly snr: readonly { readonly at: number; readonly vif: string; readonly snr: number | null }[];
  readonly lastKickAt: number | null;
  readonly whereabouts: Whereabouts;
  /** Our access points that were told to refuse it, by name. */
  readonly blocked: readonly string[];
  readonly beaconRequests: BeaconRequestState;
  /** 0x80 to 0xff, descending. */
  readonly nextToken: number;
}

export const lwm = snrXing("lwm");
export const bottomLwm = snrXing("bottom_lwm");

/** `ended`: what the row asks of client steering has ended in a former life. */
export function startState(ended: ClientSettings["clientSteering"] | null = null): SteeringState {
  return {
    policies: {
      vifDown: vifDown.start,
      clientSteering: clientSteeringStart(ended),
      forceKick: forceKick.start,
      lwm: lwm.start,
      hwm: hwm.start,
      bottomLwm: bottomLwm.start,
      preAssoc: preAssoc.start,
      btmResponse: noResponses,
    },
    attempt: null,
    attempts: [],
    transitions: [],
    snr: [],
    lastKickAt: null,
    whereabouts: unknownWhereabouts,
    blocked: [],
    beaconRequests: noBeaconRequests,
    nextToken: 0xff,
  };
}
