/** What has happened in a home as people read it: names instead of addresses, bands and times as everywhere else. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { bandText } from "./words.ts";

export type Happening = AnswerTo<"GET /locations/:location/events">["items"][number];

/** Of clients, by address. */
export type Names = ReadonlyMap<string, string>;

export interface Told {
  readonly id: string;
  /** ISO 8601 */
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  /** What one need not read to understand it: what a connection said as it ended, why somebody did it. */
  readonly detail: string | null;
  /** What was changed is told by the history of versions. */
  readonly isVersion: boolean;
}

interface Named {
  readonly mac: string;
  readonly name: string;
}

/** Who is away is called what it was called last. */
export function namesOf(devices: readonly Named[], happenings: readonly Happening[] = []): Names {
  const names = new Map<string, string>();
  for (const { client, clientName } of happenings) {
    if (client !== null && clientName && !names.has(client)) names.set(client, clientName);
  }
  for (const { mac, name } of devices) if (name !== mac) names.set(mac, name);
  return names;
}

/** `moment`: ISO 8601 as it is read. */
export function told(happening: Happening, names: Names, moment: (at: string) => string): Told {
  const { id, at, kind, details } = happening;
  const words = wordsOf(happening, names, moment);
  // Its columns are named once more beside it, with what stood and stands there.
  const isEdit = details.action === "node.edit" && typeof details.changes === "string";
  const text = isEdit ? words.replace(/: [^:]*$/, "") : words;
  const isVersion = typeof details.changes === "string" && text.includes("(version ");
  return { id, at, kind, text, detail: detailOf(details, text), isVersion };
}

function detailOf({ raw, why, changes, action }: Happening["details"], text: string): string | null {
  if (typeof raw === "string" && !text.includes(raw)) {
    return `its connection said “${raw.replace(/^connection ended: (?:(?:ssl|tcp):\S+: )?/, "")}”`;
  }
  const parts = [
    ...(typeof changes === "string" && action === "node.edit" ? [changes] : []),
    ...(typeof why === "string" ? [`“${why}”`] : []),
  ];
  return parts.length === 0 ? null : parts.join("; ");
}

function wordsOf({ kind, client, node, text, details }: Happening, names: Names, moment: (at: string) => string) {
  const name = client === null ? "" : (names.get(client) ?? client);
  const here = placeText(node, details.band);
  switch (kind) {
    case "client-connected":
      return `${name} connected to ${here}`;
    case "client-roamed":
      return `${name} went from ${placeText(details.fromNode, details.fromBand)} to ${here}`;
    case "client-disconnected":
      return `${name} left ${here}${details.silent === true ? " (no longer reported)" : ""}`;
    case "deed":
      return deedText(details, name, moment) ?? namedText(text, names);
    default:
      return namedText(text, names);
  }
}

function placeText(node: unknown, band: unknown): string {
  return `${bandText(typeof band === "string" ? band : null)} at ${String(node)}`;
}

/** What has a time in it, which is told as all times are. */
function deedText(
  { actor, band, freeze, until }: Happening["details"],
  name: string,
  moment: (at: string) => string,
): string | undefined {
  const end = typeof until === "string" ? `until ${moment(until)}` : "for good";
  if (typeof band === "string") return `${actor} asked for ${bandText(band)} only for ${name} ${end}`;
  if (freeze === true) return `${actor} took the Internet from ${name} ${end}`;
  return undefined;
}

/** With the names of clients instead of their addresses, where they have one. */
export function namedText(text: string, names: Names): string {
  return text.replaceAll(/\b(?:client )?([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b/g, (whole, mac) => names.get(mac) ?? whole);
}
