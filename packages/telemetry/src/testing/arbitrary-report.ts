/** Reports of any content, as decoding gives them: what the wire leaves out (a zero that means unknown) is absent. */

import fc from "fast-check";
import type { AuthFailuresReport } from "../auth-failures.ts";
import type { Average } from "../average.ts";
import type { CapacityReport, QueueSample } from "../capacity.ts";
import type { ClientRecord, ClientStats, ClientsReport, RateStats } from "../clients.ts";
import type { DeviceReport, ThermalRecord } from "../device.ts";
import type { LatencyReport } from "../latency.ts";
import {
  accessCategories,
  bands,
  differences,
  disconnectSources,
  disconnectTypes,
  fileSystems,
  type Names,
  powerSupplies,
  reportTypes,
  rssiSources,
  scanTypes,
  surveyTypes,
  widths,
} from "../names.ts";
import type { NeighborReport } from "../neighbor.ts";
import type { RadiusReport } from "../radius.ts";
import type { StatsReport } from "../report.ts";
import type { RssiReport } from "../rssi.ts";
import type { SteeringReport } from "../steering.ts";
import type { ClientCapabilities, SteeringEvent } from "../steering-event.ts";
import type { SurveyReport, SurveySample } from "../survey.ts";
import type { TimeEventsReport } from "../time-events.ts";

const uint32 = fc.nat(0xffff_ffff);
const positive = fc.integer({ min: 1, max: 0xffff_ffff });
const long = fc.nat(Number.MAX_SAFE_INTEGER);
const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const text = fc.string({ unit: "grapheme", maxLength: 12 });
const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) => address(bytes).toUpperCase());
const linkMac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map(address);
const mldMac = mac.filter((address) => address !== "00:00:00:00:00:00");
const elements = fc.uint8Array({ minLength: 1, maxLength: 20 });
const band = oneOf(bands);
const timestampMs = long;

function address(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function oneOf<Name extends string>(names: Names<Name, number>): fc.Arbitrary<Name> {
  return fc.constantFrom(...names.names);
}

function few<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { maxLength: 3 });
}

/** Plain objects, as decoding gives them. */
function record<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}

/** All of `required`, any of `optional`. */
function some<R extends object, O extends object>(
  required: { [K in keyof R]: fc.Arbitrary<R[K]> },
  optional: { [K in keyof O]: fc.Arbitrary<O[K]> },
): fc.Arbitrary<R & Partial<O>> {
  return fc
    .tuple(record(required), fc.record(optional, { requiredKeys: [], noNullPrototype: true }))
    .map(([always, maybe]) => ({ ...always, ...maybe }) as R & Partial<O>);
}

function average(value: fc.Arbitrary<number>): fc.Arbitrary<Average> {
  const full = record({ average: value.filter(Boolean), least: value, most: value, samples: uint32 });
  return fc.oneof(full, fc.constant({ average: 0, least: 0, most: 0, samples: 0 }));
}

const surveySample: fc.Arbitrary<SurveySample> = some(
  {
    channel: uint32,
    durationMs: uint32,
    offsetMs: uint32,
    busyPercent: uint32,
    busyTxPercent: uint32,
    busyRxPercent: uint32,
    busySelfPercent: uint32,
    busyExtPercent: uint32,
  },
  { noiseFloorDbm: fc.integer({ min: -120, max: -1 }) },
);

const wideSample: fc.Arbitrary<SurveySample> = fc
  .tuple(
    surveySample,
    oneOf(widths).filter((width) => width !== "unknown" && width !== "20MHz"),
    positive,
    fc.option(fc.integer({ min: 1, max: 0xffff })),
  )
  .map(([sample, width, center0FreqMhz, puncture]) => ({
    ...sample,
    width: width as NonNullable<SurveySample["width"]>,
    center0FreqMhz,
    ...(puncture !== null && { puncture }),
  }));

const countedSample: fc.Arbitrary<SurveySample> = fc
  .tuple(surveySample, positive, positive)
  .map(([sample, sampleCount, totalCount]) => ({ ...sample, sampleCount, totalCount }));

const percent = average(uint32);
const surveyHead = { band, surveyType: oneOf(surveyTypes), timestampMs };
const survey: fc.Arbitrary<SurveyReport> = fc.oneof(
  record({
    ...surveyHead,
    reportType: fc.constantFrom("raw", "histogram", "percentile", "diff"),
    samples: few(surveySample),
  }),
  record({
    ...surveyHead,
    reportType: fc.constantFrom("histogram", "percentile"),
    samples: few(countedSample),
  }),
  record({
    ...surveyHead,
    surveyType: fc.constant("on-chan" as const),
    reportType: fc.constant("raw" as const),
    samples: few(wideSample),
  }),
  record({
    ...surveyHead,
    reportType: fc.constant("average" as const),
    averages: few(
      record({
        channel: uint32,
        busy: percent,
        busyTx: percent,
        busyRx: percent,
        busySelf: percent,
        busyExt: percent,
        noiseFloor: average(fc.integer({ min: -120, max: 0 })),
      }),
    ),
  }),
);

const capacity: fc.Arbitrary<CapacityReport> = record({
  band,
  timestampMs,
  samples: few(
    record<QueueSample>({
      offsetMs: uint32,
      busyTxPercent: uint32,
      bytesTx: uint32,
      sampleCount: uint32,
      vo: uint32,
      vi: uint32,
      be: uint32,
      bk: uint32,
      beacon: uint32,
      cab: uint32,
    }),
  ),
});

const bss = some(
  { bssid: linkMac, ssid: text, channel: uint32, width: oneOf(widths) },
  { snrDb: positive, tsf: long.filter(Boolean), beaconIes: elements },
);
const neighbor: fc.Arbitrary<NeighborReport> = fc.oneof(
  record({
    band,
    scanType: oneOf(scanTypes),
    timestampMs,
    reportType: oneOf(reportTypes).filter((type) => type !== "diff"),
    bsses: few(bss),
  }),
  record({
    band,
    scanType: oneOf(scanTypes),
    timestampMs,
    reportType: fc.constant("diff" as const),
    bsses: few(fc.tuple(bss, oneOf(differences)).map(([entry, status]) => ({ ...entry, status }))),
  }),
);

const rate: { [K in keyof Omit<RateStats, "snrDb">]: fc.Arbitrary<number> } = {
  mcs: uint32,
  nss: uint32,
  bw: uint32,
  bytes: long,
  msdus: long,
  mpdus: long,
  ppdus: long,
  retries: long,
  errors: long,
};
const clientStats: fc.Arbitrary<ClientStats> = record({
  rxBytes: long,
  txBytes: long,
  rxFrames: long,
  txFrames: long,
  rxRetries: long,
  txRetries: long,
  rxErrors: long,
  txErrors: long,
  rxRateMbps: double,
  txRateMbps: double,
  snrDb: uint32,
  rxRatePerceivedMbps: double,
  txRatePerceivedMbps: double,
});
const sojourn = record({
  ac: oneOf(accessCategories),
  tid: uint32,
  averageMs: uint32,
  sumMs: uint32,
  msdus: positive,
});
const client: fc.Arbitrary<ClientRecord> = some(
  {
    mac,
    ssid: text,
    connected: fc.boolean(),
    connectCount: uint32,
    disconnectCount: uint32,
    durationMs: uint32,
    stats: clientStats,
    rx: few(record<RateStats>({ ...rate, snrDb: uint32 })),
    tx: few(record(rate)),
    tids: few(record({ offsetMs: uint32, sojourn: few(sojourn) })),
    uapsd: uint32,
  },
  { mldMac, connectOffsetMs: uint32, disconnectOffsetMs: uint32, networkId: word },
);
const clients: fc.Arbitrary<ClientsReport> = record({
  band,
  timestampMs,
  channel: uint32,
  uplinkType: text,
  uplinkChanged: fc.boolean(),
  clients: few(client),
});

const process = record({ pid: uint32, command: text, use: uint32 });
const thermal: fc.Arbitrary<ThermalRecord> = some(
  {
    timestampMs,
    txChainmasks: few(record({ band, mask: uint32 })),
    leds: few(record({ position: uint32, value: uint32 })),
  },
  { fanRpm: uint32, fanDutyCyclePercent: uint32, thermalState: uint32, targetRpm: uint32 },
);
const device: fc.Arbitrary<DeviceReport> = some(
  {
    timestampMs,
    fileSystems: few(record({ type: oneOf(fileSystems), total: uint32, used: uint32 })),
    processesByCpu: few(process),
    processesByMemory: few(process),
    temperatures: few(record({ band, celsius: fc.integer({ min: -60, max: 150 }) })),
    thermal: few(thermal),
  },
  {
    load: record({ one: double, five: double, fifteen: double }),
    uptimeSeconds: uint32,
    memory: record({ total: uint32, used: uint32, swapTotal: uint32, swapUsed: uint32 }),
    cpuPercent: uint32,
    power: record({ supply: oneOf(powerSupplies), consumption: uint32, batteryLevel: uint32 }),
    usedFileHandles: uint32,
    totalFileHandles: uint32,
  },
);

const capabilities: fc.Arbitrary<ClientCapabilities> = record({
  btm: fc.boolean(),
  rrm: fc.boolean(),
  maxWidth: uint32,
  maxStreams: uint32,
  phyMode: uint32,
  maxMcs: uint32,
  maxTxPowerDbm: uint32,
  staticSmps: fc.boolean(),
  muMimo: fc.boolean(),
  band2G: fc.boolean(),
  band5G: fc.boolean(),
  band6G: fc.boolean(),
  rrmLinkMeasurement: fc.boolean(),
  rrmNeighborReport: fc.boolean(),
  rrmBeaconPassive: fc.boolean(),
  rrmBeaconActive: fc.boolean(),
  rrmBeaconTable: fc.boolean(),
  rrmLciMeasurement: fc.boolean(),
  rrmFtmRange: fc.boolean(),
});
const is = <Type extends string>(type: Type) => ({ type: fc.constant(type), offsetMs: uint32 });
const steeringEvent: fc.Arbitrary<SteeringEvent> = fc.oneof(
  record({ ...is("PROBE"), snrDb: uint32, broadcast: fc.boolean(), blocked: fc.boolean() }),
  record({ ...is("CONNECT"), snrDb: uint32 }),
  record({
    ...is("DISCONNECT"),
    snrDb: uint32,
    source: oneOf(disconnectSources),
    disconnectType: oneOf(disconnectTypes),
    reason: uint32,
  }),
  record({ ...is("BACKOFF"), enabled: fc.boolean(), periodSeconds: uint32 }),
  record({ ...is("ACTIVITY"), active: fc.boolean() }),
  record({ ...is("AUTH_BLOCK"), snrDb: uint32, rejected: fc.boolean() }),
  record({ ...is("CLIENT_CAPABILITIES"), capabilities }),
  record({ ...is("CLIENT_CAPABILITIES"), capabilities, assocIes: elements }),
  record({ ...is("CLIENT_BTM_STATUS"), status: uint32 }),
  record(is("OVERRUN")),
  record(is("CLIENT_STICKY_BTM_RETRY")),
);
const steeredBand = record({
  band,
  ifName: text,
  connected: fc.boolean(),
  rejects: uint32,
  connects: uint32,
  disconnects: uint32,
  activityChanges: uint32,
  steeringSuccesses: uint32,
  steeringFailures: uint32,
  steeringKicks: uint32,
  stickyKicks: uint32,
  broadcastProbes: uint32,
  events: few(steeringEvent),
});
const steering: fc.Arbitrary<SteeringReport> = record({
  timestampMs,
  clients: fc.array(some({ mac, bands: few(steeredBand) }, { mldMac }), { minLength: 1, maxLength: 3 }),
});

const peer = some({ mac, rxPpdus: long, txPpdus: long }, { source: oneOf(rssiSources) });
const rssiSample = some({ snrDb: uint32 }, { offsetMs: uint32 });
const rssi: fc.Arbitrary<RssiReport> = fc.oneof(
  record({
    band,
    timestampMs,
    reportType: fc.constant("raw" as const),
    peers: few(fc.tuple(peer, few(rssiSample)).map(([entry, samples]) => ({ ...entry, samples }))),
  }),
  record({
    band,
    timestampMs,
    reportType: fc.constant("average" as const),
    peers: few(fc.tuple(peer, percent).map(([entry, averageDb]) => ({ ...entry, samples: [], averageDb }))),
  }),
);

const authFailures: fc.Arbitrary<AuthFailuresReport> = record({
  band,
  bsses: few(record({ ifName: text, clients: few(record({ mac, authFails: uint32, invalidPsk: uint32 })) })),
});

const radius: fc.Arbitrary<RadiusReport> = record({
  timestampMs,
  records: few(
    record({
      vifName: text,
      vifRole: text,
      serverAddress: text,
      serverIndex: uint32,
      serverPort: uint32,
      roundTripMs: uint32,
      accessRequests: uint32,
      accessRetransmissions: uint32,
      accessAccepts: uint32,
      accessRejects: uint32,
      accessChallenges: uint32,
      malformedAccessResponses: uint32,
      badAuthenticators: uint32,
      pendingRequests: uint32,
      timeouts: uint32,
      unknownTypes: uint32,
      packetsDropped: uint32,
    }),
  ),
});

export const statsReport: fc.Arbitrary<StatsReport> = some(
  {
    nodeId: text,
    surveys: few(survey),
    capacities: few(capacity),
    neighbors: few(neighbor),
    clients: few(clients),
    devices: few(device),
    steering: few(steering),
    rssi: few(rssi),
    authFailures: few(authFailures),
    radius: few(radius),
  },
  { powerMode: word },
);

export const latencyReport: fc.Arbitrary<LatencyReport> = record({
  nodeId: text,
  hosts: few(
    some(
      {
        ifName: text,
        ifRole: text,
        mac: fc.uint8Array({ minLength: 6, maxLength: 6 }),
        timestampMs,
        samples: few(
          some(
            {},
            { timestampMs, leastMs: uint32, mostMs: uint32, averageMs: uint32, lastMs: uint32, packets: uint32 },
          ),
        ),
      },
      { dscp: fc.oneof(fc.nat(63), fc.constant("none" as const)) },
    ),
  ),
});

export const timeEventsReport: fc.Arbitrary<TimeEventsReport> = record({
  nodeId: text,
  firmwareVersion: text,
  locationId: text,
  sequence: uint32,
  realTimeMs: long,
  monotonicMs: long,
  events: few(record({ monotonicMs: long, category: text, source: text, subject: text, step: text, message: text })),
});
