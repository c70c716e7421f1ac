/** Channels on the air: which pieces of spectrum are used, how much two uses overlap, and the noise beneath. */

import type { Dbm, Mhz } from "@opensync-ts/base/units";

export type Band = "2.4G" | "5G" | "6G";

export const bands: readonly Band[] = ["2.4G", "5G", "6G"];

/** What a transmission occupies. */
export interface AirChannel {
  readonly band: Band;
  /** Centre of the primary 20 MHz. */
  readonly control: Mhz;
  /** Centres of all 20 MHz segments in use, the primary among them, ascending. */
  readonly segments: readonly Mhz[];
}

/** In 20 MHz, receiver included; the value OpenSync assumes where a driver gives none. */
export const noiseFloor: Dbm = -96;

/** Weaker signals are not decoded: no scan sees the BSS, no link stands. */
export const sensitivity: Dbm = -92;

/** Preamble detection: a medium carrying stronger Wi-Fi signals than this is busy (IEEE 802.11 clear channel assessment). */
export const carrierSense: Dbm = -82;

export function airBandwidth(channel: AirChannel): Mhz {
  return channel.segments.length * 20;
}

/** How much of `a` is covered by `b`, 0 to 1. */
export function overlap(a: AirChannel, b: AirChannel): number {
  if (a.segments.length === 0) return 0;
  let covered = 0;
  for (const segment of a.segments) {
    let share = 0;
    for (const other of b.segments) share += Math.max(0, 20 - Math.abs(segment - other)) / 20;
    covered += Math.min(1, share);
  }
  return covered / a.segments.length;
}

export function sameAirChannel(a: AirChannel, b: AirChannel): boolean {
  return (
    a.control === b.control &&
    a.segments.length === b.segments.length &&
    a.segments.every((segment, index) => segment === b.segments[index])
  );
}
