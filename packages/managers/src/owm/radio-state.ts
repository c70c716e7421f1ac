/** What a radio and its vifs report → `Wifi_Radio_State`, by the table in `radio-mapping.ts`. */

import { channelNumber, sameChannel } from "@opensync-ts/target/channels";
import type { Channel, PhyMode, PhyState, VifState } from "@opensync-ts/target/radio";
import type { ApOverrides } from "@opensync-ts/wireless/contract";
import { hwModeOf } from "./hw-mode.ts";
import { positive } from "./mapping.ts";
import { htModeColumn } from "./radio-channel.ts";
import { enabledAps, type RadioFacts, radioMapping } from "./radio-mapping.ts";
import { type RadioConfig, type RadioStateRecord, unsetRadioState } from "./rows.ts";

export function radioStateRecord(facts: RadioFacts): RadioStateRecord {
  const { phy, config, asked } = facts;
  const record: RadioStateRecord = Object.assign(
    { ...unsetRadioState },
    ...radioMapping.map(({ report }) => report?.(facts) ?? {}),
  );
  // A radio without any vif shows what is asked for: nothing else could show it.
  if (config && config.vif_configs.length === 0 && enabledAps(facts).length === 0)
    return { ...record, ...intended(config, asked?.ap ?? {}, phy, record) };
  return record;
}

/** The channel on which all enabled APs and connected STAs are; `null` when there are none or they differ. */
export function agreedChannel(vifs: readonly VifState[]): Channel | null {
  const channels = vifs.flatMap((vif) => {
    if (vif.type === "ap" && vif.status === "enabled") return [vif.ap.channel];
    if (vif.type === "sta" && vif.sta.link.status === "connected") return [vif.sta.link.channel];
    return [];
  });
  const first = channels[0] ?? null;
  return channels.every((channel) => sameChannel(channel, first)) ? first : null;
}

function intended(
  config: RadioConfig,
  { channel, mode }: ApOverrides,
  phy: PhyState,
  record: RadioStateRecord,
): Partial<RadioStateRecord> {
  const { ht = false, vht = false, he = false, eht = false } = mode ?? {};
  const lacks = (name: PhyMode) => phy.capabilities.modes?.includes(name) === false;
  const possible = {
    ht: ht && !lacks("ht"),
    vht: vht && !lacks("vht"),
    he: he && !lacks("he"),
    eht: eht && !lacks("eht"),
  };
  const whole = possible.ht === ht && possible.vht === vht && possible.he === he && possible.eht === eht;
  return {
    ...(channel
      ? { channel: positive(channelNumber(channel.control)), ht_mode: htModeColumn(channel, config, channel) }
      : { ht_mode: config.channel === null ? (config.ht_mode ?? record.ht_mode) : record.ht_mode }),
    ...(mode ? { hw_mode: whole ? config.hw_mode : hwModeOf([possible], record.freq_band) } : {}),
  };
}
