/**
 * What a station can do in each generation: HT (IEEE 802.11-2020 §9.4.2.55), VHT (§9.4.2.157), HE (802.11ax §9.4.2.248, and §9.4.2.263 for
 * 6 GHz) and EHT (802.11be §9.4.2.313). Of each element only what steering asks for; the rest of what is built is zero.
 */

import { whole } from "./octets.ts";

export type SmPowerSave = "static" | "dynamic" | "disabled";

interface Streams {
  /** Spatial streams that it receives, from 1 on. */
  readonly streams: number;
  /** The highest MCS index with any number of streams. */
  readonly maxMcs: number;
}

/** `maxMcs`: 0 to 31, for the index of HT counts the streams. */
export interface HtCapabilities extends Streams {
  readonly width: 20 | 40;
  /** Undefined: a reserved value. */
  readonly smPowerSave?: SmPowerSave;
}

/** `maxMcs`: 7, 8 or 9. */
export interface VhtCapabilities extends Streams {
  readonly width: 80 | 160 | "80p80";
  readonly muBeamformee: boolean;
}

/** `maxMcs`: 7, 9 or 11. */
export interface HeCapabilities extends Streams {
  readonly width2g: 20 | 40;
  /** On 5 and 6 GHz. */
  readonly width: 20 | 80 | 160 | "80p80";
}

/** `maxMcs`: 7 (20 MHz only), 9, 11 or 13. */
export interface EhtCapabilities extends Streams {
  /** On 6 GHz. */
  readonly width320: boolean;
}

/** `null`: the body is too short, or has no MCS. */
export function readHt(body: Uint8Array): HtCapabilities | null {
  if (body.length < htLength) return null;
  const masks = body.subarray(htMcsAt, htMcsAt + 4);
  const streams = masks.findLastIndex((mask) => mask !== 0) + 1;
  if (streams === 0) return null;
  const info = body[0] ?? 0;
  const smPowerSave = smPowerSaves[(info >> 2) & 3];
  return {
    width: (info & 2) === 0 ? 20 : 40,
    streams,
    maxMcs: 8 * (streams - 1) + (31 - Math.clz32(masks[streams - 1] ?? 0)),
    ...(smPowerSave !== undefined && { smPowerSave }),
  };
}

export function htBody({ width, smPowerSave, streams, maxMcs }: HtCapabilities): number[] {
  whole(streams, 1, 4, "HT streams");
  const last = whole(maxMcs - 8 * (streams - 1), 0, 7, "highest MCS of the last stream");
  const masks = Array.from({ length: 4 }, (_, index) =>
    index + 1 < streams ? 0xff : index < streams ? (2 << last) - 1 : 0,
  );
  const save = smPowerSave === undefined ? 2 : smPowerSaves.indexOf(smPowerSave);
  return [(width === 40 ? 2 : 0) | (save << 2), 0, 0, ...masks, ...zeros(htLength - htMcsAt - 4)];
}

export function readVht(body: Uint8Array): VhtCapabilities | null {
  if (body.length < vhtLength) return null;
  const map = mapOf(body, vhtMcsAt, vhtMcs);
  if (!map) return null;
  const widths = ((body[0] ?? 0) >> 2) & 3;
  // The two highest bits (extended NSS BW support) add widths with fewer streams.
  const extended = (body[3] ?? 0) >> 6;
  const halves = widths === 2 || extended >= 2 || (widths === 1 && extended === 1);
  const width = halves ? "80p80" : widths === 1 || extended === 1 ? 160 : 80;
  return { width, muBeamformee: ((body[2] ?? 0) & 0x10) !== 0, ...map };
}

export function vhtBody({ width, muBeamformee, ...map }: VhtCapabilities): number[] {
  const widths = width === "80p80" ? 2 : width === 160 ? 1 : 0;
  const mcs = mapOctets(map, vhtMcs, "VHT");
  return [widths << 2, 0, muBeamformee ? 0x10 : 0, 0, ...mcs, 0, 0, ...mcs, 0, 0];
}

/** `body`: without the extension's id. */
export function readHe(body: Uint8Array): HeCapabilities | null {
  const map = body.length < heMcsAt + 4 ? null : mapOf(body, heMcsAt, heMcs);
  if (!map) return null;
  const widths = body[hePhyAt] ?? 0;
  const has = (bit: number) => (widths & (1 << bit)) !== 0;
  return { width2g: has(1) ? 40 : 20, width: has(4) ? "80p80" : has(3) ? 160 : has(2) ? 80 : 20, ...map };
}

export function heBody({ width2g, width, ...map }: HeCapabilities): number[] {
  const widths = { 20: 0, 80: 0x04, 160: 0x0c, "80p80": 0x1c }[width];
  const mcs = mapOctets(map, heMcs, "HE");
  const maps = width === "80p80" ? 3 : width === 160 ? 2 : 1;
  return [
    ...zeros(hePhyAt),
    widths | (width2g === 40 ? 0x02 : 0),
    ...zeros(heMcsAt - hePhyAt - 1),
    ...Array.from({ length: maps }, () => [...mcs, ...mcs]).flat(),
  ];
}

/** Of the HE 6 GHz band capabilities, which stand in for HT there. */
export function readHe6SmPowerSave(body: Uint8Array): SmPowerSave | undefined {
  return body.length < 2 ? undefined : smPowerSaves[((body[1] ?? 0) >> 1) & 3];
}

/** `he`: that of the same station; whether it knows 20 MHz only decides on the form of the MCS map. */
export function readEht(body: Uint8Array, he: HeCapabilities | null): EhtCapabilities | null {
  const highest = ehtHighest(he);
  if (body.length < ehtMcsAt + highest.length) return null;
  const received = highest.map((_, index) => (body[ehtMcsAt + index] ?? 0) & 15);
  const last = received.findLastIndex((streams) => streams > 0);
  const maxMcs = highest[last];
  if (maxMcs === undefined) return null;
  return { width320: ((body[ehtPhyAt] ?? 0) & 2) !== 0, streams: Math.max(...received), maxMcs };
}

export function ehtBody({ width320, streams, maxMcs }: EhtCapabilities, he: HeCapabilities | null): number[] {
  const highest = ehtHighest(he);
  const last = highest.indexOf(maxMcs);
  if (last < 0) throw new RangeError(`EHT: ${maxMcs} is none of the highest MCS ${highest.join(", ")}`);
  whole(streams, 1, 8, "EHT streams");
  const map = highest.map((_, index) => (index <= last ? streams | (streams << 4) : 0));
  const wider = he === null || he.width === 20 || he.width === 80 ? 0 : 1;
  const maps = Array.from({ length: 1 + wider + (width320 ? 1 : 0) }, () => map).flat();
  return [...zeros(ehtPhyAt), width320 ? 2 : 0, ...zeros(ehtMcsAt - ehtPhyAt - 1), ...maps];
}

const smPowerSaves: readonly (SmPowerSave | undefined)[] = ["static", "dynamic", undefined, "disabled"];

const htLength = 26;
const htMcsAt = 3;
const vhtLength = 12;
const vhtMcsAt = 4;
const hePhyAt = 6;
const heMcsAt = 17;
const ehtPhyAt = 2;
const ehtMcsAt = 11;

/** Highest MCS by the two bits of a stream in an MCS map; 3: the stream is not supported. */
const vhtMcs: readonly number[] = [7, 8, 9];
const heMcs: readonly number[] = [7, 9, 11];

function ehtHighest(he: HeCapabilities | null): readonly number[] {
  return he !== null && he.width === 20 && he.width2g === 20 ? [7, 9, 11, 13] : [9, 11, 13];
}

/** The map of what is received, two bits for each of eight streams. */
function mapOf(body: Uint8Array, at: number, highest: readonly number[]): Streams | null {
  const map = (body[at] ?? 0) | ((body[at + 1] ?? 0) << 8);
  const best = Array.from({ length: 8 }, (_, stream) => highest[(map >> (2 * stream)) & 3]);
  const streams = best.findLastIndex((each) => each !== undefined) + 1;
  return streams === 0 ? null : { streams, maxMcs: Math.max(...best.map((each) => each ?? 0)) };
}

function mapOctets({ streams, maxMcs }: Streams, highest: readonly number[], name: string): number[] {
  const value = highest.indexOf(maxMcs);
  if (value < 0) throw new RangeError(`${name}: ${maxMcs} is none of the highest MCS ${highest.join(", ")}`);
  whole(streams, 1, 8, `${name} streams`);
  const map = Array.from({ length: 8 }, (_, stream) => (stream < streams ? value : 3) << (2 * stream));
  const all = map.reduce((sum, each) => sum | each, 0);
  return [all & 0xff, all >>> 8];
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
