/** A picture of a home as things and lines between them. Pure. */

import { healthOf } from "./health.ts";
import { type Picture, type PicturedLink, weakDb } from "./picture.ts";

export type Colour = "band-2" | "band-5" | "band-6" | "wire" | "unknown";

export interface Thing {
  /** `internet`, `node ID`, `client MAC` or `fold ID` */
  readonly id: string;
  readonly kind: "internet" | "gateway" | "extender" | "client" | "fold";
  readonly label: string;
  /** What it hangs on; null: nothing. */
  readonly parent: string | null;
  readonly tone: "good" | "warn" | "bad" | "unknown";
  readonly colour: Colour;
  /** It is where it was known last: nothing is heard of its node. */
  readonly isLastKnown: boolean;
  /** Of a fold: how many clients it stands for. */
  readonly count: number;
  /** The greater, the sooner it is named: nodes first, then clients by the alphabet. */
  readonly weight: number;
}

export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly colour: Colour;
  readonly isWeak: boolean;
  /** Nothing goes over it. */
  readonly isDown: boolean;
  /** Whether anything goes over it is not known. */
  readonly isUnknown: boolean;
  /** px */
  readonly width: number;
}

export interface Graph {
  readonly things: readonly Thing[];
  readonly lines: readonly Line[];
}

/** `folded`: ids of nodes whose clients are shown as a number. */
export function graphOf(picture: Picture, folded: ReadonlySet<string>): Graph {
  const things: Thing[] = [];
  const lines: Line[] = [];
  const plain = { count: 0, weight: 1e9, isLastKnown: false } as const;
  if (picture.nodes.length > 0) {
    things.push({
      id: "internet",
      kind: "internet",
      label: "Internet",
      parent: null,
      tone: "unknown",
      colour: "wire",
      ...plain,
    });
  }
  const links = new Map(picture.links.map((link) => [link.node, link]));
  // The map says of a node what the table beside it says.
  const tones = new Map(healthOf(picture).map(({ node, tone }) => [node, tone]));
  for (const node of picture.nodes) {
    const link = links.get(node.id);
    const parent = link?.parent ? `node ${link.parent}` : "internet";
    const [id, kind] = [`node ${node.id}`, node.role];
    const tone = tones.get(node.id) ?? "unknown";
    things.push({ id, kind, label: node.id, parent, tone, colour: "wire", ...plain });
    if (link) lines.push(lineOf(link));
  }
  const byNode = Map.groupBy(picture.clients, ({ node }) => node);
  for (const { id: node } of picture.nodes) {
    const clients = byNode.get(node) ?? [];
    const parent = `node ${node}`;
    if (clients.length > 0 && folded.has(node)) {
      const label = clients.length === 1 ? "1 client" : `${clients.length} clients`;
      const id = `fold ${node}`;
      things.push({
        id,
        kind: "fold",
        label,
        parent,
        tone: "good",
        colour: "wire",
        isLastKnown: clients.every(({ lastKnownAt }) => lastKnownAt !== null),
        count: clients.length,
        weight: 1e8,
      });
      lines.push({
        id,
        from: parent,
        to: id,
        colour: "wire",
        isWeak: false,
        isDown: false,
        isUnknown: false,
        width: 1.5,
      });
      continue;
    }
    // By the alphabet, so that the same names are shown as long as nobody moves.
    for (const [index, client] of clients.toSorted((a, b) => (a.name < b.name ? -1 : 1)).entries()) {
      const weight = -index;
      const id = `client ${client.mac}`;
      const colour = colourOf(client.band);
      const isWeak = client.snrDb !== null && client.snrDb < weakDb;
      const tone = client.frozen ? "bad" : isWeak ? "warn" : "good";
      const isLastKnown = client.lastKnownAt !== null;
      things.push({ id, kind: "client", label: client.name, parent, tone, colour, isLastKnown, count: 0, weight });
      const width = widthOf(client.txLinkMbps);
      lines.push({ id, from: parent, to: id, colour, isWeak, isDown: false, isUnknown: isLastKnown, width });
    }
  }
  return { things, lines };
}

/** Which signs of the map have to be explained beside those that are always there. */
export function legendOf({ things, lines }: Graph) {
  const between = lines.filter(({ to }) => to.startsWith("node"));
  return {
    hasUnknown: between.some(({ isUnknown, isDown }) => isUnknown || isDown),
    /** It is there, and whether it is a cable or which band is not known. */
    hasUnknownKind: between.some(({ isUnknown, isDown, colour }) => !isUnknown && !isDown && colour === "unknown"),
    hasLastKnown: things.some(({ isLastKnown }) => isLastKnown),
  };
}

function lineOf({ node, parent, medium, band, snrDb, up, downLinkMbps }: PicturedLink): Line {
  return {
    id: `node ${node}`,
    from: parent === null ? "internet" : `node ${parent}`,
    to: `node ${node}`,
    colour: medium === "wifi" ? colourOf(band) : medium === "ethernet" ? "wire" : "unknown",
    isWeak: snrDb !== null && snrDb < weakDb,
    isDown: up === false,
    isUnknown: up === null,
    width: medium === "ethernet" ? 4 : widthOf(downLinkMbps) + 1,
  };
}

export function colourOf(band: string | null): Colour {
  if (band === null) return "unknown";
  return band.startsWith("2")
    ? "band-2"
    : band.startsWith("6")
      ? "band-6"
      : band.startsWith("5")
        ? "band-5"
        : "unknown";
}

/** 1 to 5 px: each doubling of the rate is as much more. */
export function widthOf(linkMbps: number | null): number {
  if (linkMbps === null || linkMbps <= 0) return 1;
  return Math.min(5, Math.max(1, Math.log2(linkMbps / 20)));
}
