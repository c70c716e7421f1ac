/**
 * Global operating classes (IEEE 802.11-2020 annex E, table E-4; class 137 from 802.11be) and what they say of channels: frames name a
 * channel by class and number, which for wide ones is that of the primary 20 MHz, or, of one that nobody uses, that of the centre.
 */

import type { Mhz } from "@opensync-ts/base/units";
import {
  bandOf,
  channel40,
  channelFrequency,
  channelNumber,
  channelNumbers,
  channelOf,
  segments20,
} from "../channels.ts";
import type { Band, Channel, ChannelWidth } from "../radio.ts";

export interface OperatingClass {
  readonly number: number;
  readonly band: Band;
  readonly width: ChannelWidth;
  /** Where the secondary 20 MHz of a channel of 40 MHz is; null: the class does not say. */
  readonly secondary: "above" | "below" | null;
  /** Numbers of the primary channels, ascending. */
  readonly primaries: readonly number[];
  /** Numbers of the centres of wide channels (of 80+80 MHz those of each half), ascending; none for up to 40 MHz below 6 GHz. */
  readonly centers: readonly number[];
}

/** Ascending. */
export const operatingClassNumbers: readonly number[] = [...range(81, 84), ...range(115, 130), ...range(131, 137)];

/** `null`: there is none, or none of this table (60 GHz, national ones). */
export function operatingClass(number: number): OperatingClass | null {
  return classes.get(number) ?? null;
}

/** The class of a channel with its width; of 20 MHz within 149 to 177 it is 125. `null`: no class has it. */
export function operatingClassOf(channel: Channel): number | null {
  const band = bandOf(channel.control);
  if (band === null || !isWhole(channel, band)) return null;
  const number = channelNumber(channel.control);
  const secondary =
    channel.width === 40 && band !== "6G" ? (channel.center0 > channel.control ? "above" : "below") : null;
  const found = inPreference.find(
    (each) =>
      each.band === band &&
      each.width === channel.width &&
      each.secondary === secondary &&
      each.primaries.includes(number) &&
      (each.centers.length === 0 || each.centers.includes(channelNumber(channel.center0))),
  );
  return found?.number ?? null;
}

/** The class of a channel's primary 20 MHz, as measurement requests name it. `null`: no class has it. */
export function operatingClass20Of(channel: Channel): number | null {
  const { control } = channel;
  return operatingClassOf({ control, width: 20, center0: control, center1: 0, puncture: 0 });
}

/** The centre of the primary 20 MHz. `null`: the class is unknown, or has no such primary; the number of a centre has none either. */
export function controlFrequencyOf(opClass: number, number: number): Mhz | null {
  const found = classes.get(opClass);
  return found?.primaries.includes(number) ? channelFrequency(found.band, number) : null;
}

/**
 * The channel of a class whose primary has this number, punctured nowhere. `center0`, `center1`: numbers of its centres, without
 * which 80+80 MHz, and 320 MHz where two blocks overlap, cannot be told. `null`: the class is unknown, or has no such channel.
 */
export function channelOfClass(opClass: number, number: number, center0?: number, center1?: number): Channel | null {
  const found = classes.get(opClass);
  if (!found?.primaries.includes(number)) return null;
  const { band, width, secondary, centers } = found;
  if (secondary !== null) {
    const channel = channel40({ band, number, maxChannel2g: 13 }, secondary);
    return channel && (center0 === undefined || channelNumber(channel.center0) === center0) ? channel : null;
  }
  if (width === 20) return center0 === undefined || center0 === number ? channel20(band, number) : null;
  const center = center0 ?? onlyCenter(found, number);
  if (center === undefined || !centers.includes(center)) return null;
  if (center1 !== undefined && (width !== "80p80" || !centers.includes(center1))) return null;
  return channelOf({ band, number, width, center0: center, ...(center1 === undefined ? {} : { center1 }) });
}

/** Centres of all 20 MHz channels that a station with this class can use, ascending; none for an unknown class. */
export function frequenciesOfClass(opClass: number): readonly Mhz[] {
  const found = classes.get(opClass);
  return found ? found.primaries.flatMap((number) => channelFrequency(found.band, number) ?? []) : [];
}

/** The table that gives classes their meaning, by the third octet of a country string (annex C, dot11CountryString). */
export type OperatingClassTable = "US" | "Europe" | "Japan" | "global" | "China";

export interface CountryString {
  /** Two letters of ISO 3166-1, or "XX". */
  readonly country: string;
  /** `null`: the country's own regulations, indoors, outdoors or both. */
  readonly table: OperatingClassTable | null;
}

/** Three octets. Throws a `RangeError` for a country that is not two letters. */
export function countryOctets({ country, table }: CountryString): readonly [number, number, number] {
  if (!/^[A-Za-z]{2}$/.test(country)) throw new RangeError(`country: '${country}' is not two letters`);
  return [country.charCodeAt(0), country.charCodeAt(1), table === null ? anyEnvironment : tables.indexOf(table) + 1];
}

/** `null`: they are no country string. What comes after three octets is not looked at. */
export function readCountry(octets: Uint8Array): CountryString | null {
  const [first = 0, second = 0, third = 0] = octets;
  const country = String.fromCharCode(first, second);
  if (!/^[A-Za-z]{2}$/.test(country) || octets.length < 3) return null;
  const table = tables[third - 1] ?? null;
  return table !== null || environments.includes(third) ? { country, table } : null;
}

const tables: readonly OperatingClassTable[] = ["US", "Europe", "Japan", "global", "China"];
const anyEnvironment = 0x20;
/** Any, outdoors, indoors, and not within a country. */
const environments = [anyEnvironment, ..."OIX"].map((each) => (typeof each === "number" ? each : each.charCodeAt(0)));

const upper5 = channelNumbers["5G"].filter((number) => number >= 149);
const of6 = channelNumbers["6G"];

const classes: ReadonlyMap<number, OperatingClass> = new Map(
  [
    plain(81, "2.4G", channelNumbers["2.4G"]),
    plain(82, "2.4G", [14]),
    half(83, "2.4G", "above", range(1, 9)),
    half(84, "2.4G", "below", range(5, 13)),
    plain(115, "5G", [36, 40, 44, 48]),
    half(116, "5G", "above", [36, 44]),
    half(117, "5G", "below", [40, 48]),
    plain(118, "5G", [52, 56, 60, 64]),
    half(119, "5G", "above", [52, 60]),
    half(120, "5G", "below", [56, 64]),
    plain(121, "5G", spaced(100, 144, 4)),
    half(122, "5G", "above", spaced(100, 140, 8)),
    half(123, "5G", "below", spaced(104, 144, 8)),
    plain(124, "5G", [149, 153, 157, 161]),
    plain(125, "5G", upper5),
    half(126, "5G", "above", [149, 157, 165, 173]),
    half(127, "5G", "below", [153, 161, 169, 177]),
    wide(128, "5G", 80, [42, 58, 106, 122, 138, 155, 171]),
    wide(129, "5G", 160, [50, 114, 163]),
    wide(130, "5G", "80p80", [42, 58, 106, 122, 138, 155, 171]),
    plain(
      131,
      "6G",
      of6.filter((number) => number !== 2),
    ),
    wide(132, "6G", 40, spaced(3, 227, 8)),
    wide(133, "6G", 80, spaced(7, 215, 16)),
    wide(134, "6G", 160, spaced(15, 207, 32)),
    wide(135, "6G", "80p80", spaced(7, 215, 16)),
    plain(136, "6G", [2]),
    wide(137, "6G", 320, spaced(31, 191, 32)),
  ].map((each) => [each.number, each]),
);

/** 125 holds what 124 does, and more. */
const inPreference = [...classes.values()].toSorted((a, b) => Number(a.number === 124) - Number(b.number === 124));

function plain(number: number, band: Band, primaries: readonly number[]): OperatingClass {
  return { number, band, width: 20, secondary: null, primaries, centers: [] };
}

function half(number: number, band: Band, secondary: "above" | "below", primaries: readonly number[]): OperatingClass {
  return { number, band, width: 40, secondary, primaries, centers: [] };
}

function wide(number: number, band: Band, width: ChannelWidth, centers: readonly number[]): OperatingClass {
  const primaries = [...new Set(centers.flatMap((center) => primariesAround(center, width)))].toSorted((a, b) => a - b);
  return { number, band, width, secondary: null, primaries, centers };
}

/** Numbers of the 20 MHz channels of a block. */
function primariesAround(center: number, width: ChannelWidth): number[] {
  const count = (width === "80p80" ? 80 : width) / 20;
  return Array.from({ length: count }, (_, index) => center - 2 * count + 2 + 4 * index);
}

/** `undefined`: none, or several. */
function onlyCenter({ centers, width }: OperatingClass, number: number): number | undefined {
  const [center, another] = centers.filter((each) => primariesAround(each, width).includes(number));
  return another === undefined ? center : undefined;
}

function channel20(band: Band, number: number): Channel | null {
  const control = channelFrequency(band, number);
  return control === null ? null : { control, width: 20, center0: control, center1: 0, puncture: 0 };
}

/** All of it is made of channels that the band has, so that no odd centre gets a class. */
function isWhole(channel: Channel, band: Band): boolean {
  return segments20(channel).every((segment) => channelFrequency(band, channelNumber(segment)) === segment);
}

function range(first: number, last: number): number[] {
  return spaced(first, last, 1);
}

function spaced(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
