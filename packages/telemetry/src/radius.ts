/** What access points see of their RADIUS servers; the counters of RFC 4668. No secret is in it. */

import type { RadiusReport as RadiusReportMessage } from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import { fromUint64, uint32, uint64 } from "./numbers.ts";

export interface RadiusReport {
  /** Wall clock, ms since 1970; 0 when the node did not say. */
  readonly timestampMs: number;
  readonly records: readonly RadiusRecord[];
}

export interface RadiusRecord {
  readonly vifName: string;
  readonly vifRole: string;
  readonly serverAddress: string;
  readonly serverIndex: number;
  readonly serverPort: number;
  readonly roundTripMs: number;
  readonly accessRequests: number;
  readonly accessRetransmissions: number;
  readonly accessAccepts: number;
  readonly accessRejects: number;
  readonly accessChallenges: number;
  readonly malformedAccessResponses: number;
  readonly badAuthenticators: number;
  readonly pendingRequests: number;
  readonly timeouts: number;
  readonly unknownTypes: number;
  readonly packetsDropped: number;
}

export function radiusMessage(report: RadiusReport): Fields<RadiusReportMessage> {
  return {
    timestampMs: uint64(report.timestampMs),
    radiusList: report.records.map((record) => ({
      vifName: record.vifName,
      vifRole: record.vifRole,
      ServerAddress: record.serverAddress,
      ServerIndex: uint32(record.serverIndex),
      ClientServerPortNumber: uint32(record.serverPort),
      ClientRoundTripTime: uint32(record.roundTripMs),
      ClientAccessRequests: uint32(record.accessRequests),
      ClientAccessRetransmissions: uint32(record.accessRetransmissions),
      ClientAccessAccepts: uint32(record.accessAccepts),
      ClientAccessRejects: uint32(record.accessRejects),
      ClientAccessChallenges: uint32(record.accessChallenges),
      ClientMalformedAccessResponses: uint32(record.malformedAccessResponses),
      ClientBadAuthenticators: uint32(record.badAuthenticators),
      ClientPendingRequests: uint32(record.pendingRequests),
      ClientTimeouts: uint32(record.timeouts),
      ClientUnknownTypes: uint32(record.unknownTypes),
      ClientPacketsDropped: uint32(record.packetsDropped),
    })),
  };
}

export function radiusOf(message: RadiusReportMessage): RadiusReport {
  return {
    timestampMs: fromUint64(message.timestampMs),
    records: message.radiusList.map((record) => ({
      vifName: record.vifName,
      vifRole: record.vifRole,
      serverAddress: record.ServerAddress,
      serverIndex: record.ServerIndex,
      serverPort: record.ClientServerPortNumber,
      roundTripMs: record.ClientRoundTripTime,
      accessRequests: record.ClientAccessRequests,
      accessRetransmissions: record.ClientAccessRetransmissions,
      accessAccepts: record.ClientAccessAccepts,
      accessRejects: record.ClientAccessRejects,
      accessChallenges: record.ClientAccessChallenges,
      malformedAccessResponses: record.ClientMalformedAccessResponses,
      badAuthenticators: record.ClientBadAuthenticators,
      pendingRequests: record.ClientPendingRequests,
      timeouts: record.ClientTimeouts,
      unknownTypes: record.ClientUnknownTypes,
      packetsDropped: record.ClientPacketsDropped,
    })),
  };
}
