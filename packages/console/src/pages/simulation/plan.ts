/** The plan of a simulated home on the screen: metres to pixels and back, where clients are drawn, and which names fit. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { cut, placedLabels, spotsAround } from "../home/labels.ts";
import { spread } from "./spread.ts";

export type Simulation = AnswerTo<"GET /locations/:location/simulation">;
export type SimulatedNode = Simulation["nodes"][number];
export type SimulatedClient = Simulation["clients"][number];
export type Bounds = Simulation["bounds"];

/** Metres. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Scale {
  /** Of the whole plan, px. */
  readonly width: number;
  readonly height: number;
  readonly pxPerMetre: number;
}

/** A home that is long and narrow, or the other way, does not fill more than this, px. */
const highest = 640;
const lowest = 120;

/** As wide as there is room for, unless it would be too high then. */
export function scaleOf({ left, top, right, bottom }: Bounds, room: number): Scale {
  const [across, down] = [Math.max(1, right - left), Math.max(1, bottom - top)];
  const pxPerMetre = Math.min(Math.max(1, room) / across, highest / down);
  return { width: across * pxPerMetre, height: Math.max(lowest, down * pxPerMetre), pxPerMetre };
}

export function toScreen({ left, top }: Bounds, { pxPerMetre }: Scale, { x, y }: Spot): Spot {
  return { x: (x - left) * pxPerMetre, y: (y - top) * pxPerMetre };
}

/** Rounded to 10 cm; what lies outside is brought to the edge. */
export function toMetres(bounds: Bounds, { pxPerMetre }: Scale, { x, y }: Spot): Spot {
  const within = (value: number, least: number, most: number) =>
    Math.min(most, Math.max(least, Math.round(value * 10) / 10));
  return {
    x: within(bounds.left + x / pxPerMetre, bounds.left, bounds.right),
    y: within(bounds.top + y / pxPerMetre, bounds.top, bounds.bottom),
  };
}

/** How far from a client one may press to mean it, px. */
export const reachPx = 14;

/** Whom one means who points there: the nearest client in reach, however many are. `discs`: where they are drawn. */
export function clientAt(discs: ReadonlyMap<string, Spot>, at: Spot): string | undefined {
  const away = [...discs].map(([mac, { x, y }]) => ({ mac, px: Math.hypot(x - at.x, y - at.y) }));
  const [nearest] = away.filter(({ px }) => px <= reachPx).sort((a, b) => a.px - b.px);
  return nearest?.mac;
}

/** Who comes after, or with -1 before, this client in the order of the list, round and round. */
export function neighbourOf({ clients }: Pick<Simulation, "clients">, mac: string, step: 1 | -1): string | undefined {
  const at = clients.findIndex((client) => client.mac === mac);
  return at < 0 ? undefined : clients.at((at + step) % clients.length)?.mac;
}

/** Lines of the grid, in metres: every metre, or so many that they are not too close. */
export function gridLines(from: number, to: number, { pxPerMetre }: Scale): readonly number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 500].find((each) => each * pxPerMetre >= 36) ?? 1000;
  const lines: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) lines.push(at);
  return lines;
}

const letterPx = 6.8;
const linePx = 15;
/** From the upper edge of a name to its line, px. */
export const labelDrop = 11;
const longestLabel = 18;
/** For the sake of its name a client is drawn no farther from its place. */
const farMetres = 2;
/** A node's box, and a client's disc, from the middle, px. */
export const nodeHalf = 9;
export const discRadius = 7;

export interface Label {
  readonly id: string;
  readonly text: string;
  /** Middle of its upper edge. */
  readonly x: number;
  readonly y: number;
}

/** Where a client is drawn, by its address: at its place, or around it where others stand there. */
export function discsOf({ nodes, clients, bounds }: Simulation, scale: Scale): ReadonlyMap<string, Spot> {
  const names = (name: string, radius: number) => (spot: Spot) => {
    const { others, ...first } = labelOf("", name, spot, radius);
    return [first, ...others.map(({ x, y }) => ({ ...first, x, y }))];
  };
  const standing = clients.toSorted(byName).map(({ mac, name, place, walkingTo }) => ({
    ...{ id: mac, at: toScreen(bounds, scale, place), isMoving: walkingTo !== null },
    names: names(name, discRadius),
  }));
  const fixed = nodes.map(({ node, place }) => ({
    ...{ id: node, at: toScreen(bounds, scale, place), names: names(node, nodeHalf) },
  }));
  return spread(standing, fixed, { ...scale, farPx: scale.pxPerMetre * farMetres });
}

function byName(a: SimulatedClient, b: SimulatedClient): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.mac < b.mac ? -1 : 1;
}

function labelOf(id: string, name: string, at: Spot, radius: number) {
  const text = cut(name, longestLabel);
  const [width, height] = [[...text].length * letterPx, linePx];
  return { id, text, width, height, ...spotsAround(at, radius, width, height) };
}

/**
 * Names that fit: those of nodes and of the `named` clients (who is chosen or pointed at) always, others by the alphabet, so that the same are
 * shown as long as nobody moves.
 */
export function labelsOf(
  { nodes, clients, bounds }: Simulation,
  scale: Scale,
  discs: ReadonlyMap<string, Spot>,
  named: ReadonlySet<string>,
): readonly Label[] {
  const spotOf = (mac: string, place: Spot) => discs.get(mac) ?? toScreen(bounds, scale, place);
  const order = new Map(clients.toSorted(byName).map(({ mac }, index) => [mac, -index] as const));
  const all = [
    ...nodes.map(({ node, place }) => ({
      ...labelOf(`node ${node}`, node, toScreen(bounds, scale, place), nodeHalf),
      ...{ weight: 1e6, must: true },
    })),
    ...clients.map(({ mac, name, place }) => ({
      ...labelOf(`client ${mac}`, name, spotOf(mac, place), discRadius),
      ...{ weight: order.get(mac) ?? 0, must: named.has(mac) },
    })),
  ];
  const taken = [
    ...nodes.map(({ place }) => ({ at: toScreen(bounds, scale, place), half: nodeHalf })),
    ...clients.map(({ mac, place }) => ({ at: spotOf(mac, place), half: discRadius })),
  ].map(({ at: { x, y }, half }) => ({ x, y: y - half, width: half * 2, height: half * 2 }));
  const placed = placedLabels(all, taken, scale);
  return all.flatMap(({ id, text }) => {
    const spot = placed.get(id);
    return spot ? [{ id, text, ...spot }] : [];
  });
}
