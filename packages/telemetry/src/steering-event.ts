/**
 * What happened to a client that is steered. On the wire every event carries every scalar field, most of them without
 * meaning for its type; here an event has those that mean something.
 */

import type { BSClient_BSEvent } from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import {
  type DisconnectKind,
  type DisconnectSource,
  disconnectSources,
  disconnectTypes,
  type NameOf,
  steeringEvents,
} from "./names.ts";
import { uint32 } from "./numbers.ts";

export type SteeringEvent = {
  /** So long before the report's timestamp. */
  readonly offsetMs: number;
} & (
  | {
      readonly type: "PROBE";
      readonly snrDb: number;
      /** For any SSID. */
      readonly broadcast: boolean;
      /** Not answered. */
      readonly blocked: boolean;
    }
  | { readonly type: "CONNECT" /** 0 for unknown. */; readonly snrDb: number }
  | {
      readonly type: "DISCONNECT";
      readonly snrDb: number;
      readonly source: DisconnectSource;
      readonly disconnectType: DisconnectKind;
      /** Reason code of 802.11 (9.4.1.7). */
      readonly reason: number;
    }
  | { readonly type: "BACKOFF"; readonly enabled: boolean; readonly periodSeconds: number }
  | { readonly type: "ACTIVITY"; readonly active: boolean }
  | { readonly type: "AUTH_BLOCK"; readonly snrDb: number; readonly rejected: boolean }
  | {
      readonly type: "CLIENT_CAPABILITIES";
      readonly capabilities: ClientCapabilities;
      /** Elements of the (re)association request. */
      readonly assocIes?: Uint8Array;
    }
  | {
      readonly type: "CLIENT_BTM_STATUS" /** Status code of the BTM response (802.11, 9.6.13.10). */;
      readonly status: number;
    }
  | { readonly type: PlainSteeringEvent }
);

type PlainSteeringEvent = Exclude<
  NameOf<typeof steeringEvents>,
  | "PROBE"
  | "CONNECT"
  | "DISCONNECT"
  | "BACKOFF"
  | "ACTIVITY"
  | "AUTH_BLOCK"
  | "CLIENT_CAPABILITIES"
  | "CLIENT_BTM_STATUS"
>;

export interface ClientCapabilities {
  /** BSS transition management. */
  readonly btm: boolean;
  /** Radio measurement: active beacon reports. */
  readonly rrm: boolean;
  /** 0 = 20, 1 = 40, 2 = 80, 3 = 160, 4 = 80+80, 5 = 320 MHz. */
  readonly maxWidth: number;
  readonly maxStreams: number;
  readonly phyMode: number;
  readonly maxMcs: number;
  readonly maxTxPowerDbm: number;
  readonly staticSmps: boolean;
  readonly muMimo: boolean;
  readonly band2G: boolean;
  readonly band5G: boolean;
  readonly band6G: boolean;
  readonly rrmLinkMeasurement: boolean;
  readonly rrmNeighborReport: boolean;
  readonly rrmBeaconPassive: boolean;
  readonly rrmBeaconActive: boolean;
  readonly rrmBeaconTable: boolean;
  readonly rrmLciMeasurement: boolean;
  readonly rrmFtmRange: boolean;
}

const noCapabilities: ClientCapabilities = {
  btm: false,
  rrm: false,
  maxWidth: 0,
  maxStreams: 0,
  phyMode: 0,
  maxMcs: 0,
  maxTxPowerDbm: 0,
  staticSmps: false,
  muMimo: false,
  band2G: false,
  band5G: false,
  band6G: false,
  rrmLinkMeasurement: false,
  rrmNeighborReport: false,
  rrmBeaconPassive: false,
  rrmBeaconActive: false,
  rrmBeaconTable: false,
  rrmLciMeasurement: false,
  rrmFtmRange: false,
};

export function eventMessage(event: SteeringEvent): Fields<BSClient_BSEvent> {
  return {
    type: steeringEvents.value(event.type),
    offsetMs: uint32(event.offsetMs),
    rssi: 0,
    probeBcast: false,
    probeBlocked: false,
    disconnectSrc: disconnectSources.value("LOCAL"),
    disconnectType: disconnectTypes.value("DISASSOC"),
    disconnectReason: 0,
    backoffEnabled: false,
    active: false,
    rejected: false,
    ...capabilitiesMessage(event.type === "CLIENT_CAPABILITIES" ? event.capabilities : noCapabilities),
    backoffPeriod: 0,
    btmStatus: 0,
    ...ownFields(event),
  };
}

/** What the event's type gives a meaning. */
function ownFields(event: SteeringEvent): Fields<BSClient_BSEvent> {
  switch (event.type) {
    case "PROBE":
      return { rssi: uint32(event.snrDb), probeBcast: event.broadcast, probeBlocked: event.blocked };
    case "CONNECT":
      return { rssi: uint32(event.snrDb) };
    case "DISCONNECT":
      return {
        rssi: uint32(event.snrDb),
        disconnectSrc: disconnectSources.value(event.source),
        disconnectType: disconnectTypes.value(event.disconnectType),
        disconnectReason: uint32(event.reason),
      };
    case "BACKOFF":
      return { backoffEnabled: event.enabled, backoffPeriod: uint32(event.periodSeconds) };
    case "ACTIVITY":
      return { active: event.active };
    case "AUTH_BLOCK":
      return { rssi: uint32(event.snrDb), rejected: event.rejected };
    case "CLIENT_CAPABILITIES":
      return event.assocIes !== undefined && event.assocIes.length > 0 ? { assocIes: event.assocIes } : {};
    case "CLIENT_BTM_STATUS":
      return { btmStatus: uint32(event.status) };
    default:
      return {};
  }
}

export function eventOf(message: BSClient_BSEvent): SteeringEvent {
  const { offsetMs, rssi: snrDb } = message;
  const type = steeringEvents.name(message.type);
  switch (type) {
    case "PROBE":
      return { offsetMs, type, snrDb, broadcast: message.probeBcast, blocked: message.probeBlocked };
    case "CONNECT":
      return { offsetMs, type, snrDb };
    case "DISCONNECT":
      return {
        offsetMs,
        type,
        snrDb,
        source: disconnectSources.name(message.disconnectSrc),
        disconnectType: disconnectTypes.name(message.disconnectType),
        reason: message.disconnectReason,
      };
    case "BACKOFF":
      return { offsetMs, type, enabled: message.backoffEnabled, periodSeconds: message.backoffPeriod };
    case "ACTIVITY":
      return { offsetMs, type, active: message.active };
    case "AUTH_BLOCK":
      return { offsetMs, type, snrDb, rejected: message.rejected };
    case "CLIENT_CAPABILITIES":
      return {
        offsetMs,
        type,
        capabilities: capabilitiesOf(message),
        ...(message.assocIes.length > 0 && { assocIes: message.assocIes }),
      };
    case "CLIENT_BTM_STATUS":
      return { offsetMs, type, status: message.btmStatus };
    default:
      return { offsetMs, type };
  }
}

function capabilitiesMessage(capabilities: ClientCapabilities): Fields<BSClient_BSEvent> {
  return {
    isBTMSupported: capabilities.btm,
    isRRMSupported: capabilities.rrm,
    maxChwidth: uint32(capabilities.maxWidth),
    maxStreams: uint32(capabilities.maxStreams),
    phyMode: uint32(capabilities.phyMode),
    maxMcs: uint32(capabilities.maxMcs),
    maxTxpower: uint32(capabilities.maxTxPowerDbm),
    isStaticSmps: capabilities.staticSmps,
    isMuMimoSupported: capabilities.muMimo,
    bandCap2G: capabilities.band2G,
    bandCap5G: capabilities.band5G,
    bandCap6G: capabilities.band6G,
    rrmCapsLinkMeas: capabilities.rrmLinkMeasurement,
    rrmCapsNeighRpt: capabilities.rrmNeighborReport,
    rrmCapsBcnRptPassive: capabilities.rrmBeaconPassive,
    rrmCapsBcnRptActive: capabilities.rrmBeaconActive,
    rrmCapsBcnRptTable: capabilities.rrmBeaconTable,
    rrmCapsLciMeas: capabilities.rrmLciMeasurement,
    rrmCapsFtmRangeRpt: capabilities.rrmFtmRange,
  };
}

function capabilitiesOf(message: BSClient_BSEvent): ClientCapabilities {
  return {
    btm: message.isBTMSupported,
    rrm: message.isRRMSupported,
    maxWidth: message.maxChwidth,
    maxStreams: message.maxStreams,
    phyMode: message.phyMode,
    maxMcs: message.maxMcs,
    maxTxPowerDbm: message.maxTxpower,
    staticSmps: message.isStaticSmps,
    muMimo: message.isMuMimoSupported,
    band2G: message.bandCap2G,
    band5G: message.bandCap5G,
    band6G: message.bandCap6G,
    rrmLinkMeasurement: message.rrmCapsLinkMeas,
    rrmNeighborReport: message.rrmCapsNeighRpt,
    rrmBeaconPassive: message.rrmCapsBcnRptPassive,
    rrmBeaconActive: message.rrmCapsBcnRptActive,
    rrmBeaconTable: message.rrmCapsBcnRptTable,
    rrmLciMeasurement: message.rrmCapsLciMeas,
    rrmFtmRange: message.rrmCapsFtmRangeRpt,
  };
}
