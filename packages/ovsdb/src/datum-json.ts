/** Datums from and to JSON (RFC 7047 §5.1 `<value>`, `<set>`, `<map>`), with the checks of the column's type. */

import { atomFromJson, atomToJson, checkAtom, defaultAtom } from "./atom.ts";
import { compareAtoms } from "./atom-order.ts";
import { type Atom, type Datum, emptyMap, emptySet } from "./datum.ts";
import { NamedUuid } from "./declare.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { isArray, type JsonValue } from "./json.ts";
import type { DatumInput } from "./operations.ts";
import type { ColumnSchema } from "./schema.ts";

/** What of a column decides the form of its values. */
export type DatumType = Pick<ColumnSchema, "shape" | "key" | "value" | "min" | "max">;

/**
 * The datum that `json` stands for. With `"named"`, references may be `["named-uuid", …]`.
 * Throws an `OvsdbError`: `syntax error` for the wrong form or number of elements, `constraint violation` for a value out of
 * range, `ovsdb error` for duplicates.
 */
export function datumFromJson(type: DatumType, json: JsonValue, named: "named"): DatumInput;
export function datumFromJson(type: DatumType, json: JsonValue, named?: undefined): Datum;
export function datumFromJson(type: DatumType, json: JsonValue, named?: "named"): DatumInput {
  if (type.shape === "map") return mapFromJson(type, json, named);
  if (!isArray(json) || json[0] !== "set") {
    const atom = checkNamed(atomFromJson(type.key, json), json, named);
    return type.shape === "set" ? [atom] : atom;
  }
  return setFromJson(type, json, named);
}

function setFromJson(type: DatumType, json: readonly JsonValue[], named: "named" | undefined): DatumInput {
  const members = json[1];
  if (json.length !== 2 || !isArray(members)) throw syntaxError('expected ["set", <array>]', json);
  checkCount(type, "set", members.length, json);
  if (members.length === 0) return type.shape === "optional" ? null : emptySet;
  const atoms = members.map((member) => checkNamed(atomFromJson(type.key, member), member, named));
  if (type.shape !== "set") return atoms[0] as Atom | NamedUuid;
  return sortedSet(atoms);
}

function mapFromJson(type: DatumType, json: JsonValue, named: "named" | undefined): DatumInput {
  const pairs = isArray(json) && json.length === 2 && json[0] === "map" ? json[1] : undefined;
  if (!isArray(pairs)) throw syntaxError('expected ["map", <array>]', json);
  checkCount(type, "map", pairs.length, json);
  if (pairs.length === 0) return emptyMap;
  const value = type.value ?? type.key;
  const entries = pairs.map((pair): [Atom | NamedUuid, Atom | NamedUuid] => {
    if (!isArray(pair) || pair.length !== 2) throw syntaxError("expected 2-element array", pair);
    const [k, v] = pair as [JsonValue, JsonValue];
    return [checkNamed(atomFromJson(type.key, k), k, named), checkNamed(atomFromJson(value, v), v, named)];
  });
  return sortedMap(entries);
}

function checkNamed(atom: Atom | NamedUuid, json: JsonValue, named: "named" | undefined): Atom | NamedUuid {
  if (atom instanceof NamedUuid && named === undefined) throw syntaxError('expected ["uuid", <string>]', json);
  return atom;
}

/** Throws unless a set or map of `count` elements fits the column. */
function checkCount(type: DatumType, what: "set" | "map", count: number, culprit: JsonValue): void {
  if (count >= type.min && count <= type.max) return;
  throw syntaxError(`${what} ${expectedCount(type)} but ${count} are present`, culprit);
}

/** "must have 0 to 3 members", as messages about sets and maps say it. */
export function expectedCount(type: DatumType): string {
  if (type.min === type.max) return "must have exactly one member";
  return `must have ${type.min} to ${type.max === Number.POSITIVE_INFINITY ? "unlimited" : type.max} members`;
}

/** Sorted; throws on duplicates. Rows yet to be inserted stay in place until their UUIDs are known. */
export function sortedSet<T extends Atom | NamedUuid>(atoms: T[]): readonly T[] {
  if (atoms.length < 2 || atoms.some((atom) => atom instanceof NamedUuid)) return atoms;
  const sorted = atoms as Atom[];
  sorted.sort(compareAtoms);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1]) throw new OvsdbError("ovsdb error", "set contains duplicate");
  }
  return atoms;
}

/** In order of key; throws on duplicate keys. Rows yet to be inserted stay in place until their UUIDs are known. */
export function sortedMap<T extends Atom | NamedUuid>(entries: [T, T][]): ReadonlyMap<T, T> {
  const map = entries.some(([key]) => key instanceof NamedUuid)
    ? new Map(entries)
    : (orderedMap(entries as [Atom, Atom][]) as ReadonlyMap<T, T>);
  if (map.size !== entries.length) throw new OvsdbError("ovsdb error", "map contains duplicate key");
  return map;
}

/** The map of `entries`, in order of key. */
export function orderedMap(entries: [Atom, Atom][]): ReadonlyMap<Atom, Atom> {
  return new Map(entries.length < 2 ? entries : entries.sort(([a], [b]) => compareAtoms(a, b)));
}

/** The JSON of a datum: scalars bare, an optional as a bare atom or an empty set, a set of one as a bare atom. */
export function datumToJson(type: DatumType, datum: Datum): JsonValue {
  switch (type.shape) {
    case "scalar":
      return atomToJson(type.key.type, datum as Atom);
    case "optional":
      return datum === null ? ["set", []] : atomToJson(type.key.type, datum as Atom);
    case "set": {
      const atoms = datum as readonly Atom[];
      if (atoms.length === 1) return atomToJson(type.key.type, atoms[0] as Atom);
      return ["set", type.key.type === "uuid" ? atoms.map((atom) => ["uuid", atom]) : atoms];
    }
    case "map": {
      const keyType = type.key.type;
      const valueType = type.value?.type ?? keyType;
      const pairs: JsonValue[] = [];
      for (const [key, value] of datum as ReadonlyMap<Atom, Atom>) {
        pairs.push([atomToJson(keyType, key), atomToJson(valueType, value)]);
      }
      return ["map", pairs];
    }
  }
}

/** The value of a column that an insert leaves out (RFC 7047 §5.2.1). */
export function defaultDatum(type: DatumType): Datum {
  switch (type.shape) {
    case "scalar":
      return defaultAtom(type.key.type);
    case "optional":
      return null;
    case "set":
      return type.min === 0 ? emptySet : [defaultAtom(type.key.type)];
    case "map": {
      if (type.min === 0) return emptyMap;
      const valueType = type.value?.type ?? type.key.type;
      return new Map([[defaultAtom(type.key.type), defaultAtom(valueType)]]);
    }
  }
}

/** Throws a constraint violation unless every atom of `datum` meets its base type. Counts are not checked. */
export function checkDatum(type: DatumType, datum: Datum): void {
  switch (type.shape) {
    case "scalar":
      checkAtom(type.key, datum as Atom);
      return;
    case "optional":
      if (datum !== null) checkAtom(type.key, datum as Atom);
      return;
    case "set":
      for (const atom of datum as readonly Atom[]) checkAtom(type.key, atom);
      return;
    case "map":
      for (const [key, value] of datum as ReadonlyMap<Atom, Atom>) {
        checkAtom(type.key, key);
        if (type.value) checkAtom(type.value, value);
      }
  }
}
