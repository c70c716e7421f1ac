/** Actions at random, as codecs give them back: elements that they do not know have ids that they do not know. */

import type { Mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import type { Action } from "../action.ts";
import type { BeaconReport } from "../beacon-report.ts";
import type { BeaconRequest } from "../beacon-request.ts";
import type { Mbo } from "../mbo.ts";
import type { MeasurementReport, MeasurementRequest } from "../measurement.ts";
import type { NeighborReport } from "../neighbor-report.ts";
import type { Subelement } from "../subelements.ts";

export const octet = fc.integer({ min: 0, max: 0xff });
const signed = fc.integer({ min: -128, max: 127 });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });

export const address: fc.Arbitrary<Mac> = fc
  .array(octet, { minLength: 6, maxLength: 6 })
  .map((octets) => octets.map((each) => each.toString(16).padStart(2, "0")).join(":") as Mac);

const octetsUpTo = (maxLength: number) => fc.uint8Array({ maxLength });

/** Optional fields are there or not; never `undefined`. */
function record<T>(
  fields: { [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> },
  required: readonly (keyof T)[],
) {
  return fc.record(fields as never, {
    requiredKeys: [...required] as never[],
    noNullPrototype: true,
  }) as fc.Arbitrary<T>;
}

/** All of them, and a prototype, as values of a codec have one. */
function plain<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

/** Ascending ids, as the codecs write them. */
function unknown(...known: readonly number[]): fc.Arbitrary<readonly Subelement[]> {
  const id = octet.filter((each) => !known.includes(each));
  return fc
    .array(plain({ id, body: octetsUpTo(12) }), { minLength: 1, maxLength: 3 })
    .map((list) => list.toSorted((a, b) => a.id - b.id));
}

const wideBandwidth = plain({ width: octet, center0: octet, center1: octet });
const termination = plain({ tsf: u64, minutes: u16 });

export const neighborReport: fc.Arbitrary<NeighborReport> = record<NeighborReport>(
  {
    bssid: address,
    bssidInfo: u32,
    opClass: octet,
    channel: octet,
    phyType: octet,
    tsf: plain({ offset: u16, beaconInterval: u16 }),
    country: fc.constantFrom("DE", "US", "jp"),
    preference: octet,
    termination,
    wideBandwidth,
    others: unknown(1, 2, 3, 4, 6),
  },
  ["bssid", "bssidInfo", "opClass", "channel", "phyType"],
);

export const mbo: fc.Arbitrary<Mbo> = record<Mbo>(
  {
    cellularAware: fc.boolean(),
    nonPreferred: fc.array(
      fc.oneof(
        plain({ opClass: octet, channels: fc.array(octet, { maxLength: 5 }), preference: octet, reason: octet }),
        fc.constant({ channels: [], preference: 255, reason: 0 }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    cellularData: fc.constantFrom("available", "unavailable", "incapable"),
    associationDisallowed: octet,
    cellularPreference: fc.constantFrom("exclude", "avoid", "recommend"),
    transitionReason: octet,
    transitionRejection: octet,
    associationRetryDelay: u16,
    others: unknown(1, 2, 3, 4, 5, 6, 7, 8),
  },
  [],
);

const candidates = fc.array(neighborReport, { maxLength: 6 });
const frameOthers = unknown(35, 38, 39, 52, 221, 0);
const ends = { mbo, others: frameOthers };

const beaconRequest: fc.Arbitrary<BeaconRequest> = record<BeaconRequest>(
  {
    opClass: octet,
    channel: octet,
    randomizationInterval: u16,
    duration: u16,
    mode: fc.constantFrom("passive", "active", "table"),
    bssid: address,
    ssid: octetsUpTo(32),
    reporting: fc.oneof(
      plain({ condition: fc.integer({ min: 0, max: 4 }), threshold: octet }),
      plain({ condition: fc.integer({ min: 5, max: 10 }), threshold: signed }),
    ),
    detail: fc.constantFrom("none", "requested", "all"),
    elements: fc.array(octet, { maxLength: 8 }),
    extendedElements: fc.array(octet, { maxLength: 4 }),
    apChannels: fc.array(plain({ opClass: octet, channels: fc.array(octet, { maxLength: 6 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    wideBandwidth,
    lastIndication: fc.boolean(),
    others: unknown(0, 1, 2, 10, 11, 51, 163, 164),
  },
  ["opClass", "channel", "randomizationInterval", "duration", "mode", "bssid"],
);

const beaconReport: fc.Arbitrary<BeaconReport> = record<BeaconReport>(
  {
    opClass: octet,
    channel: octet,
    startTime: u64,
    duration: u16,
    phyType: fc.integer({ min: 0, max: 127 }),
    frameType: fc.constantFrom("beacon", "pilot"),
    rcpi: octet,
    rsni: octet,
    bssid: address,
    antenna: octet,
    parentTsf: u32,
    frameBody: octetsUpTo(120),
    fragment: plain({ id: octet, number: fc.integer({ min: 0, max: 127 }), more: fc.boolean() }),
    wideBandwidth,
    last: fc.boolean(),
    others: unknown(1, 2, 163, 164),
  },
  [
    "opClass",
    "channel",
    "startTime",
    "duration",
    "phyType",
    "frameType",
    "rcpi",
    "rsni",
    "bssid",
    "antenna",
    "parentTsf",
  ],
);

const other = plain({
  kind: fc.constant("other" as const),
  type: octet.filter((type) => type !== 5),
  body: octetsUpTo(20),
});

const request: fc.Arbitrary<MeasurementRequest> = plain({
  token: octet,
  mode: octet.map((mode) => mode & ~2),
  measurement: fc.oneof(plain({ kind: fc.constant("beacon" as const), request: beaconRequest }), other),
});

const report: fc.Arbitrary<MeasurementReport> = plain({
  token: octet,
  late: fc.boolean(),
  incapable: fc.boolean(),
  refused: fc.boolean(),
  measurement: fc.oneof(
    record<Extract<MeasurementReport["measurement"], { kind: "beacon" }>>(
      { kind: fc.constant("beacon" as const), report: beaconReport },
      ["kind"],
    ),
    other,
  ),
});

type Kind<K extends Action["kind"]> = Extract<Action, { kind: K }>;

export const action: fc.Arbitrary<Action> = fc.oneof(
  record<Kind<"btm-query">>({ kind: fc.constant("btm-query"), token: octet, reason: octet, candidates, ...ends }, [
    ...(["kind", "token", "reason", "candidates"] as const),
  ]),
  record<Kind<"btm-request">>(
    {
      kind: fc.constant("btm-request"),
      token: octet,
      candidates,
      abridged: fc.boolean(),
      disassociationImminent: fc.boolean(),
      disassociationTimer: u16,
      validityInterval: octet,
      termination,
      sessionUrl: octetsUpTo(60).map((octets) => String.fromCharCode(...octets)),
      ...ends,
    },
    ["kind", "token", "abridged", "disassociationImminent", "disassociationTimer", "validityInterval"],
  ),
  fc.oneof(
    record<Kind<"btm-response">>(
      {
        kind: fc.constant("btm-response"),
        token: octet,
        status: fc.constant(0),
        terminationDelay: octet,
        target: address,
        candidates,
        ...ends,
      },
      ["kind", "token", "status", "terminationDelay", "target", "candidates"],
    ),
    record<Omit<Kind<"btm-response">, "target">>(
      {
        kind: fc.constant("btm-response"),
        token: octet,
        status: octet.filter((status) => status !== 0),
        terminationDelay: octet,
        candidates,
        ...ends,
      },
      ["kind", "token", "status", "terminationDelay", "candidates"],
    ),
  ),
  record<Kind<"measurement-request">>(
    {
      kind: fc.constant("measurement-request"),
      token: octet,
      repetitions: u16,
      requests: fc.array(request, { maxLength: 4 }),
      others: frameOthers,
    },
    ["kind", "token", "repetitions", "requests"],
  ),
  record<Kind<"measurement-report">>(
    {
      kind: fc.constant("measurement-report"),
      token: octet,
      reports: fc.array(report, { maxLength: 4 }),
      others: frameOthers,
    },
    ["kind", "token", "reports"],
  ),
  record<Kind<"link-measurement-request">>(
    {
      kind: fc.constant("link-measurement-request"),
      token: octet,
      txPower: signed,
      maxTxPower: signed,
      others: frameOthers,
    },
    ["kind", "token", "txPower", "maxTxPower"],
  ),
  record<Kind<"link-measurement-report">>(
    {
      kind: fc.constant("link-measurement-report"),
      token: octet,
      txPower: signed,
      linkMargin: signed,
      rxAntenna: octet,
      txAntenna: octet,
      rcpi: octet,
      rsni: octet,
      others: frameOthers,
    },
    ["kind", "token", "txPower", "linkMargin", "rxAntenna", "txAntenna", "rcpi", "rsni"],
  ),
  record<Kind<"neighbor-report-request">>(
    { kind: fc.constant("neighbor-report-request"), token: octet, ssid: octetsUpTo(32), others: frameOthers },
    ["kind", "token"],
  ),
  record<Kind<"neighbor-report-response">>(
    { kind: fc.constant("neighbor-report-response"), token: octet, neighbors: candidates, others: frameOthers },
    ["kind", "token", "neighbors"],
  ),
  plain({
    kind: fc.constant("other" as const),
    category: octet.filter((category) => category !== 5 && category !== 10),
    action: octet,
    body: octetsUpTo(40),
  }),
);
