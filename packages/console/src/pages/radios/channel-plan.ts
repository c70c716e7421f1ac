/** Which channels are there, who is on them, and which may be used. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";

export type NodeRadios = AnswerTo<"GET /locations/:location/nodes/:node/radios">;
export type Radio = NodeRadios["radios"][number];

export interface PlanChannel {
  readonly channel: number;
  /** The worst that a radio of the band says of it. */
  readonly state: ChannelState;
  /** Percent; the most that a radio has heard there; null: nobody has listened. */
  readonly busyPercent: number | null;
  /** Networks of others that are heard there, and how strong the strongest is, dB SNR. */
  readonly neighbors: number;
  readonly strongestDb: number | null;
}

export type ChannelState = "free" | "checked" | "unchecked" | "checking" | "radar" | "closed" | "unknown";

export interface PlanRadio {
  readonly node: string;
  readonly ifName: string;
  readonly channel: number | null;
  readonly width: number | null;
  readonly enabled: boolean;
  /** Channels that it takes up, and those that it disturbs beside them. */
  readonly covers: ReadonlySet<number>;
  readonly disturbs: ReadonlySet<number>;
}

export interface BandPlan {
  readonly band: "2.4G" | "5G" | "6G";
  readonly channels: readonly PlanChannel[];
  readonly radios: readonly PlanRadio[];
}

const bands = ["2.4G", "5G", "6G"] as const;

/** Of all nodes together; bands without a radio are left out. */
export function bandPlans(nodes: readonly NodeRadios[]): readonly BandPlan[] {
  const all = nodes.flatMap(({ node, radios }) => radios.map((radio) => ({ node, radio })));
  return bands.flatMap((band) => {
    const mine = all.filter(({ radio }) => bandOf(radio.band) === band);
    return mine.length === 0 ? [] : [planOf(band, mine)];
  });
}

interface Mine {
  readonly node: string;
  readonly radio: Radio;
}

function planOf(band: BandPlan["band"], mine: readonly Mine[]): BandPlan {
  const numbers = [...new Set(mine.flatMap(({ radio }) => radio.channels.map(({ channel }) => channel)))];
  numbers.sort((a, b) => a - b);
  return {
    band,
    channels: numbers.map((channel) => channelOf(channel, mine)),
    radios: mine.map(({ node, radio }) => {
      const covers = new Set(radio.covers);
      return {
        ...{ node, ifName: radio.ifName, channel: radio.channel, width: radio.width, covers },
        enabled: radio.enabled !== false,
        disturbs: new Set(band === "2.4G" ? numbers.filter((each) => !covers.has(each) && isBeside(each, covers)) : []),
      };
    }),
  };
}

function channelOf(channel: number, mine: readonly Mine[]): PlanChannel {
  const told = mine.flatMap(({ radio }) => radio.channels.filter((each) => each.channel === channel));
  const heard = told.flatMap((each) => each.heard?.busyPercent ?? []);
  // Several radios hear the same network: it is one.
  const others = new Map<string, number | null>();
  for (const { radio } of mine) {
    for (const { bssid, own, channel: on, snrDb } of radio.neighbors) {
      if (own !== null || on !== channel) continue;
      others.set(bssid, Math.max(others.get(bssid) ?? -1, snrDb ?? -1));
    }
  }
  const strengths = [...others.values()].filter((value): value is number => value !== null && value >= 0);
  return {
    channel,
    state: worst(told.map(stateOf)),
    busyPercent: heard.length === 0 ? null : Math.max(...heard),
    neighbors: others.size,
    strongestDb: strengths.length === 0 ? null : Math.max(...strengths),
  };
}

const order: readonly ChannelState[] = ["radar", "checking", "unchecked", "checked", "free", "closed", "unknown"];

function worst(states: readonly ChannelState[]): ChannelState {
  return order.find((state) => states.includes(state)) ?? "unknown";
}

function stateOf({ allowed, needsRadarCheck, state }: Radio["channels"][number]): ChannelState {
  if (state === "nop_started") return "radar";
  if (!allowed) return "closed";
  if (state === "cac_started") return "checking";
  if (state === "cac_completed") return "checked";
  if (state === "nop_finished") return "unchecked";
  if (state === "allowed" || !needsRadarCheck) return "free";
  return "unknown";
}

export const stateWords: Readonly<Record<ChannelState, { readonly sign: string; readonly text: string }>> = {
  free: { sign: "", text: "may be used" },
  checked: { sign: "✓", text: "listened for radar, none heard: may be used" },
  unchecked: { sign: "?", text: "may be used after listening for radar for a minute" },
  checking: { sign: "…", text: "is being listened to for radar" },
  radar: { sign: "✕", text: "radar was heard: closed for half an hour" },
  closed: { sign: "–", text: "not allowed here, or this radio cannot" },
  unknown: { sign: "·", text: "the radios do not say" },
};

export interface LegendEntry {
  /** Class of a cell that looks so. */
  readonly look: "covered" | "disturbed" | "unheard" | `state-${ChannelState}`;
  readonly sign: string;
  readonly text: string;
}

/** What is seen in a plan, in words; nothing that is not. */
export function legendOf({ channels, radios }: BandPlan): readonly LegendEntry[] {
  const on = radios.filter(({ enabled }) => enabled);
  const states = [...new Set(channels.map(({ state }) => state))];
  return [
    ...(on.some(({ channel }) => channel !== null)
      ? [{ look: "covered", sign: "●", text: "the radio's own channel" } as const]
      : []),
    ...(on.some(({ covers, channel }) => [...covers].some((each) => each !== channel))
      ? [{ look: "covered", sign: "", text: "taken up by it, too" } as const]
      : []),
    ...(on.some(({ disturbs }) => disturbs.size > 0)
      ? [{ look: "disturbed", sign: "", text: "disturbed by it: its signal reaches over" } as const]
      : []),
    ...(channels.some(({ busyPercent }) => busyPercent === null)
      ? [{ look: "unheard", sign: "", text: "busy empty: no radio has listened there lately" } as const]
      : []),
    ...states.map((state) => {
      const { sign, text } = stateWords[state];
      return { look: `state-${state}` as const, sign, text: sign === "" ? `state empty: ${text}` : text };
    }),
  ];
}

/** So many channels that they would not stand beside each other at their usual width. */
export function isDense({ channels }: Pick<BandPlan, "channels">): boolean {
  return channels.length > 30;
}

/** Numbers that stand above their channels: where those are close together those that the home is on, and of the others as many as fit. */
export function shownNumbers(plan: Pick<BandPlan, "channels" | "radios">): ReadonlySet<number> {
  const all = plan.channels.map(({ channel }) => channel);
  if (!isDense(plan)) return new Set(all);
  const own = plan.radios.flatMap(({ channel, enabled }) => (enabled && channel !== null ? [channel] : []));
  const regular = all.filter((_, index) => index % numberEvery === 0);
  const shown: number[] = [];
  for (const channel of [...own, ...regular]) {
    const at = all.indexOf(channel);
    if (at >= 0 && shown.every((other) => Math.abs(all.indexOf(other) - at) >= numberRoom)) shown.push(channel);
  }
  return new Set(shown);
}

/** One of so many is numbered; a number takes the room of so many narrow channels. */
const numberEvery = 4;
const numberRoom = 3;

/** On 2.4 GHz channels are 5 MHz apart, and a network is 20 MHz wide. */
function isBeside(channel: number, covers: ReadonlySet<number>): boolean {
  return [...covers].some((each) => Math.abs(each - channel) <= 2);
}

function bandOf(band: string): BandPlan["band"] | undefined {
  if (band.startsWith("5G")) return "5G";
  return bands.find((each) => each === band);
}
