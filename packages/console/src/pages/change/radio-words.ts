/** What is set of radios, and what a change of that means for those near them, in words for owners. Pure. */

import { bandWords } from "@opensync-ts/cloud/words/band-words";
import type { Doc, DocNode, RadioOpinion } from "./doc.ts";
import { listed, type PlannedWords } from "./planned-words.ts";

/** `channel 100, 80 MHz wide, 20 dBm`; nothing where nothing is set. */
export function radioWords({ enabled, channel, width, power, chains }: Partial<RadioOpinion>): string {
  return [
    enabled === false ? "off" : "",
    channel === undefined ? "" : `channel ${channel}`,
    width === undefined ? "" : `${width} MHz wide`,
    power === undefined ? "" : `${power} dBm`,
    chains === undefined ? "" : chainWords(chains),
  ]
    .filter(Boolean)
    .join(", ");
}

type Radios = Pick<Doc, "radios"> & { readonly nodes: readonly Pick<DocNode, "id">[] };

/** What one does not see from what is set: that a radio listens first, and that it stays as it is where nothing is set any more. */
export interface RadioNotes {
  readonly radar: readonly PlannedWords[];
  readonly left: readonly PlannedWords[];
}

export function radioNotes(before: Radios, after: Radios): RadioNotes {
  const bands = new Set([...before.radios, ...after.radios].map(({ band }) => band));
  const [radar, left] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const band of bands) {
    for (const { id } of after.nodes) {
      const was = before.nodes.some((node) => node.id === id) ? opinionOf(before.radios, id, band) : undefined;
      const is = opinionOf(after.radios, id, band);
      note(radar, radarWords(was, is), band, id);
      note(left, leftWords(was, is), band, id);
    }
  }
  return { radar: told(radar, "warn"), left: told(left, "plain") };
}

/** Nodes of which the same is to be said share a line. */
function note(notes: Map<string, string[]>, words: string | undefined, band: string, node: string): void {
  if (words === undefined) return;
  const key = `${bandWords(band)} of \0${words}`;
  notes.set(key, [...(notes.get(key) ?? []), node]);
}

function told(notes: ReadonlyMap<string, readonly string[]>, tone: PlannedWords["tone"]): readonly PlannedWords[] {
  return [...notes].map(([key, nodes]) => ({ tone, text: key.replace("\0", `${listed(nodes)} `) }));
}

/** As the cloud chooses: one about this node before one about all, the exact band before the whole of 5 GHz. */
function opinionOf(opinions: Doc["radios"], node: string, band: RadioOpinion["band"]): RadioOpinion | undefined {
  const rank = (entry: RadioOpinion) => (entry.node === node ? 2 : 0) + (entry.band === band ? 1 : 0);
  return opinions
    .filter((entry) => (entry.node ?? node) === node && reaches(entry, band))
    .toSorted((a, b) => rank(b) - rank(a))[0];
}

/** An opinion about all of 5 GHz reaches a radio of one half only with a channel of that half. */
function reaches({ band, channel }: RadioOpinion, radio: RadioOpinion["band"]): boolean {
  if (band === radio) return true;
  if (band !== "5G" || !radio.startsWith("5G")) return false;
  return channel === undefined || (radio === "5GL") === channel <= 64;
}

function radarWords(was: RadioOpinion | undefined, is: RadioOpinion | undefined): string | undefined {
  if (is?.channel === undefined || is.enabled === false || !is.band.startsWith("5G")) return undefined;
  if (was?.enabled !== false && was?.channel === is.channel && was.width === is.width) return undefined;
  const block = blockOf(is.channel, is.width ?? 20);
  if (!block.some((each) => each >= 52 && each <= 144)) return undefined;
  const minutes = block.some((each) => each >= 120 && each <= 128) ? "one to ten minutes" : "about a minute";
  const where = is.channel >= 52 ? `channel ${is.channel}` : `channel ${is.channel} with ${is.width} MHz`;
  return `may be off for ${minutes}: radar has the right of way on ${where}, and the node listens for it first. Where it hears radar it stays off this channel.`;
}

/** Channels of 20 MHz that a channel of 5 GHz is made of. */
function blockOf(channel: number, width: number): readonly number[] {
  const first = channel >= 149 ? 149 : channel >= 100 ? 100 : 36;
  const size = width / 20;
  const start = first + Math.floor((channel - first) / 4 / size) * size * 4;
  return Array.from({ length: size }, (_, index) => start + index * 4);
}

/** What was set and is not any more is left as it is. */
function leftWords(was: RadioOpinion | undefined, is: RadioOpinion | undefined): string | undefined {
  if (!was) return undefined;
  const isLeft = (member: keyof RadioOpinion) => was[member] !== undefined && is?.[member] === undefined;
  if (isLeft("enabled") && was.enabled === false) return "stays off until somebody sets it to be on.";
  // Of what is off nobody sees more.
  if (is?.enabled === false) return undefined;
  const [ofChannel, others] = [
    [isLeft("channel") ? `on channel ${was.channel}` : "", isLeft("width") ? `${was.width} MHz wide` : ""],
    [isLeft("power") ? `at ${was.power} dBm` : "", isLeft("chains") ? `with ${chainWords(was.chains ?? 0)}` : ""],
  ].map((parts) => parts.filter(Boolean));
  const all = [...(ofChannel ?? []), ...(others ?? [])];
  if (all.length === 0) return undefined;
  const until = ofChannel?.length
    ? "until the node chooses another or somebody sets one"
    : "until somebody sets another";
  return `stays ${all.join(", ")} ${until}: where nothing is set any more, it is left as it is.`;
}

function chainWords(chains: number): string {
  return chains === 1 ? "1 chain" : `${chains} chains`;
}
