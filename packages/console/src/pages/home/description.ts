/** The picture in words, for who cannot see it. Pure. */

import { bandText, healthOf } from "./health.ts";
import type { Picture } from "./picture.ts";

export function descriptionOf(picture: Picture): string {
  const { nodes, links, clients } = picture;
  const tones = new Map(healthOf(picture).map(({ node, tone }) => [node, tone]));
  if (nodes.length === 0) return "No nodes.";
  const parts = nodes.map(({ id, role }) => {
    const own = clients.filter(({ node }) => node === id);
    const count = own.length;
    const last = count > 0 && own.every(({ lastKnownAt }) => lastKnownAt !== null) ? " as last known" : "";
    const link = links.find(({ node }) => node === id);
    const on = link?.parent ? ` on ${link.parent} ${mediumText(link)}` : "";
    const tone = tones.get(id);
    const state = tone === "bad" ? ", not there" : tone === "warn" ? ", not as it should be" : "";
    return `${role} ${id}${on}, ${count === 1 ? "1 client" : `${count} clients`}${last}${state}`;
  });
  return `Map of the home: ${parts.join("; ")}.`;
}

/** `by cable`, `by Wi-Fi on 5 GHz` */
export function mediumText({ medium, band, up }: Picture["links"][number]): string {
  if (up === false) return "(not there)";
  const by =
    medium === "ethernet"
      ? "by cable"
      : medium !== "wifi"
        ? ""
        : `by Wi-Fi${band === null ? "" : ` on ${bandText(band)}`}`;
  return up === null ? `${by} (not known whether it is there)`.trim() : by;
}

/** Of clients whose names have no room on the map. */
export function unnamedText(count: number): string {
  const what = count === 1 ? "1 name has" : `${count} names have`;
  return `${what} no room: zoom in, or point at a dot or at a line of the table.`;
}

/** What a press on the number of a node's clients does; with the number in it, as that is what one sees there. */
export function foldText(isFolded: boolean, count: number, node: string): string {
  return `${isFolded ? "Show" : "Hide"} the ${count === 1 ? "1 client" : `${count} clients`} of ${node} in the map`;
}
