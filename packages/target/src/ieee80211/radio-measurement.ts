/**
 * Action frames of radio measurement (IEEE 802.11-2020 §9.6.6): measurements in general, of the link, and the list of neighbours. Bodies,
 * from the category on.
 */

import type { Db, Dbm } from "@opensync-ts/base/units";
import { maxSsidLength } from "../beacon-channel.ts";
import { elementIds } from "../elements.ts";
import { actionCategories, radioMeasurementActions as actions } from "./action-codes.ts";
import {
  type MeasurementReport,
  type MeasurementRequest,
  measurementReportElement,
  measurementReportId,
  measurementRequestElement,
  measurementRequestId,
  readMeasurementReport,
  readMeasurementRequest,
} from "./measurement.ts";
import { type NeighborReport, neighborReportElement, neighborReportId, readNeighborReport } from "./neighbor-report.ts";
import { i8, type OctetReader, present, Unreadable, u8, u16 } from "./octets.ts";
import { readSubelements, type Subelement, subelementOctets } from "./subelements.ts";

interface Tokened {
  readonly token: number;
  /** Elements that are not read here, after those that are. */
  readonly others?: readonly Subelement[];
}

export interface RadioMeasurementRequest extends Tokened {
  readonly kind: "measurement-request";
  /** Times that it is to be repeated; 65,535: until something else is asked. */
  readonly repetitions: number;
  readonly requests: readonly MeasurementRequest[];
}

export interface RadioMeasurementReport extends Tokened {
  readonly kind: "measurement-report";
  readonly reports: readonly MeasurementReport[];
}

export interface LinkMeasurementRequest extends Tokened {
  readonly kind: "link-measurement-request";
  /** Of this frame. */
  readonly txPower: Dbm;
  readonly maxTxPower: Dbm;
}

export interface LinkMeasurementReport extends Tokened {
  readonly kind: "link-measurement-report";
  /** Of this frame, and by how much the request was stronger than it had to be. */
  readonly txPower: Dbm;
  readonly linkMargin: Db;
  readonly rxAntenna: number;
  readonly txAntenna: number;
  /** Of the request. */
  readonly rcpi: number;
  readonly rsni: number;
}

export interface NeighborReportRequest extends Tokened {
  readonly kind: "neighbor-report-request";
  /** Up to 32 octets; left out: that of the BSS. */
  readonly ssid?: Uint8Array;
}

export interface NeighborReportResponse extends Tokened {
  readonly kind: "neighbor-report-response";
  readonly neighbors: readonly NeighborReport[];
}

export type RadioMeasurementAction =
  | RadioMeasurementRequest
  | RadioMeasurementReport
  | LinkMeasurementRequest
  | LinkMeasurementReport
  | NeighborReportRequest
  | NeighborReportResponse;

/** Throws a `RangeError` for values that their field cannot hold. */
export function radioMeasurementBody(action: RadioMeasurementAction): number[] {
  const { others = [] } = action;
  return [
    actionCategories.radioMeasurement,
    codes[action.kind],
    ...u8(action.token, "dialog token"),
    ...fieldsOf(action),
    ...others.flatMap(subelementOctets),
  ];
}

/** `undefined`: no action that is read here. Throws `Unreadable`. */
export function readRadioMeasurement(code: number, reader: OctetReader): RadioMeasurementAction | undefined {
  return readers.get(code)?.(reader);
}

const codes: Readonly<Record<RadioMeasurementAction["kind"], number>> = {
  "measurement-request": actions.measurementRequest,
  "measurement-report": actions.measurementReport,
  "link-measurement-request": actions.linkMeasurementRequest,
  "link-measurement-report": actions.linkMeasurementReport,
  "neighbor-report-request": actions.neighborReportRequest,
  "neighbor-report-response": actions.neighborReportResponse,
};

const readers: ReadonlyMap<number, (reader: OctetReader) => RadioMeasurementAction> = new Map([
  [actions.measurementRequest, readMeasurementRequests],
  [actions.measurementReport, readMeasurementReports],
  [actions.linkMeasurementRequest, readLinkRequest],
  [actions.linkMeasurementReport, readLinkReport],
  [actions.neighborReportRequest, readNeighborRequest],
  [actions.neighborReportResponse, readNeighborResponse],
] as [number, (reader: OctetReader) => RadioMeasurementAction][]);

function fieldsOf(action: RadioMeasurementAction): number[] {
  switch (action.kind) {
    case "measurement-request":
      return [...u16(action.repetitions, "repetitions"), ...action.requests.flatMap(measurementRequestElement)];
    case "measurement-report":
      return action.reports.flatMap(measurementReportElement);
    case "link-measurement-request":
      return [...i8(action.txPower, "transmit power"), ...i8(action.maxTxPower, "maximum transmit power")];
    case "link-measurement-report":
      return [
        ...[tpcReportId, 2],
        ...i8(action.txPower, "transmit power"),
        ...i8(action.linkMargin, "link margin"),
        ...u8(action.rxAntenna, "receive antenna"),
        ...u8(action.txAntenna, "transmit antenna"),
        ...u8(action.rcpi, "RCPI"),
        ...u8(action.rsni, "RSNI"),
      ];
    case "neighbor-report-request":
      return action.ssid === undefined ? [] : ssidElement(action.ssid);
    case "neighbor-report-response":
      return action.neighbors.flatMap(neighborReportElement);
  }
}

const tpcReportId = 35;

function readMeasurementRequests(reader: OctetReader): RadioMeasurementRequest {
  const token = reader.u8("dialog token");
  const repetitions = reader.u16("repetitions");
  const { found, others } = split(reader, measurementRequestId, readMeasurementRequest);
  return present({ kind: "measurement-request" as const, token, repetitions, requests: found, others });
}

function readMeasurementReports(reader: OctetReader): RadioMeasurementReport {
  const token = reader.u8("dialog token");
  const { found, others } = split(reader, measurementReportId, readMeasurementReport);
  return present({ kind: "measurement-report" as const, token, reports: found, others });
}

function readLinkRequest(reader: OctetReader): LinkMeasurementRequest {
  return present({
    kind: "link-measurement-request" as const,
    token: reader.u8("dialog token"),
    txPower: reader.i8("transmit power"),
    maxTxPower: reader.i8("maximum transmit power"),
    others: some(readSubelements(reader.rest())),
  });
}

function readLinkReport(reader: OctetReader): LinkMeasurementReport {
  const token = reader.u8("dialog token");
  const [id, length] = reader.take(2, "TPC report");
  if (id !== tpcReportId || length !== 2) throw new Unreadable("it has no TPC report of 2 octets");
  return present({
    kind: "link-measurement-report" as const,
    token,
    txPower: reader.i8("transmit power"),
    linkMargin: reader.i8("link margin"),
    rxAntenna: reader.u8("receive antenna"),
    txAntenna: reader.u8("transmit antenna"),
    rcpi: reader.u8("RCPI"),
    rsni: reader.u8("RSNI"),
    others: some(readSubelements(reader.rest())),
  });
}

function readNeighborRequest(reader: OctetReader): NeighborReportRequest {
  const token = reader.u8("dialog token");
  const elements = readSubelements(reader.rest());
  const named = elements.find(({ id, body }) => id === elementIds.ssid && body.length <= maxSsidLength);
  const others = some(elements.filter((each) => each !== named));
  return present({ kind: "neighbor-report-request" as const, token, ssid: named?.body, others });
}

function readNeighborResponse(reader: OctetReader): NeighborReportResponse {
  const token = reader.u8("dialog token");
  const { found, others } = split(reader, neighborReportId, readNeighborReport);
  return present({ kind: "neighbor-report-response" as const, token, neighbors: found, others });
}

function ssidElement(ssid: Uint8Array): number[] {
  if (ssid.length > maxSsidLength) throw new RangeError(`SSID: ${ssid.length} octets are more than ${maxSsidLength}`);
  return subelementOctets({ id: elementIds.ssid, body: ssid });
}

function split<T>(reader: OctetReader, id: number, read: (body: Uint8Array) => T) {
  const elements = readSubelements(reader.rest());
  const found = elements.filter((each) => each.id === id).map(({ body }) => read(body));
  return { found, others: some(elements.filter((each) => each.id !== id)) };
}

function some(list: readonly Subelement[]): readonly Subelement[] | undefined {
  return list.length > 0 ? list : undefined;
}
