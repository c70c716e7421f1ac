/** Where clients are drawn: at their place, or around it where something stands there already, with room for their names. Pure. */

import { type Box, Room } from "../home/labels.ts";

/** Px. */
interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Standing {
  readonly id: string;
  /** Where it is. */
  readonly at: Spot;
  /** It is under way: it is where it is. */
  readonly isMoving: boolean;
  /** Where its name could stand when it is drawn there. */
  names(spot: Spot): readonly Box[];
}

/** Two discs are no nearer than this, px: each can be pressed. */
export const apart = 18;
/** Rings around a place that are tried: enough for a thousand at one place; and how far apart they are, px. */
const rings = 18;
const ringPx = 22;
/** So many of them have room for a name, too, or a client is drawn without one, but near. */
const namingRings = 5;

/** By id. `nodes`: what no disc covers that could stand elsewhere. Who comes first in `all` has the choice. */
export function spread(
  all: readonly Standing[],
  nodes: readonly Omit<Standing, "isMoving">[],
  { width, height }: { readonly width: number; readonly height: number },
): ReadonlyMap<string, Spot> {
  const [discs, discsAndNames] = [new Room(), new Room()];
  const take = (box: Box) => {
    discs.take(box);
    discsAndNames.take(box);
  };
  for (const { at } of nodes) take(discAt(at));
  const isInside = ({ x, y, ...box }: Box) =>
    x - box.width / 2 >= 0 && y >= 0 && x + box.width / 2 <= width && y + box.height <= height;
  type Named = Pick<Standing, "names">;
  const nameAt = (each: Named, spot: Spot) =>
    each.names(spot).find((box) => isInside(box) && discsAndNames.isFree(box));
  const keepName = (each: Named, spot: Spot) => {
    const box = nameAt(each, spot);
    if (box) discsAndNames.take(box);
  };
  const spots = new Map<string, Spot>();
  const put = ({ id }: Standing, spot: Spot) => {
    spots.set(id, spot);
    take(discAt(spot));
  };
  for (const each of all) {
    if (each.isMoving) spots.set(each.id, each.at);
    else if (discs.isFree(discAt(each.at))) put(each, each.at);
  }
  for (const node of nodes) keepName(node, node.at);
  const rest = all.filter(({ id }) => !spots.has(id));
  for (const each of all) if (spots.has(each.id) && !each.isMoving) keepName(each, each.at);
  for (const each of rest) {
    const inside = around(each.at).filter((spot) => isInside(discAt(spot)));
    const named = inside
      .filter(({ x, y }) => Math.hypot(x - each.at.x, y - each.at.y) <= namingRings * ringPx + 1)
      .find((spot) => discsAndNames.isFree(discAt(spot)) && nameAt(each, spot));
    put(each, named ?? inside.find((spot) => discs.isFree(discAt(spot))) ?? each.at);
    keepName(each, spots.get(each.id) ?? each.at);
  }
  return spots;
}

function discAt({ x, y }: Spot): Box {
  return { x, y: y - apart / 2, width: apart - 0.01, height: apart - 0.01 };
}

/** Rings, the nearest first; on each, opposite places after one another. */
const ringSpots: readonly Spot[] = Array.from({ length: rings }, (_, index) => index + 1).flatMap((ring) =>
  Array.from({ length: 6 * ring }, (_, place) => {
    const angle = ((Math.floor(place / 2) + (place % 2) * 3 * ring) / (6 * ring)) * 2 * Math.PI;
    return { x: Math.cos(angle) * ring * ringPx, y: Math.sin(angle) * ring * ringPx };
  }),
);

function around({ x, y }: Spot): readonly Spot[] {
  return ringSpots.map((by) => ({ x: x + by.x, y: y + by.y }));
}
