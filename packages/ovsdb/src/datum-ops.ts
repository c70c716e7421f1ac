/** Comparing, combining and diffing datums. All take and return immutable values; sets and maps stay in order. */

import { atomToText } from "./atom.ts";
import { compareAtoms } from "./atom-order.ts";
import type { Atom, Datum } from "./datum.ts";
import { type DatumType, orderedMap } from "./datum-json.ts";
import { stringifyJson } from "./json.ts";

type AtomSet = readonly Atom[];
type AtomMap = ReadonlyMap<Atom, Atom>;

export function isAtomMap(datum: unknown): datum is AtomMap {
  return datum instanceof Map;
}

/** Whether two datums of the same column are equal. */
export function equalDatums(a: Datum, b: Datum): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((atom, index) => atom === b[index]);
  }
  if (!isAtomMap(a) || !isAtomMap(b) || a.size !== b.size) return false;
  for (const [key, value] of a) {
    if (b.get(key) !== value) return false;
  }
  return true;
}

/** The order of `sort`: first by number of elements, then by keys, then by values. */
export function compareDatums(a: Datum, b: Datum): number {
  const [keysA, keysB] = [atomsOf(a), atomsOf(b)];
  if (keysA.length !== keysB.length) return keysA.length - keysB.length;
  return compareLists(keysA, keysB) || compareLists(valuesOf(a), valuesOf(b));
}

function compareLists(a: AtomSet, b: AtomSet): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareAtoms(a[i] as Atom, b[i] as Atom);
    if (order !== 0) return order;
  }
  return 0;
}

/** The atoms of a scalar, optional or set; the keys of a map. */
export function atomsOf(datum: Datum): AtomSet {
  if (datum === null) return [];
  if (isAtomMap(datum)) return [...datum.keys()];
  return Array.isArray(datum) ? datum : [datum as Atom];
}

/** The values of a map; nothing for other datums. */
export function valuesOf(datum: Datum): AtomSet {
  return isAtomMap(datum) ? [...datum.values()] : [];
}

/** A text that two datums of the same column have in common only when they are equal. */
export function datumKey(datum: Datum): string {
  if (isAtomMap(datum)) return stringifyJson([...datum].flat() as Atom[]);
  return stringifyJson(datum as Atom | null | Atom[]);
}

/** Whether the sorted set holds `atom`. */
export function contains(set: AtomSet, atom: Atom): boolean {
  const position = lowerBound(set, atom);
  return position < set.length && set[position] === atom;
}

/** The position of `atom` in a sorted set, or where it would have to be inserted. */
function lowerBound(set: AtomSet, atom: Atom): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareAtoms(set[middle] as Atom, atom) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All atoms of either set. Returns `a` itself when it holds them all. */
export function union(a: AtomSet, b: AtomSet): AtomSet {
  const missing = b.filter((atom) => !contains(a, atom));
  if (missing.length === 0) return a;
  if (missing.length === 1) {
    const [atom] = missing as [Atom];
    return (a as Atom[]).toSpliced(lowerBound(a, atom), 0, atom);
  }
  return [...a, ...missing].sort(compareAtoms);
}

/** The atoms of `a` that are not in `b`. Returns `a` itself when none is. */
export function difference(a: AtomSet, b: AtomSet): AtomSet {
  if (b.length === 1) {
    const [atom] = b as [Atom];
    return contains(a, atom) ? (a as Atom[]).toSpliced(lowerBound(a, atom), 1) : a;
  }
  const rest = a.filter((atom) => !contains(b, atom));
  return rest.length === a.length ? a : rest;
}

/** Adds the pairs of `b` whose keys `a` lacks. Returns `a` itself when there are none. */
export function unionMaps(a: AtomMap, b: AtomMap): AtomMap {
  const missing = [...b].filter(([key]) => !a.has(key));
  return missing.length === 0 ? a : orderedMap([...a, ...missing]);
}

/** Removes the pairs for which `drop` holds. Returns `map` itself when there are none. */
export function withoutPairs(map: AtomMap, drop: (key: Atom, value: Atom) => boolean): AtomMap {
  const rest = [...map].filter(([key, value]) => !drop(key, value));
  return rest.length === map.size ? map : new Map(rest);
}

/**
 * What turns `from` into `to`, as database files (`_is_diff`) and `update2` say it: for sets the atoms that come or go, for
 * maps the pairs that come, go (with their old value) or change (with their new one), else the new value. (A map of at most
 * one pair counts as a single value.)
 */
export function diffDatums(type: DatumType, from: Datum, to: Datum): Datum {
  if (type.shape === "set") {
    const [a, b] = [from as AtomSet, to as AtomSet];
    return [...difference(a, b), ...difference(b, a)].sort(compareAtoms);
  }
  if (type.shape !== "map" || type.max === 1) return to;
  const [a, b] = [from as AtomMap, to as AtomMap];
  const gone = [...a].filter(([key]) => !b.has(key));
  const changed = [...b].filter(([key, value]) => a.get(key) !== value);
  return orderedMap([...gone, ...changed]);
}

/** The datum that `diffDatums(type, base, result)` described. */
export function applyDiff(type: DatumType, base: Datum, diff: Datum): Datum {
  if (type.shape === "set") {
    const [a, d] = [base as AtomSet, diff as AtomSet];
    return union(difference(a, d), difference(d, a));
  }
  if (type.shape !== "map" || type.max === 1) return diff;
  const result = new Map(base as AtomMap);
  for (const [key, value] of diff as AtomMap) {
    if (result.get(key) === value) result.delete(key);
    else result.set(key, value);
  }
  return orderedMap([...result]);
}

/** The number of elements of a datum. */
export function countOf(datum: Datum): number {
  if (datum === null) return 0;
  if (isAtomMap(datum)) return datum.size;
  return Array.isArray(datum) ? datum.length : 1;
}

/** A datum as messages show it: `a`, `[1, 2]`, `{a=1}`. */
export function datumToText(type: DatumType, datum: Datum): string {
  if (isAtomMap(datum)) {
    const valueType = type.value?.type ?? type.key.type;
    const pairs = [...datum].map(([k, v]) => `${atomToText(type.key.type, k)}=${atomToText(valueType, v)}`);
    return `{${pairs.join(", ")}}`;
  }
  if (datum === null) return "[]";
  if (!Array.isArray(datum)) return atomToText(type.key.type, datum as Atom);
  return `[${datum.map((atom) => atomToText(type.key.type, atom)).join(", ")}]`;
}

/** A column's type in words: "integer", "set of up to 4 strings", "map of (string, integer) pairs". */
export function typeToText(type: DatumType): string {
  if (type.shape === "scalar") return type.key.type;
  const unlimited = type.max === Number.POSITIVE_INFINITY;
  const some = type.min > 0 ? (unlimited ? ` ${type.min} or more` : ` ${type.min} to ${type.max}`) : "";
  const count = some || (unlimited ? "" : ` up to ${type.max}`);
  if (type.value === null) return `set of${count} ${type.key.type}s`;
  return `map of${count} (${type.key.type}, ${type.value.type}) pairs`;
}
