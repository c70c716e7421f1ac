/** Which channel and width a radio setting may have, as far as the nodes say what they can. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { bandText } from "../../ui/words.ts";
import type { RadioOpinion } from "./doc.ts";

type Known = AnswerTo<"GET /locations/:location/nodes/:node/radios">;

export interface KnownNode extends Pick<Known, "node"> {
  readonly radios: readonly {
    readonly band: string;
    readonly channels: readonly Pick<Known["radios"][number]["channels"][number], "channel" | "allowed">[];
  }[];
}

type Setting = Pick<RadioOpinion, "node" | "band" | "channel">;

/** `36, 40, 44`, what all the nodes that it is of can use; undefined: none has said. */
export function channelHint(setting: Setting, known: readonly KnownNode[]): string | undefined {
  const all = radiosOf(setting, known).map(({ allowed }) => allowed);
  const [first, ...rest] = all;
  if (!first) return undefined;
  const common = first.filter((channel) => rest.every((other) => other.includes(channel)));
  if (common.length === 0) return undefined;
  return `${all.length === 1 ? "It can use" : "All can use"} ${listText(common)}`;
}

/** Told while it is typed; undefined: nothing is known to be wrong. */
export function channelWrong(setting: Setting, known: readonly KnownNode[]): string | undefined {
  const { channel, band } = setting;
  if (channel === undefined) return undefined;
  const cannot = radiosOf(setting, known).filter(({ allowed }) => !allowed.includes(channel));
  if (cannot.length === 0) return undefined;
  const names = [...new Set(cannot.map(({ node }) => node))].join(", ");
  return `${names} cannot use channel ${channel} on ${bandText(band)}.`;
}

/** A radio takes a channel only together with its width. */
export function widthWrong({ channel, width }: Pick<RadioOpinion, "channel" | "width">): string | undefined {
  return channel !== undefined && width === undefined
    ? "Choose one: a channel is set together with its width."
    : undefined;
}

/** 6 GHz has too many to be read. */
const listed = 30;

function listText(channels: readonly number[]): string {
  return channels.length <= listed ? channels.join(", ") : `${channels.slice(0, 4).join(", ")} … ${channels.at(-1)}`;
}

/** Of the radios that it is of, those that say which channels they may use. */
function radiosOf({ node, band }: Setting, known: readonly KnownNode[]) {
  return known
    .filter((each) => node === undefined || each.node === node)
    .flatMap((each) =>
      each.radios
        .filter((radio) => radio.band === band || (band === "5G" && radio.band.startsWith("5G")))
        .map(({ channels }) => ({
          node: each.node,
          allowed: channels.filter(({ allowed }) => allowed).map(({ channel }) => channel),
        })),
    )
    .filter(({ allowed }) => allowed.length > 0);
}
