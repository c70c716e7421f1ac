/** How each node is, in one line, with the reason. Pure. */

import { durationText, momentText } from "../../ui/time.ts";
import { type Picture, type PicturedNode, weakDb } from "./picture.ts";

export interface Health {
  readonly node: string;
  readonly tone: "good" | "warn" | "bad" | "unknown";
  readonly text: string;
}

/** Whoever was silent for so long may be gone, ms. */
const quietMs = 15_000;
/** A channel above that leaves nobody much. */
const busyPercent = 80;

/** In order of the document. */
export function healthOf(
  picture: Pick<Picture, "nodes" | "links" | "radios" | "from" | "at">,
  moment: (at: number) => string = (at) => momentText(at, Date.parse(picture.at), "seconds"),
): readonly Health[] {
  return picture.nodes.map((node) => {
    const { id } = node;
    const state = stateOf(node, picture.from === "now" ? Date.parse(picture.at) : null, moment);
    // What was measured before says nothing of now.
    if (state.tone === "bad" || state.tone === "unknown" || node.silent) return { node: id, ...state };
    const notes = [...(node.note ? [node.note] : []), ...linkNotes(picture, id), ...airNotes(picture, id)];
    if (notes.length === 0) return { node: id, ...state };
    const begin = state.tone === "good" ? "" : `${state.text}; `;
    return { node: id, tone: "warn", text: `${begin}${notes.join("; ")}` };
  });
}

/** `now`: ms since 1970; null: in the past. */
function stateOf(
  { connection, settled, pending, silent, heardAt }: PicturedNode,
  now: number | null,
  moment: (at: number) => string,
): Omit<Health, "node"> {
  const heard = heardAt === null ? null : Date.parse(heardAt);
  const last = heard === null ? "" : `; last heard of at ${moment(heard)}`;
  switch (connection) {
    case null:
      return { tone: "unknown", text: now === null ? "not known of that time" : "not known yet" };
    case "connected": {
      if (silent) return { tone: "warn", text: `does not answer${last}` };
      if (settled === null) return { tone: "unknown", text: "connected; not known whether it worked as it should" };
      const age =
        now !== null && heard !== null && now - heard >= quietMs
          ? `; not heard of for ${durationText(now - heard)}`
          : "";
      return settled
        ? { tone: "good", text: `works as it should${age}` }
        : { tone: "warn", text: `not yet as it should be: ${pending ?? "it is being set up"}${age}` };
    }
    case "absent": {
      // Who has just plugged it in waits for that.
      const next = now === null ? "" : "; once it can, it calls again by itself within a minute or so";
      return { tone: "bad", text: `${pending ?? "not connected"}${last}${next}` };
    }
    default:
      return { tone: "bad", text: `${pending ?? "not connected"}${last}` };
  }
}

function linkNotes({ links }: Pick<Picture, "links">, node: string): readonly string[] {
  const link = links.find((entry) => entry.node === node);
  if (!link || link.snrDb === null || link.snrDb >= weakDb) return [];
  return [`its link to ${link.parent ?? "the Internet"} is weak: ${Math.round(link.snrDb)} dB`];
}

function airNotes({ radios }: Pick<Picture, "radios">, node: string): readonly string[] {
  return radios
    .filter((radio) => radio.node === node && (radio.busyPercent ?? 0) > busyPercent)
    .map(({ band, channel, busyPercent: busy, othersPercent }) => {
      const others = (othersPercent ?? 0) > (busy ?? 0) / 2 ? ", mostly by others" : "";
      return `${bandText(band)}: channel ${channel ?? "?"} is busy ${Math.round(busy ?? 0)} % of the time${others}`;
    });
}

/** `5 GHz` */
export function bandText(band: string | null): string {
  const number = /^(\d(?:\.\d)?)G/.exec(band ?? "")?.[1];
  return number === undefined ? (band ?? "–") : `${number} GHz`;
}
