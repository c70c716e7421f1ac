/** The clauses of a `where` (RFC 7047 §5.1 `<condition>`): from JSON, and as a test of rows. */

import { findColumn } from "./columns.ts";
import type { Atom, Datum, Row } from "./datum.ts";
import { type DatumType, datumFromJson } from "./datum-json.ts";
import { atomsOf, contains, equalDatums, isAtomMap, typeToText } from "./datum-ops.ts";
import { inColumn, OvsdbError, syntaxError } from "./errors.ts";
import { isArray, type JsonValue } from "./json.ts";
import type { Condition, ConditionFunction } from "./operations.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";

const functions: readonly string[] = ["<", "<=", "==", "!=", ">=", ">", "includes", "excludes"];

/** Throws an `OvsdbError` for the first clause at fault. */
export function conditionsFromJson(table: TableSchema, json: readonly JsonValue[]): Condition[] {
  return json.map((clause) => conditionFromJson(table, clause, "named"));
}

/** As `conditionsFromJson`, for conditions outside of a transaction: they cannot refer to rows by name. */
export function resolvedConditionsFromJson(
  table: TableSchema,
  json: readonly JsonValue[],
): (boolean | ResolvedCondition)[] {
  return json.map((clause) => conditionFromJson(table, clause, undefined) as boolean | ResolvedCondition);
}

function conditionFromJson(table: TableSchema, json: JsonValue, named: "named" | undefined): Condition {
  if (typeof json === "boolean") return json;
  if (!isArray(json) || json.length !== 3 || typeof json[0] !== "string" || typeof json[1] !== "string") {
    throw syntaxError("Parse error in condition.", json);
  }
  const [name, word, valueJson] = json as [string, string, JsonValue];
  const column = findColumn(table, name);
  if (!column) throw unknownColumn(table, name, json);
  if (!functions.includes(word)) throw new OvsdbError("unknown function", `No function named ${word}.`);
  const conditionFunction = word as ConditionFunction;
  const type = operandType(column, conditionFunction, json);
  try {
    const value = named ? datumFromJson(type, valueJson, named) : datumFromJson(type, valueJson);
    return { column: name, function: conditionFunction, value };
  } catch (error) {
    throw inColumn(error, table.name, name);
  }
}

/** The column's type, with the number of elements that `conditionFunction` allows. */
function operandType(column: ColumnSchema, conditionFunction: ConditionFunction, json: JsonValue): DatumType {
  switch (conditionFunction) {
    case "==":
    case "!=":
      return column;
    case "includes":
      return column.shape === "scalar" ? column : { ...column, min: 0 };
    case "excludes":
      if (column.shape === "scalar") return column;
      return { ...column, shape: column.value ? "map" : "set", min: 0, max: Number.POSITIVE_INFINITY };
    default:
      if (!isNumeric(column)) {
        throw syntaxError(
          `Type mismatch: "${conditionFunction}" operator may not be applied to column ${column.name} of type ${typeToText(column)}.`,
          json,
        );
      }
      return { ...column, shape: "scalar", min: 1 };
  }
}

function isNumeric(column: ColumnSchema): boolean {
  const { type } = column.key;
  return (column.shape === "scalar" || column.shape === "optional") && (type === "integer" || type === "real");
}

export function unknownColumn(table: TableSchema, name: string, culprit: JsonValue): OvsdbError {
  return new OvsdbError("unknown column", `No column ${name} in table ${table.name}.`, culprit);
}

/** Whether a column's value meets a clause with the operand `value`. */
export function evaluate(conditionFunction: ConditionFunction, datum: Datum, value: Datum): boolean {
  switch (conditionFunction) {
    case "==":
      return equalDatums(datum, value);
    case "!=":
      return !equalDatums(datum, value);
    case "includes":
      return includes(datum, value);
    case "excludes":
      return excludes(datum, value);
  }
  // An unset optional number is neither less nor greater than anything.
  if (datum === null || value === null) return false;
  switch (conditionFunction) {
    case "<":
      return datum < value;
    case "<=":
      return datum <= value;
    case ">=":
      return datum >= value;
    case ">":
      return datum > value;
  }
}

function includes(datum: Datum, value: Datum): boolean {
  if (isAtomMap(datum) && isAtomMap(value)) return [...value].every(([key, atom]) => datum.get(key) === atom);
  const atoms = atomsOf(datum);
  return atomsOf(value).every((atom) => contains(atoms, atom));
}

function excludes(datum: Datum, value: Datum): boolean {
  if (isAtomMap(datum) && isAtomMap(value)) return [...value].every(([key, atom]) => datum.get(key) !== atom);
  const atoms = atomsOf(datum);
  return atomsOf(value).every((atom) => !contains(atoms, atom));
}

/** A clause whose operand is a committed value: no row of the same transaction is named by it any more. */
export interface ResolvedCondition {
  readonly column: string;
  readonly function: ConditionFunction;
  readonly value: Datum;
}

/** Whether `row` meets every clause. */
export function matches(row: Row, clauses: readonly ResolvedCondition[]): boolean {
  for (const clause of clauses) {
    if (!evaluate(clause.function, row[clause.column] as Datum, clause.value)) return false;
  }
  return true;
}

/** The atom that a row must hold in the clause's column to meet it, where an index on the column can find it. */
export function soughtAtom(shape: ColumnSchema["shape"], clause: ResolvedCondition): Atom | undefined {
  const { value } = clause;
  if (clause.function !== "==" && clause.function !== "includes") return undefined;
  if (shape === "set") return clause.function === "includes" ? (value as readonly Atom[])[0] : undefined;
  if (shape === "map" || value === null) return undefined;
  return value as Atom;
}
