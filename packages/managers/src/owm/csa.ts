/**
 * A parent announces that it switches channel (`ow_ovsdb_csa`). A switch within the band of the STA is written into the
 * radio's own configuration, so that its access points are where their uplink goes; the cloud reads it there. A switch to
 * another band is dealt with by the wireless core (`xphy-csa.ts`).
 */

import type { Log } from "@opensync-ts/base/log";
import { channelNumber, formatChannel, htModeOf } from "@opensync-ts/target/channels";
import type { Channel } from "@opensync-ts/target/radio";
import type { WirelessState } from "@opensync-ts/wireless/contract";
import { csaTarget } from "@opensync-ts/wireless/csa-target";
import type { ConfigEdits } from "./config-edits.ts";
import type { RadioConfig } from "./rows.ts";

export type ChannelColumns = Pick<RadioConfig, "channel" | "ht_mode"> & Partial<Pick<RadioConfig, "center_freq0_chan">>;

/** What a radio's row has to say from now on; null: it says so already, or has no opinion on the channel. */
export function channelColumnsAfter(row: RadioConfig, channel: Channel): ChannelColumns | null {
  const number = channelNumber(channel.control);
  if (row.channel === null || row.channel === number || number === 0) return null;
  return {
    channel: number,
    ht_mode: htModeOf(channel),
    ...(row.center_freq0_chan === null ? {} : { center_freq0_chan: channelNumber(channel.center0) }),
  };
}

export interface ParentSwitchesContext {
  readonly log: Log;
  readonly state: Pick<WirelessState, "phys" | "events">;
  readonly radio: (phy: string) => RadioConfig | undefined;
  readonly edits: ConfigEdits;
}

/** Returns what ends it. */
export function followParentSwitches({ log, state, radio, edits }: ParentSwitchesContext): () => void {
  return state.events.on("channelSwitchHeard", ({ phy, vif, channel }) => {
    const target = csaTarget(state.phys, phy, channel);
    const heard = `ow: csa: ${vif}: the parent switches to ${formatChannel(channel)}`;
    if (target === null) log.warning(`${heard}, which no radio has; the uplink will be lost`);
    const row = target === phy ? radio(phy) : undefined;
    const columns = row && channelColumnsAfter(row, channel);
    if (!row || !columns) return;
    log.notice(`${heard}: ${phy} goes with it`);
    if (row.ht_mode !== columns.ht_mode)
      log.warning(`ow: csa: ${phy}: the width changes with it: ${row.ht_mode ?? "unset"} -> ${columns.ht_mode}`);
    void edits.edit(`channel of ${phy} after its parent's`, (builder) =>
      // Somebody who has configured another channel meanwhile knows better.
      builder.update(
        "Wifi_Radio_Config",
        [
          ["_uuid", "==", row._uuid],
          ["channel", "==", row.channel],
        ],
        columns,
      ),
    );
  });
}
