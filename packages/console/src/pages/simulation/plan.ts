/** The plan of a simulated home on the screen: metres to pixels and back, and which names fit. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { cut, fittingLabels, type Wanted } from "../home/labels.ts";

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

/** Whom one means who presses there: the nearest client in reach, however many are. */
export function clientAt({ clients, bounds }: Simulation, scale: Scale, at: Spot): string | undefined {
  const away = clients.map(({ mac, place }) => {
    const { x, y } = toScreen(bounds, scale, place);
    return { mac, px: Math.hypot(x - at.x, y - at.y) };
  });
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
/** Below the middle of what is named, px. */
export const labelDrop = 11;
const longestLabel = 18;

export interface Label {
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Names of nodes and clients that fit; those of nodes and of the chosen client always. */
export function labelsOf(
  { nodes, clients, bounds }: Simulation,
  scale: Scale,
  chosen: string | null,
): readonly Label[] {
  const label = (id: string, name: string, place: Spot, weight: number): Label & Wanted => {
    const { x, y } = toScreen(bounds, scale, place);
    const text = cut(name, longestLabel);
    const width = [...text].length * letterPx;
    return {
      id,
      text,
      // None is cut off at an edge.
      x: Math.max(width / 2, Math.min(x, scale.width - width / 2)),
      y: y + labelDrop,
      width,
      height: linePx,
      weight,
      must: weight > 1,
    };
  };
  const all = [
    ...nodes.map(({ node, place }) => label(`node ${node}`, node, place, 2)),
    ...clients.map(({ mac, name, place }) => label(`client ${mac}`, name, place, mac === chosen ? 2 : 1)),
  ];
  const taken = [...nodes, ...clients].map(({ place }) => {
    const { x, y } = toScreen(bounds, scale, place);
    return { x, y: y - 8, width: 16, height: 16 };
  });
  const fitting = fittingLabels(all, taken);
  return all.filter(({ id }) => fitting.has(id)).map(({ id, text, x, y }) => ({ id, text, x, y }));
}
