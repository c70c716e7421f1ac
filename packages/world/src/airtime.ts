/** The medium is shared: who transmits when, as fractions of time. */

import type { Dbm } from "@opensync-ts/base/units";
import { type AirChannel, carrierSense, overlap } from "./spectrum.ts";

/** Fraction of time that beacons of one BSS take (100 TU interval, lowest basic rate). */
export const beaconAirtime = 0.01;

/** Something that keeps a channel busy, as heard at some place. */
export interface Heard {
  readonly rssi: Dbm;
  readonly channel: AirChannel;
  /** Fraction of time, 0 to 1. */
  readonly airtime: number;
}

/** Fraction of time (0 to 1) that `channel` is busy with what is heard above carrier sense. */
export function utilisation(channel: AirChannel, heard: readonly Heard[]): number {
  let busy = 0;
  for (const { rssi, channel: other, airtime } of heard) {
    if (rssi >= carrierSense) busy += airtime * blockage(channel, other);
  }
  return Math.min(1, busy);
}

/** How much of `channel` a transmission on `other` blocks: all, by what it touches of the primary, else its part. */
export function blockage(channel: AirChannel, other: AirChannel): number {
  if (channel.band !== other.band) return 0;
  const primary: AirChannel = { ...channel, segments: [channel.control] };
  return Math.max(overlap(primary, other), overlap(channel, other));
}

/**
 * Divides `available` time among demands (all fractions of time): nobody gets more than asked, nobody's share can
 * grow without taking from one who has no more (max-min fair).
 */
export function shareAirtime(demands: readonly number[], available: number): number[] {
  const shares = demands.map(() => 0);
  const order = demands.map((_, index) => index).sort((a, b) => (demands[a] ?? 0) - (demands[b] ?? 0));
  let left = Math.max(0, available);
  order.forEach((index, position) => {
    const share = Math.min(demands[index] ?? 0, left / (order.length - position));
    shares[index] = share;
    left -= share;
  });
  return shares;
}
