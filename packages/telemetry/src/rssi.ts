/** How well single peers are heard, associated or not. */

import { isFieldSet } from "@bufbuild/protobuf";
import { type Average, averageMessage, averageOf } from "./average.ts";
import {
  type RssiPeer,
  type RssiPeer_RssiSample,
  RssiPeer_RssiSampleSchema,
  RssiPeerSchema,
  type RssiReport as RssiReportMessage,
} from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import { type Band, bands, type ReportKind, type RssiSource, reportTypes, rssiSources } from "./names.ts";
import { fromUint64, longCounter, uint32, uint64 } from "./numbers.ts";

export interface RssiReport {
  readonly band: Band;
  readonly reportType: ReportKind;
  /** Wall clock, ms since 1970; 0 when the node did not say. */
  readonly timestampMs: number;
  readonly peers: readonly PeerRssi[];
}

/** SNR in dB: the single samples in `raw` reports, else their average. */
export interface PeerRssi {
  readonly mac: string;
  /** Of whom frames were heard. */
  readonly source?: RssiSource;
  readonly samples: readonly RssiSample[];
  readonly averageDb?: Average;
  readonly rxPpdus: number;
  readonly txPpdus: number;
}

export interface RssiSample {
  readonly snrDb: number;
  /** How long before the report's timestamp, where that is known. */
  readonly offsetMs?: number;
}

export function rssiMessage(report: RssiReport): Fields<RssiReportMessage> {
  return {
    band: bands.value(report.band),
    reportType: reportTypes.value(report.reportType),
    timestampMs: uint64(report.timestampMs),
    peerList: report.peers.map((peer) => peerMessage(peer, report.reportType === "raw")),
  };
}

export function rssiOf(message: RssiReportMessage): RssiReport {
  return {
    band: bands.name(message.band),
    reportType: reportTypes.name(message.reportType),
    timestampMs: fromUint64(message.timestampMs),
    peers: message.peerList.map(peerOf),
  };
}

function peerMessage(peer: PeerRssi, isRaw: boolean): Fields<RssiPeer> {
  const { source, averageDb } = peer;
  return {
    macAddress: peer.mac.toUpperCase(),
    rssiSource: source === undefined ? undefined : rssiSources.value(source),
    rssiList: isRaw ? peer.samples.map(sampleMessage) : [],
    rssiAvg: isRaw || averageDb === undefined ? undefined : averageOrNone(averageDb),
    rxPpdus: longCounter(peer.rxPpdus),
    txPpdus: longCounter(peer.txPpdus),
  };
}

function sampleMessage({ snrDb, offsetMs }: RssiSample): Fields<RssiPeer_RssiSample> {
  return { rssi: uint32(snrDb), offsetMs: offsetMs === undefined ? undefined : uint32(offsetMs) };
}

function sampleOf(message: RssiPeer_RssiSample): RssiSample {
  const hasOffset = isFieldSet(message, RssiPeer_RssiSampleSchema.field.offsetMs);
  return { snrDb: message.rssi, ...(hasOffset && { offsetMs: message.offsetMs }) };
}

/** An average of zero says that nothing was heard: it goes alone. */
function averageOrNone(average: Average): ReturnType<typeof averageMessage> {
  return uint32(average.average) === 0 ? { avg: 0 } : averageMessage(average);
}

function peerOf(message: RssiPeer): PeerRssi {
  const { rssiAvg } = message;
  return {
    mac: message.macAddress,
    ...(isFieldSet(message, RssiPeerSchema.field.rssiSource) && { source: rssiSources.name(message.rssiSource) }),
    samples: message.rssiList.map(sampleOf),
    ...(rssiAvg && { averageDb: averageOf(rssiAvg) }),
    rxPpdus: fromUint64(message.rxPpdus),
    txPpdus: fromUint64(message.txPpdus),
  };
}
