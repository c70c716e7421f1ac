/**
 * What the elements of a (re)association request say of a station (IEEE 802.11-2020 §9.3.3.5 and §9.3.3.7). They come from strangers: of each
 * kind the first that makes sense counts, the rest is passed over.
 */

import type { Dbm, Mac } from "@opensync-ts/base/units";
import { channelFrequency } from "../channels.ts";
import { element, elementIds, elementsOf, extendedElement, extensionIds } from "../elements.ts";
import { type Mbo, mboElement, readMbo, vendorElementId } from "./mbo.ts";
import { attempt, i8, macOctets, OctetReader, u8, whole } from "./octets.ts";
import {
  type EhtCapabilities,
  ehtBody,
  type HeCapabilities,
  type HtCapabilities,
  heBody,
  htBody,
  readEht,
  readHe,
  readHe6SmPowerSave,
  readHt,
  readVht,
  type SmPowerSave,
  type VhtCapabilities,
  vhtBody,
} from "./phy-capabilities.ts";
import { type RmCapabilities, readRmCapabilities, rmCapabilitiesBody, rmCapabilitiesId } from "./rm-capabilities.ts";

/** A field that is missing: the station has not said. */
export interface StationCapabilities {
  /** §9.4.2.13. */
  readonly power?: { readonly min: Dbm; readonly max: Dbm };
  /** §9.4.2.17: numbers of 20 MHz channels on 2.4 and 5 GHz, ascending; others have no place there. */
  readonly channels?: readonly number[];
  /** §9.4.2.53. */
  readonly operatingClasses?: { readonly current: number; readonly supported: readonly number[] };
  readonly rm?: RmCapabilities;
  /** §9.4.2.26: numbers of the bits that are set, ascending; some are in `extendedCapabilityBits`. */
  readonly extended?: readonly number[];
  readonly ht?: HtCapabilities;
  readonly vht?: VhtCapabilities;
  readonly he?: HeCapabilities;
  readonly eht?: EhtCapabilities;
  /** Of the HE 6 GHz band capabilities. */
  readonly smPowerSave6?: SmPowerSave;
  readonly mbo?: Mbo;
  /** Of the multi-link device that the station is a link of (802.11be §9.4.2.312). */
  readonly mldAddr?: Mac;
}

export const extendedCapabilityBits = {
  proxyArp: 12,
  wnmSleep: 17,
  bssTransition: 19,
  ssidList: 21,
  interworking: 31,
  qosMap: 32,
  wnmNotification: 46,
} as const;

/** It takes BTM requests. */
export function supportsBtm({ extended }: StationCapabilities): boolean {
  return extended?.includes(extendedCapabilityBits.bssTransition) ?? false;
}

/** `elements`: those of the request, one after the other. */
export function readStationCapabilities(elements: Uint8Array): StationCapabilities {
  const all = [...elementsOf(elements.slice())];
  const found = firstOfEach(
    all.map(({ id, extension, body }) =>
      (extension === null ? readers.get(id) : extensionReaders.get(extension))?.(body),
    ),
  );
  // Its form depends on the HE capabilities, wherever they are.
  const readOne = fieldReader("eht", (body) => readEht(body, found.he ?? null));
  const ehts = all.filter(({ extension }) => extension === extensionIds.ehtCapabilities);
  return firstOfEach([found, ...ehts.map(({ body }) => readOne(body))]);
}

/** Elements, in the order of §9.3.3.5. Throws a `RangeError` for values that their field cannot hold. */
export function stationElements(station: StationCapabilities): Uint8Array {
  const { power, channels, operatingClasses, rm, extended, ht, vht, he, eht, smPowerSave6, mbo, mldAddr } = station;
  return Uint8Array.from([
    ...(power ? element(powerId, [...i8(power.min, "minimum power"), ...i8(power.max, "maximum power")]) : []),
    ...(channels ? element(channelsId, runsOf(channels).flat()) : []),
    ...(rm ? element(rmCapabilitiesId, rmCapabilitiesBody(rm)) : []),
    ...(operatingClasses ? element(operatingClassesId, classOctets(operatingClasses)) : []),
    ...(ht ? element(elementIds.htCapabilities, htBody(ht)) : []),
    ...(extended ? element(extendedCapabilitiesId, bitOctets(extended)) : []),
    ...(vht ? element(elementIds.vhtCapabilities, vhtBody(vht)) : []),
    ...(he ? extendedElement(extensionIds.heCapabilities, heBody(he)) : []),
    ...(smPowerSave6 ? extendedElement(he6CapabilitiesId, [0, smPowerSaves[smPowerSave6] << 1]) : []),
    ...(eht ? extendedElement(extensionIds.ehtCapabilities, ehtBody(eht, he ?? null)) : []),
    ...(mldAddr ? extendedElement(multiLinkId, [...basicMultiLink, ...macOctets(mldAddr)]) : []),
    ...(mbo ? mboElement(mbo) : []),
  ]);
}

const powerId = 33;
const channelsId = 36;
const operatingClassesId = 59;
const extendedCapabilitiesId = 127;
const he6CapabilitiesId = 59;
const multiLinkId = 107;

const smPowerSaves: Readonly<Record<SmPowerSave, number>> = { static: 0, dynamic: 1, disabled: 3 };

/** Control field of a basic element without optional fields, and the length of the common information. */
const basicMultiLink = [0, 0, 7];

type FieldReader = (body: Uint8Array) => StationCapabilities;

const readers: ReadonlyMap<number, FieldReader> = new Map([
  [powerId, fieldReader("power", readPower)],
  [channelsId, fieldReader("channels", readChannels)],
  [operatingClassesId, fieldReader("operatingClasses", readClasses)],
  [rmCapabilitiesId, fieldReader("rm", (body) => (body.length > 0 ? readRmCapabilities(body) : null))],
  [extendedCapabilitiesId, fieldReader("extended", readBits)],
  [elementIds.htCapabilities, fieldReader("ht", readHt)],
  [elementIds.vhtCapabilities, fieldReader("vht", readVht)],
  [vendorElementId, fieldReader("mbo", readMboLeniently)],
]);

const extensionReaders: ReadonlyMap<number, FieldReader> = new Map([
  [extensionIds.heCapabilities, fieldReader("he", readHe)],
  [he6CapabilitiesId, fieldReader("smPowerSave6", readHe6SmPowerSave)],
  [multiLinkId, fieldReader("mldAddr", readMldAddress)],
]);

/** Nothing where `read` can make nothing of it. */
function fieldReader<K extends keyof StationCapabilities>(
  name: K,
  read: (body: Uint8Array) => StationCapabilities[K] | null,
): FieldReader {
  return (body) => {
    const value = read(body) ?? undefined;
    return value === undefined ? {} : { [name]: value };
  };
}

function firstOfEach(parts: readonly (StationCapabilities | undefined)[]): StationCapabilities {
  return Object.assign({}, ...parts.toReversed());
}

function readPower(body: Uint8Array): StationCapabilities["power"] | null {
  if (body.length !== 2) return null;
  const reader = new OctetReader(body);
  return { min: reader.i8("minimum power"), max: reader.i8("maximum power") };
}

/** Pairs of a first channel and how many there are, at the distance that the band has. */
function readChannels(body: Uint8Array): readonly number[] {
  const numbers = new Set<number>();
  for (let at = 0; at + 2 <= body.length; at += 2) {
    const [first = 0, count = 0] = body.subarray(at, at + 2);
    for (let index = 0; index < count; index++) {
      const number = first + index * stepAt(first);
      if (!isChannel(number)) break;
      numbers.add(number);
    }
  }
  return [...numbers].toSorted((a, b) => a - b);
}

function runsOf(channels: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const number of channels.toSorted((a, b) => a - b)) {
    if (!isChannel(number)) throw new RangeError(`supported channels: there is no channel ${number} on 2.4 and 5 GHz`);
    const run = runs.at(-1);
    if (run && number === run[0] + run[1] * stepAt(run[0])) run[1]++;
    else runs.push([number, 1]);
  }
  return runs;
}

function stepAt(first: number): number {
  return first <= 14 ? 1 : 4;
}

function isChannel(number: number): boolean {
  return channelFrequency(number <= 14 ? "2.4G" : "5G", number) !== null;
}

/** The list ends before a zero, which announces pairs; 130 is taken for the class, as stations mean it, not for a delimiter. */
function readClasses(body: Uint8Array): StationCapabilities["operatingClasses"] | null {
  const [current, ...rest] = body;
  if (current === undefined) return null;
  const end = rest.indexOf(0);
  return { current, supported: end < 0 ? rest : rest.slice(0, end) };
}

function classOctets({ current, supported }: NonNullable<StationCapabilities["operatingClasses"]>): number[] {
  return [
    ...u8(current, "current operating class"),
    ...supported.map((each) => whole(each, 1, 0xff, "supported operating class")),
  ];
}

function readBits(body: Uint8Array): readonly number[] {
  return Array.from({ length: body.length * 8 }, (_, bit) => bit).filter(
    (bit) => ((body[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0,
  );
}

function bitOctets(set: readonly number[]): number[] {
  const octets = new Array<number>(Math.max(0, ...set.map((bit) => (bit >> 3) + 1))).fill(0);
  for (const bit of set) {
    const at = whole(bit, 0, 255 * 8 - 1, "bit of the extended capabilities") >> 3;
    octets[at] = (octets[at] ?? 0) | (1 << (bit & 7));
  }
  return octets;
}

function readMboLeniently(body: Uint8Array): Mbo | null {
  const mbo = attempt("Multiband", () => readMbo(body));
  return mbo.ok ? (mbo.value ?? null) : null;
}

/** The common information of a basic element begins with its length and the address. */
function readMldAddress(body: Uint8Array): Mac | null {
  const [control = 0, , length = 0] = body;
  if ((control & 7) !== 0 || length < 7 || body.length < 3 + 6) return null;
  return new OctetReader(body.subarray(3)).mac("MLD address");
}
