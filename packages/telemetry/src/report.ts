/** The report that a node sends: statistics of every kind that have come together since the one before. */

import { type AuthFailuresReport, authFailuresMessage, authFailuresOf } from "./auth-failures.ts";
import { type CapacityReport, capacityMessage, capacityOf } from "./capacity.ts";
import { type ClientsReport, clientsMessage, clientsOf } from "./clients.ts";
import { type DeviceReport, deviceMessage, deviceOf } from "./device.ts";
import { ReportSchema } from "./gen/opensync_stats_pb.ts";
import { parse, serialize } from "./message.ts";
import { type NeighborReport, neighborMessage, neighborOf } from "./neighbor.ts";
import { type RadiusReport, radiusMessage, radiusOf } from "./radius.ts";
import { type RssiReport, rssiMessage, rssiOf } from "./rssi.ts";
import { type SteeringReport, steeringMessage, steeringOf } from "./steering.ts";
import { type SurveyReport, surveyMessage, surveyOf } from "./survey.ts";

export interface StatsReport {
  /** Which node: its unit id. */
  readonly nodeId: string;
  readonly surveys: readonly SurveyReport[];
  readonly capacities: readonly CapacityReport[];
  readonly neighbors: readonly NeighborReport[];
  readonly clients: readonly ClientsReport[];
  readonly devices: readonly DeviceReport[];
  readonly steering: readonly SteeringReport[];
  readonly rssi: readonly RssiReport[];
  readonly authFailures: readonly AuthFailuresReport[];
  readonly radius: readonly RadiusReport[];
  /** Of `Node_Config` (module QM, key power_mode), set by QM. */
  readonly powerMode?: string;
}

/** A report without statistics, to spread and fill. */
export function emptyReport(nodeId: string): StatsReport {
  return {
    nodeId,
    surveys: [],
    capacities: [],
    neighbors: [],
    clients: [],
    devices: [],
    steering: [],
    rssi: [],
    authFailures: [],
    radius: [],
  };
}

/** `sts.Report`. Steering reports without a client are left out. Never throws: what does not fit its field is bent to fit. */
export function encodeReport(report: StatsReport): Uint8Array {
  return serialize(ReportSchema, {
    nodeID: report.nodeId,
    survey: report.surveys.map(surveyMessage),
    capacity: report.capacities.map(capacityMessage),
    neighbors: report.neighbors.map(neighborMessage),
    clients: report.clients.map(clientsMessage),
    device: report.devices.map(deviceMessage),
    bsReport: report.steering.filter(({ clients }) => clients.length > 0).map(steeringMessage),
    rssiReport: report.rssi.map(rssiMessage),
    clientAuthFailsReport: report.authFailures.map(authFailuresMessage),
    radiusReport: report.radius.map(radiusMessage),
    powerMode: report.powerMode || undefined,
  });
}

/** Throws `MalformedPayload`. */
export function decodeReport(bytes: Uint8Array): StatsReport {
  const message = parse(ReportSchema, bytes);
  return {
    nodeId: message.nodeID,
    surveys: message.survey.map(surveyOf),
    capacities: message.capacity.map(capacityOf),
    neighbors: message.neighbors.map(neighborOf),
    clients: message.clients.map(clientsOf),
    devices: message.device.map(deviceOf),
    steering: message.bsReport.map(steeringOf),
    rssi: message.rssiReport.map(rssiOf),
    authFailures: message.clientAuthFailsReport.map(authFailuresOf),
    radius: message.radiusReport.map(radiusOf),
    ...(message.powerMode !== "" && { powerMode: message.powerMode }),
  };
}
