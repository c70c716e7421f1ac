/**
 * The neighbor report element (IEEE 802.11-2020 §9.4.2.36): another access point, as a station is told of it, or as a station prefers it.
 */

import type { Neighbor } from "../radio.ts";
import { macOctets, OctetReader, present, u8, u16, u32, u64, whole } from "./octets.ts";
import { exactly, inOrder, type Subelement, SubelementPicker, subelement } from "./subelements.ts";

export const neighborReportId = 52;

/** Optional fields are subelements; of each kind the first that is as it should be, what else there is in `others`. */
export interface NeighborReport extends Neighbor {
  readonly tsf?: TsfInformation;
  /** Two letters of ISO 3166-1. */
  readonly country?: string;
  /** BSS transition candidate preference: 255 is best, 0 an excluded BSS. */
  readonly preference?: number;
  readonly termination?: BssTermination;
  readonly wideBandwidth?: WideBandwidthChannel;
  readonly others?: readonly Subelement[];
}

export interface TsfInformation {
  /** Of the neighbor's timer to ours, in TU, modulo its beacon interval. */
  readonly offset: number;
  /** TU. */
  readonly beaconInterval: number;
}

/** When a BSS goes away, and for how long (§9.4.2.36, BSS termination duration). */
export interface BssTermination {
  /** µs of the BSS's timer. */
  readonly tsf: bigint;
  /** Minutes; 65,535: for good. */
  readonly minutes: number;
}

/** §9.4.2.160: 0 = 40 MHz (or 20), 1 = 80, 160 or 80+80 by its centres. Centres are channel numbers, 0: none. */
export interface WideBandwidthChannel {
  readonly width: number;
  readonly center0: number;
  readonly center1: number;
}

const ids = { tsf: 1, country: 2, preference: 3, termination: 4, wideBandwidth: 6 } as const;

/** Id, length and body. Throws a `RangeError` for values that their field cannot hold. */
export function neighborReportElement(neighbor: NeighborReport): number[] {
  const { tsf, country, preference, termination, wideBandwidth, others } = neighbor;
  return inOrder([
    {
      id: neighborReportId,
      body: Uint8Array.from([
        ...fixedOctets(neighbor),
        ...inOrder(
          subelement(ids.tsf, tsf, (each) => [
            ...u16(each.offset, "TSF offset"),
            ...u16(each.beaconInterval, "beacon interval"),
          ]),
          subelement(ids.country, country, countryOctets),
          subelement(ids.preference, preference, (each) => u8(each, "preference")),
          subelement(ids.termination, termination, terminationOctets),
          subelement(ids.wideBandwidth, wideBandwidth, wideBandwidthOctets),
          others,
        ),
      ]),
    },
  ]);
}

/** Throws `Unreadable` where the fixed fields are not all there. */
export function readNeighborReport(body: Uint8Array): NeighborReport {
  const reader = new OctetReader(body);
  const fixed = {
    bssid: reader.mac("BSSID of a neighbor report"),
    bssidInfo: reader.u32("BSSID information of a neighbor report"),
    opClass: reader.u8("operating class of a neighbor report"),
    channel: reader.u8("channel of a neighbor report"),
    phyType: reader.u8("PHY type of a neighbor report"),
  };
  const picker = new SubelementPicker(reader.rest());
  const tsf = picker.first(
    ids.tsf,
    exactly((each) => ({ offset: each.u16("TSF offset"), beaconInterval: each.u16("beacon interval") })),
  );
  const country = picker.first(ids.country, readCountry);
  const preference = picker.first(
    ids.preference,
    exactly((each) => each.u8("preference")),
  );
  const termination = picker.first(ids.termination, exactly(readTermination));
  const wideBandwidth = picker.first(ids.wideBandwidth, readWideBandwidth);
  return present({ ...fixed, tsf, country, preference, termination, wideBandwidth, others: picker.others });
}

export function terminationOctets({ tsf, minutes }: BssTermination): number[] {
  return [...u64(tsf, "BSS termination TSF"), ...u16(minutes, "BSS termination duration")];
}

export function readTermination(reader: OctetReader): BssTermination {
  return { tsf: reader.u64("BSS termination TSF"), minutes: reader.u16("BSS termination duration") };
}

export function wideBandwidthOctets({ width, center0, center1 }: WideBandwidthChannel): number[] {
  return [...u8(width, "channel width"), ...u8(center0, "first centre"), ...u8(center1, "second centre")];
}

export const readWideBandwidth = exactly(
  (reader): WideBandwidthChannel => ({
    width: reader.u8("channel width"),
    center0: reader.u8("first centre"),
    center1: reader.u8("second centre"),
  }),
);

/** What the BSSID information field says (HE from 802.11ax, EHT from 802.11be). */
export interface BssidInformation {
  /** Of preauthentication: 1 no, 2 unknown, 3 yes. */
  readonly reachability: number;
  /** It has the same security as the sender. */
  readonly security: boolean;
  /** It has the same authenticator as the sender. */
  readonly keyScope: boolean;
  readonly spectrumManagement: boolean;
  readonly qos: boolean;
  readonly apsd: boolean;
  readonly radioMeasurement: boolean;
  /** Its mobility domain is the sender's. */
  readonly mobilityDomain: boolean;
  readonly ht: boolean;
  readonly vht: boolean;
  readonly ftm: boolean;
  readonly he: boolean;
  readonly eht: boolean;
}

export function readBssidInformation(info: number): BssidInformation {
  const flags = Object.entries(informationBits).map(([name, bit]) => [name, (info & (1 << bit)) !== 0]);
  return { reachability: info & 3, ...Object.fromEntries(flags) };
}

/** The field, with zeros in bits that have no name here. */
export function bssidInformation(info: BssidInformation): number {
  const reachability = whole(info.reachability, 0, 3, "AP reachability");
  const names = Object.keys(informationBits) as (keyof typeof informationBits)[];
  return names.reduce((field, name) => (info[name] ? field | (1 << informationBits[name]) : field), reachability) >>> 0;
}

const informationBits = {
  security: 2,
  keyScope: 3,
  spectrumManagement: 4,
  qos: 5,
  apsd: 6,
  radioMeasurement: 7,
  mobilityDomain: 10,
  ht: 11,
  vht: 12,
  ftm: 13,
  he: 14,
  eht: 21,
} as const satisfies Record<Exclude<keyof BssidInformation, "reachability">, number>;

function fixedOctets(neighbor: Neighbor): number[] {
  const { bssid, bssidInfo, opClass, channel, phyType } = neighbor;
  return [
    ...macOctets(bssid),
    ...u32(bssidInfo, "BSSID information"),
    ...u8(opClass, "operating class"),
    ...u8(channel, "channel"),
    ...u8(phyType, "PHY type"),
  ];
}

function countryOctets(country: string): number[] {
  if (!/^[A-Za-z]{2}$/.test(country)) throw new RangeError(`country: '${country}' is not two letters`);
  return [country.charCodeAt(0), country.charCodeAt(1)];
}

function readCountry(body: Uint8Array): string | undefined {
  const text = String.fromCharCode(...body.subarray(0, 3));
  return /^[A-Za-z]{2}$/.test(text) ? text : undefined;
}
