/** Where things are in a simulated home, and where somebody may walk. Pure; metres. */

import { distance, type Place, type Wall } from "@opensync-ts/world/geometry";

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Around the walls and whatever stands somewhere. */
const margin = 2;
/** Who goes to a node stops before it. */
const besideNode = 0.8;

export function boundsOf(walls: readonly Pick<Wall, "from" | "to">[], places: readonly Place[]): Bounds {
  const points = [...walls.flatMap(({ from, to }) => [from, to]), ...places];
  if (points.length === 0) return { left: -margin, top: -margin, right: margin, bottom: margin };
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [least, most] = [(all: number[]) => Math.min(...all) - margin, (all: number[]) => Math.max(...all) + margin];
  return { left: least(xs), top: least(ys), right: most(xs), bottom: most(ys) };
}

/** What is wrong with a place, as member and reason; undefined: nothing. */
export function outside(
  bounds: Bounds,
  { x, y }: Place,
): { readonly member: "x" | "y"; readonly reason: string } | undefined {
  const say = (from: number, to: number) => `is outside the home; give ${shown(from)} to ${shown(to)} (metres)`;
  if (!(x >= bounds.left && x <= bounds.right)) return { member: "x", reason: say(bounds.left, bounds.right) };
  if (!(y >= bounds.top && y <= bounds.bottom)) return { member: "y", reason: say(bounds.top, bounds.bottom) };
  return undefined;
}

/** Where somebody stops who comes from `from`, on the floor of the node. */
export function placeBeside(node: Place, from: Place): Place {
  const way = distance(node, { ...from, z: node.z ?? 0 });
  if (way <= besideNode) return { ...from, z: node.z ?? 0 };
  const part = besideNode / way;
  return { x: node.x + (from.x - node.x) * part, y: node.y + (from.y - node.y) * part, z: node.z ?? 0 };
}

function shown(value: number): string {
  return String(Math.round(value * 10) / 10);
}
