/** What CM's state machine remembers, sees and asks for. The machine itself is `state-machine.ts`. */

import type { CloudAddress } from "./address.ts";
import type { Candidates, Family, ResolvedAddresses } from "./candidates.ts";
import type { CheckKind, CheckOutcome } from "./checks.ts";
import { type DeviceType, initialRecovery, type OfflineView, type Recovery, type RecoveryPolicy } from "./recovery.ts";

/**
 * | state               | waits for                                                     |
 * |---------------------|---------------------------------------------------------------|
 * | INIT                | nothing                                                       |
 * | LINK_SEL            | an uplink in use                                              |
 * | WAN_IP              | an address on the uplink, and a router that answers           |
 * | NTP_CHECK           | a clock that makes sense                                      |
 * | OVS_INIT            | the server idle, an address of the redirector                 |
 * | TRY_RESOLVE         | the addresses of the destination, and which family is faster  |
 * | RE_CONNECT          | the old connection's end                                      |
 * | TRY_CONNECT         | a connection, address after address                           |
 * | FAST_RECONNECT      | the end of a connection that was lost, to try the same again  |
 * | FAST_RECONNECT_WAIT | that connection                                               |
 * | CONNECTED           | nothing                                                       |
 * | QUIESCE_OVS         | the end of the back-off                                       |
 */
export type CmState =
  | "INIT"
  | "LINK_SEL"
  | "WAN_IP"
  | "NTP_CHECK"
  | "OVS_INIT"
  | "TRY_RESOLVE"
  | "RE_CONNECT"
  | "TRY_CONNECT"
  | "FAST_RECONNECT"
  | "FAST_RECONNECT_WAIT"
  | "CONNECTED"
  | "QUIESCE_OVS";

export const cmStates: readonly CmState[] = [
  "INIT",
  "LINK_SEL",
  "WAN_IP",
  "NTP_CHECK",
  "OVS_INIT",
  "TRY_RESOLVE",
  "RE_CONNECT",
  "TRY_CONNECT",
  "FAST_RECONNECT",
  "FAST_RECONNECT_WAIT",
  "CONNECTED",
  "QUIESCE_OVS",
];

/** How long a state may last, ms. QUIESCE_OVS ends with the back-off. */
export const stateTimeouts: { readonly [S in CmState]?: number } = {
  LINK_SEL: 120_000,
  WAN_IP: 60_000,
  NTP_CHECK: 60_000,
  TRY_RESOLVE: 180_000,
  RE_CONNECT: 30_000,
  TRY_CONNECT: 10_000,
  FAST_RECONNECT: 20_000,
  FAST_RECONNECT_WAIT: 20_000,
};

/** A connection that lasted so long is stable, ms. */
export const stableAfterMs = 300_000;
/** A connection that was lost before this had hardly begun, ms. */
export const briefUntilMs = 30_000;
/** So many such losses in a row, and the next attempt is worth a back-off. */
export const maxBriefConnections = 3;
/** More ends than this in a row and the list of addresses is given up. */
export const maxDisconnects = 10;
export const maxResolveRetries = 10;
/** The clock's start is not an event; NTP_CHECK looks each second. */
export const clockPollMs = 1_000;

export type DestinationName = "redirector" | "manager";

/** The redirector or the manager (controller), as `AWLAN_Node` names it. */
export interface Destination {
  /** The column's text. */
  readonly text: string;
  /** null: empty or no address. */
  readonly address: CloudAddress | null;
  /** Changed, and not acted upon yet. */
  readonly updated: boolean;
  /** null: not resolved. */
  readonly candidates: Candidates | null;
}

export interface CmMachine {
  readonly state: CmState;
  /** Clock time, ms. */
  readonly enteredAt: number;
  /** The entry of this state has still to be carried out. */
  readonly entering: boolean;
  readonly destination: DestinationName;
  readonly redirector: Destination;
  readonly manager: Destination;
  /** The uplink in use when the machine last looked. */
  readonly link: string | null;
  readonly disconnects: number;
  /** Connections in a row that were lost as soon as they stood. */
  readonly briefConnections: number;
  /** The next back-off is the short one. */
  readonly fastBackoff: boolean;
  readonly stable: boolean;
  /** Connected at least once since INIT. */
  readonly everConnected: boolean;
  /** Of the current QUIESCE_OVS, ms. */
  readonly backoffMs: number;
  readonly resolveRetries: number;
  /** Tells an answer of the current resolution (or race) from one of an earlier; 0: none asked. */
  readonly resolution: number;
  /** What was resolved, while its families race; null: no race. */
  readonly racing: Candidates | null;
  /** The family over which the cloud was last reached. */
  readonly family: Family;
  /** Tells the answer to the current check from others. */
  readonly check: number;
  /** WAN_IP: when to check again; null: an answer is awaited, or no address is there. Clock, ms. */
  readonly checkAt: number | null;
  /** Rounds of connecting in a row that failed. */
  readonly failedRounds: number;
  readonly deviceType: DeviceType;
  readonly recovery: Recovery;
  /** Checks are repeated in short intervals: the connection is not there. */
  readonly hasty: boolean;
  /** Why the current state was entered, for people. */
  readonly reason: string;
  /** `Manager.target` as last asked for. */
  readonly target: string;
}

/** What the database says at the moment of a step. */
export interface CmInputs {
  /** Monotonic, ms. */
  readonly now: number;
  readonly redirectorAddress: string;
  readonly managerAddress: string;
  /** Seconds. */
  readonly minBackoff: number;
  readonly maxBackoff: number;
  readonly target: string;
  readonly connected: boolean;
  /** The uplink in use; null: none. */
  readonly link: UsedLink | null;
  readonly clockSane: boolean;
  /** Another uplink could be used. */
  readonly otherUplink: boolean;
  readonly offline: OfflineView;
  /** In [0, 1): the jitter of a back-off. */
  readonly random: number;
}

export interface UsedLink {
  readonly ifName: string;
  readonly kind: "wired" | "wifi";
  /** The bridge it is in; null: none. */
  readonly bridge: string | null;
  /** A tunnel stands on it. */
  readonly tunnel: boolean;
  /** There is an address of the family, and it is not blocked. */
  readonly hasIpv4: boolean;
  readonly hasIpv6: boolean;
}

export type CmEvent =
  | { readonly kind: "timer" | "ovs-awlan" | "ovs-manager" | "link" }
  | { readonly kind: "resolved"; readonly resolution: number; readonly addresses: ResolvedAddresses }
  /** No answer within the resolver's deadline. */
  | { readonly kind: "resolve-timeout"; readonly resolution: number }
  /** Which family answered first; null: none. */
  | { readonly kind: "raced"; readonly resolution: number; readonly winner: Family | null }
  | { readonly kind: "checked"; readonly check: number; readonly outcome: CheckOutcome }
  /** The router has not answered for too long. */
  | { readonly kind: "fatal" };

export const cmEvents: readonly CmEvent["kind"][] = [
  "timer",
  "ovs-awlan",
  "ovs-manager",
  "link",
  "resolved",
  "resolve-timeout",
  "raced",
  "checked",
  "fatal",
];

export type CmEffect =
  | { readonly kind: "set-target"; readonly target: string }
  | { readonly kind: "clear-manager-address" }
  | { readonly kind: "write-boot-time" }
  | { readonly kind: "resolve"; readonly resolution: number; readonly host: string }
  /** Both families have addresses: which answers first? */
  | { readonly kind: "race"; readonly resolution: number; readonly port: number; readonly candidates: Candidates }
  | { readonly kind: "check"; readonly check: number; readonly kinds: readonly CheckKind[] }
  /** `ntp_state` of the used uplink's row. */
  | { readonly kind: "set-ntp-state"; readonly value: boolean }
  | { readonly kind: "set-cloud-counter"; readonly value: number }
  /** `Node_Config` `PM/gw_offline`. */
  | { readonly kind: "set-offline"; readonly value: boolean }
  | { readonly kind: "repair"; readonly ifName: string; readonly repair: "renew" | "restart-interface" }
  | { readonly kind: "restart-managers"; readonly reason: string }
  | { readonly kind: "explain"; readonly text: string };

export interface CmConfig {
  /** Without link selection CM does not choose an uplink; it just connects. */
  readonly linkSelection: boolean;
  /** Back-off after a connection was lost soon after start, ms. */
  readonly shortBackoffMs: number;
  /** CM probes router and Internet; without it an address is enough (CM2_USE_STABILITY_CHECK). */
  readonly stabilityChecks: boolean;
  /** So many failed rounds of connecting lead to a decision about a restart; 0: none do (CM2_CLOUD_FATAL_THRESHOLD). */
  readonly cloudFatalThreshold: number;
  readonly recovery: RecoveryPolicy;
}

export interface Transition {
  readonly from: CmState;
  readonly to: CmState;
  /** What the step was made for; `state-change` for all but its first transition. */
  readonly event: CmEvent["kind"] | "state-change";
  readonly reason: string;
}

export interface CmStep {
  readonly machine: CmMachine;
  readonly effects: readonly CmEffect[];
  readonly transitions: readonly Transition[];
  /** Clock time of the next timer event; null: none needed. */
  readonly wakeAt: number | null;
}

const noDestination: Destination = { text: "", address: null, updated: false, candidates: null };

export function initialMachine(now: number): CmMachine {
  return {
    state: "INIT",
    enteredAt: now,
    entering: true,
    destination: "redirector",
    redirector: noDestination,
    manager: noDestination,
    link: null,
    disconnects: 0,
    briefConnections: 0,
    fastBackoff: true,
    stable: false,
    everConnected: false,
    backoffMs: 0,
    resolveRetries: 0,
    resolution: 0,
    racing: null,
    family: "ipv6",
    check: 0,
    checkAt: null,
    failedRounds: 0,
    deviceType: "NONE",
    recovery: initialRecovery(now),
    hasty: false,
    reason: "start",
    target: "",
  };
}
