/** The beacon report (IEEE 802.11-2020 §9.4.2.21.7): one BSS that a station has heard. */

import type { Mac } from "@opensync-ts/base/units";
import { lastIndicationId, readLastIndication, wideBandwidthId } from "./beacon-request.ts";
import { readWideBandwidth, type WideBandwidthChannel, wideBandwidthOctets } from "./neighbor-report.ts";
import { macOctets, OctetReader, present, u8, u16, u32, u64, whole } from "./octets.ts";
import { exactly, inOrder, type Subelement, SubelementPicker, subelement } from "./subelements.ts";

/** Optional fields are subelements; of each kind the first that is as it should be, what else there is in `others`. */
export interface BeaconReport {
  readonly opClass: number;
  readonly channel: number;
  /** µs of the reporting station's timer of its BSS. */
  readonly startTime: bigint;
  /** TU. */
  readonly duration: number;
  /** Condensed PHY type, 0 to 127 (7 = HT, 9 = VHT). */
  readonly phyType: number;
  /** `pilot`: a measurement pilot. */
  readonly frameType: "beacon" | "pilot";
  /** See `dbmOfRcpi`. */
  readonly rcpi: number;
  /** See `dbOfRsni`. */
  readonly rsni: number;
  readonly bssid: Mac;
  /** 0: unknown, 255: several. */
  readonly antenna: number;
  /** Low half of the reporting station's timer when it heard the frame, µs. */
  readonly parentTsf: number;
  /** Fixed fields of the frame, and elements, as many as were asked for and as fit. */
  readonly frameBody?: Uint8Array;
  readonly fragment?: FrameBodyFragment;
  readonly wideBandwidth?: WideBandwidthChannel;
  /** Nothing comes after it; given where it was asked for. */
  readonly last?: boolean;
  readonly others?: readonly Subelement[];
}

/** Which part of a reported frame body it is. */
export interface FrameBodyFragment {
  /** The same in all reports of one frame. */
  readonly id: number;
  /** 0 to 127. */
  readonly number: number;
  readonly more: boolean;
}

/** Throws a `RangeError` for values that their field cannot hold. */
export function beaconReportOctets(report: BeaconReport): number[] {
  return [
    ...u8(report.opClass, "operating class"),
    ...u8(report.channel, "channel"),
    ...u64(report.startTime, "measurement start time"),
    ...u16(report.duration, "measurement duration"),
    whole(report.phyType, 0, 0x7f, "PHY type") | (report.frameType === "pilot" ? pilotBit : 0),
    ...u8(report.rcpi, "RCPI"),
    ...u8(report.rsni, "RSNI"),
    ...macOctets(report.bssid),
    ...u8(report.antenna, "antenna"),
    ...u32(report.parentTsf, "parent TSF"),
    ...inOrder(
      subelement(ids.frameBody, report.frameBody, (octets) => octets),
      subelement(ids.fragment, report.fragment, ({ id, number, more }) => [
        ...u8(id, "beacon report id"),
        whole(number, 0, 0x7f, "fragment number") | (more ? 0x80 : 0),
      ]),
      subelement(ids.wideBandwidth, report.wideBandwidth, wideBandwidthOctets),
      subelement(ids.last, report.last, (last) => [last ? 1 : 0]),
      report.others,
    ),
  ];
}

/** Throws `Unreadable` where fixed fields are missing, or a subelement is cut short. */
export function readBeaconReport(body: Uint8Array): BeaconReport {
  const reader = new OctetReader(body);
  const opClass = reader.u8("operating class");
  const channel = reader.u8("channel");
  const startTime = reader.u64("measurement start time");
  const duration = reader.u16("measurement duration");
  const frame = reader.u8("reported frame information");
  const fixed = {
    ...{ opClass, channel, startTime, duration },
    phyType: frame & 0x7f,
    frameType: (frame & pilotBit) === 0 ? ("beacon" as const) : ("pilot" as const),
    rcpi: reader.u8("RCPI"),
    rsni: reader.u8("RSNI"),
    bssid: reader.mac("BSSID"),
    antenna: reader.u8("antenna"),
    parentTsf: reader.u32("parent TSF"),
  };
  const picker = new SubelementPicker(reader.rest());
  return present({
    ...fixed,
    frameBody: picker.first(ids.frameBody, (octets) => octets),
    fragment: picker.first(ids.fragment, exactly(readFragment)),
    wideBandwidth: picker.first(ids.wideBandwidth, readWideBandwidth),
    last: picker.first(ids.last, readLastIndication),
    others: picker.others,
  });
}

const ids = { frameBody: 1, fragment: 2, wideBandwidth: wideBandwidthId, last: lastIndicationId } as const;

const pilotBit = 0x80;

function readFragment(reader: OctetReader): FrameBodyFragment {
  const id = reader.u8("beacon report id");
  const number = reader.u8("fragment number");
  return { id, number: number & 0x7f, more: (number & 0x80) !== 0 };
}
