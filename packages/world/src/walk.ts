/** Movement along waypoints: where somebody is at a time, and until when nothing changes. */

import { between, distance, type Place } from "./geometry.ts";

/** Milliseconds since the walk began, ascending; never empty. */
export interface Walk {
  readonly waypoints: readonly { readonly at: number; readonly place: Place }[];
  readonly repeat: boolean;
}

/** Before the first waypoint one stands at it, after the last one there; who repeats jumps back to the first. */
export function placeAt(walk: Walk, time: number): Place {
  const { before, after } = leg(walk, time);
  const span = after.at - before.at;
  return span <= 0 ? before.place : between(before.place, after.place, (phase(walk, time) - before.at) / span);
}

/** Straight from one place to another, at so many metres per second. */
export function walkTo(from: Place, to: Place, speed: number): Walk {
  const waypoints = [
    { at: 0, place: from },
    { at: (distance(from, to) / speed) * 1000, place: to },
  ];
  return { waypoints, repeat: false };
}

/**
 * When to look again, in ms since the walk began: after `step` while moving, at the next departure while standing,
 * `null` when the walk is over. A millisecond at the least: what sums of fractions leave over, a clock cannot wait for.
 */
export function nextStep(walk: Walk, time: number, step: number): number | null {
  const { before, after } = leg(walk, time);
  const left = after.at - phase(walk, time);
  if (left <= 0) return null;
  return time + Math.max(1, samePoint(before.place, after.place) ? left : Math.min(step, left));
}

function phase(walk: Walk, time: number): number {
  const end = walk.waypoints.at(-1)?.at ?? 0;
  return walk.repeat && end > 0 ? time % end : time;
}

function leg(walk: Walk, time: number) {
  const now = phase(walk, time);
  const { waypoints } = walk;
  const next = waypoints.findIndex(({ at }) => at > now);
  const before = waypoints[next < 0 ? waypoints.length - 1 : Math.max(0, next - 1)];
  const after = waypoints[next < 0 ? waypoints.length - 1 : next];
  if (!before || !after) throw new RangeError("a walk needs at least one waypoint");
  return next === 0 ? { before: after, after } : { before, after };
}

function samePoint(a: Place, b: Place): boolean {
  return a.x === b.x && a.y === b.y && (a.z ?? 0) === (b.z ?? 0);
}
