/**
 * Free airtime end to end. A client's bytes take time on each link of their way to the gateway; links on overlapping
 * channels take it of the same air, as everybody in a home hears everybody.
 */

import type { HomeBand } from "../evidence.ts";

export interface Channel {
  readonly band: HomeBand;
  /** The primary one. */
  readonly channel: number;
  /** MHz. */
  readonly width: number;
}

/** One link of the way. */
export interface Hop extends Channel {
  /** Mbit/s that reach the user with the air to itself. */
  readonly usableMbps: number;
  /** Share of the time that the channel is taken, 0 to 1; null: unknown. */
  readonly busy: number | null;
}

/** Unknown load counts as somewhat busy. */
const assumedBusy = 0.4;
/** Mbit/s below which a link carries nothing. */
const leastMbps = 1e-3;

/** MHz, from and to. 40 MHz on 2.4 GHz may go either way: both count. */
export function span({ band, channel, width }: Channel): readonly [number, number] {
  if (band === "2.4G") {
    const centre = channel === 14 ? 2484 : 2407 + 5 * channel;
    return width > 20 ? [centre - 30, centre + 30] : [centre - 10, centre + 10];
  }
  // Wider channels are blocks of the raster that begins with these.
  const first = band === "6G" ? 1 : channel >= 149 ? 149 : channel >= 100 ? 100 : 36;
  const count = width / 20;
  const block = Math.floor((channel - first) / 4 / count);
  const low = (band === "6G" ? 5950 : 5000) + 5 * (first + block * count * 4) - 10;
  return [low, low + width];
}

export function overlaps(a: Channel, b: Channel): boolean {
  if (a.band !== b.band) return false;
  const [[lowA, highA], [lowB, highB]] = [span(a), span(b)];
  return lowA < highB && lowB < highA;
}

/** Share of the time on the air of `hop` that one Mbit/s along `way` takes. */
function cost(hop: Channel, way: readonly Hop[]): number {
  return way.filter((each) => overlaps(hop, each)).reduce((sum, { usableMbps }) => sum + 1 / usableMbps, 0);
}

export interface Capacity {
  /** Mbit/s from the client to the gateway, given what others take. */
  readonly mbps: number;
  /** Index of the hop that allows no more. */
  readonly bottleneck: number;
  /** Its share of the time that others leave, 0 to 1. */
  readonly free: number;
}

/** `present`: the way that `presentMbps` of this client take now, whose time it would not take any more. */
export function capacity(way: readonly Hop[], present: readonly Hop[], presentMbps: number): Capacity {
  let least: Capacity = { mbps: 0, bottleneck: 0, free: 0 };
  for (const [index, hop] of way.entries()) {
    if (!(hop.usableMbps > leastMbps)) return { mbps: 0, bottleneck: index, free: 0 };
    const free = 1 - othersShare(hop, present, presentMbps);
    const mbps = free / cost(hop, way);
    if (index === 0 || mbps < least.mbps) least = { mbps, bottleneck: index, free };
  }
  return least;
}

/** The most that any air of the way would be taken with `mbps` along it, 0 to 1 and more. */
export function loadAfter(way: readonly Hop[], mbps: number, present: readonly Hop[], presentMbps: number): number {
  const loads = way.map((hop) => othersShare(hop, present, presentMbps) + mbps * cost(hop, way));
  return Math.max(0, ...loads);
}

function othersShare(hop: Hop, present: readonly Hop[], presentMbps: number): number {
  const usable = present.filter(({ usableMbps }) => usableMbps > leastMbps);
  const own = hop.busy === null ? 0 : presentMbps * cost(hop, usable);
  return Math.min(1, Math.max(0, (hop.busy ?? assumedBusy) - own));
}
