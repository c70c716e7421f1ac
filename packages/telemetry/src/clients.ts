/** The clients of an access point: who came and went, what they sent and received, and how well. */

import { isFieldSet } from "@bufbuild/protobuf";
import {
  type Client,
  type Client_RxStats,
  type Client_Stats,
  type Client_TidStats,
  type Client_TxStats,
  type ClientReport,
  ClientSchema,
} from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import { type AccessCategory, accessCategories, type Band, bands } from "./names.ts";
import { counter, fromUint64, longCounter, real, uint32, uint64, unlessZero } from "./numbers.ts";

export interface ClientsReport {
  readonly band: Band;
  /** Wall clock, ms since 1970; 0 when the node did not say. */
  readonly timestampMs: number;
  /** Operating channel of the radio. */
  readonly channel: number;
  /** OWM leaves it "". */
  readonly uplinkType: string;
  readonly uplinkChanged: boolean;
  readonly clients: readonly ClientRecord[];
}

/** Counts, times and sums are those since the report before. */
export interface ClientRecord {
  /** Address of the link; upper case on the wire. */
  readonly mac: string;
  /** Multi-link clients only. */
  readonly mldMac?: string;
  readonly ssid: string;
  readonly connected: boolean;
  readonly connectCount: number;
  readonly disconnectCount: number;
  /** The last connect and disconnect, so long before the report's timestamp; absent without one. */
  readonly connectOffsetMs?: number;
  readonly disconnectOffsetMs?: number;
  /** Time connected. */
  readonly durationMs: number;
  readonly stats: ClientStats;
  readonly rx: readonly RateStats[];
  readonly tx: readonly Omit<RateStats, "snrDb">[];
  readonly tids: readonly TidStats[];
  /** Bitmap of U-APSD; 0 for none. */
  readonly uapsd: number;
  readonly networkId?: string;
}

/** rx is from the client to the access point, tx to the client. */
export interface ClientStats {
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxFrames: number;
  readonly txFrames: number;
  readonly rxRetries: number;
  readonly txRetries: number;
  readonly rxErrors: number;
  readonly txErrors: number;
  readonly rxRateMbps: number;
  readonly txRateMbps: number;
  /** SNR; 0 for unknown. */
  readonly snrDb: number;
  readonly rxRatePerceivedMbps: number;
  readonly txRatePerceivedMbps: number;
}

/** What went over one rate. */
export interface RateStats {
  readonly mcs: number;
  readonly nss: number;
  /** 0 = 20, 1 = 40, 2 = 80, 3 = 160 MHz. */
  readonly bw: number;
  readonly bytes: number;
  readonly msdus: number;
  readonly mpdus: number;
  readonly ppdus: number;
  readonly retries: number;
  readonly errors: number;
  /** SNR; 0 for unknown. */
  readonly snrDb: number;
}

export interface TidStats {
  readonly offsetMs: number;
  /** How long frames waited in the queue. TIDs without a frame are left out. */
  readonly sojourn: readonly Sojourn[];
}

export interface Sojourn {
  readonly ac: AccessCategory;
  readonly tid: number;
  /** Moving average. */
  readonly averageMs: number;
  readonly sumMs: number;
  readonly msdus: number;
}

const noMldMac = "00:00:00:00:00:00";

export function clientsMessage(report: ClientsReport): Fields<ClientReport> {
  return {
    band: bands.value(report.band),
    timestampMs: uint64(report.timestampMs),
    channel: uint32(report.channel),
    uplinkType: report.uplinkType,
    uplinkChanged: report.uplinkChanged || undefined,
    clientList: report.clients.map(clientMessage),
  };
}

export function clientsOf(message: ClientReport): ClientsReport {
  return {
    band: bands.name(message.band),
    timestampMs: fromUint64(message.timestampMs),
    channel: message.channel,
    uplinkType: message.uplinkType,
    uplinkChanged: message.uplinkChanged,
    clients: message.clientList.map(clientOf),
  };
}

function clientMessage(client: ClientRecord): Fields<Client> {
  const { connectOffsetMs, disconnectOffsetMs, networkId } = client;
  return {
    macAddress: client.mac.toUpperCase(),
    mldAddress: client.mldMac?.toUpperCase() ?? noMldMac,
    ssid: client.ssid,
    connected: client.connected,
    connectCount: uint32(client.connectCount),
    disconnectCount: uint32(client.disconnectCount),
    connectOffsetMs: connectOffsetMs === undefined ? undefined : uint32(connectOffsetMs),
    disconnectOffsetMs: disconnectOffsetMs === undefined ? undefined : uint32(disconnectOffsetMs),
    durationMs: uint32(client.durationMs),
    stats: statsMessage(client.stats),
    rxStats: client.rx.map((rate) => ({ ...rateMessage(rate), rssi: counter(rate.snrDb) })),
    txStats: client.tx.map(rateMessage),
    tidStats: client.tids.map(tidMessage),
    uapsd: counter(client.uapsd),
    networkId: networkId || undefined,
  };
}

function clientOf(message: Client): ClientRecord {
  const { mldAddress, networkId } = message;
  const has = (field: "connectOffsetMs" | "disconnectOffsetMs") => isFieldSet(message, ClientSchema.field[field]);
  return {
    mac: message.macAddress,
    ...(mldAddress !== "" && mldAddress !== noMldMac && { mldMac: mldAddress }),
    ssid: message.ssid,
    connected: message.connected,
    connectCount: message.connectCount,
    disconnectCount: message.disconnectCount,
    ...(has("connectOffsetMs") && { connectOffsetMs: message.connectOffsetMs }),
    ...(has("disconnectOffsetMs") && { disconnectOffsetMs: message.disconnectOffsetMs }),
    durationMs: message.durationMs,
    stats: statsOf(message.stats),
    rx: message.rxStats.map((rate) => ({ ...rateOf(rate), snrDb: rate.rssi })),
    tx: message.txStats.map(rateOf),
    tids: message.tidStats.map(tidOf),
    uapsd: message.uapsd,
    ...(networkId !== "" && { networkId }),
  };
}

function statsMessage(stats: ClientStats): Fields<Client_Stats> {
  return {
    rxBytes: longCounter(stats.rxBytes),
    txBytes: longCounter(stats.txBytes),
    rxFrames: longCounter(stats.rxFrames),
    txFrames: longCounter(stats.txFrames),
    rxRetries: longCounter(stats.rxRetries),
    txRetries: longCounter(stats.txRetries),
    rxErrors: longCounter(stats.rxErrors),
    txErrors: longCounter(stats.txErrors),
    rxRate: unlessZero(real(stats.rxRateMbps)),
    txRate: unlessZero(real(stats.txRateMbps)),
    rssi: counter(stats.snrDb),
    rxRatePerceived: unlessZero(real(stats.rxRatePerceivedMbps)),
    txRatePerceived: unlessZero(real(stats.txRatePerceivedMbps)),
  };
}

function statsOf(message: Client_Stats | undefined): ClientStats {
  return {
    rxBytes: fromUint64(message?.rxBytes ?? 0n),
    txBytes: fromUint64(message?.txBytes ?? 0n),
    rxFrames: fromUint64(message?.rxFrames ?? 0n),
    txFrames: fromUint64(message?.txFrames ?? 0n),
    rxRetries: fromUint64(message?.rxRetries ?? 0n),
    txRetries: fromUint64(message?.txRetries ?? 0n),
    rxErrors: fromUint64(message?.rxErrors ?? 0n),
    txErrors: fromUint64(message?.txErrors ?? 0n),
    rxRateMbps: message?.rxRate ?? 0,
    txRateMbps: message?.txRate ?? 0,
    snrDb: message?.rssi ?? 0,
    rxRatePerceivedMbps: message?.rxRatePerceived ?? 0,
    txRatePerceivedMbps: message?.txRatePerceived ?? 0,
  };
}

function rateMessage(rate: Omit<RateStats, "snrDb">): Fields<Client_TxStats> {
  return {
    mcs: uint32(rate.mcs),
    nss: uint32(rate.nss),
    bw: uint32(rate.bw),
    bytes: longCounter(rate.bytes),
    msdus: longCounter(rate.msdus),
    mpdus: longCounter(rate.mpdus),
    ppdus: longCounter(rate.ppdus),
    retries: longCounter(rate.retries),
    errors: longCounter(rate.errors),
  };
}

function rateOf(message: Client_RxStats | Client_TxStats): Omit<RateStats, "snrDb"> {
  return {
    mcs: message.mcs,
    nss: message.nss,
    bw: message.bw,
    bytes: fromUint64(message.bytes),
    msdus: fromUint64(message.msdus),
    mpdus: fromUint64(message.mpdus),
    ppdus: fromUint64(message.ppdus),
    retries: fromUint64(message.retries),
    errors: fromUint64(message.errors),
  };
}

function tidMessage({ offsetMs, sojourn }: TidStats): Fields<Client_TidStats> {
  return {
    offsetMs: uint32(offsetMs),
    sojourn: sojourn
      .filter(({ msdus }) => uint32(msdus) !== 0)
      .map((entry) => ({
        ac: accessCategories.value(entry.ac),
        tid: uint32(entry.tid),
        ewmaTimeMs: counter(entry.averageMs),
        sumTimeMs: counter(entry.sumMs),
        numMsdus: uint32(entry.msdus),
      })),
  };
}

function tidOf(message: Client_TidStats): TidStats {
  return {
    offsetMs: message.offsetMs,
    sojourn: message.sojourn.map((entry) => ({
      ac: accessCategories.name(entry.ac),
      tid: entry.tid,
      averageMs: entry.ewmaTimeMs,
      sumMs: entry.sumTimeMs,
      msdus: entry.numMsdus,
    })),
  };
}
