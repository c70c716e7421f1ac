/** Which part of the layout is seen: `screen = world × scale + offset`. Pure. */

import type { Point } from "./places.ts";

export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const smallest = 0.15;
export const largest = 4;
const margin = 34;

export function toScreen({ scale, x, y }: View, point: Point): Point {
  return { x: point.x * scale + x, y: point.y * scale + y };
}

export function toWorld({ scale, x, y }: View, point: Point): Point {
  return { x: (point.x - x) / scale, y: (point.y - y) / scale };
}

/** What is under `centre` (on the screen) stays there. */
export function zoomed(view: View, factor: number, centre: Point): View {
  const scale = Math.min(largest, Math.max(smallest, view.scale * factor));
  const kept = toWorld(view, centre);
  return { scale, x: centre.x - kept.x * scale, y: centre.y - kept.y * scale };
}

export function panned(view: View, by: Point): View {
  return { ...view, x: view.x + by.x, y: view.y + by.y };
}

/** All of it, in the middle; never larger than life. */
export function fitting(points: Iterable<Point>, size: Size): View {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  if (!Number.isFinite(left)) return { scale: 1, x: size.width / 2, y: size.height / 2 };
  const room = { width: Math.max(1, size.width - 2 * margin), height: Math.max(1, size.height - 2 * margin) };
  const scale = Math.max(
    smallest,
    Math.min(1.6, room.width / Math.max(1, right - left), room.height / Math.max(1, bottom - top)),
  );
  return {
    scale,
    x: size.width / 2 - ((left + right) / 2) * scale,
    y: size.height / 2 - ((top + bottom) / 2) * scale,
  };
}
