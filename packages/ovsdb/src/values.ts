/** What a typed caller writes (`WriteOf`) as the database's datums, and on to JSON. */

import { atomToJson, bareAtomFromJson, checkAtom, parseUuid } from "./atom.ts";
import type { Atom } from "./datum.ts";
import { expectedCount, sortedMap, sortedSet } from "./datum-json.ts";
import { type BaseType, NamedUuid } from "./declare.ts";
import { constraintViolation, OvsdbError, syntaxError } from "./errors.ts";
import { isArray, type JsonValue } from "./json.ts";
import type { DatumInput } from "./operations.ts";
import type { ColumnSchema } from "./schema.ts";

type Input = Atom | NamedUuid;

/**
 * The datum for `value`: the atom itself, `null`, an array for a set (any order; a lone atom will do), a `Map` or a
 * plain object for a map. With `check`, the column's constraints must hold too. Throws an `OvsdbError` that names the column.
 */
export function datumFromValue(column: ColumnSchema, value: unknown, check: boolean): DatumInput {
  try {
    switch (column.shape) {
      case "scalar":
        return atom(column.key, value, check);
      case "optional":
        return value === null ? null : atom(column.key, value, check);
      case "set": {
        const values = Array.isArray(value) ? value : [value];
        if (check) checkCount(column, values.length);
        return sortedSet(values.map((member) => atom(column.key, member, check)));
      }
      case "map": {
        const entries = mapEntries(value);
        if (check) checkCount(column, entries.length);
        const base = column.value ?? column.key;
        return sortedMap(entries.map(([k, v]): [Input, Input] => [atom(column.key, k, check), atom(base, v, check)]));
      }
    }
  } catch (error) {
    if (error instanceof OvsdbError) throw error.at(`column ${column.name}`);
    throw error;
  }
}

/** The keys alone of a map column, as `delete` takes them (RFC 7047 §5.1 `<mutation>`), or one number for arithmetic on a set. */
export function elementsFromValue(column: ColumnSchema, value: unknown): DatumInput {
  return Array.isArray(value)
    ? sortedSet(value.map((member) => atom(column.key, member, false)))
    : atom(column.key, value, false);
}

/** The JSON of a datum that may name rows yet to be inserted. `elements`: keys alone of a map column. */
export function inputToJson(column: ColumnSchema, datum: DatumInput): JsonValue {
  if (datum === null) return ["set", []];
  const key = column.key.type;
  if (isInputArray(datum)) return ["set", datum.map((member) => inputAtomToJson(key, member))];
  if (datum instanceof Map) {
    const value = column.value?.type ?? key;
    const pairs: JsonValue[] = [];
    for (const [k, v] of datum as ReadonlyMap<Input, Input>) {
      pairs.push([inputAtomToJson(key, k), inputAtomToJson(value, v)]);
    }
    return ["map", pairs];
  }
  return inputAtomToJson(key, datum as Input);
}

function inputAtomToJson(type: BaseType<unknown>["type"], value: Input): JsonValue {
  return value instanceof NamedUuid ? ["named-uuid", value.name] : atomToJson(type, value);
}

function isInputArray(datum: DatumInput): datum is readonly Input[] {
  return Array.isArray(datum);
}

function atom(base: BaseType<unknown>, value: unknown, check: boolean): Input {
  if (base.type === "uuid") {
    if (value instanceof NamedUuid) return value;
    const uuid = typeof value === "string" ? parseUuid(value) : undefined;
    if (uuid === undefined) throw syntaxError(`expected a UUID, not ${describe(value)}`);
    return uuid;
  }
  if (!isAtom(value)) throw syntaxError(`expected ${base.type}, not ${describe(value)}`);
  const result = bareAtomFromJson(base.type, value) as Atom;
  if (check) checkAtom(base, result);
  return result;
}

function isAtom(value: unknown): value is Atom {
  return (
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
  );
}

function mapEntries(value: unknown): (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value];
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof NamedUuid)) {
    return Object.entries(value);
  }
  throw syntaxError(`expected a map, not ${describe(value)}`);
}

function checkCount(column: ColumnSchema, count: number): void {
  if (count >= column.min && count <= column.max) return;
  throw constraintViolation(`${expectedCount(column)} but ${count} are present`);
}

function describe(value: unknown): string {
  if (value instanceof NamedUuid) return `the new row ${value.name}`;
  if (isArray(value as JsonValue)) return "an array";
  return value === null || value === undefined || isAtom(value) ? String(value) : typeof value;
}
