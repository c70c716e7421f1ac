/** Moves things to where they belong: nodes to their places, clients around their node. What is there stays; who roams glides. */

import { forceCollide, forceSimulation, forceX, forceY, type Simulation, type SimulationNodeDatum } from "d3-force";
import { awayFrom, type Cable, cablesOf, clearance } from "./cables.ts";
import type { Graph, Thing } from "./graph.ts";
import { clientRoom, innerRadius, nodeRadius, type Point, placesOf } from "./places.ts";

export interface Placed extends SimulationNodeDatum {
  readonly id: string;
  thing: Thing;
  x: number;
  y: number;
  /** Where it is drawn to. */
  target: Point;
  /** Radius that nothing else comes into. */
  room: number;
}

/** Work of one frame at the most. */
const ticksPerFrame = 2;
/** Of the start, before anything is drawn. */
const firstTicks = 120;

export class Layout {
  readonly #things = new Map<string, Placed>();
  readonly #simulation: Simulation<Placed, undefined>;
  #pins: ReadonlyMap<string, Point> = new Map();
  #cables: readonly Cable[] = [];
  #isFirst = true;

  constructor() {
    this.#simulation = forceSimulation<Placed>([])
      .stop()
      .randomSource(() => 0.5)
      .velocityDecay(0.35)
      .alphaDecay(0.03)
      .force("x", forceX<Placed>(({ target }) => target.x).strength(0.14))
      .force("y", forceY<Placed>(({ target }) => target.y).strength(0.14))
      .force("out", () => this.#pushOut())
      .force("off", () => this.#pushOff())
      .force(
        "apart",
        forceCollide<Placed>(({ room }) => room)
          .strength(0.9)
          .iterations(2),
      );
  }

  get things(): ReadonlyMap<string, Placed> {
    return this.#things;
  }

  /** Still moving. */
  get isMoving(): boolean {
    return this.#simulation.alpha() > this.#simulation.alphaMin();
  }

  /** `pins`: where the user has put nodes, by id. */
  show(graph: Graph, isWide: boolean, pins: ReadonlyMap<string, Point>): void {
    const { things } = graph;
    this.#pins = pins;
    const places = placesOf(things, isWide);
    const present = new Set(things.map(({ id }) => id));
    let changed = false;
    for (const id of this.#things.keys()) if (!present.has(id) && this.#things.delete(id)) changed = true;
    const rank = new Map<string, number>();
    const counts = new Map<string | null, number>();
    for (const { kind, parent } of things) if (kind === "client") counts.set(parent, (counts.get(parent) ?? 0) + 1);
    for (const thing of things) {
      const { id, kind, parent } = thing;
      const isClient = kind === "client" || kind === "fold";
      const home = isClient ? this.#placeOf(parent ?? "", places) : this.#placeOf(id, places);
      const room = roomOf(thing, counts.get(parent) ?? 0);
      const known = this.#things.get(id);
      if (known) {
        if (known.target.x !== home.x || known.target.y !== home.y || known.room !== room) changed = true;
        Object.assign(known, { thing, target: home, room });
        this.#hold(known, isClient);
        continue;
      }
      changed = true;
      const number = rank.get(parent ?? "") ?? 0;
      if (isClient) rank.set(parent ?? "", number + 1);
      const start = isClient ? around(home, number) : home;
      const placed: Placed = { id, thing, target: home, room, x: start.x, y: start.y };
      this.#hold(placed, isClient);
      this.#things.set(id, placed);
    }
    const cables = cablesOf(graph);
    if (String(cables.map(({ from, to }) => [from, to])) !== String(this.#cables.map(({ from, to }) => [from, to]))) {
      this.#cables = cables;
      changed = true;
    }
    if (!changed) return;
    this.#simulation.nodes([...this.#things.values()]);
    this.#simulation.alpha(this.#isFirst ? 1 : 0.5);
    if (this.#isFirst && things.length > 0) {
      this.#simulation.tick(firstTicks);
      this.#isFirst = false;
    }
  }

  /** Some of the way; true while there is more to go. */
  step(): boolean {
    if (!this.isMoving) return false;
    this.#simulation.tick(ticksPerFrame);
    return true;
  }

  /** All of the way at once, for who wants no motion. */
  settle(): void {
    this.#simulation.tick(firstTicks);
    this.#simulation.alpha(0);
  }

  /** While a node is dragged: it and what hangs on it go along. */
  move(id: string, to: Point): void {
    const placed = this.#things.get(id);
    if (!placed) return;
    Object.assign(placed, { target: to, fx: to.x, fy: to.y });
    for (const other of this.#things.values()) {
      const { kind, parent } = other.thing;
      if (parent === id && (kind === "client" || kind === "fold")) other.target = to;
    }
    this.#simulation.nodes([...this.#things.values()]);
    this.#simulation.alpha(0.5);
  }

  /** The nearest thing at a point. */
  at(point: Point, slack = 0): Placed | undefined {
    let best: Placed | undefined;
    let nearest = Number.POSITIVE_INFINITY;
    for (const placed of this.#things.values()) {
      const distance = Math.hypot(placed.x - point.x, placed.y - point.y);
      if (distance > Math.min(placed.room, hitRadius(placed.thing)) + slack || distance >= nearest) continue;
      [best, nearest] = [placed, distance];
    }
    return best;
  }

  /** Clients too near to the middle of their node go away from it. */
  #pushOut(): void {
    for (const placed of this.#things.values()) {
      const { thing, target, x, y } = placed;
      if (thing.kind !== "client" && thing.kind !== "fold") continue;
      const distance = Math.max(1, Math.hypot(x - target.x, y - target.y));
      if (distance >= innerRadius) continue;
      const push = ((innerRadius - distance) / distance) * 0.2;
      placed.vx = (placed.vx ?? 0) + (x - target.x) * push;
      placed.vy = (placed.vy ?? 0) + (y - target.y) * push;
    }
  }

  /** Clients go away from lines between nodes. */
  #pushOff(): void {
    const ends = this.#cables.flatMap(({ from, to }) => {
      const [a, b] = [this.#things.get(from), this.#things.get(to)];
      return a && b ? [[a, b] as const] : [];
    });
    let side: 1 | -1 = 1;
    for (const placed of this.#things.values()) {
      const { kind } = placed.thing;
      if (kind !== "client" && kind !== "fold") continue;
      side = side === 1 ? -1 : 1;
      for (const [a, b] of ends) {
        const { distance, x, y } = awayFrom(a, b, placed, side);
        if (distance >= clearance) continue;
        placed.vx = (placed.vx ?? 0) + x * (clearance - distance) * 0.2;
        placed.vy = (placed.vy ?? 0) + y * (clearance - distance) * 0.2;
      }
    }
  }

  #placeOf(id: string, places: ReadonlyMap<string, Point>): Point {
    return this.#pins.get(id) ?? places.get(id) ?? { x: 0, y: 0 };
  }

  /** Nodes are where they belong; only clients give way. */
  #hold(placed: Placed, isClient: boolean): void {
    placed.fx = isClient ? null : placed.target.x;
    placed.fy = isClient ? null : placed.target.y;
  }
}

function roomOf({ kind }: Thing, siblings: number): number {
  return kind === "client" ? clientRoom(siblings) : kind === "fold" ? 20 : nodeRadius + 10;
}

function hitRadius({ kind }: Thing): number {
  return kind === "client" ? 13 : kind === "internet" ? 34 : nodeRadius + 6;
}

/** As seeds stand in a sunflower: the same for the same number. */
function around({ x, y }: Point, number: number): Point {
  const distance = innerRadius + 13 * Math.sqrt(number);
  const angle = number * Math.PI * (3 - Math.sqrt(5));
  return { x: x + Math.cos(angle) * distance, y: y + Math.sin(angle) * distance };
}
