/**
 * Beacon requests after an association (`send_rrm_after_assoc`): one for each channel of the group on other bands, so that
 * the client's own view of them is known before it has to be moved.
 */

import type { BtmChannel } from "./executor.ts";
import { steeringLimits } from "./limits.ts";
import { bssOf, type Link, type StationSnapshot } from "./model.ts";

export interface BeaconRequestState {
  /** The association that it is about: when it began. */
  readonly connectedAt: number | null;
  readonly waiting: readonly BtmChannel[];
  readonly next: number | null;
}

export const noBeaconRequests: BeaconRequestState = { connectedAt: null, waiting: [], next: null };

export interface BeaconRequestStep {
  readonly state: BeaconRequestState;
  readonly request: { readonly link: Link; readonly channel: BtmChannel } | null;
}

/** `busy`: the client is being moved, which comes first. */
export function stepBeaconRequests(
  state: BeaconRequestState,
  snapshot: StationSnapshot,
  { enabled, busy, now }: { readonly enabled: boolean; readonly busy: boolean; readonly now: number },
): BeaconRequestStep {
  const [link] = snapshot.links;
  if (!enabled || !link || !snapshot.rrm) return { state: noBeaconRequests, request: null };
  const current = state.connectedAt === link.connectedAt ? state : plan(link, snapshot, now);
  const [channel, ...waiting] = current.waiting;
  if (!channel || busy || current.next === null || now < current.next) return { state: current, request: null };
  const next = waiting.length > 0 ? now + steeringLimits.beaconRequestGap : null;
  return { state: { ...current, waiting, next }, request: { link, channel } };
}

function plan(link: Link, snapshot: StationSnapshot, now: number): BeaconRequestState {
  const here = bssOf(snapshot, link.bssid)?.band;
  const channels = new Map<string, BtmChannel>();
  for (const { bssid, band, opClass, channel } of snapshot.bsses)
    if (snapshot.members.includes(bssid) && band !== here) channels.set(`${opClass} ${channel}`, { opClass, channel });
  const waiting = [...channels.values()].slice(0, steeringLimits.beaconRequests);
  const first = Math.max(now, link.connectedAt + steeringLimits.beaconRequestDelay);
  return { connectedAt: link.connectedAt, waiting, next: waiting.length > 0 ? first : null };
}
