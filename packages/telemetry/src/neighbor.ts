/** The access points that a radio hears. */

import { isFieldSet } from "@bufbuild/protobuf";
import { type Neighbor, type Neighbor_NeighborBss, Neighbor_NeighborBssSchema } from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import {
  type Band,
  bands,
  type Difference,
  differences,
  type ReportKind,
  reportTypes,
  type ScanKind,
  scanTypes,
  type Width,
  widths,
} from "./names.ts";
import { counter, fromUint64, longCounter, uint32, uint64 } from "./numbers.ts";

export interface NeighborReport {
  readonly band: Band;
  readonly scanType: ScanKind;
  /** Wall clock, ms since 1970; 0 when the node did not say. */
  readonly timestampMs: number;
  readonly reportType: ReportKind;
  readonly bsses: readonly NeighborBss[];
}

export interface NeighborBss {
  /** Lower case on the wire. */
  readonly bssid: string;
  /** "" for a hidden one. Bytes that are no UTF-8 are read as U+FFFD. */
  readonly ssid: string;
  readonly channel: number;
  readonly width: Width;
  /** SNR. */
  readonly snrDb?: number;
  /** Of the BSS's clock, in µs. */
  readonly tsf?: number;
  /** Since the report before. In `diff` reports only. */
  readonly status?: Difference;
  /** Elements of the beacon, as received. */
  readonly beaconIes?: Uint8Array;
}

export function neighborMessage(report: NeighborReport): Fields<Neighbor> {
  return {
    band: bands.value(report.band),
    scanType: scanTypes.value(report.scanType),
    timestampMs: uint64(report.timestampMs),
    reportType: reportTypes.value(report.reportType),
    bssList: report.bsses.map((bss) => bssMessage(bss, report.reportType === "diff")),
  };
}

export function neighborOf(message: Neighbor): NeighborReport {
  return {
    band: bands.name(message.band),
    scanType: scanTypes.name(message.scanType),
    timestampMs: fromUint64(message.timestampMs),
    reportType: reportTypes.name(message.reportType),
    bsses: message.bssList.map(bssOf),
  };
}

function bssMessage(bss: NeighborBss, isDiff: boolean): Fields<Neighbor_NeighborBss> {
  const { status, beaconIes } = bss;
  return {
    bssid: bss.bssid.toLowerCase(),
    ssid: bss.ssid,
    channel: uint32(bss.channel),
    chanWidth: widths.value(bss.width),
    rssi: counter(bss.snrDb),
    tsf: bss.tsf === undefined ? undefined : longCounter(bss.tsf),
    status: isDiff && status !== undefined ? differences.value(status) : undefined,
    beaconIes: beaconIes !== undefined && beaconIes.length > 0 ? beaconIes : undefined,
  };
}

function bssOf(message: Neighbor_NeighborBss): NeighborBss {
  const has = (field: "rssi" | "tsf" | "status") => isFieldSet(message, Neighbor_NeighborBssSchema.field[field]);
  return {
    bssid: message.bssid,
    ssid: message.ssid,
    channel: message.channel,
    width: widths.name(message.chanWidth),
    ...(has("rssi") && { snrDb: message.rssi }),
    ...(has("tsf") && { tsf: fromUint64(message.tsf) }),
    ...(has("status") && { status: differences.name(message.status) }),
    ...(message.beaconIes.length > 0 && { beaconIes: message.beaconIes }),
  };
}
