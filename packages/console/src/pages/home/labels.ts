/** Which names fit, and where: the important ones first, none over another; those that must be seen always. Pure. */

import type { Point } from "./places.ts";

export interface Box {
  /** Middle of the upper edge, on the screen, px. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Wanted extends Box {
  readonly id: string;
  /** Where else it may stand, tried in this order; as `x` and `y`. */
  readonly others?: readonly Point[];
  /** The greater, the sooner it is placed. */
  readonly weight: number;
  /** Is shown whatever is under it. */
  readonly must: boolean;
}

/** Names that are tried in one frame. */
export const triedLabels = 600;
const cell = 64;

/** Where each name stands that fits. `taken`: what no name may cover unless it must be seen; `size`: no name goes over the edge of that. */
export function placedLabels(
  wanted: readonly Wanted[],
  taken: readonly Box[] = [],
  size: Size = boundless,
): ReadonlyMap<string, Point> {
  const room = new Room();
  const placed = new Map<string, Point>();
  const place = (label: Wanted, spot: Point) => {
    room.take({ ...label, x: spot.x, y: spot.y });
    placed.set(label.id, { x: spot.x, y: spot.y });
  };
  const spotsOf = (label: Wanted) =>
    [label, ...(label.others ?? [])].filter((spot) => isInside({ ...label, ...pointOf(spot) }, size));
  const freeSpot = (label: Wanted) => spotsOf(label).find((spot) => room.isFree({ ...label, ...pointOf(spot) }));
  /** Where it covers the least of what is there. */
  const bestSpot = (label: Wanted) => {
    const covers = (spot: Point) => room.covered({ ...label, ...pointOf(spot) });
    const [first = pulledInside(label, size), ...others] = spotsOf(label);
    return others.reduce<Point>((best, spot) => (covers(spot) < covers(best) ? spot : best), first);
  };
  const musts = wanted.filter(({ must }) => must);
  for (const box of taken) room.take(box);
  for (const label of musts.toSorted(byWeight)) place(label, freeSpot(label) ?? bestSpot(label));
  const rest = wanted.filter(({ must }) => !must).sort(byWeight);
  for (const label of rest.slice(0, triedLabels)) {
    const spot = freeSpot(label);
    if (spot) place(label, spot);
  }
  return placed;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const boundless: Size = { width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };

function isInside(box: Box, { width, height }: Size): boolean {
  if (width === Number.POSITIVE_INFINITY) return true;
  const [left, top, right, bottom] = edgesOf(box);
  return left >= 0 && top >= 0 && right <= width && bottom <= height;
}

/** As near as it can be without going over the edge. */
function pulledInside({ x, y, width, height }: Box, size: Size): Point {
  if (size === boundless) return { x, y };
  return {
    x: Math.max(width / 2, Math.min(size.width - width / 2, x)),
    y: Math.max(0, Math.min(size.height - height, y)),
  };
}

function pointOf({ x, y }: Point): Point {
  return { x, y };
}

/** Where else a name may stand that must be seen: aslant of the thing, then a little away from it; as `Box` has it. */
export function spotsFarther({ x, y }: Point, radius: number, width: number, height: number): readonly Point[] {
  const aside = width / 2;
  return [2, 14, 26].flatMap((gap) => {
    const [below, above] = [y + radius + gap, y - radius - gap - height];
    return [x, x + aside, x - aside].flatMap((at) => [
      { x: at, y: below },
      { x: at, y: above },
    ]);
  });
}

/** Where a name of a round thing may stand: below it, above it, to its right, to its left; as `Box` has it. */
export function spotsAround({ x, y }: Point, radius: number, width: number, height: number) {
  const [gap, beside] = [2, radius + 4 + width / 2];
  const [below, ...others] = [
    { x, y: y + radius + gap },
    { x, y: y - radius - gap - height },
    { x: x + beside, y: y - height / 2 },
    { x: x - beside, y: y - height / 2 },
  ] as const;
  return { ...below, others };
}

function byWeight(a: Wanted, b: Wanted): number {
  return b.weight - a.weight || (a.id < b.id ? -1 : 1);
}

/** What is taken of the screen, in cells, so that only what is near is compared. */
export class Room {
  readonly #cells = new Map<number, (readonly [number, number, number, number])[]>();

  take(box: Box): void {
    const edges = edgesOf(box);
    for (const key of cellsOf(edges)) {
      const there = this.#cells.get(key);
      if (there) there.push(edges);
      else this.#cells.set(key, [edges]);
    }
  }

  isFree(box: Box): boolean {
    return this.#touched(box, 1) === 0;
  }

  /** How many things it covers. */
  covered(box: Box): number {
    return this.#touched(box, Number.POSITIVE_INFINITY);
  }

  #touched(box: Box, most: number): number {
    const edges = edgesOf(box);
    const found = new Set<readonly number[]>();
    for (const key of cellsOf(edges)) {
      for (const there of this.#cells.get(key) ?? []) {
        const [left, top, right, bottom] = there;
        if (edges[0] < right && left < edges[2] && edges[1] < bottom && top < edges[3]) found.add(there);
        if (found.size >= most) return found.size;
      }
    }
    return found.size;
  }
}

function edgesOf({ x, y, width, height }: Box) {
  return [x - width / 2, y, x + width / 2, y + height] as const;
}

function* cellsOf([left, top, right, bottom]: readonly [number, number, number, number]) {
  for (let x = Math.floor(left / cell); x <= Math.floor(right / cell); x++)
    for (let y = Math.floor(top / cell); y <= Math.floor(bottom / cell); y++) yield x * 65_536 + y;
}

const letters = new Intl.Segmenter();

/** At most so many letters, with a sign that there are more. Whole letters, whatever the script. */
export function cut(text: string, most: number): string {
  // So many units are no more letters.
  if (text.length <= most) return text;
  const all = [...letters.segment(text.slice(0, most * 16))];
  if (all.length <= most) return text;
  return `${all
    .slice(0, most - 1)
    .map(({ segment }) => segment)
    .join("")}…`;
}
