/** What happens, as lines, the newest first: from what is kept, and from what is told as it happens. Pure. */

/** Lines that are kept. */
export const keptLines = 60;

export interface Line {
  readonly id: string;
  /** ISO 8601 */
  readonly at: string;
  readonly text: string;
  readonly tone: "deed" | "bad" | "good" | "plain";
}

interface Told {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly text: string;
}

/** Undefined: it is no line of this home. */
export function lineOf(kind: string, data: unknown, location: string): Line | undefined {
  if (typeof data !== "object" || data === null || (data as { location?: unknown }).location !== location) return;
  if (kind === "event") return eventLine(data as Told);
  if (kind !== "change") return undefined;
  const { at, action, target, actor } = data as { at: string; action: string; target: string | null; actor: string };
  const deed = deeds[action];
  if (deed === undefined) return undefined;
  const who = actor.replace(/^\w+:/, "");
  return {
    id: `${at} ${action} ${target ?? ""}`,
    at,
    text: `${who}: ${deed}${target ? `: ${target}` : ""}`,
    tone: "deed",
  };
}

export function eventLine({ id, at, kind, text }: Told): Line {
  return { id, at, text, tone: tones[kind] ?? "plain" };
}

/** Each once, the newest first, and no more than are kept. */
export function joined(known: readonly Line[], more: readonly Line[]): readonly Line[] {
  const byId = new Map([...known, ...more].map((line) => [line.id, line]));
  return [...byId.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, keptLines);
}

/** With the names of clients instead of their addresses, where they have one. */
export function namedText(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\b(?:client )?([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b/g, (whole, mac) => names.get(mac) ?? whole);
}

const deeds: Readonly<Record<string, string>> = {
  "simulation.walk": "sent for a walk",
  "simulation.uplink": "Internet connection",
  "simulation.cloud": "cloud",
  "simulation.reboot": "reboot",
  "simulation.power-cut": "power cut",
  "simulation.radar": "radar",
  "simulation.jam": "jammed",
  "simulation.jam-end": "not jammed any more",
  "simulation.fault": "fault",
  "simulation.fault-clear": "fault cleared",
};

const tones: Readonly<Record<string, Line["tone"]>> = {
  "node-disconnected": "bad",
  "node-refused": "bad",
  "node-quarantined": "bad",
  "alert-raised": "bad",
  radar: "bad",
  "node-connected": "good",
  "node-settled": "good",
  "alert-cleared": "good",
};
