/**
 * A mutator that keeps access points on channels they may use (`ow_dfs_chan_clip`): those that their radio lists and
 * that are not on the non-occupancy list after radar. What is left of the wanted channel comes first, then what is left
 * of the one in use, then any. A radio that lists no channels at all has not said which it may use; it is let be.
 *
 * After radar a phy reports the channel lost before its vifs report where they went. Where the results tell of that,
 * what the access points report is believed for `clipPostpone`, once for each situation.
 */

import type { Timer } from "@opensync-ts/base/clock";
import type { Mhz } from "@opensync-ts/base/units";
import {
  allSegments20,
  bandOf,
  channelNumber,
  channelOf,
  htModeOf,
  isUsable,
  narrow,
  sameChannel,
  widthMhz,
} from "@opensync-ts/target/channels";
import type { Channel, ChannelState, ChannelWidth, PhyState, VifState } from "@opensync-ts/target/radio";
import type { ApConfig, ConfigTree, PhyConfig, VifConfig } from "./config-tree.ts";
import { limits } from "./limits.ts";
import type { Mutator, MutatorContext, MutatorTools } from "./mutators.ts";

/** How a channel was come by. */
export type ClipResult =
  | "ORIGINAL"
  | "PUNCTURED"
  | "NARROWED"
  | "INHERITED_STATE"
  | "INHERITED_STATE_AND_PUNCTURED"
  | "INHERITED_STATE_AND_NARROWED"
  | "LAST_RESORT_WIDEST"
  | "LAST_RESORT"
  | "DISABLED";

export type Clipped =
  | { readonly result: Exclude<ClipResult, "DISABLED">; readonly channel: Channel }
  | { readonly result: "DISABLED"; readonly channel: null };

export interface ClipQuestion {
  readonly wanted: Channel;
  /** The channel of the access point while it is up. */
  readonly current: Channel | null;
  readonly channelStates: readonly ChannelState[];
  readonly punctureSupported: boolean;
  /** The channel in use is believed, radar or not. */
  readonly postponed: boolean;
}

/** The channel that comes next to the wanted one. */
export function clipChannel(question: ClipQuestion): Clipped {
  const { wanted, current, channelStates, punctureSupported, postponed } = question;
  const reduced = reduce(wanted, channelStates, punctureSupported);
  if (reduced) return { result: reduced.by ?? "ORIGINAL", channel: reduced.channel };
  const believed = postponed ? channelStates.map(withoutRadar) : channelStates;
  const inherited = current && reduce(current, believed, punctureSupported);
  if (inherited) {
    const { by, channel } = inherited;
    return { result: by === null ? "INHERITED_STATE" : `INHERITED_STATE_AND_${by}`, channel };
  }
  const widest = widestUsable(wanted.width, channelStates);
  if (widest) return { result: "LAST_RESORT_WIDEST", channel: widest };
  const first = channelStates.find(({ dfs }) => dfs !== "nol");
  return first ? { result: "LAST_RESORT", channel: plain(first.control) } : { result: "DISABLED", channel: null };
}

/** What was last decided of a phy, and what waits. */
interface PhyMemory {
  /** Runs while reports are believed. */
  postpone: Timer | null;
  /** Runs while `postpone` may not be started again. */
  backoff: Timer | null;
  /** That `postpone` was last started for; "" where the last decision told of nothing under way. */
  situation: string;
}

export class DfsChanClip implements Mutator {
  readonly name = "ow_dfs_chan_clip";
  readonly #tools: Pick<MutatorTools, "clock" | "invalidate">;
  readonly #memory = new Map<string, PhyMemory>();

  constructor(tools: Pick<MutatorTools, "clock" | "invalidate">) {
    this.#tools = tools;
  }

  mutate(tree: ConfigTree, context: MutatorContext): void {
    for (const name of this.#memory.keys()) if (!tree.get(name)?.enabled) this.#forget(name);
    for (const phy of tree.values()) {
      const state = context.state.phys.get(phy.name);
      if (state && phy.enabled && state.channelStates.length > 0) this.#clipPhy(phy, state, context);
    }
  }

  stop(): void {
    for (const name of this.#memory.keys()) this.#forget(name);
  }

  #clipPhy(phy: PhyConfig, state: PhyState, context: MutatorContext): void {
    if (state.channelStates.every(({ dfs }) => dfs === "nol")) {
      phy.enabled = false;
      const advice = "radar was heard on all of its channels; it comes up again when one of them is free";
      context.limit({ phy: phy.name, vif: null, attribute: "enabled", ...shortfall("true", "false"), advice });
      this.#forget(phy.name);
      return;
    }
    const aps = [...phy.vifs.values()].flatMap((vif) => questionOf(vif, state, context.state.vifs.get(vif.name)) ?? []);
    const decide = (postponed: boolean) =>
      aps.map(({ vif, asked, question }) => ({ vif, asked, ...clipChannel({ ...question, postponed }) }));
    const memory = this.#memoryOf(phy.name);
    let decisions = decide(memory.postpone !== null);
    if (memory.postpone === null && this.#postpones(memory, decisions, state)) decisions = decide(true);
    for (const { vif, asked, channel } of decisions) {
      if (channel === null) vif.enabled = false;
      else vif.ap = { ...vif.ap, channel };
      if (sameChannel(asked, channel)) continue;
      const missing = shortfall(nameChannel(asked), nameChannel(channel));
      context.limit({ phy: phy.name, vif: vif.name, attribute: "channel", ...missing });
    }
  }

  /** Whether the reports may lag behind; then they are waited for from now on. */
  #postpones(
    memory: PhyMemory,
    decisions: readonly (Clipped & { readonly asked: Channel })[],
    state: PhyState,
  ): boolean {
    const lastResort = decisions.some(({ result }) => result === "LAST_RESORT" || result === "LAST_RESORT_WIDEST");
    const differ = decisions.some(({ result }) => result !== decisions[0]?.result);
    if (!lastResort && !differ) {
      memory.situation = "";
      return false;
    }
    const lost = state.channelStates.flatMap(({ control, dfs }) => (dfs === "nol" ? [control] : []));
    const situation = JSON.stringify([lost, decisions.map(({ asked }) => asked)]);
    // Once: a driver that stays where it may not must not have its way every few seconds.
    if (situation === memory.situation || memory.backoff !== null) return false;
    const { clock, invalidate } = this.#tools;
    memory.situation = situation;
    memory.postpone = clock.setTimer(limits.clipPostpone, () => {
      memory.postpone = null;
      invalidate();
    });
    memory.backoff = clock.setTimer(limits.clipBackoff, () => {
      memory.backoff = null;
      invalidate();
    });
    return true;
  }

  #memoryOf(phy: string): PhyMemory {
    const known = this.#memory.get(phy);
    if (known) return known;
    const memory: PhyMemory = { postpone: null, backoff: null, situation: "" };
    this.#memory.set(phy, memory);
    return memory;
  }

  #forget(phy: string): void {
    const memory = this.#memory.get(phy);
    memory?.postpone?.cancel();
    memory?.backoff?.cancel();
    this.#memory.delete(phy);
  }
}

/** For the log and for people: `100/HT80`. */
export function nameChannel(channel: Channel | null): string {
  if (channel === null) return "none";
  const puncture = channel.puncture === 0 ? "" : `/puncture 0x${channel.puncture.toString(16)}`;
  return `${channelNumber(channel.control)}/${htModeOf(channel)}${puncture}`;
}

interface Asked {
  readonly vif: ApConfig;
  readonly asked: Channel;
  readonly question: Omit<ClipQuestion, "postponed">;
}

/** `null`: no channel of its is wanted. */
function questionOf(vif: VifConfig, phy: PhyState, actual: VifState | undefined): Asked | null {
  if (vif.type !== "ap" || !vif.enabled || vif.ap.channel === null) return null;
  const { channelStates, punctureSupported } = phy;
  const asked = vif.ap.channel;
  const wanted = punctureSupported ? asked : { ...asked, puncture: 0 };
  const current = actual?.type === "ap" && actual.status === "enabled" ? actual.ap.channel : null;
  return { vif, asked, question: { wanted, current, channelStates, punctureSupported } };
}

function shortfall(asked: string, holds: string): { asked: string; holds: string; notEnforced: readonly string[] } {
  return { asked, holds, notEnforced: [] };
}

interface Reduced {
  readonly channel: Channel;
  /** What was done to it last; null: nothing. */
  readonly by: "PUNCTURED" | "NARROWED" | null;
}

/** What is usable of a channel, around its primary. */
function reduce(channel: Channel, states: readonly ChannelState[], puncturing: boolean): Reduced | null {
  let reduced: Reduced = { channel, by: null };
  while (!isUsable(reduced.channel, states)) {
    const punctured = puncturing ? puncture(reduced.channel, states) : null;
    const narrowed = punctured ?? narrow(reduced.channel);
    if (narrowed === null) return null;
    reduced = { channel: narrowed, by: punctured ? "PUNCTURED" : "NARROWED" };
  }
  return reduced;
}

/** Leaves out the segments with radar; null where the primary has it, or no segment in use. */
function puncture(channel: Channel, states: readonly ChannelState[]): Channel | null {
  const lost = new Set(states.flatMap(({ control, dfs }) => (dfs === "nol" ? [control] : [])));
  if (lost.has(channel.control)) return null;
  const bits = allSegments20(channel).reduce((bits, segment, n) => (lost.has(segment) ? bits | (1 << n) : bits), 0);
  const punctured = { ...channel, puncture: channel.puncture | bits };
  return sameChannel(punctured, channel) ? null : punctured;
}

const widths = [160, 80, 40, 20] as const;

/** The first of the widest blocks that are usable as a whole. 2.4 GHz has none: its wide channels overlap. */
function widestUsable(wanted: ChannelWidth, states: readonly ChannelState[]): Channel | null {
  for (const width of widths) {
    if (width > widthMhz(wanted)) continue;
    for (const { control } of states) {
      const band = bandOf(control);
      if (band === null || band === "2.4G") continue;
      const block = channelOf({ band, number: channelNumber(control), width });
      if (block && isUsable(block, states)) return block;
    }
  }
  return null;
}

function withoutRadar(state: ChannelState): ChannelState {
  return state.dfs === "nol" ? { ...state, dfs: "cac_possible" } : state;
}

function plain(control: Mhz): Channel {
  return { control, width: 20, center0: control, center1: 0, puncture: 0 };
}
