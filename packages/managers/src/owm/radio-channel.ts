/**
 * `channel`, `ht_mode` and what belongs to them: the channel of all access points of a radio, and how it is shown.
 * `freq_band` cannot move a radio to another band: where it names one, the radio's own counts.
 */

import {
  allSegments20,
  type ChannelQuery,
  channel40,
  channelNumber,
  channelOf,
  htModeOf,
  narrow,
  sameChannel,
  secondSegment,
  segments20,
  widthOfHtMode,
} from "@opensync-ts/target/channels";
import type { Band, Channel, PhyState } from "@opensync-ts/target/radio";
import { positive } from "./mapping.ts";
import type { RadioConfig, RadioStateRecord } from "./rows.ts";

export type ReportRadio = (column: keyof RadioConfig & string, reason: string) => void;

/** The band that `freq_band` names; `""` (not set) leaves it to the radio. */
export function bandOfRow({ freq_band }: Pick<RadioConfig, "freq_band">, phy: PhyState | null): Band {
  switch (freq_band) {
    case "5G":
    case "5GL":
    case "5GU":
      return "5G";
    case "6G":
      return "6G";
    case "2.4G":
      return "2.4G";
    case "":
      return phy?.capabilities.band ?? "2.4G";
  }
}

/** The row names a channel, and means it: with `auto` and `acs` the driver chooses. */
export function namesChannel(row: Pick<RadioConfig, "channel" | "channel_mode">): boolean {
  return row.channel !== null && row.channel_mode !== "auto" && row.channel_mode !== "acs";
}

/** The radio lists the channel's primary, whether or not it may be used right now. */
export function offers(phy: PhyState | null, channel: Channel): boolean {
  return phy?.channelStates.some(({ control }) => control === channel.control) ?? false;
}

/** What the row asks for. A combination that cannot be is left out, a part of it that can be is used; either is told. */
export function askedChannel(row: RadioConfig, phy: PhyState | null, report: ReportRadio): Channel | null {
  const band = phy?.capabilities.band;
  if (band !== undefined && bandOfRow(row, phy) !== band) {
    report("freq_band", `${row.if_name} is a ${band} radio; the channel in use is kept`);
    return null;
  }
  if (row.channel === null || !namesChannel(row)) return null;
  if (row.ht_mode === null) {
    report("channel", "ht_mode is not set, and a channel needs both; the channel in use is kept");
    return null;
  }
  const wanted = wholeChannel(row, row.channel, phy, report);
  if (!wanted) {
    report("channel", `no ${describe(row)} channel on ${bandOfRow(row, phy)}; the channel in use is kept`);
    return null;
  }
  if (!phy || phy.channelStates.length === 0) return wanted;
  if (!offers(phy, wanted)) {
    report(
      "channel",
      `${row.if_name} does not offer it (see Wifi_Radio_State.allowed_channels); the channel in use is kept`,
    );
    return null;
  }
  return listedPart(wanted, phy, report);
}

function wholeChannel(row: RadioConfig, number: number, phy: PhyState | null, report: ReportRadio): Channel | null {
  // One that does not fit into a number has no bits to work with.
  if (!Number.isSafeInteger(row.puncture_bitmap ?? 0)) return null;
  const query: Omit<ChannelQuery, "width"> = {
    band: bandOfRow(row, phy),
    number,
    puncture: row.puncture_bitmap ?? 0,
    maxChannel2g: highestChannel2g(phy),
    ...(row.center_freq0_chan === null ? {} : { center0: row.center_freq0_chan }),
  };
  switch (row.ht_mode) {
    case "HT40+":
      return channel40(query, "above");
    case "HT40-":
      return channel40(query, "below");
    case "HT2040": {
      const wide = channelOf({ ...query, width: 40 });
      return wide && fits(wide, phy) ? wide : channelOf({ ...query, width: 20, center0: number });
    }
    case "HT80+80": {
      const first = channelOf({ ...query, width: 80 });
      if (!first || !phy) return first;
      const center1 = secondSegment(first, phy.channelStates);
      if (center1 !== null) return { ...first, width: "80p80", center1 };
      report("ht_mode", `${phy.name} has no second 80 MHz apart from the first; HT80 is used`);
      return first;
    }
    default:
      return channelOf({ ...query, width: widthOfHtMode(row.ht_mode ?? "") });
  }
}

function fits(channel: Channel, phy: PhyState | null): boolean {
  if (!phy) return true;
  return (phy.capabilities.widths?.includes(channel.width) ?? true) && unlisted(channel, phy).length === 0;
}

/** 80 MHz around channel 165 exist where all up to 177 are allowed: what is not goes, from the outside in. */
function listedPart(wanted: Channel, phy: PhyState, report: ReportRadio): Channel {
  const missing = unlisted(wanted, phy);
  let part: Channel | null = wanted;
  while (part && unlisted(part, phy).length > 0) part = narrow(part);
  if (part === wanted || part === null) return wanted;
  const numbers = missing.map(channelNumber).join(", ");
  report("ht_mode", `${phy.name} does not offer channel ${numbers}; ${htModeOf(part)} is used`);
  return part;
}

function unlisted(channel: Channel, { channelStates }: PhyState): readonly number[] {
  // Without a list the driver does not say.
  if (channelStates.length === 0) return [];
  const listed = new Set(channelStates.map(({ control }) => control));
  return segments20(channel).filter((segment) => !listed.has(segment));
}

function describe(row: RadioConfig): string {
  const parts: string[] = [row.ht_mode ?? ""];
  if (row.center_freq0_chan !== null) parts.push(`center_freq0_chan ${row.center_freq0_chan}`);
  else if (row.ht_mode === "HT320") parts.push("(center_freq0_chan is needed)");
  if (row.puncture_bitmap !== null) parts.push(`puncture_bitmap ${row.puncture_bitmap}`);
  return parts.join(" ");
}

/** Decides to which side a 40 MHz channel extends: where 12 and 13 are allowed, upwards more often. */
function highestChannel2g(phy: PhyState | null): number {
  const numbers = phy?.channelStates.map(({ control }) => channelNumber(control)) ?? [];
  return Math.max(11, ...numbers.filter((number) => number <= 13));
}

type ChannelColumns = Pick<RadioStateRecord, "channel" | "ht_mode" | "center_freq0_chan" | "puncture_bitmap">;

/** `asked` and `config`: where the channel is the one asked for, its width is spelled as it was (`HT40+`). */
export function channelColumns(
  channel: Channel | null,
  phy: PhyState,
  config: RadioConfig | null,
  asked: Channel | null,
): ChannelColumns {
  if (!channel) return { channel: null, ht_mode: null, center_freq0_chan: null, puncture_bitmap: null };
  return {
    channel: positive(channelNumber(channel.control)),
    ht_mode: htModeColumn(channel, config, asked),
    center_freq0_chan: positive(channelNumber(channel.center0)),
    puncture_bitmap: phy.punctureSupported ? channel.puncture : null,
  };
}

/** Other names for 40 MHz, or 20. */
const otherSpellings: readonly string[] = ["HT40+", "HT40-", "HT2040"];

export function htModeColumn(
  channel: Channel,
  config: RadioConfig | null,
  asked: Channel | null,
): RadioStateRecord["ht_mode"] {
  const spelled = config?.ht_mode ?? "";
  return asked && sameChannel(channel, asked) && otherSpellings.includes(spelled)
    ? (config?.ht_mode ?? null)
    : htModeOf(channel);
}

/** Whether a 20 MHz channel is part of it, punctured or not. */
export function coversChannel(channel: Channel, control: number): boolean {
  return allSegments20(channel).includes(control);
}
