/**
 * Another way up for a radio whose uplink is gone because of radar (`ow_dfs_backup`): `Wifi_Radio_Config.fallback_parents`
 * names parents (BSSID → channel) that are out of its reach; the first is used. This file decides, `fallback-parents.ts`
 * acts.
 */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import { isDfs, segments20 } from "@opensync-ts/target/channels";
import type { Channel } from "@opensync-ts/target/radio";
import { linkTimeout, radarAftermath } from "./limits.ts";

export interface FallbackParent {
  readonly bssid: Mac;
  readonly channel: number;
}

export type FallbackState = "removed" | "configured" | "latched";

export type FallbackEvent =
  | "parent named"
  | "another parent named"
  | "no parent named"
  | "link timed out"
  | "link recovered";

/** `latched`: the fallback parent has been turned to, and is not turned to again before something changes. */
const transitions: Readonly<Record<FallbackState, Readonly<Partial<Record<FallbackEvent, FallbackState>>>>> = {
  removed: { "parent named": "configured", "another parent named": "configured" },
  configured: { "no parent named": "removed", "link timed out": "latched" },
  latched: { "no parent named": "removed", "another parent named": "configured", "link recovered": "configured" },
};

export function nextFallback(state: FallbackState, event: FallbackEvent): FallbackState {
  return transitions[state][event] ?? state;
}

/** The first that is one; `null`: none. */
export function fallbackParentOf(parents: ReadonlyMap<string, number>): FallbackParent | null {
  for (const [text, channel] of parents) {
    const bssid = parseMac(text);
    if (bssid) return { bssid, channel };
  }
  return null;
}

/** The uplink of a phy as far as it was ever seen; times in monotonic milliseconds. */
export interface UplinkHistory {
  readonly connected: boolean;
  /** While connected now, while connected last. */
  readonly channel: Channel | null;
  /** null: it is not lost. */
  readonly lostAt: number | null;
  /** Last change from or to a channel where radar is watched for. */
  readonly dfsChangeAt: number | null;
}

export const noUplink: UplinkHistory = { connected: false, channel: null, lostAt: null, dfsChangeAt: null };

/** `channel`: of the link; null while it is not connected. */
export function uplinkSeen(history: UplinkHistory, channel: Channel | null, now: number): UplinkHistory {
  if (channel === null) return { ...history, connected: false, lostAt: history.connected ? now : history.lostAt };
  const before = history.channel;
  const changed = before !== null && before.control !== channel.control;
  const dfsChange = changed && (touchesDfs(before) || touchesDfs(channel));
  return { connected: true, channel, lostAt: null, dfsChangeAt: dfsChange ? now : history.dfsChangeAt };
}

/** It has been lost for `linkTimeout`, and radar is the likely reason. */
export function lostToRadar({ channel, lostAt, dfsChangeAt }: UplinkHistory, now: number): boolean {
  if (lostAt === null || now < lostAt + linkTimeout) return false;
  return touchesDfs(channel) || (dfsChangeAt !== null && now <= dfsChangeAt + radarAftermath);
}

function touchesDfs(channel: Channel | null): boolean {
  return channel !== null && segments20(channel).some(isDfs);
}
