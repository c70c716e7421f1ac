/** What a link carries: an order among access points, not a promise. */

import { type Generation, generations } from "../generations.ts";

export interface Ability {
  readonly generation: Generation;
  readonly streams: number;
  /** MHz. */
  readonly width: number;
}

/** Radios stay so far behind Shannon, dB. */
const gapDb = 5;
/** Bits a second and Hz of the densest modulation of each generation, one stream. */
const mostBits: Readonly<Record<Generation, number>> = { legacy: 2.7, n: 3.6, ac: 4.8, ax: 7.2, be: 8.6 };
const mostWidth: Readonly<Record<Generation, number>> = { legacy: 20, n: 40, ac: 160, ax: 160, be: 320 };
/** Of the rate of a link, what reaches the user: the rest is contention, preambles, acknowledgements. */
export const usableShare = 0.65;

/** Mbit/s of the radio link at `snrDb` (in 20 MHz); 0 where nothing goes. Power is shared by streams and spread over the width. */
export function linkRate(snrDb: number, { generation, streams, width }: Ability): number {
  const most = generation === "legacy" ? 1 : streams;
  let best = 0;
  for (let mhz = 20; mhz <= Math.min(width, mostWidth[generation]); mhz *= 2) {
    for (let count = 1; count <= most; count++) {
      const snr = snrDb - 10 * Math.log10((mhz / 20) * count) - gapDb;
      const bits = Math.min(mostBits[generation], Math.log2(1 + 10 ** (snr / 10)));
      // Below that the slowest modulation does not get through.
      if (bits >= 0.3) best = Math.max(best, bits * mhz * count);
    }
  }
  return best;
}

/** Where nothing but what both ends can do bounds a link, dB. */
const loudDb = 80;
/** Rates are told without guard intervals, and some lie between those of the model. */
const slack = 0.05;

/**
 * The least that explains that a link to such an access point was seen to have this rate (Mbit/s): so much both ends can. Undefined where no
 * such link can have it.
 */
export function leastAbility(mbps: number, { generation, streams, width }: Ability): Ability | undefined {
  const able: Ability[] = [];
  for (const each of generations.slice(0, generations.indexOf(generation) + 1)) {
    for (let count = 1; count <= streams; count++) {
      for (let mhz = 20; mhz <= width; mhz *= 2) able.push({ generation: each, streams: count, width: mhz });
    }
  }
  return able
    .sort((a, b) => mostRate(a) - mostRate(b) || a.streams - b.streams || a.width - b.width)
    .find((ability) => mostRate(ability) >= mbps * (1 - slack));
}

/** Mbit/s of the fastest link. */
export function mostRate(ability: Ability): number {
  return linkRate(loudDb, ability);
}

/** What both ends can do. */
export function common(a: Ability, b: Ability): Ability {
  const older = generations.indexOf(a.generation) <= generations.indexOf(b.generation) ? a : b;
  return {
    generation: older.generation,
    streams: Math.min(a.streams, b.streams),
    width: Math.min(a.width, b.width),
  };
}
