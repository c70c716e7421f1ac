/** RM enabled capabilities (IEEE 802.11-2020 §9.4.2.44): which radio measurements a station takes part in. */

import { whole } from "./octets.ts";

export const rmCapabilitiesId = 70;

export type RmCapabilities = { readonly [Name in keyof typeof bits]: boolean } & {
  readonly [Name in keyof typeof numbers]: number;
};

/** Octets that are missing are taken for zeros, further ones are not looked at. */
export function readRmCapabilities(body: Uint8Array): RmCapabilities {
  const field = body.subarray(0, length).reduceRight((sum, octet) => sum * 256 + octet, 0);
  return fromEntries(
    (name) => digit(field, bits[name], 1) === 1,
    (name) => digit(field, numbers[name], 3),
  );
}

/** The body of the element. Throws a `RangeError` for a number above 7. */
export function rmCapabilitiesBody(capabilities: Partial<RmCapabilities>): number[] {
  const flags = flagNames.filter((name) => capabilities[name]).map((name) => 2 ** bits[name]);
  const values = numberNames.map((name) => whole(capabilities[name] ?? 0, 0, 7, name) * 2 ** numbers[name]);
  const field = [...flags, ...values].reduce((sum, each) => sum + each, 0);
  return Array.from({ length }, (_, index) => digit(field, index * 8, 8));
}

const length = 5;

const bits = {
  linkMeasurement: 0,
  neighborReport: 1,
  parallelMeasurements: 2,
  repeatedMeasurements: 3,
  beaconPassive: 4,
  beaconActive: 5,
  beaconTable: 6,
  beaconReportingConditions: 7,
  frameMeasurement: 8,
  channelLoad: 9,
  noiseHistogram: 10,
  statisticsMeasurement: 11,
  lciMeasurement: 12,
  lciAzimuth: 13,
  transmitStream: 14,
  triggeredTransmitStream: 15,
  apChannelReport: 16,
  rmMib: 17,
  measurementPilotTransmission: 27,
  neighborReportTsfOffset: 28,
  rcpiMeasurement: 29,
  rsniMeasurement: 30,
  bssAverageAccessDelay: 31,
  bssAvailableAdmissionCapacity: 32,
  antenna: 33,
  ftmRangeReport: 34,
  civicLocation: 35,
} as const;

/** Of three bits each. */
const numbers = {
  operatingChannelMaxDuration: 18,
  nonoperatingChannelMaxDuration: 21,
  measurementPilot: 24,
} as const;

const flagNames = Object.keys(bits) as (keyof typeof bits)[];
const numberNames = Object.keys(numbers) as (keyof typeof numbers)[];

function fromEntries(
  flag: (name: keyof typeof bits) => boolean,
  value: (name: keyof typeof numbers) => number,
): RmCapabilities {
  return Object.fromEntries([
    ...flagNames.map((name) => [name, flag(name)]),
    ...numberNames.map((name) => [name, value(name)]),
  ]) as RmCapabilities;
}

/** The field has 40 bits, more than bitwise operators take. */
function digit(field: number, bit: number, width: number): number {
  return Math.floor(field / 2 ** bit) % 2 ** width;
}
