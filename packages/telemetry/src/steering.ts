/** What band and client steering did, client by client. */

import type { BSClient, BSClient_BSBandReport, BSReport } from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import { type Band, bands } from "./names.ts";
import { fromUint64, uint32, uint64 } from "./numbers.ts";
import { eventMessage, eventOf, type SteeringEvent } from "./steering-event.ts";

export interface SteeringReport {
  /** Wall clock, ms since 1970. */
  readonly timestampMs: number;
  readonly clients: readonly SteeredClient[];
}

export interface SteeredClient {
  readonly mac: string;
  /** Multi-link clients only. */
  readonly mldMac?: string;
  readonly bands: readonly SteeredBand[];
}

/** Counts are those since the report before. */
export interface SteeredBand {
  readonly band: Band;
  readonly ifName: string;
  /** Connected in the time of the report, and still so at its end. */
  readonly connected: boolean;
  readonly rejects: number;
  readonly connects: number;
  readonly disconnects: number;
  readonly activityChanges: number;
  readonly steeringSuccesses: number;
  readonly steeringFailures: number;
  readonly steeringKicks: number;
  readonly stickyKicks: number;
  readonly broadcastProbes: number;
  readonly events: readonly SteeringEvent[];
}

const noMldMac = "00:00:00:00:00:00";

export function steeringMessage(report: SteeringReport): Fields<BSReport> {
  return { timestampMs: uint64(report.timestampMs), clients: report.clients.map(clientMessage) };
}

export function steeringOf(message: BSReport): SteeringReport {
  return { timestampMs: fromUint64(message.timestampMs), clients: message.clients.map(clientOf) };
}

function clientMessage(client: SteeredClient): Fields<BSClient> {
  return {
    macAddress: client.mac.toUpperCase(),
    mldAddress: client.mldMac?.toUpperCase() ?? noMldMac,
    bsBandReport: client.bands.map(bandMessage),
  };
}

function clientOf(message: BSClient): SteeredClient {
  const { mldAddress } = message;
  return {
    mac: message.macAddress,
    ...(mldAddress !== "" && mldAddress !== noMldMac && { mldMac: mldAddress }),
    bands: message.bsBandReport.map(bandOf),
  };
}

/** Zeros included. Three of the probe counters the reference never writes, hence nor do we. */
function bandMessage(band: SteeredBand): Fields<BSClient_BSBandReport> {
  return {
    band: bands.value(band.band),
    connected: band.connected,
    rejects: uint32(band.rejects),
    connects: uint32(band.connects),
    disconnects: uint32(band.disconnects),
    activityChanges: uint32(band.activityChanges),
    steeringSuccessCnt: uint32(band.steeringSuccesses),
    steeringFailCnt: uint32(band.steeringFailures),
    steeringKickCnt: uint32(band.steeringKicks),
    stickyKickCnt: uint32(band.stickyKicks),
    probeBcastCnt: uint32(band.broadcastProbes),
    eventList: band.events.map(eventMessage),
    ifname: band.ifName,
  };
}

function bandOf(message: BSClient_BSBandReport): SteeredBand {
  return {
    band: bands.name(message.band),
    ifName: message.ifname,
    connected: message.connected,
    rejects: message.rejects,
    connects: message.connects,
    disconnects: message.disconnects,
    activityChanges: message.activityChanges,
    steeringSuccesses: message.steeringSuccessCnt,
    steeringFailures: message.steeringFailCnt,
    steeringKicks: message.steeringKickCnt,
    stickyKicks: message.stickyKickCnt,
    broadcastProbes: message.probeBcastCnt,
    events: message.eventList.map(eventOf),
  };
}
