/**
 * Channel arithmetic shared by drivers, the wireless core and the managers: numbers and frequencies, the standard
 * blocks of wide channels (IEEE 802.11-2020 annex E), HT mode names, DFS ranges, and the text form used in logs.
 */

import type { Mhz } from "@opensync-ts/base/units";
import type { Band, Channel, ChannelState, ChannelWidth, DfsState } from "./radio.ts";

/** Values of `Wifi_Radio_State.ht_mode`. */
export type HtMode = "HT20" | "HT40" | "HT80" | "HT160" | "HT80+80" | "HT320";

export interface ChannelQuery {
  readonly band: Band;
  /** Of the primary 20 MHz. */
  readonly number: number;
  readonly width: ChannelWidth;
  /** Channel number of the centre; computed where absent, except for 320 MHz, whose blocks overlap. */
  readonly center0?: number;
  /** Channel number of the centre of the second segment; needed with 80+80, meaningless otherwise. */
  readonly center1?: number;
  readonly puncture?: number;
  /** Highest 2.4 GHz channel allowed here, at least 11; it decides on which side a 40 MHz channel extends. */
  readonly maxChannel2g?: number;
}

/** 20 MHz channel numbers by band, ascending. Channel 14 (Japan, 11b only) is known but not among them. */
export const channelNumbers: Readonly<Record<Band, readonly number[]>> = {
  "2.4G": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  "5G": [...steps(36, 64), ...steps(100, 144), ...steps(149, 177)],
  "6G": steps(1, 233),
};

/** The control frequency of a channel, or `null` where the band has no such 20 MHz channel. */
export function channelFrequency(band: Band, number: number): Mhz | null {
  switch (band) {
    case "2.4G":
      if (number === 14) return 2484;
      return channelNumbers["2.4G"].includes(number) ? 2407 + 5 * number : null;
    case "5G":
      return channelNumbers["5G"].includes(number) ? 5000 + 5 * number : null;
    case "6G":
      if (number === 2) return 5935;
      return channelNumbers["6G"].includes(number) ? 5950 + 5 * number : null;
  }
}

/** The number of a frequency, also of a wide channel's centre (5210 is 42); 0 where it has none. */
export function channelNumber(frequency: Mhz): number {
  const number = rawChannelNumber(frequency);
  return Number.isInteger(number) ? number : 0;
}

export function bandOf(frequency: Mhz): Band | null {
  if (frequency >= 2412 && frequency <= 2484) return "2.4G";
  if (frequency >= 5160 && frequency <= 5885) return "5G";
  if (frequency >= 5935 && frequency <= 7115) return "6G";
  return null;
}

/**
 * The channel of a number and a width; `null` where the band has none such: an unknown number, a width that does not
 * fit the band, a centre that does not cover the primary, a puncture outside the channel or of its primary.
 */
export function channelOf(query: ChannelQuery): Channel | null {
  const control = channelFrequency(query.band, query.number);
  if (control === null) return null;
  const center0 = query.center0 === undefined ? standardCenter(query, control) : centerFrequency(query, query.center0);
  if (center0 === null || !covers(center0, query.width === "80p80" ? 80 : query.width, control)) return null;
  let center1 = 0;
  if (query.width === "80p80") {
    const second = query.center1 === undefined ? null : centerFrequency(query, query.center1);
    if (second === null || Math.abs(second - center0) <= 80) return null;
    center1 = second;
  }
  const channel: Channel = { control, width: query.width, center0, center1, puncture: query.puncture ?? 0 };
  return punctureFits(channel) ? channel : null;
}

/**
 * The 40 MHz channel whose secondary 20 MHz lies above the primary (`HT40+`), or below it (`HT40-`); `null` where the
 * band has none. Above 2.4 GHz the blocks are fixed, so that a primary extends to one side only.
 */
export function channel40(query: Omit<ChannelQuery, "width" | "center0">, side: "above" | "below"): Channel | null {
  const { band, number, maxChannel2g = 13 } = query;
  const secondary = number + (side === "above" ? 4 : -4);
  if (channelFrequency(band, secondary) === null) return null;
  if (band === "2.4G" && secondary > Math.max(11, maxChannel2g)) return null;
  const channel = channelOf({ ...query, width: 40, center0: (number + secondary) / 2 });
  if (band === "2.4G") return channel;
  return channel?.center0 === channelOf({ band, number, width: 40 })?.center0 ? channel : null;
}

/**
 * The centre of the second half of an 80+80 MHz channel: the first 80 MHz block of which all is listed and nothing is
 * on the non-occupancy list, and that neither overlaps nor adjoins the first half. `null`: there is none.
 */
export function secondSegment(first: Channel, states: readonly ChannelState[]): Mhz | null {
  const band = bandOf(first.control);
  if (band === null) return null;
  for (const { control } of states) {
    const block = channelOf({ band, number: channelNumber(control), width: 80 });
    if (block && Math.abs(block.center0 - first.center0) > 80 && isUsable(block, states)) return block.center0;
  }
  return null;
}

/** Centres of all 20 MHz segments, ascending, punctured ones included; the n-th belongs to puncture bit n. */
export function allSegments20(channel: Channel): Mhz[] {
  if (channel.width !== "80p80") return segmentsAround(channel.center0, channel.width);
  return [...segmentsAround(channel.center0, 80), ...segmentsAround(channel.center1, 80)].sort((a, b) => a - b);
}

/** Centres of the 20 MHz segments in use, ascending. */
export function segments20(channel: Channel): Mhz[] {
  return allSegments20(channel).filter((_, index) => (channel.puncture & (1 << index)) === 0);
}

/** Occupied bandwidth. */
export function widthMhz(width: ChannelWidth): number {
  return width === "80p80" ? 160 : width;
}

export function htModeOf(channel: Channel): HtMode {
  return channel.width === "80p80" ? "HT80+80" : `HT${channel.width}`;
}

/** The width asked for by `Wifi_Radio_Config.ht_mode`; values without a fixed width (`HT2040`, `HT40+` …) ask for 20. */
export function widthOfHtMode(mode: string): ChannelWidth {
  switch (mode) {
    case "HT40":
      return 40;
    case "HT80":
      return 80;
    case "HT160":
      return 160;
    case "HT320":
      return 320;
    default:
      return 20;
  }
}

/** Log form, for 5180/80 MHz: `5180 (80/5210 0) 0x0`. */
export function formatChannel(channel: Channel): string {
  const { control, width, center0, center1, puncture } = channel;
  return `${control} (${width}/${center0} ${center1}) 0x${puncture.toString(16)}`;
}

/** Equal in every field; `null` (no channel) equals only itself. */
export function sameChannel(a: Channel | null, b: Channel | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.control === b.control &&
    a.width === b.width &&
    a.center0 === b.center0 &&
    a.center1 === b.center1 &&
    a.puncture === b.puncture
  );
}

/**
 * The channel of half the width that still holds the primary, its puncture bits shifted along; `null` for 20 MHz and
 * for 80+80, which has no half.
 */
export function narrow(channel: Channel): Channel | null {
  if (channel.width === 20 || channel.width === "80p80") return null;
  const half = (channel.width / 2) as 20 | 40 | 80 | 160;
  const upper = channel.control > channel.center0;
  const kept = half / 20;
  return {
    control: channel.control,
    width: half,
    center0: channel.center0 + (upper ? half / 2 : -half / 2),
    center1: 0,
    puncture: (channel.puncture >> (upper ? kept : 0)) & ((1 << kept) - 1),
  };
}

/** Whether radar must be watched for on this 20 MHz channel (5260–5320 and 5500–5720 MHz). */
export function isDfs(frequency: Mhz): boolean {
  return (frequency >= 5260 && frequency <= 5320) || (frequency >= 5500 && frequency <= 5720);
}

/** Some segment in use is listed with one of these DFS states. */
export function intersects(channel: Channel, states: readonly ChannelState[], ...dfs: readonly DfsState[]): boolean {
  const segments = segments20(channel);
  return states.some((state) => dfs.includes(state.dfs) && segments.includes(state.control));
}

/** Every segment in use is listed, and none is on the non-occupancy list. */
export function isUsable(channel: Channel, states: readonly ChannelState[]): boolean {
  return segments20(channel).every((segment) =>
    states.some((state) => state.control === segment && state.dfs !== "nol"),
  );
}

function rawChannelNumber(frequency: Mhz): number {
  if (frequency >= 2412 && frequency <= 2472) return (frequency - 2407) / 5;
  if (frequency === 2484) return 14;
  if (frequency >= 5180 && frequency <= 5885) return (frequency - 5000) / 5;
  if (frequency === 5935) return 2;
  if (frequency >= 5955 && frequency <= 7115) return (frequency - 5950) / 5;
  return 0;
}

/** Centres are numbered like channels, but at any multiple of 5 MHz. */
function centerFrequency(query: ChannelQuery, number: number): Mhz | null {
  if (!Number.isInteger(number) || number < 1) return null;
  if (query.band === "2.4G") return number === 14 ? 2484 : 2407 + 5 * number;
  if (query.band === "5G") return 5000 + 5 * number;
  return number === 2 ? 5935 : 5950 + 5 * number;
}

function standardCenter(query: ChannelQuery, control: Mhz): Mhz | null {
  const { band, width, number } = query;
  if (width === 20) return control;
  if (width === 320) return null;
  if (band === "2.4G") return width === 40 ? center40In2g(number, query.maxChannel2g ?? 13) : null;
  // Channel 2 of 6 GHz stands alone, below the raster of the others.
  if (band === "6G" && number === 2) return null;
  const span = width === "80p80" ? 80 : width;
  const range = blockRanges[band].find(([first, last]) => number >= first && number <= last);
  if (!range) return null;
  const [first, last] = range;
  const perBlock = span / 20;
  const start = first + Math.floor((number - first) / 4 / perBlock) * perBlock * 4;
  const end = start + (perBlock - 1) * 4;
  if (end > last) return null;
  return control + ((start + end) / 2 - number) * 5;
}

/** Channel numbers within which wide channels are laid out one after the other. */
const blockRanges: Readonly<Record<"5G" | "6G", readonly (readonly [number, number])[]>> = {
  "5G": [
    [36, 64],
    [100, 144],
    [149, 177],
  ],
  "6G": [[1, 233]],
};

/** The pair with the higher second channel wins, where both are allowed. */
function center40In2g(number: number, maxChannel: number): Mhz | null {
  for (let low = 9; low >= 1; low--) {
    const high = low + 4;
    if (high <= Math.max(11, maxChannel) && (number === low || number === high)) return 2407 + 5 * (low + 2);
  }
  return null;
}

function covers(center: Mhz, width: number, control: Mhz): boolean {
  return segmentsAround(center, width).includes(control);
}

function segmentsAround(center: Mhz, width: number): Mhz[] {
  return Array.from({ length: width / 20 }, (_, index) => center - width / 2 + 10 + index * 20);
}

function punctureFits(channel: Channel): boolean {
  const segments = allSegments20(channel);
  const { puncture, control } = channel;
  if (!Number.isInteger(puncture) || puncture < 0 || puncture >= 2 ** segments.length) return false;
  return (puncture & (1 << segments.indexOf(control))) === 0;
}

function steps(first: number, last: number): number[] {
  return Array.from({ length: (last - first) / 4 + 1 }, (_, index) => first + index * 4);
}
