/** The log of time events: what happened on a node, to the millisecond. Its payload goes to the topic of `TELOG_Config`. */

import { TimeEventsReportSchema } from "./gen/time_event_pb.ts";
import { parse, serialize } from "./message.ts";
import { fromUint64, uint32, uint64 } from "./numbers.ts";

export interface TimeEventsReport {
  readonly nodeId: string;
  readonly firmwareVersion: string;
  readonly locationId: string;
  /** Counts the reports of a node. */
  readonly sequence: number;
  /** The same moment on the wall clock (since 1970) and on the clock of the events. */
  readonly realTimeMs: number;
  readonly monotonicMs: number;
  readonly events: readonly TimeEvent[];
}

export interface TimeEvent {
  readonly monotonicMs: number;
  /** e.g. `WIFI_LINK`, `WDS_LINK`, `MANAGER`. */
  readonly category: string;
  /** The manager. */
  readonly source: string;
  /** What it happened to, e.g. a vif; "" for none. */
  readonly subject: string;
  /** Which step, e.g. `connected`; "" for none. */
  readonly step: string;
  readonly message: string;
}

/** `sts.TimeEventsReport`. */
export function encodeTimeEvents(report: TimeEventsReport): Uint8Array {
  return serialize(TimeEventsReportSchema, {
    deviceID: { nodeId: report.nodeId, firmwareVersion: report.firmwareVersion, locationId: report.locationId },
    seqNo: uint32(report.sequence),
    realTime: uint64(report.realTimeMs),
    monoTime: uint64(report.monotonicMs),
    events: report.events.map((event) => ({
      time: uint64(event.monotonicMs),
      cat: event.category,
      source: event.source,
      subject: event.subject || undefined,
      seq: event.step || undefined,
      msg: event.message || undefined,
    })),
  });
}

/** Throws `MalformedPayload`. */
export function decodeTimeEvents(bytes: Uint8Array): TimeEventsReport {
  const message = parse(TimeEventsReportSchema, bytes);
  return {
    nodeId: message.deviceID?.nodeId ?? "",
    firmwareVersion: message.deviceID?.firmwareVersion ?? "",
    locationId: message.deviceID?.locationId ?? "",
    sequence: message.seqNo,
    realTimeMs: fromUint64(message.realTime),
    monotonicMs: fromUint64(message.monoTime),
    events: message.events.map(({ time, cat, source, subject, seq, msg }) => ({
      monotonicMs: fromUint64(time),
      category: cat,
      source,
      subject,
      step: seq,
      message: msg,
    })),
  };
}
