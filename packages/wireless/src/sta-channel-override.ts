/**
 * A mutator for radios that serve clients and have an uplink at the same time (`ow_sta_channel_override`): they have one
 * channel, and it is the parent's to choose. While a STA of a phy is connected, all access points of the phy follow it,
 * whatever is configured.
 *
 * When the parent announces a switch, STA and access points arrive one after the other. An access point that was with
 * the STA and is not any more is therefore left where it is for `staChannelSettling`.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { sameChannel } from "@opensync-ts/target/channels";
import type { Channel, VifState } from "@opensync-ts/target/radio";
import type { ConfigTree, PhyConfig } from "./config-tree.ts";
import type { WirelessState } from "./contract.ts";
import { nameChannel } from "./dfs-chan-clip.ts";
import { limits } from "./limits.ts";
import type { Mutator, MutatorContext, MutatorTools } from "./mutators.ts";

/** Where an access point is with regard to the STA it follows. */
export type FollowState =
  /** There is nobody to follow, or it is yet to come for the first time. */
  | "APART"
  | "TOGETHER"
  /** They have parted lately: one of them is about to come after. */
  | "SETTLING";

export type FollowEvent = "no STA" | "same channel" | "other channel" | "settling is over";

const transitions: Readonly<Record<FollowState, Readonly<Record<FollowEvent, FollowState>>>> = {
  APART: { "no STA": "APART", "same channel": "TOGETHER", "other channel": "APART", "settling is over": "APART" },
  TOGETHER: {
    "no STA": "APART",
    "same channel": "TOGETHER",
    "other channel": "SETTLING",
    "settling is over": "TOGETHER",
  },
  SETTLING: { "no STA": "APART", "same channel": "TOGETHER", "other channel": "SETTLING", "settling is over": "APART" },
};

export function nextFollow(state: FollowState, event: FollowEvent): FollowState {
  return transitions[state][event];
}

interface Follower {
  state: FollowState;
  /** Runs while SETTLING. */
  timer: Timer | null;
}

type Tools = Pick<MutatorTools, "clock" | "invalidate">;

export class StaChannelOverride implements Mutator {
  readonly name = "ow_sta_channel_override";
  readonly #tools: Tools;
  /** By access point; those that are APART are not listed. */
  readonly #followers = new Map<string, Follower>();

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  mutate(tree: ConfigTree, context: MutatorContext): void {
    const { vifs } = context.state;
    for (const name of this.#followers.keys()) if (!vifs.has(name)) this.#on(name, "no STA");
    for (const phy of tree.values()) this.#mutatePhy(phy, leaderOf(phy, vifs), context);
  }

  stop(): void {
    for (const { timer } of this.#followers.values()) timer?.cancel();
    this.#followers.clear();
  }

  #mutatePhy(phy: PhyConfig, leader: Leader | null, { state, limit }: MutatorContext): void {
    for (const vif of phy.vifs.values()) {
      if (vif.type !== "ap") continue;
      const actual = channelInUse(state.vifs.get(vif.name));
      if (leader === null || actual === null) {
        this.#on(vif.name, "no STA");
        if (leader === null) continue;
      } else this.#on(vif.name, sameChannel(actual, leader.channel) ? "same channel" : "other channel");
      const settling = this.#followers.get(vif.name)?.state === "SETTLING";
      const channel = settling ? actual : leader.channel;
      const asked = vif.ap.channel;
      if (sameChannel(asked, channel)) continue;
      vif.ap = { ...vif.ap, channel };
      if (settling || asked === null || !phy.enabled || !vif.enabled) continue;
      const advice = `it follows the uplink of ${leader.vif}`;
      const [wish, holds] = [nameChannel(asked), nameChannel(channel)];
      limit({ phy: phy.name, vif: vif.name, attribute: "channel", asked: wish, holds, notEnforced: [], advice });
    }
  }

  #on(name: string, event: FollowEvent): void {
    const follower = this.#followers.get(name) ?? { state: "APART", timer: null };
    const before = follower.state;
    follower.state = nextFollow(before, event);
    if (follower.state === before) return;
    follower.timer?.cancel();
    follower.timer = follower.state === "SETTLING" ? this.#settle(name) : null;
    if (follower.state === "APART") this.#followers.delete(name);
    else this.#followers.set(name, follower);
  }

  #settle(name: string): Timer {
    return this.#tools.clock.setTimer(limits.staChannelSettling, () => {
      this.#on(name, "settling is over");
      this.#tools.invalidate();
    });
  }
}

interface Leader {
  readonly vif: string;
  readonly channel: Channel;
}

/** The first STA of the phy, by name, that is connected. */
function leaderOf(phy: PhyConfig, states: WirelessState["vifs"]): Leader | null {
  for (const { name } of phy.vifs.values()) {
    const state = states.get(name);
    if (state?.type !== "sta" || state.sta.link.status !== "connected") continue;
    const { channel } = state.sta.link;
    if (channel !== null) return { vif: name, channel };
  }
  return null;
}

function channelInUse(state: VifState | undefined): Channel | null {
  return state?.type === "ap" && state.status === "enabled" ? state.ap.channel : null;
}
