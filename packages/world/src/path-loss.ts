/**
 * How a signal fades: log-distance path loss from the free-space loss at one metre, what walls and floors take, and
 * shadowing, which is random but belongs to the place: who stands still sees no change, and who walks sees it change
 * over metres.
 */

import { SeededRandom } from "@opensync-ts/base/random";
import type { Db, Mhz } from "@opensync-ts/base/units";
import { type Building, distance, obstacleLoss, type Place } from "./geometry.ts";
import type { Band } from "./spectrum.ts";

export interface Propagation {
  /** 2 in free space; 2.4 to 3.5 in homes, less where walls are modelled on their own. */
  readonly exponent: number;
  /** Standard deviation of the shadowing. */
  readonly shadowing: Db;
}

export const defaultPropagation: Propagation = { exponent: 2.6, shadowing: 3 };

/** Without shadowing. Distances under 1 m count as 1 m. */
export function pathLoss(
  propagation: Propagation,
  building: Building,
  a: Place,
  b: Place,
  band: Band,
  frequency: Mhz,
): Db {
  const metres = Math.max(1, distance(a, b));
  return (
    freeSpaceLossAt1m(frequency) + 10 * propagation.exponent * Math.log10(metres) + obstacleLoss(building, a, b, band)
  );
}

/** Friis. */
export function freeSpaceLossAt1m(frequency: Mhz): Db {
  return 20 * Math.log10(frequency) - 27.55;
}

/** Metres over which shadowing keeps its value. */
const gridPitch = 4;

/**
 * Shadowing between a named site and a place: normally distributed over places with standard deviation `sigma`,
 * smooth, and a function of its arguments alone.
 */
export function shadowing(seed: string, site: string, place: Place, sigma: Db): Db {
  if (sigma === 0) return 0;
  const gx = Math.floor(place.x / gridPitch);
  const gy = Math.floor(place.y / gridPitch);
  const gz = Math.floor((place.z ?? 0) / gridPitch);
  const fx = place.x / gridPitch - gx;
  const fy = place.y / gridPitch - gy;
  let sum = 0;
  let squares = 0;
  for (const [dx, dy, weight] of [
    [0, 0, (1 - fx) * (1 - fy)],
    [1, 0, fx * (1 - fy)],
    [0, 1, (1 - fx) * fy],
    [1, 1, fx * fy],
  ] as const) {
    if (weight === 0) continue;
    sum += weight * normalAt(`${seed}/${site}/${gx + dx},${gy + dy},${gz}`);
    squares += weight * weight;
  }
  // The mean of several values varies less than each: scaled back, so that it is `sigma` between grid points too.
  return (sigma * sum) / Math.sqrt(squares);
}

/** A standard normal value that belongs to `key` (Box and Muller). */
function normalAt(key: string): number {
  const random = new SeededRandom(key);
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
