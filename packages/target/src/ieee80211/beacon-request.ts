/** The beacon request (IEEE 802.11-2020 §9.4.2.20.7): a station is to say which BSSs it hears. */

import type { Mac } from "@opensync-ts/base/units";
import { maxSsidLength } from "../beacon-channel.ts";
import { readWideBandwidth, type WideBandwidthChannel, wideBandwidthOctets } from "./neighbor-report.ts";
import { i8, macOctets, OctetReader, present, Unreadable, u8, u16, whole } from "./octets.ts";
import { exactly, inOrder, type Subelement, SubelementPicker, subelement } from "./subelements.ts";

/** Optional fields are subelements; of each kind the first that is as it should be, what else there is in `others`. */
export interface BeaconRequest {
  readonly opClass: number;
  /** 0: all of the class; 255: those of `apChannels`. */
  readonly channel: number;
  /** The station waits for so long at most before it begins, in TU; it chooses at random. */
  readonly randomizationInterval: number;
  /** TU. */
  readonly duration: number;
  readonly mode: BeaconMode;
  /** `wildcardBssid`: any. */
  readonly bssid: Mac;
  /** Up to 32 octets; none: any. */
  readonly ssid?: Uint8Array;
  readonly reporting?: ReportingCondition;
  /** How much of a beacon is to be reported. */
  readonly detail?: ReportingDetail;
  /** Ids of the elements that `requested` means. */
  readonly elements?: readonly number[];
  /** Extended ones by the ids of their extensions. */
  readonly extendedElements?: readonly number[];
  readonly apChannels?: readonly ApChannelReport[];
  readonly wideBandwidth?: WideBandwidthChannel;
  /** The last report is to say that it is the last. */
  readonly lastIndication?: boolean;
  readonly others?: readonly Subelement[];
}

/** `table`: from memory, without a measurement. */
export type BeaconMode = "passive" | "active" | "table";

/** When a BSS is reported. Condition 0: after each measurement. */
export interface ReportingCondition {
  /** 0 to 10. */
  readonly condition: number;
  /** RCPI or RSNI for conditions 1 to 4; from 5 on the offset to the serving AP, in half dB. */
  readonly threshold: number;
}

export type ReportingDetail = "none" | "requested" | "all";

/** §9.4.2.35. */
export interface ApChannelReport {
  readonly opClass: number;
  readonly channels: readonly number[];
}

export const wildcardBssid = "ff:ff:ff:ff:ff:ff" as Mac;

/** Throws a `RangeError` for values that their field cannot hold. */
export function beaconRequestOctets(request: BeaconRequest): number[] {
  const {
    ssid,
    reporting,
    detail,
    elements,
    extendedElements,
    apChannels = [],
    wideBandwidth,
    lastIndication,
  } = request;
  if (ssid && ssid.length > maxSsidLength) throw new RangeError(`SSID: ${ssid.length} octets are more than 32`);
  return [
    ...u8(request.opClass, "operating class"),
    ...u8(request.channel, "channel"),
    ...u16(request.randomizationInterval, "randomization interval"),
    ...u16(request.duration, "measurement duration"),
    beaconModes.indexOf(request.mode),
    ...macOctets(request.bssid),
    ...inOrder(
      subelement(ids.ssid, ssid, (octets) => octets),
      subelement(ids.reporting, reporting, reportingOctets),
      subelement(ids.detail, detail, (each) => [details.indexOf(each)]),
      subelement(ids.elements, elements, (each) => each.flatMap((id) => u8(id, "requested element"))),
      subelement(ids.extendedElements, extendedElements, (each) => [
        extended,
        ...each.flatMap((id) => u8(id, "requested extended element")),
      ]),
      apChannels.map((each) => ({ id: ids.apChannels, body: Uint8Array.from(apChannelOctets(each)) })),
      subelement(ids.wideBandwidth, wideBandwidth, wideBandwidthOctets),
      subelement(ids.lastIndication, lastIndication, (each) => [each ? 1 : 0]),
      request.others,
    ),
  ];
}

/** Throws `Unreadable` where fixed fields are missing, the mode is a reserved one, or a subelement is cut short. */
export function readBeaconRequest(body: Uint8Array): BeaconRequest {
  const reader = new OctetReader(body);
  const fixed = {
    opClass: reader.u8("operating class"),
    channel: reader.u8("channel"),
    randomizationInterval: reader.u16("randomization interval"),
    duration: reader.u16("measurement duration"),
    mode: readMode(reader.u8("measurement mode")),
    bssid: reader.mac("BSSID"),
  };
  const picker = new SubelementPicker(reader.rest());
  return present({
    ...fixed,
    ssid: picker.first(ids.ssid, (octets) => (octets.length <= maxSsidLength ? octets : undefined)),
    reporting: picker.first(ids.reporting, exactly(readReporting)),
    detail: picker.first(
      ids.detail,
      exactly((each) => details[each.u8("reporting detail")]),
    ),
    elements: picker.first(ids.elements, (octets) => [...octets]),
    extendedElements: picker.first(ids.extendedElements, (octets) =>
      octets[0] === extended ? [...octets.subarray(1)] : undefined,
    ),
    apChannels: picker.all(ids.apChannels, readApChannels),
    wideBandwidth: picker.first(ids.wideBandwidth, readWideBandwidth),
    lastIndication: picker.first(ids.lastIndication, readLastIndication),
    others: picker.others,
  });
}

export const lastIndicationId = 164;

export const readLastIndication = exactly((reader) => flags.get(reader.u8("last beacon report indication")));

export const wideBandwidthId = 163;

const ids = {
  ssid: 0,
  reporting: 1,
  detail: 2,
  elements: 10,
  extendedElements: 11,
  apChannels: 51,
  wideBandwidth: wideBandwidthId,
  lastIndication: lastIndicationId,
} as const;

/** The id of all extended elements. */
const extended = 255;

const beaconModes: readonly BeaconMode[] = ["passive", "active", "table"];
const details: readonly ReportingDetail[] = ["none", "requested", "all"];
const flags: ReadonlyMap<number, boolean> = new Map([
  [0, false],
  [1, true],
]);

function readMode(value: number): BeaconMode {
  const mode = beaconModes[value];
  if (mode === undefined) throw new Unreadable(`measurement mode ${value} is reserved`);
  return mode;
}

const firstOffsetCondition = 5;
const lastCondition = 10;

function reportingOctets({ condition, threshold }: ReportingCondition): number[] {
  whole(condition, 0, lastCondition, "reporting condition");
  const octet = condition >= firstOffsetCondition ? i8 : u8;
  return [condition, ...octet(threshold, "reporting threshold or offset")];
}

function readReporting(reader: OctetReader): ReportingCondition | undefined {
  const condition = reader.u8("reporting condition");
  if (condition > lastCondition) return undefined;
  const field = "reporting threshold or offset";
  return { condition, threshold: condition >= firstOffsetCondition ? reader.i8(field) : reader.u8(field) };
}

function apChannelOctets({ opClass, channels }: ApChannelReport): number[] {
  return [...u8(opClass, "operating class"), ...channels.flatMap((channel) => u8(channel, "channel"))];
}

function readApChannels(body: Uint8Array): ApChannelReport | undefined {
  const [opClass, ...channels] = body;
  return opClass === undefined ? undefined : { opClass, channels };
}
