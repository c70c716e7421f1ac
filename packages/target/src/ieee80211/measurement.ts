/**
 * Elements of measurement requests (IEEE 802.11-2020 §9.4.2.20) and measurement reports (§9.4.2.21), several of which fit into one
 * frame. One whose inside is not as it should be does not spoil the others: it is `malformed`.
 */

import { type BeaconReport, beaconReportOctets, readBeaconReport } from "./beacon-report.ts";
import { type BeaconRequest, beaconRequestOctets, readBeaconRequest } from "./beacon-request.ts";
import { attempt, OctetReader, type Parsed, present, u8 } from "./octets.ts";
import { type Subelement, subelementOctets } from "./subelements.ts";

export const measurementRequestId = 38;
export const measurementReportId = 39;

/** Measurement types (§9.4.2.20 and §9.4.2.21). */
export const measurementTypes = { channelLoad: 3, noiseHistogram: 4, beacon: 5, frame: 6, lci: 8 } as const;

export interface MeasurementRequest {
  /** Not 0, and another one in each element of a frame. */
  readonly token: number;
  /** Bits of `requestModes`. */
  readonly mode: number;
  readonly measurement: { readonly kind: "beacon"; readonly request: BeaconRequest } | OtherMeasurement;
}

/** Measurement request mode. */
export const requestModes = {
  parallel: 0x01,
  enable: 0x02,
  request: 0x04,
  report: 0x08,
  durationMandatory: 0x10,
} as const;

export interface MeasurementReport {
  /** That of the request. */
  readonly token: number;
  /** It came too late to be measured at the time asked for. */
  readonly late: boolean;
  readonly incapable: boolean;
  readonly refused: boolean;
  /** A beacon report without a report: nothing was heard, or nothing measured. */
  readonly measurement: { readonly kind: "beacon"; readonly report?: BeaconReport } | OtherMeasurement;
}

/** `other`: of a type that is not read here. */
export type OtherMeasurement =
  | { readonly kind: "other"; readonly type: number; readonly body: Uint8Array }
  | { readonly kind: "malformed"; readonly type: number; readonly body: Uint8Array; readonly reason: string };

/** Id, length and body. Throws a `RangeError` for values that their field cannot hold. */
export function measurementRequestElement({ token, mode, measurement }: MeasurementRequest): number[] {
  const [type, body] = bodyOf(measurement, (each) => beaconRequestOctets(each.request));
  return elementOf(measurementRequestId, [token, mode, type], body);
}

/** Throws `Unreadable` where token, mode or type are missing. */
export function readMeasurementRequest(body: Uint8Array): MeasurementRequest {
  const reader = new OctetReader(body);
  const token = reader.u8("token of a measurement request");
  const mode = reader.u8("mode of a measurement request");
  const type = reader.u8("type of a measurement request");
  const rest = reader.rest();
  // With this bit it asks for nothing, and says what may be asked for.
  if (type !== measurementTypes.beacon || (mode & requestModes.enable) !== 0) {
    return { token, mode, measurement: { kind: "other", type, body: rest } };
  }
  const request = attempt("beacon request", () => readBeaconRequest(rest));
  return {
    token,
    mode,
    measurement: request.ok ? { kind: "beacon", request: request.value } : malformed(rest, request),
  };
}

/** Id, length and body. Throws a `RangeError` for values that their field cannot hold. */
export function measurementReportElement(report: MeasurementReport): number[] {
  const { token, late, incapable, refused, measurement } = report;
  const mode = (late ? modes.late : 0) | (incapable ? modes.incapable : 0) | (refused ? modes.refused : 0);
  const [type, body] = bodyOf(measurement, (each) => (each.report ? beaconReportOctets(each.report) : []));
  return elementOf(measurementReportId, [token, mode, type], body);
}

/** Throws `Unreadable` where token, mode or type are missing. */
export function readMeasurementReport(body: Uint8Array): MeasurementReport {
  const reader = new OctetReader(body);
  const token = reader.u8("token of a measurement report");
  const mode = reader.u8("mode of a measurement report");
  const type = reader.u8("type of a measurement report");
  const has = (bit: number) => (mode & bit) !== 0;
  const outcome = { late: has(modes.late), incapable: has(modes.incapable), refused: has(modes.refused) };
  return { token, ...outcome, measurement: readMeasurement(type, reader.rest()) };
}

/** Bits of the report mode. */
const modes = { late: 0x01, incapable: 0x02, refused: 0x04 } as const;

function readMeasurement(type: number, body: Uint8Array): MeasurementReport["measurement"] {
  if (type !== measurementTypes.beacon) return { kind: "other", type, body };
  if (body.length === 0) return { kind: "beacon" };
  const report = attempt("beacon report", () => readBeaconReport(body));
  return report.ok ? present({ kind: "beacon" as const, report: report.value }) : malformed(body, report);
}

function malformed(body: Uint8Array, { reason }: Extract<Parsed<never>, { ok: false }>): OtherMeasurement {
  return { kind: "malformed", type: measurementTypes.beacon, body, reason };
}

function bodyOf<Beacon extends { readonly kind: "beacon" }>(
  measurement: Beacon | OtherMeasurement,
  beacon: (measurement: Beacon) => readonly number[],
): [number, Iterable<number>] {
  return measurement.kind === "beacon"
    ? [measurementTypes.beacon, beacon(measurement)]
    : [measurement.type, measurement.body];
}

function elementOf(id: number, head: readonly number[], body: Iterable<number>): number[] {
  const element: Subelement = {
    id,
    body: Uint8Array.from([...head.flatMap((each) => u8(each, "token, mode or type")), ...body]),
  };
  return subelementOctets(element);
}
