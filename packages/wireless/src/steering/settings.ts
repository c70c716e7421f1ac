/**
 * How one client is to be steered: what its row says, with defaults filled in and every value within its bounds. Times
 * in milliseconds.
 */

import type { Db, Mac } from "@opensync-ts/base/units";
import { steeringLimits } from "./limits.ts";

/** `kick_type` and its kin, as the rungs of a ladder. */
export interface Ladder {
  /** BTM requests come first, where the client supports them. */
  readonly btm: boolean;
  /** Beacon requests come first: the client is moved only where it hears something to move to. */
  readonly beaconRequest: boolean;
  /** The last rung. */
  readonly deauth: boolean;
}

export interface BtmSettings {
  /** `bssid`: the only candidate. */
  readonly target: Mac | null;
  /** null: imminent where deauthentication follows. */
  readonly disassocImminent: boolean | null;
  readonly abridged: boolean;
  /** Offer a candidate list… */
  readonly pref: boolean;
  /** …with access points of other nodes. */
  readonly includeNeighbors: boolean;
  /** Announce the end of the BSS, in minutes; 0 = no. */
  readonly bssTermination: number;
  /** Validity of the list, in beacon intervals. */
  readonly validInterval: number;
  readonly maxRetries: number;
  readonly retryInterval: number;
}

export interface KickSettings {
  /** null: `none`. */
  readonly ladder: Ladder | null;
  /** IEEE 802.11-2020 table 9-49. */
  readonly reason: number;
  /** From the last kick to the next. */
  readonly debounce: number;
  /** A client that has just connected is left alone. */
  readonly guard: number;
  /** Longest wait after failures. */
  readonly backoffCeiling: number;
  readonly btm: BtmSettings;
}

/** 5 GHz may be asked for by half. */
export type SteeringBand = "2.4G" | "5G" | "5GL" | "5GU" | "6G";

export interface ClientSettings {
  readonly mac: Mac;
  /** SNR thresholds; null: no such steering. */
  readonly hwm: Db | null;
  readonly lwm: Db | null;
  readonly bottomLwm: Db | null;
  readonly pref5g: "never" | "always" | "hwm" | "nonDFS";
  readonly pref6g: "never" | "always";
  /** An Authentication frame is refused too; false: it ends the block. */
  readonly authBlock: boolean;
  readonly rejectDetection: "probe_all" | "probe_null" | "probe_direct" | "auth";
  /** 0 = as many as there are. */
  readonly maxRejects: number;
  /** 0 = none. */
  readonly rejectsTimeout: number;
  readonly blockTimeout: number;
  readonly blockTimeout6g: number;
  /** Probe requests weaker than this do not count. */
  readonly probeSnr: Db;
  readonly backoff: number;
  readonly backoffBase: number;
  readonly steerDuringBackoff: boolean;
  readonly kickUponIdle: boolean;
  readonly steering: KickSettings;
  readonly sticky: KickSettings;
  readonly client: KickSettings;
  readonly forceKick: "none" | "speculative" | "directed";
  readonly clientSteering: {
    readonly mode: "off" | "home" | "away";
    /** null: any. */
    readonly band: SteeringBand | null;
    readonly period: number;
    /** Another number asks for the same anew. */
    readonly round: number;
  };
  readonly filterByBeaconReport: boolean;
  readonly filterByBtmStatus: boolean;
  /** By how much a client must hear a candidate better than where it is, dB, and for how long a beacon report counts. */
  readonly betterBy: Db;
  readonly reportAge: number;
  readonly btmMaxNeighbors: number;
  readonly beaconRequests: boolean;
}

export const btmDeauth: Ladder = { btm: true, beaconRequest: false, deauth: true };

const defaultBtm: BtmSettings = {
  target: null,
  disassocImminent: null,
  abridged: true,
  pref: true,
  includeNeighbors: true,
  bssTermination: 0,
  validInterval: 255,
  maxRetries: 2,
  retryInterval: 3_000,
};

const defaultKick: KickSettings = {
  ladder: btmDeauth,
  reason: 1,
  debounce: 60_000,
  guard: 10_000,
  backoffCeiling: 1_800_000,
  btm: defaultBtm,
};

/** What holds where a row leaves it open. */
export function defaultSettings(mac: Mac): ClientSettings {
  return {
    mac,
    hwm: null,
    lwm: null,
    bottomLwm: null,
    pref5g: "never",
    pref6g: "never",
    authBlock: true,
    rejectDetection: "probe_all",
    maxRejects: 0,
    rejectsTimeout: 0,
    blockTimeout: 4_000,
    blockTimeout6g: 4_000,
    probeSnr: 0,
    backoff: 120_000,
    backoffBase: 3,
    steerDuringBackoff: false,
    kickUponIdle: false,
    steering: defaultKick,
    sticky: defaultKick,
    client: { ...defaultKick, guard: 0, debounce: 0 },
    forceKick: "none",
    clientSteering: { mode: "off", band: null, period: 120_000, round: 0 },
    filterByBeaconReport: true,
    filterByBtmStatus: true,
    betterBy: 3,
    reportAge: 15_000,
    btmMaxNeighbors: 3,
    beaconRequests: false,
  };
}

/** The wait after the n-th failure in a row (from 1): grows by powers of the base and never shrinks while failures go on. */
export function backoffAfter(
  failures: number,
  { backoff, backoffBase }: Pick<ClientSettings, "backoff" | "backoffBase">,
  ceiling: number = steeringLimits.longestBackoff,
): number {
  const exponent = Math.min(Math.max(0, failures - 1), steeringLimits.backoffExponent);
  return Math.min(backoff * backoffBase ** exponent, Math.max(ceiling, backoff), steeringLimits.longestBackoff);
}
