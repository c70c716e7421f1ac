/** How busy channels are. */

import { isFieldSet } from "@bufbuild/protobuf";
import { type Average, averageMessage, averageOf, signedAverageMessage } from "./average.ts";
import {
  type Survey,
  type Survey_SurveyAvg,
  type Survey_SurveySample,
  Survey_SurveySampleSchema,
} from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import {
  type Band,
  bands,
  type ReportKind,
  reportTypes,
  type SurveyKind,
  surveyTypes,
  type Width,
  widths,
} from "./names.ts";
import { counter, fromUint64, int32, uint32, uint64, unlessZero } from "./numbers.ts";

export type SurveyReport = {
  readonly band: Band;
  readonly surveyType: SurveyKind;
  /** Wall clock, ms since 1970; 0 when the node did not say. */
  readonly timestampMs: number;
} & (
  | { readonly reportType: Exclude<ReportKind, "average">; readonly samples: readonly SurveySample[] }
  | { readonly reportType: "average"; readonly averages: readonly SurveyAverage[] }
);

/** Percentages are of `durationMs`. */
export interface SurveySample {
  readonly channel: number;
  /** How long the radio listened on the channel. */
  readonly durationMs: number;
  /** How long before the report's timestamp the sample was taken. */
  readonly offsetMs: number;
  /** All that kept the medium busy: own transmission, all reception, interference. */
  readonly busyPercent: number;
  /** Own transmission. */
  readonly busyTxPercent: number;
  /** Reception, the own BSS's included. */
  readonly busyRxPercent: number;
  /** Frames received within the own BSS. */
  readonly busySelfPercent: number;
  /** The 40 MHz extension channel. */
  readonly busyExtPercent: number;
  readonly noiseFloorDbm?: number;
  /** On the operating channel, where known. */
  readonly width?: Exclude<Width, "unknown">;
  /** Center of the whole channel; wider than 20 MHz only. */
  readonly center0FreqMhz?: number;
  /** Bit n: the n-th 20 MHz subchannel from below is punctured. Only with a center. */
  readonly puncture?: number;
  /**
   * In `histogram` and `percentile` reports only. Of `totalCount` samples of the channel, this one stands for `sampleCount`, or as many
   * do not exceed it.
   */
  readonly sampleCount?: number;
  readonly totalCount?: number;
}

/** Percent and dBm, each as above. */
export interface SurveyAverage {
  readonly channel: number;
  readonly busy: Average;
  readonly busyTx: Average;
  readonly busyRx: Average;
  readonly busySelf: Average;
  readonly busyExt: Average;
  readonly noiseFloor: Average;
}

export function surveyMessage(report: SurveyReport): Fields<Survey> {
  return {
    band: bands.value(report.band),
    surveyType: surveyTypes.value(report.surveyType),
    timestampMs: uint64(report.timestampMs),
    reportType: reportTypes.value(report.reportType),
    ...(report.reportType === "average"
      ? { surveyAvg: report.averages.map(averagesMessage) }
      : { surveyList: report.samples.map((sample) => sampleMessage(sample, report)) }),
  };
}

export function surveyOf(message: Survey): SurveyReport {
  const head = {
    band: bands.name(message.band),
    surveyType: surveyTypes.name(message.surveyType),
    timestampMs: fromUint64(message.timestampMs),
  };
  const reportType = reportTypes.name(message.reportType);
  return reportType === "average"
    ? { ...head, reportType, averages: message.surveyAvg.map(averagesOf) }
    : { ...head, reportType, samples: message.surveyList.map(sampleOf) };
}

function sampleMessage(
  sample: SurveySample,
  { surveyType, reportType }: Pick<SurveyReport, "surveyType" | "reportType">,
): Fields<Survey_SurveySample> {
  const { width, noiseFloorDbm } = sample;
  const counted = reportType === "histogram" || reportType === "percentile";
  const wide = width !== undefined && width !== "20MHz";
  const center = wide ? counter(sample.center0FreqMhz) : undefined;
  return {
    channel: uint32(sample.channel),
    durationMs: uint32(sample.durationMs),
    totalCount: counted ? counter(sample.totalCount) : undefined,
    sampleCount: counted ? counter(sample.sampleCount) : undefined,
    offsetMs: uint32(sample.offsetMs),
    busy: counter(sample.busyPercent),
    busyTx: counter(sample.busyTxPercent),
    busyRx: counter(sample.busyRxPercent),
    busySelf: counter(sample.busySelfPercent),
    busyExt: counter(sample.busyExtPercent),
    noiseFloor: noiseFloorDbm === undefined ? undefined : unlessZero(int32(noiseFloorDbm)),
    chanWidth: surveyType === "on-chan" && width !== undefined ? widths.value(width) : undefined,
    center0FreqMhz: center,
    puncture: center !== undefined && sample.puncture ? twoBytes(sample.puncture) : undefined,
  };
}

function sampleOf(message: Survey_SurveySample): SurveySample {
  const { noiseFloor, chanWidth, center0FreqMhz, puncture } = message;
  const width = widths.name(chanWidth);
  const has = (field: "noiseFloor" | "center0FreqMhz" | "totalCount" | "sampleCount") =>
    isFieldSet(message, Survey_SurveySampleSchema.field[field]);
  return {
    channel: message.channel,
    durationMs: message.durationMs,
    offsetMs: message.offsetMs,
    busyPercent: message.busy,
    busyTxPercent: message.busyTx,
    busyRxPercent: message.busyRx,
    busySelfPercent: message.busySelf,
    busyExtPercent: message.busyExt,
    ...(has("noiseFloor") && { noiseFloorDbm: noiseFloor }),
    ...(width !== "unknown" && { width }),
    ...(has("center0FreqMhz") && { center0FreqMhz }),
    ...(has("sampleCount") && { sampleCount: message.sampleCount }),
    ...(has("totalCount") && { totalCount: message.totalCount }),
    ...(puncture.length > 0 && { puncture: (puncture[0] ?? 0) | ((puncture[1] ?? 0) << 8) }),
  };
}

function averagesMessage(average: SurveyAverage): Fields<Survey_SurveyAvg> {
  const unsigned = (value: Average) => (uint32(value.average) === 0 ? undefined : averageMessage(value));
  return {
    channel: uint32(average.channel),
    busy: unsigned(average.busy),
    busyTx: unsigned(average.busyTx),
    busyRx: unsigned(average.busyRx),
    busySelf: unsigned(average.busySelf),
    busyExt: unsigned(average.busyExt),
    noiseFloor: int32(average.noiseFloor.average) === 0 ? undefined : signedAverageMessage(average.noiseFloor),
  };
}

function averagesOf(message: Survey_SurveyAvg): SurveyAverage {
  return {
    channel: message.channel,
    busy: averageOf(message.busy),
    busyTx: averageOf(message.busyTx),
    busyRx: averageOf(message.busyRx),
    busySelf: averageOf(message.busySelf),
    busyExt: averageOf(message.busyExt),
    noiseFloor: averageOf(message.noiseFloor),
  };
}

function twoBytes(bitmap: number): Uint8Array {
  return Uint8Array.of(bitmap & 0xff, (bitmap >> 8) & 0xff);
}
