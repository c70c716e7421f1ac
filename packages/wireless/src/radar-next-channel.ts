/**
 * A mutator that tells a radio where to go should it hear radar (`ow_radar_next_channel`): to a channel that shares nothing
 * with the one in use that radar could take away, and that it may use at once. Only radios of 5 GHz alone that detect
 * radar, and are on a channel where it must be watched for, are told one; all others have none.
 */

import type { Mhz } from "@opensync-ts/base/units";
import {
  bandOf,
  channelNumber,
  channelOf,
  isDfs,
  sameChannel,
  segments20,
  widthMhz,
} from "@opensync-ts/target/channels";
import type { Channel, ChannelState, ChannelWidth, DfsState, VifState } from "@opensync-ts/target/radio";
import { ChannelHold } from "./channel-hold.ts";
import type { ConfigTree, PhyConfig } from "./config-tree.ts";
import type { WirelessState } from "./contract.ts";
import type { Mutator, MutatorContext, MutatorTools } from "./mutators.ts";

export interface RadarQuestion {
  readonly operating: Channel;
  /** As wide as this, if there is such a channel. */
  readonly width: ChannelWidth;
  readonly channelStates: readonly ChannelState[];
}

/** Where to go from `operating` after radar; null: nowhere. */
export function radarNextChannel({ operating, width, channelStates }: RadarQuestion): Channel | null {
  const dfs = new Map(channelStates.map((state) => [state.control, state.dfs]));
  const lost = new Set(segments20(operating).filter(isDfs));
  for (const candidateWidth of widths) {
    if (candidateWidth > (width === "80p80" ? 20 : widthMhz(width))) continue;
    const usable = blocks(candidateWidth, channelStates).filter((block) =>
      segments20(block).every((segment) => !lost.has(segment) && readyAtOnce.has(dfs.get(segment))),
    );
    const free = usable.filter((block) => segments20(block).every((segment) => dfs.get(segment) === "non_dfs"));
    const around = free.find((block) => segments20(block).includes(operating.control));
    if (around) return { ...around, control: operating.control };
    const found = free[0] ?? usable[0];
    if (found) return found;
  }
  return null;
}

export class RadarNextChannel implements Mutator {
  readonly name = "ow_radar_next_channel";
  readonly #operating: ChannelHold;

  constructor({ clock, invalidate }: Pick<MutatorTools, "clock" | "invalidate">) {
    this.#operating = new ChannelHold(clock, invalidate);
  }

  mutate(tree: ConfigTree, { state }: MutatorContext): void {
    const apChannels = channelsOfAps(state.vifs);
    for (const phy of tree.values()) {
      const actual = state.phys.get(phy.name);
      if (!actual) continue;
      const operating = this.#operating.update(phy.name, agreed(apChannels.get(phy.name) ?? []));
      const watches =
        actual.radar === "enabled" && actual.channelStates.every(({ control }) => bandOf(control) === "5G");
      phy.radarNextChannel =
        watches && operating !== null && segments20(operating).some(isDfs)
          ? radarNextChannel({
              operating,
              width: wantedWidth(phy) ?? operating.width,
              channelStates: actual.channelStates,
            })
          : null;
    }
  }

  stop(): void {
    this.#operating.stop();
  }
}

const widths = [320, 160, 80, 40, 20] as const;

/** It may be used without an availability check. */
const readyAtOnce: ReadonlySet<DfsState | undefined> = new Set<DfsState>(["non_dfs", "cac_completed"]);

/** The standard blocks of a width that begin with a channel of the radio, ascending. */
function blocks(width: ChannelWidth, channelStates: readonly ChannelState[]): Channel[] {
  const controls = channelStates.map(({ control }) => control).sort((a, b) => a - b);
  return controls.flatMap((control) => {
    const block = channelOf({ band: "5G", number: channelNumber(control), width });
    return block && firstSegment(block) === control ? [block] : [];
  });
}

function firstSegment(channel: Channel): Mhz | undefined {
  return segments20(channel)[0];
}

function channelsOfAps(vifs: WirelessState["vifs"]): ReadonlyMap<string, readonly Channel[]> {
  const aps = [...vifs.values()].flatMap((vif: VifState) =>
    vif.type === "ap" && vif.status === "enabled" && vif.ap.channel !== null
      ? [[vif.phy, vif.ap.channel] as const]
      : [],
  );
  return new Map([...Map.groupBy(aps, ([phy]) => phy)].map(([phy, list]) => [phy, list.map(([, channel]) => channel)]));
}

function agreed(channels: readonly Channel[]): Channel | null {
  const first = channels[0] ?? null;
  return channels.every((channel) => sameChannel(channel, first)) ? first : null;
}

function wantedWidth(phy: PhyConfig): ChannelWidth | null {
  for (const vif of phy.vifs.values()) {
    if (vif.type === "ap" && vif.enabled && vif.ap.channel) return vif.ap.channel.width;
  }
  return null;
}
