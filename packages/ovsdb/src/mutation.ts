/** Mutations (RFC 7047 §5.1 `<mutation>`): from JSON, and applied to a value. */

import { checkAtom } from "./atom.ts";
import { compareAtoms } from "./atom-order.ts";
import { findColumn } from "./columns.ts";
import { unknownColumn } from "./condition.ts";
import type { Atom, Datum } from "./datum.ts";
import { type DatumType, datumFromJson } from "./datum-json.ts";
import { atomsOf, countOf, difference, isAtomMap, typeToText, union, unionMaps, withoutPairs } from "./datum-ops.ts";
import { constraintViolation, inColumn, OvsdbError, syntaxError } from "./errors.ts";
import { isArray, isInt64, type JsonValue } from "./json.ts";
import type { DatumInput, Mutation, Mutator } from "./operations.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";

const mutators: readonly string[] = ["+=", "-=", "*=", "/=", "%=", "insert", "delete"];

/** Throws an `OvsdbError` for the first mutation at fault. */
export function mutationsFromJson(table: TableSchema, json: readonly JsonValue[]): Mutation[] {
  return json.map((mutation) => mutationFromJson(table, mutation));
}

function mutationFromJson(table: TableSchema, json: JsonValue): Mutation {
  if (!isArray(json) || json.length !== 3 || typeof json[0] !== "string" || typeof json[1] !== "string") {
    throw syntaxError("Parse error in mutation.", json);
  }
  const [name, word, valueJson] = json as [string, string, JsonValue];
  const column = findColumn(table, name);
  if (!column) throw unknownColumn(table, name, json);
  if (!column.mutable) {
    throw new OvsdbError(
      "constraint violation",
      `Cannot mutate immutable column ${name} in table ${table.name}.`,
      json,
    );
  }
  if (!mutators.includes(word)) throw new OvsdbError("unknown mutator", `No mutator named ${word}.`);
  const mutator = word as Mutator;
  if (!applies(mutator, column)) {
    throw syntaxError(
      `Type mismatch: "${mutator}" operator may not be applied to column ${name} of type ${typeToText(column)}.`,
      json,
    );
  }
  try {
    return { column: name, mutator, value: operandFromJson(column, mutator, valueJson) };
  } catch (error) {
    throw inColumn(error, table.name, name);
  }
}

function applies(mutator: Mutator, column: ColumnSchema): boolean {
  const { type } = column.key;
  switch (mutator) {
    case "insert":
    case "delete":
      return column.shape !== "scalar";
    case "%=":
      return column.shape !== "map" && type === "integer";
    default:
      return column.shape !== "map" && (type === "integer" || type === "real");
  }
}

function operandFromJson(column: ColumnSchema, mutator: Mutator, json: JsonValue): DatumInput {
  if (mutator !== "insert" && mutator !== "delete") {
    const scalar: DatumType = { shape: "scalar", key: { type: column.key.type }, value: null, min: 1, max: 1 };
    return datumFromJson(scalar, json, "named");
  }
  const max = mutator === "delete" ? Number.POSITIVE_INFINITY : column.max;
  const set: DatumType = { ...column, shape: "set", value: null, min: 0, max };
  if (column.shape !== "map") return datumFromJson(set, json, "named");
  try {
    return datumFromJson({ ...column, min: 0, max }, json, "named");
  } catch (error) {
    // What is no map of pairs to delete is a set of keys, or faulty as such.
    if (mutator === "delete" && error instanceof OvsdbError) return datumFromJson(set, json, "named");
    throw error;
  }
}

/** `datum` after one mutation. Throws a `constraint violation`, `domain error` or `range error`. */
export function mutate(column: DatumType, datum: Datum, mutator: Mutator, value: Datum): Datum {
  switch (mutator) {
    case "insert":
      return checkCount(column, insert(column, datum, value));
    case "delete":
      return checkCount(column, remove(column, datum, value));
    default:
      return calculate(column, datum, mutator, value as number | bigint);
  }
}

function insert(column: DatumType, datum: Datum, value: Datum): Datum {
  if (isAtomMap(datum)) return unionMaps(datum, value as ReadonlyMap<Atom, Atom>);
  return ofAtoms(column, union(atomsOf(datum), atomsOf(value)));
}

function remove(column: DatumType, datum: Datum, value: Datum): Datum {
  if (!isAtomMap(datum)) return ofAtoms(column, difference(atomsOf(datum), atomsOf(value)));
  if (isAtomMap(value)) return withoutPairs(datum, (key, atom) => value.get(key) === atom);
  const keys = new Set(atomsOf(value));
  return withoutPairs(datum, (key) => keys.has(key));
}

/** A set in the form of its column; more than one atom in an optional column is left for `checkCount` to refuse. */
function ofAtoms(column: DatumType, atoms: readonly Atom[]): Datum {
  if (column.shape === "set" || atoms.length > 1) return atoms;
  return atoms[0] ?? null;
}

function checkCount(column: DatumType, datum: Datum): Datum {
  const count = countOf(datum);
  if (count >= column.min && count <= column.max) return datum;
  throw constraintViolation(`Attempted to store ${count} elements in ${typeToText(column)}.`);
}

type Arithmetic = Exclude<Mutator, "insert" | "delete">;

function calculate(column: DatumType, datum: Datum, mutator: Arithmetic, value: number | bigint): Datum {
  const atoms = atomsOf(datum).map((atom) => {
    const result =
      column.key.type === "integer"
        ? calculateInteger(mutator, atom as number | bigint, value)
        : calculateReal(mutator, atom as number, value as number);
    checkAtom(column.key, result);
    return result;
  });
  if (new Set(atoms).size !== atoms.length) {
    throw constraintViolation(`Result of "${mutator}" operation contains duplicates.`);
  }
  return ofAtoms(column, atoms.sort(compareAtoms));
}

function calculateReal(mutator: Arithmetic, a: number, b: number): number {
  if (mutator === "/=" && b === 0) throw divisionByZero();
  const result = arithmetic(mutator, a, b);
  if (!Number.isFinite(result)) throw outOfRange(mutator);
  return result + 0; // no negative zero
}

/** 64-bit integers: division truncates, a remainder has the sign of the dividend, overflow is an error. */
function calculateInteger(mutator: Arithmetic, a: number | bigint, b: number | bigint): number | bigint {
  const divides = mutator === "/=" || mutator === "%=";
  if (divides && Number(b) === 0) throw divisionByZero();
  if (typeof a === "number" && typeof b === "number") {
    const result = Math.trunc(arithmetic(mutator, a, b)) + 0;
    if (Number.isSafeInteger(result)) return result;
  }
  const exact = bigArithmetic(mutator, BigInt(a), BigInt(b));
  // A remainder is out of range where its quotient is: of the smallest integer and -1.
  const decisive = mutator === "%=" ? bigArithmetic("/=", BigInt(a), BigInt(b)) : exact;
  if (!isInt64(decisive)) throw outOfRange(mutator);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}

function arithmetic(mutator: Arithmetic, a: number, b: number): number {
  switch (mutator) {
    case "+=":
      return a + b;
    case "-=":
      return a - b;
    case "*=":
      return a * b;
    case "/=":
      return a / b;
    case "%=":
      return a % b;
  }
}

function bigArithmetic(mutator: Arithmetic, a: bigint, b: bigint): bigint {
  switch (mutator) {
    case "+=":
      return a + b;
    case "-=":
      return a - b;
    case "*=":
      return a * b;
    case "/=":
      return a / b;
    case "%=":
      return a % b;
  }
}

function divisionByZero(): OvsdbError {
  return new OvsdbError("domain error", "Division by zero.");
}

function outOfRange(mutator: Mutator): OvsdbError {
  return new OvsdbError("range error", `Result of "${mutator}" operation is out of range.`);
}
