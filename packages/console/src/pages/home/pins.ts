/** Where the user has put nodes of a location; kept in this browser. Pure but for `storage`. */

import type { Point } from "./places.ts";

/** Nodes of one location that are remembered. */
const most = 64;

type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

export function readPins(storage: Storage, location: string): ReadonlyMap<string, Point> {
  try {
    return pinsFrom(JSON.parse(storage.getItem(keyOf(location)) ?? "[]"));
  } catch {
    // No storage, or what somebody else has written there.
    return new Map();
  }
}

export function writePins(storage: Storage, location: string, pins: ReadonlyMap<string, Point>): void {
  try {
    if (pins.size === 0) storage.removeItem(keyOf(location));
    else storage.setItem(keyOf(location), JSON.stringify([...pins].slice(-most).map(([id, { x, y }]) => [id, x, y])));
  } catch {
    // They hold until the page is left.
  }
}

function pinsFrom(value: unknown): ReadonlyMap<string, Point> {
  const pins = new Map<string, Point>();
  for (const entry of Array.isArray(value) ? value.slice(0, most) : []) {
    const [id, x, y] = Array.isArray(entry) ? entry : [];
    if (typeof id === "string" && Number.isFinite(x) && Number.isFinite(y)) pins.set(id, { x, y });
  }
  return pins;
}

function keyOf(location: string): string {
  return `opensync-pins ${location}`;
}
