/**
 * What CM does when nothing it can wait for will come: let the node go on offline (PM's gw_offline), or restart the managers.
 * Pure: what is seen and what was done before in, the decision with its explanation out.
 *
 * Skipped restarts count towards the limit by two minutes, whatever state they come from and however often, so that 360 of
 * them are twelve hours.
 */

import { cmLimits } from "./limits.ts";

export type DeviceType = "NONE" | "ROUTER" | "BRIDGE" | "LEAF";
/** What can be done for an uplink without restarting anything else. */
export type Repair = "renew" | "restart-interface";

export interface RecoveryPolicy {
  /** gw_offline is asked for at the n-th request (CM2_GW_OFFLINE_RETRY_THRESHOLD), or so long after the first, ms. */
  readonly offlineAfter: { readonly requests: number } | { readonly ms: number };
  /** Restart all the same after so many skips (CM2_GW_SKIP_RESTART_THRESHOLD), or so long after the router last answered, ms. */
  readonly restartAfter: { readonly skips: number } | { readonly ms: number };
}

export interface Recovery {
  /** Requests for gw_offline since the manager was last there. */
  readonly requests: number;
  readonly skips: number;
  /** When a skip last counted; null: none has. Clock, ms, as all times here. */
  readonly skippedAt: number | null;
  /** When the way out last worked. */
  readonly goodAt: number;
  readonly nextRepair: Repair;
  /** When gw_offline is due by time; null: not asked for. */
  readonly offlineAt: number | null;
}

/** PM's gw_offline as its rows show it. */
export interface OfflineView {
  /** `Node_State` `PM/gw_offline_cfg` is `true`. */
  readonly enabled: boolean;
  /** `Node_State` `PM/gw_offline_status`; "" where there is none. */
  readonly status: string;
  /** `Node_Config` `PM/gw_offline` is `true`. */
  readonly asked: boolean;
  /** It is neither `true` nor `false`: somebody else has written it. */
  readonly garbled?: boolean;
}

export interface Plight {
  readonly now: number;
  /** Of the uplink in use; null: none. */
  readonly uplink: "wired" | "wifi" | null;
  /** A tunnel stands on the uplink: hands off its interface. */
  readonly tunnel: boolean;
  /** Another uplink could be used. */
  readonly otherUplink: boolean;
  readonly deviceType: DeviceType;
  /** CONNECTED to the manager; the redirector does not count. */
  readonly atManager: boolean;
  readonly offline: OfflineView;
}

export interface OfflineDecision {
  readonly recovery: Recovery;
  /** The node is, or is about to be, offline: no restart is needed. */
  readonly granted: boolean;
  /** `Node_Config` `PM/gw_offline` is to be set. */
  readonly ask: boolean;
  readonly explanation: string;
}

export interface RestartDecision extends Omit<OfflineDecision, "granted"> {
  readonly restart: boolean;
  readonly repair: Repair | null;
}

export function initialRecovery(now: number): Recovery {
  return { requests: 0, skips: 0, skippedAt: null, goodAt: now, nextRepair: "renew", offlineAt: null };
}

export function requestOffline(plight: Plight, recovery: Recovery, policy: RecoveryPolicy): OfflineDecision {
  const no = (explanation: string) => ({ recovery, granted: false, ask: false, explanation });
  const { offline } = plight;
  if (plight.uplink === "wifi" || plight.deviceType === "LEAF") return no("a leaf does not go offline");
  if (plight.atManager) return no("the manager is connected");
  if (!offline.enabled) return no("gw_offline is not enabled");
  if (offline.status === "active") return { recovery, granted: true, ask: false, explanation: "gw_offline is active" };
  // What could be restored is in force; a restart would take it away and find the same storage.
  if (offline.status === "error" && offline.asked) {
    return { recovery, granted: true, ask: false, explanation: "gw_offline did what it could" };
  }
  if (offline.status !== "ready") return no(`gw_offline is not ready (${offline.status || "no status"})`);
  if ("ms" in policy.offlineAfter) {
    const offlineAt = recovery.offlineAt ?? plight.now + policy.offlineAfter.ms;
    const seconds = Math.max(0, Math.ceil((offlineAt - plight.now) / 1000));
    return {
      recovery: { ...recovery, offlineAt },
      granted: true,
      ask: false,
      explanation: `gw_offline in ${seconds} s`,
    };
  }
  const requests = Math.min(recovery.requests + 1, policy.offlineAfter.requests);
  return {
    recovery: { ...recovery, requests },
    granted: true,
    ask: requests >= policy.offlineAfter.requests && !offline.asked,
    explanation: `request ${requests} of ${policy.offlineAfter.requests} for gw_offline`,
  };
}

/** `why`: what has had its time. */
export function decideRestart(plight: Plight, before: Recovery, policy: RecoveryPolicy, why: string): RestartDecision {
  if (plight.uplink === "wifi") return restart(before, `${why}; a leaf starts over`);
  // A router whose way out is lost is to get to gw_offline like any other: it asks, too.
  const request = requestOffline(plight, before, policy);
  const reasons = [
    ...(plight.deviceType === "ROUTER" ? ["a router keeps its LAN"] : []),
    ...(plight.otherUplink ? ["there is another uplink"] : []),
    ...(request.granted ? [request.explanation] : []),
  ];
  if (reasons.length === 0) return restart(before, `${why}; ${request.explanation}`);
  const counted = countSkip(request.recovery, plight.now);
  if (limitReached(counted, plight.now, policy)) return restart(before, `${why}; has been like this for too long`);
  const mends = plight.deviceType === "ROUTER" && plight.uplink === "wired" && !plight.tunnel;
  return {
    recovery: mends ? { ...counted, nextRepair: other(counted.nextRepair) } : counted,
    restart: false,
    repair: mends ? counted.nextRepair : null,
    ask: request.ask,
    explanation: `${why}; no restart: ${reasons.join(", ")}`,
  };
}

/** A failed round of connecting: gw_offline is asked for, and where that is granted, the limit holds for it as well. */
export function afterFailedRound(
  plight: Plight,
  before: Recovery,
  policy: RecoveryPolicy,
  why: string,
): RestartDecision {
  const { granted, ask, recovery, explanation } = requestOffline(plight, before, policy);
  const stay = { restart: false, repair: null, ask, explanation: `${why}; ${explanation}` };
  // Without a stored configuration a restart would cost the home its LAN, for a cloud that has not come back.
  if (!granted || "ms" in policy.restartAfter) return { ...stay, recovery };
  const counted = countSkip(recovery, plight.now);
  if (limitReached(counted, plight.now, policy)) return restart(before, `${why}; has been like this for too long`);
  return { ...stay, recovery: counted };
}

function restart(recovery: Recovery, explanation: string): RestartDecision {
  return { recovery, restart: true, repair: null, ask: false, explanation };
}

/** Decisions do not come by the clock: what has gone by since the last one counts, but not a time without any. */
function countSkip(recovery: Recovery, now: number): Recovery {
  if (recovery.skippedAt === null) return { ...recovery, skips: recovery.skips + 1, skippedAt: now };
  const intervals = Math.floor((now - recovery.skippedAt) / cmLimits.skipIntervalMs);
  if (intervals <= 0) return recovery;
  if (intervals > cmLimits.skipIntervals) return { ...recovery, skips: recovery.skips + 1, skippedAt: now };
  const skippedAt = recovery.skippedAt + intervals * cmLimits.skipIntervalMs;
  return { ...recovery, skips: recovery.skips + intervals, skippedAt };
}

function limitReached({ skips, goodAt }: Recovery, now: number, { restartAfter }: RecoveryPolicy): boolean {
  return "ms" in restartAfter ? now - goodAt >= restartAfter.ms : skips > restartAfter.skips;
}

function other(repair: Repair): Repair {
  return repair === "renew" ? "restart-interface" : "renew";
}
