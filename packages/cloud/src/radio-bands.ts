/** Bands as `freq_band` names them: which channels they hold, and which interface of a node serves the home on them. */

import { bandWords } from "./words/band-words.ts";

/** `Wifi_Radio_Config.freq_band`. A tri-band board splits 5 GHz into a lower (`5GL`) and an upper (`5GU`) radio. */
export type FrequencyBand = "2.4G" | "5G" | "5GL" | "5GU" | "6G";

/** The band a network asks for, whatever part of it a radio serves. */
export function bandOf(radio: FrequencyBand): "2.4G" | "5G" | "6G" {
  return radio === "5GL" || radio === "5GU" ? "5G" : radio;
}

/** Whether an opinion about `opinion` is meant for a radio of `radio`. */
export function coversBand(opinion: FrequencyBand, radio: FrequencyBand): boolean {
  return opinion === radio || (opinion === "5G" && bandOf(radio) === "5G");
}

const lower5 = [36, 40, 44, 48, 52, 56, 60, 64];
const upper5 = [100, 104, 108, 112, 116, 120, 124, 128, 132, 136, 140, 144, 149, 153, 157, 161, 165, 169, 173, 177];
const channels: Readonly<Record<FrequencyBand, readonly number[]>> = {
  "2.4G": range(1, 13, 1),
  "5G": [...lower5, ...upper5],
  "5GL": lower5,
  "5GU": upper5,
  "6G": range(1, 233, 4),
};
const widest: Readonly<Record<FrequencyBand, number>> = { "2.4G": 40, "5G": 160, "5GL": 160, "5GU": 160, "6G": 320 };

/** In order. */
export function channelsOf(band: FrequencyBand): readonly number[] {
  return channels[band];
}

export function isChannelOf(band: FrequencyBand, channel: number): boolean {
  return channels[band].includes(channel);
}

/** Whether a radio must listen for radar before it may use the channel (5260–5320 and 5500–5720 MHz). */
export function needsRadarCheck(band: FrequencyBand, channel: number): boolean {
  return bandOf(band) === "5G" && channel >= 52 && channel <= 144;
}

/** Why a channel of this width (MHz) cannot be, and what could; `undefined` where it can. */
export function channelProblem(band: FrequencyBand, channel: number, width: number): string | undefined {
  if (!isChannelOf(band, channel)) return `is not a channel of ${bandWords(band)}; use ${listed(channels[band])}`;
  if (width > widest[band])
    return `cannot be ${width} MHz wide on ${bandWords(band)}; use a width up to ${widest[band]}`;
  return undefined;
}

/** How the interfaces of a radio end: `home-ap-24`. A board whose 5 GHz is split has `l50` and `u50`. */
export type RadioSuffix = "24" | "50" | "l50" | "u50" | "60";

/** The suffix of each radio, by the radio's name. A second radio of a band has none: its interfaces would be named twice. */
export function radioSuffixes(
  radios: readonly { readonly ifName: string; readonly band: FrequencyBand }[],
): ReadonlyMap<string, RadioSuffix> {
  const split = radios.some(({ band }) => band === "5GL") && radios.some(({ band }) => band === "5GU");
  const suffixOf = (band: FrequencyBand): RadioSuffix => {
    if (band === "2.4G") return "24";
    if (band === "6G") return "60";
    return split && band === "5GL" ? "l50" : split && band === "5GU" ? "u50" : "50";
  };
  const suffixes = new Map<string, RadioSuffix>();
  const taken = new Set<string>();
  for (const { ifName, band } of radios) {
    const suffix = suffixOf(band);
    if (taken.has(suffix)) continue;
    taken.add(suffix);
    suffixes.set(ifName, suffix);
  }
  return suffixes;
}

/** Whether an interface is one of those the controller provisions, and so may take away again. */
export function isHomeAp(ifName: string): boolean {
  return /^home-ap-(24|50|l50|u50|60)$/.test(ifName);
}

function range(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

function listed(values: readonly number[]): string {
  return values.length <= 28 ? values.join(", ") : `${values.slice(0, 4).join(", ")} … ${values.at(-1)}`;
}
