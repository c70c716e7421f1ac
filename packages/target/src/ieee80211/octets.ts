/**
 * Fields of management frames: little endian, and addresses in the order in which they are written (IEEE 802.11-2020 §9.2.2).
 * A reader names the field within which the octets end; a writer refuses what the field cannot hold.
 */

import { type Mac, mac } from "@opensync-ts/base/units";
import { maxFrameOctets } from "./limits.ts";

/** `reason`: a sentence for a log, without what the frame contains. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Never throws for what the octets are. What is read lies in a copy, so that drivers may use their buffer again. */
export function parsed<T>(what: string, octets: Uint8Array, read: (reader: OctetReader) => T): Parsed<T> {
  if (octets.length > maxFrameOctets) return { ok: false, reason: `${what}: ${octets.length} octets are too many` };
  return attempt(what, () => read(new OctetReader(octets.slice())));
}

/** What an `OctetReader` within `read` finds wrong becomes a reason. */
export function attempt<T>(what: string, read: () => T): Parsed<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, reason: `${what}: ${error.message}` };
  }
}

/** Thrown while reading, and caught by `parsed`. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

export class OctetReader {
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  get remaining(): number {
    return this.#octets.length - this.#at;
  }

  u8(field: string): number {
    return this.take(1, field)[0] ?? 0;
  }

  i8(field: string): number {
    return (this.u8(field) << 24) >> 24;
  }

  u16(field: string): number {
    return this.u8(field) | (this.u8(field) << 8);
  }

  u32(field: string): number {
    return this.u16(field) + this.u16(field) * 0x1_0000;
  }

  u64(field: string): bigint {
    return BigInt(this.u32(field)) | (BigInt(this.u32(field)) << 32n);
  }

  mac(field: string): Mac {
    return macOf(this.take(6, field));
  }

  /** A view. */
  take(length: number, field: string): Uint8Array {
    const end = this.#at + length;
    if (end > this.#octets.length) throw new Unreadable(`it ends within the ${field}`);
    const view = this.#octets.subarray(this.#at, end);
    this.#at = end;
    return view;
  }

  /** A view of what is left. */
  rest(): Uint8Array {
    return this.take(this.remaining, "rest");
  }
}

export function u8(value: number, field: string): number[] {
  return [whole(value, 0, 0xff, field)];
}

export function i8(value: number, field: string): number[] {
  return [whole(value, -128, 127, field) & 0xff];
}

export function u16(value: number, field: string): number[] {
  whole(value, 0, 0xffff, field);
  return [value & 0xff, value >>> 8];
}

export function u32(value: number, field: string): number[] {
  whole(value, 0, 0xffff_ffff, field);
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

export function u64(value: bigint, field: string): number[] {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new RangeError(`${field}: ${value} does not fit into it`);
  return [...u32(Number(value & 0xffff_ffffn), field), ...u32(Number(value >> 32n), field)];
}

export function macOctets(address: Mac): number[] {
  return mac(address)
    .split(":")
    .map((octet) => Number.parseInt(octet, 16));
}

/** `value`, where it is a whole number from `low` to `high`. */
export function whole(value: number, low: number, high: number, field: string): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new RangeError(`${field}: ${value} is not a whole number from ${low} to ${high}`);
}

/** What is `undefined` is left out, so that optional fields that a frame lacks are not there. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function macOf(octets: Uint8Array): Mac {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join(":") as Mac;
}
