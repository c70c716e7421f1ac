/** Samples as TLV and back, by their definitions. What does not fit its definition is left out and counted, never thrown. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import {
  definitionOf,
  type Field,
  type Fields,
  type StatsName,
  statsNames,
  type Value,
  type Values,
} from "./definitions.ts";
import { deltaFlag, readTlv, type TlvElement, TlvWriter, tlvTypes } from "./tlv.ts";

/** Fields whose value is what was added, not a total; by name, nested ones by their members. */
export type Deltas = { readonly [name: string]: true | Deltas };

export interface Sample {
  readonly stats: StatsName;
  readonly values: Values;
  /** Absent: all are totals. */
  readonly deltas?: Deltas;
  /** Since when its totals have counted, monotonic ms; absent: the driver has not said. */
  readonly since?: number;
}

/** How many of what could not be used: an id without a definition, a payload unlike its definition, a buffer cut short. */
export interface Faults {
  unknown: number;
  malformed: number;
  truncated: number;
}

export function noFaults(): Faults {
  return { unknown: 0, malformed: 0, truncated: 0 };
}

/**
 * The buffer as drivers of OpenSync hand it in: samples one after the other, each nested in the id of its kind. A
 * value is cut to what its type holds (u32: modulo 2³²).
 */
export function encodeSamples(samples: readonly Sample[]): Uint8Array {
  const writer = new TlvWriter();
  for (const { stats, values, deltas } of samples) {
    const { id, fields } = definitionOf(stats);
    writer.nested(id, () => writeValues(writer, fields, values, deltas));
  }
  return writer.finish();
}

/** Never throws; `faults` is added to. */
export function decodeSamples(bytes: Uint8Array, faults: Faults): readonly Sample[] {
  const { elements, rest } = readTlv(bytes);
  if (rest > 0) faults.truncated++;
  return elements.flatMap(({ id, type, payload }) => {
    const stats = byId.get(id);
    if (stats === undefined) {
      faults.unknown++;
      return [];
    }
    if (type !== tlvTypes.nested) {
      faults.malformed++;
      return [];
    }
    const { values, deltas } = parseValues(definitionOf(stats).fields, payload, faults);
    return [{ stats, values, ...(deltas && { deltas }) }];
  });
}

/** Of two elements with one id the later counts. */
function parseValues(
  fields: Fields,
  bytes: Uint8Array,
  faults: Faults,
): { readonly values: Values; readonly deltas?: Deltas } {
  const { elements, rest } = readTlv(bytes);
  const { names } = layoutOf(fields);
  if (rest > 0) faults.truncated++;
  const values: Record<string, Value> = {};
  const deltas: Record<string, true | Deltas> = {};
  for (const element of elements) {
    const name = names.get(element.id);
    const field = name === undefined ? undefined : fields[name];
    if (name === undefined || !field) {
      faults.unknown++;
      continue;
    }
    if (field.type === "nested" && element.type === tlvTypes.nested) {
      const inner = parseValues(field.fields, element.payload, faults);
      values[name] = inner.values;
      delete deltas[name];
      if (inner.deltas) deltas[name] = inner.deltas;
      continue;
    }
    const value = parseValue(field, element);
    if (value === undefined) {
      faults.malformed++;
      continue;
    }
    values[name] = value;
    delete deltas[name];
    if ((element.flags & deltaFlag) !== 0) deltas[name] = true;
  }
  return { values, ...(Object.keys(deltas).length > 0 && { deltas }) };
}

/** Undefined where the payload is not of the field's type. */
function parseValue({ type }: Field, { type: actual, payload }: TlvElement): Value | undefined {
  if (actual !== wireTypes[type]) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  switch (type) {
    case "u32":
      return payload.length === 4 ? view.getUint32(0, true) : undefined;
    case "float": {
      const value = payload.length === 4 ? view.getFloat32(0, true) : Number.NaN;
      return Number.isFinite(value) ? value : undefined;
    }
    case "string":
      return payload.at(-1) === 0 ? textOf(payload) : undefined;
    case "hwaddr":
      return payload.length === 6 ? macOf(payload) : undefined;
    case "bytes":
      return payload.slice();
    case "nested":
      return undefined;
  }
}

function writeValues(writer: TlvWriter, fields: Fields, values: Values, deltas: Deltas | undefined): void {
  for (const [name, field] of layoutOf(fields).ordered) {
    const value = values[name];
    if (value === undefined) continue;
    const delta = deltas?.[name];
    writeValue(writer, field, value, delta);
  }
}

function writeValue(writer: TlvWriter, field: Field, value: Value, delta: true | Deltas | undefined): void {
  const { id, type } = field;
  const flags = delta === true ? deltaFlag : 0;
  if (type === "u32" && typeof value === "number") writer.u32(id, value, flags);
  if (type === "float" && typeof value === "number") writer.float(id, value, flags);
  if (type === "string" && typeof value === "string") {
    const end = value.indexOf("\0");
    writer.bytes(id, tlvTypes.string, encoder.encode(`${end < 0 ? value : value.slice(0, end)}\0`), flags);
  }
  if (type === "hwaddr" && typeof value === "string") {
    const octets = parseMac(value)?.split(":");
    if (octets) {
      writer.bytes(
        id,
        tlvTypes.hwaddr,
        Uint8Array.from(octets, (octet) => Number.parseInt(octet, 16)),
        flags,
      );
    }
  }
  if (type === "bytes" && value instanceof Uint8Array) writer.bytes(id, tlvTypes.unspec, value, flags);
  if (type === "nested" && typeof value === "object" && !(value instanceof Uint8Array)) {
    writer.nested(id, () => writeValues(writer, field.fields, value, delta === true ? undefined : delta));
  }
}

const wireTypes: Readonly<Record<Field["type"], number>> = {
  u32: tlvTypes.u32,
  float: tlvTypes.float,
  string: tlvTypes.string,
  hwaddr: tlvTypes.hwaddr,
  bytes: tlvTypes.unspec,
  nested: tlvTypes.nested,
};

const byId: ReadonlyMap<number, StatsName> = new Map(statsNames.map((stats) => [definitionOf(stats).id, stats]));

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Up to the first NUL, as C reads it. */
function textOf(payload: Uint8Array): string {
  return decoder.decode(payload.subarray(0, payload.indexOf(0)));
}

function macOf(payload: Uint8Array): Mac {
  return [...payload].map((octet) => octet.toString(16).padStart(2, "0")).join(":") as Mac;
}

interface Layout {
  /** Elements are written in the order of their ids. */
  readonly ordered: readonly (readonly [string, Field])[];
  readonly names: ReadonlyMap<number, string>;
}

const layouts = new WeakMap<Fields, Layout>();

function layoutOf(fields: Fields): Layout {
  const known = layouts.get(fields);
  if (known) return known;
  const ordered = Object.entries(fields).toSorted(([, a], [, b]) => a.id - b.id);
  const layout = { ordered, names: new Map(ordered.map(([name, { id }]) => [id, name])) };
  layouts.set(fields, layout);
  return layout;
}
