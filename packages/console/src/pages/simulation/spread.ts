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
/** How far from its place the first ring is, px; the next are half of that apart. So many are tried: enough for a thousand at one place. */
const ringPx = 22;
const rings = 35;
/** So far out there is to be room for a name, too, at the most; beyond that a client is drawn without one, but near. */
const namingPx = 5 * ringPx;

interface Frame {
  readonly width: number;
  readonly height: number;
  /** For the sake of its name none is drawn farther from its place than this, or than beside it. */
  readonly farPx?: number;
}

/** By id. `nodes`: what no disc covers that could stand elsewhere. Who comes first in `all` has the choice. */
export function spread(
  all: readonly Standing[],
  nodes: readonly Omit<Standing, "isMoving">[],
  { width, height, farPx = namingPx }: Frame,
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
  const nearPx = Math.max(ringPx, Math.min(namingPx, farPx)) + 1;
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
    const isNear = ({ x, y }: Spot) => Math.hypot(x - each.at.x, y - each.at.y) <= nearPx;
    const beside = inside.filter((spot) => isNear(spot) && discsAndNames.isFree(discAt(spot)));
    const named = beside.find((spot) => nameAt(each, spot));
    put(each, named ?? beside[0] ?? inside.find((spot) => discs.isFree(discAt(spot))) ?? each.at);
    keepName(each, spots.get(each.id) ?? each.at);
  }
  return spots;
}

function discAt({ x, y }: Spot): Box {
  return { x, y: y - apart / 2, width: apart - 0.01, height: apart - 0.01 };
}

/** Rings, the nearest first; on each, opposite places after one another. */
const ringSpots: readonly Spot[] = Array.from({ length: rings }, (_, index) => index + 2).flatMap((halves) =>
  Array.from({ length: 6 * halves }, (_, place) => {
    const angle = ((Math.floor(place / 2) + (place % 2) * 3 * halves) / (6 * halves)) * 2 * Math.PI;
    const radius = (halves * ringPx) / 2;
    return { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius };
  }),
);

function around({ x, y }: Spot): readonly Spot[] {
  return ringSpots.map((by) => ({ x: x + by.x, y: y + by.y }));
}
