/** Draws the topology on a canvas. */

import type { Colour, Graph, Line } from "./graph.ts";
import { type Box, cut, placedLabels, spotsAround, spotsFarther, type Wanted } from "./labels.ts";
import type { Placed } from "./layout.ts";
import { lookOf } from "./line-looks.ts";
import { clientRadius, nodeRadius } from "./places.ts";
import { type Size, toScreen, type View } from "./view.ts";

/** As the tokens of the theme have them. */
export type Palette = Readonly<
  Record<Colour | "text" | "soft" | "surface" | "line" | "accent" | "good" | "warn" | "bad", string>
>;

export interface Scene {
  readonly graph: Graph;
  readonly things: ReadonlyMap<string, Placed>;
  readonly view: View;
  readonly size: Size;
  readonly palette: Palette;
  readonly font: string;
  readonly hovered: string | null;
  readonly selected: string | null;
  /** What was looked for; null: nothing. */
  readonly found: ReadonlySet<string> | null;
  readonly pinned: ReadonlySet<string>;
}

const names = {
  "band-2": "--band-2",
  "band-5": "--band-5",
  "band-6": "--band-6",
  wire: "--wire",
  unknown: "--line",
} as const;

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim() || "gray";
  const bands = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, token(name)]));
  const plain = ["text", "soft", "surface", "line", "accent", "good", "warn", "bad"];
  return { ...bands, ...Object.fromEntries(plain.map((name) => [name, token(`--${name}`)])) } as Palette;
}

const labelLetters = 18;
const mustLetters = 60;
const labelHeight = 16;
/** Below that, discs stand so near that names of clients would be noise. */
const namingScale = 0.45;

export class Painter {
  readonly #widths = new Map<string, number>();

  /** How many names of clients had no room. */
  paint(context: CanvasRenderingContext2D, scene: Scene): number {
    const { size, graph, things } = scene;
    context.clearRect(0, 0, size.width, size.height);
    context.lineCap = "round";
    for (const line of graph.lines) this.#line(context, scene, line, things.get(line.from), things.get(line.to));
    for (const placed of things.values()) this.#disc(context, scene, placed);
    const unnamed = this.#labels(context, scene);
    context.globalAlpha = 1;
    return unnamed;
  }

  #line(context: CanvasRenderingContext2D, scene: Scene, line: Line, from?: Placed, to?: Placed): void {
    if (!from || !to) return;
    const { view, palette, found, hovered, selected } = scene;
    const [a, b] = [toScreen(view, from), toScreen(view, to)];
    const isNear = line.to === hovered || line.to === selected || line.from === hovered || line.from === selected;
    context.globalAlpha =
      line.isDown || line.isUnknown || isFaded(found, line.to)
        ? 0.4
        : line.to.startsWith("client") && !isNear
          ? 0.6
          : 1;
    context.strokeStyle = palette[line.colour];
    const { dashes, sign, leastWidth } = lookOf(line);
    context.lineWidth = Math.max(leastWidth, line.width * Math.max(0.6, Math.min(1.3, view.scale)));
    context.setLineDash([...dashes]);
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    context.stroke();
    context.setLineDash([]);
    // Of clients their discs say it.
    if (sign !== null && line.to.startsWith("node")) this.#sign(context, scene, sign, (a.x + b.x) / 2, (a.y + b.y) / 2);
  }

  #sign(context: CanvasRenderingContext2D, { palette, font }: Scene, text: string, x: number, y: number): void {
    context.globalAlpha = 1;
    context.fillStyle = palette.surface;
    context.beginPath();
    context.arc(x, y, 9, 0, Math.PI * 2);
    context.fill();
    context.fillStyle = palette.text;
    context.font = `700 14px ${font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x, y + 0.5);
  }

  #disc(context: CanvasRenderingContext2D, scene: Scene, placed: Placed): void {
    const { view, palette, found, hovered, selected, pinned, font } = scene;
    const { thing } = placed;
    const { x, y } = toScreen(view, placed);
    const radius = radiusOf(placed) * scaleOf(view);
    context.globalAlpha = isFaded(found, placed.id) ? 0.3 : 1;
    context.beginPath();
    if (thing.kind === "internet")
      context.roundRect(x - radius * 1.7, y - radius * 0.75, radius * 3.4, radius * 1.5, radius * 0.75);
    else if (thing.kind === "gateway" || thing.kind === "extender")
      context.roundRect(x - radius, y - radius, radius * 2, radius * 2, radius * 0.45);
    else context.arc(x, y, radius, 0, Math.PI * 2);
    const isClient = thing.kind === "client";
    // Hollow: where it was known last.
    const isFull = isClient && !thing.isLastKnown;
    context.fillStyle = isFull ? palette[thing.colour] : palette.surface;
    context.fill();
    context.lineWidth = isFull ? 1.5 : isClient ? 2 : 2.5;
    context.strokeStyle = isClient
      ? palette[isFull ? "surface" : thing.colour]
      : thing.kind === "internet" || thing.kind === "fold"
        ? palette.wire
        : palette[toneColour(thing.tone, "accent")];
    context.stroke();
    if (isClient && thing.tone !== "good")
      ring(context, x, y, radius + 2, palette[thing.tone === "bad" ? "bad" : "warn"], 1.5);
    if (thing.kind === "gateway" || thing.kind === "extender") sign(context, thing.kind, x, y, radius, palette.text);
    if (thing.kind === "internet" || thing.kind === "fold") {
      context.fillStyle = palette.text;
      context.font = `600 ${Math.max(9, Math.round(12 * scaleOf(view)))}px ${font}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(thing.kind === "internet" ? "Internet" : `+${thing.count}`, x, y + 0.5);
    }
    if (pinned.has(placed.id)) {
      context.fillStyle = palette.accent;
      context.beginPath();
      context.arc(x + radius * 0.95, y - radius * 0.95, 4, 0, Math.PI * 2);
      context.fill();
    }
    if (placed.id === selected) ring(context, x, y, radius + 5, palette.accent, 3);
    else if (placed.id === hovered || found?.has(placed.id)) ring(context, x, y, radius + 4, palette.text, 2);
  }

  #labels(context: CanvasRenderingContext2D, scene: Scene): number {
    const { size, palette } = scene;
    const { wanted, taken, texts, unwanted } = this.#wanted(context, scene);
    const placed = placedLabels(wanted, taken, size);
    context.textAlign = "center";
    context.textBaseline = "top";
    context.lineJoin = "round";
    context.globalAlpha = 1;
    for (const { id, width } of wanted) {
      const [label, spot] = [texts.get(id), placed.get(id)];
      if (!label || !spot) continue;
      const { x, y } = spot;
      context.font = label.font;
      if (label.isLifted) {
        context.fillStyle = palette.surface;
        context.beginPath();
        context.roundRect(x - width / 2 - 2, y - 1, width + 4, 19, 5);
        context.fill();
      }
      // Readable over lines, too.
      context.strokeStyle = palette.surface;
      context.lineWidth = 3.5;
      context.strokeText(label.text, x, y + 1.5);
      context.fillStyle = palette.text;
      context.fillText(label.text, x, y + 1.5);
    }
    return unwanted + wanted.length - placed.size;
  }

  /** Names that may be shown, and what they may not cover; `unwanted`: how many things are too close to be named at all. */
  #wanted(context: CanvasRenderingContext2D, { view, size, things, hovered, selected, found, font }: Scene) {
    const wanted: Wanted[] = [];
    const taken: Box[] = [];
    const texts = new Map<string, { readonly text: string; readonly font: string; readonly isLifted: boolean }>();
    let unwanted = 0;
    for (const placed of things.values()) {
      const { thing, id } = placed;
      const at = toScreen(view, placed);
      const radius = radiusOf(placed) * scaleOf(view);
      if (at.x < -60 || at.y < -60 || at.x > size.width + 60 || at.y > size.height + 60) continue;
      const isNode = thing.kind === "gateway" || thing.kind === "extender";
      const half = thing.kind === "internet" ? radius * 1.7 : radius;
      taken.push({ x: at.x, y: at.y - radius, width: half * 2, height: radius * 2 });
      if (thing.kind === "internet" || thing.kind === "fold") continue;
      const must = id === hovered || id === selected || (found?.has(id) === true && found.size <= 12);
      if (!must && isFaded(found, id)) continue;
      if (!must && !isNode && view.scale < namingScale) {
        unwanted++;
        continue;
      }
      const text = cut(thing.label, must ? mustLetters : labelLetters);
      const style = `${isNode || must ? "600 13px" : "12px"} ${font}`;
      const width = this.#width(context, style, text) + 6;
      texts.set(id, { text, font: style, isLifted: must });
      const spots = spotsAround(at, radius, width, labelHeight);
      wanted.push({
        id,
        width,
        height: labelHeight,
        weight: thing.weight,
        must: must || isNode,
        ...spots,
        ...(isNode ? { others: [...spots.others, ...spotsFarther(at, radius, width, labelHeight)] } : {}),
      });
    }
    return { wanted, taken, texts, unwanted };
  }

  #width(context: CanvasRenderingContext2D, font: string, text: string): number {
    const key = `${font} ${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      if (this.#widths.size > measuredTexts) this.#widths.clear();
      context.font = font;
      width = context.measureText(text).width;
      this.#widths.set(key, width);
    }
    return width;
  }
}

/** Widths of texts that are remembered. */
const measuredTexts = 4_096;

function radiusOf({ thing }: Placed): number {
  return thing.kind === "client" ? clientRadius : thing.kind === "fold" ? 15 : nodeRadius;
}

/** Discs shrink less than distances do: they have to be hit. */
function scaleOf({ scale }: View): number {
  return Math.max(0.55, Math.min(1.5, scale));
}

function isFaded(found: ReadonlySet<string> | null, id: string): boolean {
  return found !== null && id.startsWith("client") && !found.has(id);
}

function toneColour(tone: "good" | "warn" | "bad" | "unknown", good: "accent"): "accent" | "warn" | "bad" | "line" {
  return tone === "good" ? good : tone === "unknown" ? "line" : tone;
}

function ring(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
  width: number,
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.stroke();
}

/** A box with antennas, or waves. */
function sign(
  context: CanvasRenderingContext2D,
  kind: "gateway" | "extender",
  x: number,
  y: number,
  radius: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1.2, radius * 0.1);
  const unit = radius * 0.5;
  context.beginPath();
  if (kind === "gateway") {
    context.roundRect(x - unit, y + unit * 0.1, unit * 2, unit * 0.8, unit * 0.2);
    context.moveTo(x - unit * 0.55, y + unit * 0.1);
    context.lineTo(x - unit * 0.55, y - unit);
    context.moveTo(x + unit * 0.55, y + unit * 0.1);
    context.lineTo(x + unit * 0.55, y - unit);
  } else {
    for (const size of [0.45, 0.95]) {
      context.moveTo(x + Math.cos(-2.5) * unit * size * 1.2, y + unit * 0.5 + Math.sin(-2.5) * unit * size * 1.2);
      context.arc(x, y + unit * 0.5, unit * size * 1.2, -2.5, -0.64);
    }
    context.moveTo(x + 1.5, y + unit * 0.6);
    context.arc(x, y + unit * 0.6, 1.5, 0, Math.PI * 2);
  }
  context.stroke();
}
