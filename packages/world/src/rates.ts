/** Which rate a link carries: the fastest modulation that its signal-to-noise ratio allows (IEEE 802.11 rate tables). */

import type { Db, Mhz } from "@opensync-ts/base/units";

/** 802.11g/a, n, ac, ax, be. */
export type Generation = "legacy" | "n" | "ac" | "ax" | "be";

export const generations: readonly Generation[] = ["legacy", "n", "ac", "ax", "be"];

export interface LinkAbility {
  readonly generation: Generation;
  /** Spatial streams. */
  readonly streams: number;
  /** Of the channel that both ends use. */
  readonly width: Mhz;
}

/** Share of the physical rate that reaches the user: the rest is contention, preambles and acknowledgements. */
export const macEfficiency = 0.65;

/** SNR in 20 MHz that each modulation and coding scheme needs for one stream. */
const requiredSnr: readonly Db[] = [3, 6, 9, 12, 15, 19, 21, 23, 27, 29, 32, 34, 38, 41];

/** Mbit/s of one stream in 20 MHz by scheme; its length bounds the schemes of the generation. */
const rates20: Readonly<Record<Generation, readonly number[]>> = {
  legacy: [6, 12, 18, 24, 36, 48, 54],
  n: [7.2, 14.4, 21.7, 28.9, 43.3, 57.8, 65, 72.2],
  ac: [7.2, 14.4, 21.7, 28.9, 43.3, 57.8, 65, 72.2, 86.7, 96.3],
  ax: [8.6, 17.2, 25.8, 34.4, 51.6, 68.8, 77.4, 86, 103.2, 114.7, 129, 143.4],
  be: [8.6, 17.2, 25.8, 34.4, 51.6, 68.8, 77.4, 86, 103.2, 114.7, 129, 143.4, 154.9, 172.1],
};

/** Wide channels carry slightly more than their multiple of 20 MHz, as they have fewer guard tones. */
const widthFactor: readonly (readonly [Mhz, number])[] = [
  [320, 17.1],
  [160, 8.37],
  [80, 4.19],
  [40, 2.0],
  [20, 1],
];

/**
 * Mbit/s at `snr` dB (measured in 20 MHz); 0 where not even the slowest scheme works. Each doubling of width or
 * streams divides the power and costs 3 dB.
 */
export function phyRate(snr: Db, link: LinkAbility): number {
  const rates = rates20[link.generation];
  const maxStreams = link.generation === "legacy" ? 1 : link.streams;
  let best = 0;
  for (const [width, factor] of widthFactor) {
    if (width > Math.min(link.width, maxWidth[link.generation])) continue;
    for (let streams = 1; streams <= maxStreams; streams++) {
      const available = snr - 10 * Math.log10((width / 20) * streams);
      const scheme = Math.min(
        requiredSnr.findLastIndex((needed) => needed <= available),
        rates.length - 1,
      );
      if (scheme >= 0) best = Math.max(best, (rates[scheme] ?? 0) * factor * streams);
    }
  }
  return Math.round(best * 10) / 10;
}

export const maxWidth: Readonly<Record<Generation, Mhz>> = { legacy: 20, n: 40, ac: 160, ax: 160, be: 320 };

/** What both ends can do. */
export function commonAbility(a: LinkAbility, b: LinkAbility): LinkAbility {
  const older = generations.indexOf(a.generation) <= generations.indexOf(b.generation) ? a : b;
  return {
    generation: older.generation,
    streams: Math.min(a.streams, b.streams),
    width: Math.min(a.width, b.width, maxWidth[older.generation]),
  };
}
