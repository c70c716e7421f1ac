/** Where things are: places in metres, and what stands between them. */

import type { Db } from "@opensync-ts/base/units";
import type { Band } from "./spectrum.ts";

/** Metres; `z` is the height above ground, 0 where left out. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z?: number;
}

export type Material = "glass" | "wood" | "drywall" | "brick" | "concrete" | "metal";

/** A vertical wall between two points of the ground plan, from `bottom` to `top` (all heights where left out). */
export interface Wall {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  readonly bottom?: number;
  readonly top?: number;
  readonly material: Material;
}

/** A floor slab at a height, everywhere. */
export interface Slab {
  readonly z: number;
  readonly material: Material;
}

export interface Building {
  readonly walls: readonly Wall[];
  readonly slabs: readonly Slab[];
}

/** Loss of one crossing. Typical of homes: ITU-R P.2040 and published indoor measurements, rounded. */
export const materialLoss: Readonly<Record<Material, Readonly<Record<Band, Db>>>> = {
  glass: { "2.4G": 2, "5G": 3, "6G": 3 },
  wood: { "2.4G": 3, "5G": 4, "6G": 5 },
  drywall: { "2.4G": 3, "5G": 4, "6G": 5 },
  brick: { "2.4G": 6, "5G": 10, "6G": 11 },
  concrete: { "2.4G": 12, "5G": 20, "6G": 23 },
  metal: { "2.4G": 25, "5G": 30, "6G": 32 },
};

/** Metres. */
export function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.y - b.y, (a.z ?? 0) - (b.z ?? 0));
}

/** The point at `fraction` (0 to 1) of the way from `a` to `b`. */
export function between(a: Place, b: Place, fraction: number): Place {
  const at = (from: number, to: number) => from + (to - from) * fraction;
  return { x: at(a.x, b.x), y: at(a.y, b.y), z: at(a.z ?? 0, b.z ?? 0) };
}

/** The sum of what the straight line from `a` to `b` loses in walls and slabs. */
export function obstacleLoss(building: Building, a: Place, b: Place, band: Band): Db {
  let loss = 0;
  for (const wall of building.walls) if (crossesWall(wall, a, b)) loss += materialLoss[wall.material][band];
  for (const slab of building.slabs) if (crossesSlab(slab, a, b)) loss += materialLoss[slab.material][band];
  return loss;
}

export function crossesSlab(slab: Slab, a: Place, b: Place): boolean {
  const za = a.z ?? 0;
  const zb = b.z ?? 0;
  return za < slab.z !== zb < slab.z;
}

/** A line that only touches an end of the wall, or runs along it, does not cross it. */
export function crossesWall(wall: Wall, a: Place, b: Place): boolean {
  // Always computed in the same direction: rounding must not make a grazing line differ from its reverse.
  if (a.x > b.x || (a.x === b.x && a.y > b.y)) return crossesWall(wall, b, a);
  const { from, to } = wall;
  const sideOfA = side(from, to, a);
  const sideOfB = side(from, to, b);
  if (sideOfA * sideOfB >= 0) return false;
  if (side(a, b, from) * side(a, b, to) >= 0) return false;
  const height = between(a, b, sideOfA / (sideOfA - sideOfB)).z ?? 0;
  return height >= (wall.bottom ?? -Infinity) && height <= (wall.top ?? Infinity);
}

type Point = { readonly x: number; readonly y: number };

/** Positive on the left of the line p→q, negative on the right, 0 on it. */
function side(p: Point, q: Point, point: Point): number {
  return (q.x - p.x) * (point.y - p.y) - (q.y - p.y) * (point.x - p.x);
}
