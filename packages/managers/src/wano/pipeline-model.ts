/**
 * What is known of one interface on its way to an uplink, what is seen of it, and what is written about it.
 *
 * | state         | the interface                                                                        |
 * |---------------|--------------------------------------------------------------------------------------|
 * | INIT          | is announced as an uplink without a link                                             |
 * | START         | begins                                                                               |
 * | IF_ENABLE     | has been asked to be up, without address; its state does not show it yet             |
 * | IF_CARRIER    | is up and waits for a cable                                                          |
 * | PLUGIN_SCHED  | has a cable; the next plug-in is chosen, or all have failed and it waits for another go |
 * | IF_IPV4_RESET | gives up what the plug-in before has left                                            |
 * | PLUGIN_RUN    | a plug-in (dhcpv4, static_ipv4, vlan) is at work                                     |
 * | IDLE          | is on layer 3: it can be used                                                        |
 * | ABORT         | has an Ethernet client: it is no uplink; looked at again later                       |
 * | FREEZE        | is a port of a bridge: what it does is the bridge's                                  |
 * | UNFREEZE      | is no port of a bridge any more                                                      |
 */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Attempt } from "./wan-config.ts";

export const pipelineStates = [
  "INIT",
  "START",
  "IF_ENABLE",
  "IF_CARRIER",
  "PLUGIN_SCHED",
  "IF_IPV4_RESET",
  "PLUGIN_RUN",
  "IDLE",
  "ABORT",
  "FREEZE",
  "UNFREEZE",
] as const;

export type PipelineState = (typeof pipelineStates)[number];

export interface Pipeline {
  readonly state: PipelineState;
  /** When the state was entered (clock, ms). */
  readonly enteredAt: number;
  /** What is tried in this go, and the one of it that is at work or comes next. */
  readonly attempts: readonly Attempt[];
  readonly next: number;
  /** All have failed; until then nobody is told that there is no layer 3. */
  readonly exhausted: boolean;
  /** When to try again (clock, ms); `null`: not waiting. */
  readonly retryAt: number | null;
  /** Of the tries since it had a cable: when the first began, and how many there were. */
  readonly triedSince: number;
  readonly retries: number;
  /** It has been on layer 3 since it had a cable. */
  readonly hadL3: boolean;
  /** In FREEZE: the carrier that was told. */
  readonly carrier: boolean;
  /** In FREEZE: it was on layer 3, and has lost its cable since; told again as soon as it has an address of its own. */
  readonly awaitsL3: boolean;
  /** The Ethernet client that was found has been told. */
  readonly clientTold: boolean;
  /** Rows of `WAN_Config` that have failed since. */
  readonly failed: readonly Uuid[];
}

export interface Observation {
  readonly now: number;
  /** [0, 1): of how long to wait. */
  readonly chance: number;
  /** `Wifi_Inet_State` shows the interface enabled, with its network up. */
  readonly up: boolean;
  readonly scheme: "none" | "static" | "dhcp";
  /** `Wifi_Inet_State.inet_addr`; `null`: there is none. */
  readonly address: string | null;
  /** `Wifi_Master_State.port_state` is active. */
  readonly carrier: boolean;
  /** It is a port of a bridge, or `Connection_Manager_Uplink.bridge` says that it shall be. */
  readonly bridged: boolean;
  /** An Ethernet client is plugged in. */
  readonly client: boolean;
  readonly attempts: readonly Attempt[];
  /** Whether the router of a static address answers. */
  readonly router: "unknown" | "answers" | "silent";
  /** How far the VLAN on this interface is; `null`: there is none. */
  readonly vlan: "trying" | "up" | "failed" | null;
}

/** Columns to write; null clears one. */
export interface PipelineWrites {
  readonly inet?: InetWrites;
  readonly uplink?: UplinkWrites;
}

export interface InetWrites {
  readonly enabled?: true;
  readonly network?: true;
  readonly NAT?: boolean;
  readonly mac_reporting?: boolean;
  readonly ip_assign_scheme?: "none" | "dhcp" | "static";
  readonly inet_addr?: string | null;
  readonly netmask?: string | null;
  readonly gateway?: string | null;
  readonly dns?: { readonly [key: string]: string };
}

export interface UplinkWrites {
  readonly has_L2?: boolean;
  readonly has_L3?: boolean | null;
  readonly loop?: boolean;
  readonly eth_client?: boolean | null;
}

export interface PipelineStep {
  readonly pipeline: Pipeline;
  /** In this order. */
  readonly writes: readonly PipelineWrites[];
  /** Clock time at which to look again; null: on a change only. */
  readonly wakeAt: number | null;
  /** Every state that was entered. */
  readonly states: readonly PipelineState[];
}

export const initialPipeline: Pipeline = {
  state: "INIT",
  enteredAt: 0,
  attempts: [],
  next: 0,
  exhausted: false,
  retryAt: null,
  triedSince: 0,
  retries: 0,
  hadL3: false,
  carrier: false,
  awaitsL3: false,
  clientTold: false,
  failed: [],
};
