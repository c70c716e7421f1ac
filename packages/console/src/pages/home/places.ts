/** Where the Internet, gateways and extenders stand: the same for the same tree. Pure. */

import type { Thing } from "./graph.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A client's disc, and that of a node. */
export const clientRadius = 7;
export const nodeRadius = 20;
/** Clients are no nearer to the middle of their node. */
export const innerRadius = nodeRadius + 32;
const gap = 40;

/** Room of each of so many clients: few have room for their names. */
export function clientRoom(clients: number): number {
  return clients <= 12 ? 23 : clients <= 24 ? 17 : 13;
}

/** Room around a node that its clients take. */
export function clusterRadius(clients: number): number {
  if (clients === 0) return nodeRadius + 12;
  return Math.sqrt(innerRadius ** 2 + clients * clientRoom(clients) ** 2 * 1.3) + 4;
}

interface Branch {
  readonly id: string;
  readonly radius: number;
  readonly children: readonly Branch[];
  /** Leaves below it, by the room that they take. */
  readonly span: number;
}

/**
 * The gateway in the middle, the Internet above it, extenders around it, those that hang on an extender behind that one. `isWide`: there is more
 * room beside it than above and below.
 */
export function placesOf(things: readonly Thing[], isWide: boolean): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  const nodes = things.filter(({ kind }) => kind === "gateway" || kind === "extender");
  const counts = new Map<string, number>();
  for (const { kind, parent } of things) {
    if (parent !== null && (kind === "client" || kind === "fold")) counts.set(parent, (counts.get(parent) ?? 0) + 1);
  }
  const seen = new Set<string>();
  const branch = ({ id }: Thing): Branch => {
    seen.add(id);
    const children = nodes.filter((node) => node.parent === id && !seen.has(node.id)).map(branch);
    const radius = clusterRadius(counts.get(id) ?? 0);
    return {
      id,
      radius,
      children,
      span: Math.max(
        radius,
        children.reduce((sum, child) => sum + child.span, 0),
      ),
    };
  };
  const roots = nodes.filter(({ kind }) => kind === "gateway").map(branch);
  // What hangs on nothing that there is, or in a circle, stands beside.
  for (const node of nodes) if (!seen.has(node.id)) roots.push(branch(node));
  let left = 0;
  const stretch = isWide ? { x: 1.18, y: 0.92 } : { x: 0.92, y: 1.12 };
  for (const root of roots) {
    const own = new Map<string, Point>([[root.id, { x: 0, y: 0 }]]);
    // Above is the Internet's.
    if (root.children.length === 1 && isWide) spread(root, -Math.PI / 4, Math.PI / 4, own, stretch);
    else spread(root, -Math.PI / 2 + 0.62, (3 * Math.PI) / 2 - 0.62, own, stretch);
    const all = [...own].map(([id, point]) => ({ id, point, radius: radiusIn(root, id) }));
    const begin = Math.min(...all.map(({ point, radius }) => point.x - radius));
    const end = Math.max(...all.map(({ point, radius }) => point.x + radius));
    for (const { id, point } of all) places.set(id, { x: left + point.x - begin, y: point.y });
    left += end - begin + gap;
  }
  const tops = roots.map(({ id, radius }) => ({ ...(places.get(id) ?? { x: 0, y: 0 }), radius }));
  if (tops.length > 0) {
    const x = tops.reduce((sum, top) => sum + top.x, 0) / tops.length;
    const y = Math.min(...tops.map((top) => top.y - top.radius)) - nodeRadius - gap / 2;
    places.set("internet", { x, y });
  }
  return places;
}

function spread(parent: Branch, from: number, to: number, places: Map<string, Point>, stretch: Point): void {
  const { children } = parent;
  if (children.length === 0) return;
  const origin = places.get(parent.id) ?? { x: 0, y: 0 };
  const total = children.reduce((sum, { span }) => sum + span, 0);
  const share = (child: Branch) => ((to - from) * child.span) / total;
  // Far enough for each to have its room on the circle, and for their clients not to meet the parent's.
  const distance = Math.max(
    ...children.map((child) => parent.radius + child.radius + gap),
    ...children.map((child) =>
      children.length > 1 ? (child.radius + gap / 4) / Math.sin(Math.min(Math.PI / 2, share(child) / 2)) : 0,
    ),
  );
  let angle = from;
  for (const child of children) {
    const middle = angle + share(child) / 2;
    places.set(child.id, {
      x: origin.x + Math.cos(middle) * distance * stretch.x,
      y: origin.y + Math.sin(middle) * distance * stretch.y,
    });
    const half = Math.min(share(child), Math.PI * 0.8) / 2;
    spread(child, middle - half, middle + half, places, { x: 1, y: 1 });
    angle += share(child);
  }
}

function radiusIn({ id, radius, children }: Branch, wanted: string): number {
  if (id === wanted) return radius;
  return Math.max(0, ...children.map((child) => radiusIn(child, wanted)));
}
