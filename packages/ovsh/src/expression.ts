/**
 * Expressions: `COLUMN==VALUE` and its kin after `-w`, `COLUMN:=VALUE` and its kin as operands.
 *
 * The operator of an expression is the first *kind*, in the order of the tables below, that occurs anywhere in it, not
 * the leftmost operator: `a!=b==c` compares the column `a!=b`. So a value that holds an operator of an earlier kind
 * needs that earlier kind: `key~=a:=b` is the column `key~=a`, and `key:='a~=b'` is what works.
 */

import { type JsonValue, parseJson } from "@opensync-ts/ovsdb/json";
import type { ConditionFunction } from "@opensync-ts/ovsdb/operations";
import { UsageError } from "./errors.ts";
import { limits } from "./limits.ts";

/** A clause of a `where`, as it goes onto the wire (RFC 7047 §5.1 `<condition>`). */
export type Condition = readonly [column: string, function: ConditionFunction, value: JsonValue];

export type ColumnExpression =
  | { readonly kind: "set"; readonly column: string; readonly value: JsonValue }
  | {
      readonly kind: "mutate";
      readonly column: string;
      readonly mutator: "insert" | "delete";
      readonly value: JsonValue;
    };

const conditionOperators = [
  ["==", "=="],
  ["!=", "!="],
  [":inc:", "includes"],
  [":exc:", "excludes"],
] as const satisfies readonly (readonly [string, ConditionFunction])[];

const columnOperators = [
  [":=", (column, text) => ({ kind: "set", column, value: typedValue(text) })],
  ["~=", (column, text) => ({ kind: "set", column, value: text })],
  ["::", (column, text) => ({ kind: "set", column, value: jsonValue(column, text) })],
  [":ins:", (column, text) => ({ kind: "mutate", column, mutator: "insert", value: jsonValue(column, text) })],
  [":del:", (column, text) => ({ kind: "mutate", column, mutator: "delete", value: jsonValue(column, text) })],
] as const satisfies readonly (readonly [string, (column: string, text: string) => ColumnExpression])[];

/** Parses what follows `-w`. */
export function parseCondition(text: string): Condition {
  const [column, [, operator], value] = split(text, conditionOperators, "a condition", "-w if_name==wifi0");
  return [column, operator, conditionValue(column, value)];
}

/** Parses an operand of `insert`, `update`, `upsert` or `wait`. */
export function parseColumnExpression(text: string): ColumnExpression {
  const [column, [, make], value] = split(text, columnOperators, "a column expression", "channel:=6");
  return make(column, value);
}

/** The name of a table or column (RFC 7047 §3.1 `<id>`), or a `UsageError` that says what `role` it was given for. */
export function identifier(text: string, role: string): string {
  if (!isIdentifier(text)) throw new UsageError(`'${text}' is not the name of a ${role}`);
  return text;
}

function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}

/**
 * A value as people write it: `'…'` or `"…"` is text, `true` and `false` are booleans, `-7`, `0x1f` and `017` are
 * integers, `["set",…]`, `["map",…]` and `["uuid",…]` are JSON; all else is text.
 */
export function typedValue(text: string): JsonValue {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted) return quoted[2] ?? "";
  if (text === "true" || text === "false") return text === "true";
  if (/^\["(?:map|set|uuid)",/.test(text)) return jsonValue("the value", text);
  return integerValue(text) ?? text;
}

/** As C's strtoll(3) with base 0 reads it; undefined for anything else, and beyond 64 bits. */
function integerValue(text: string): number | bigint | undefined {
  const match = /^([+-]?)(?:(0[xX][0-9a-fA-F]+)|0([0-7]+)|(\d+))$/.exec(text);
  if (!match) return undefined;
  const [, sign, hexadecimal, octal, decimal = ""] = match;
  if (decimal.length > 1 && decimal.startsWith("0")) return undefined;
  const magnitude = BigInt(hexadecimal ?? (octal === undefined ? decimal : `0o${octal}`));
  const value = sign === "-" ? -magnitude : magnitude;
  if (value !== BigInt.asIntN(64, value)) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Identities may be written bare, as `insert` prints them. */
function conditionValue(column: string, text: string): JsonValue {
  if ((column === "_uuid" || column === "_version") && isUuid(text)) return ["uuid", text];
  return typedValue(text);
}

export function isUuid(text: string): boolean {
  return /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/.test(text);
}

function jsonValue(what: string, text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${what}: '${text}' is not JSON (${problem}); text needs its quotes: '"text"'`);
  }
}

function split<const O extends readonly [string, unknown]>(
  text: string,
  operators: readonly O[],
  what: string,
  example: string,
): readonly [column: string, operator: O, value: string] {
  if (text.length > limits.maxExpression) {
    throw new UsageError(`an expression is longer than ${limits.maxExpression} characters: '${text.slice(0, 40)}…'`);
  }
  for (const operator of operators) {
    const at = text.indexOf(operator[0]);
    if (at < 0) continue;
    const column = text.slice(0, at);
    if (!isIdentifier(column)) {
      throw new UsageError(`'${text}': '${column}', left of ${operator[0]}, is not the name of a column`);
    }
    return [column, operator, text.slice(at + operator[0].length)];
  }
  const signs = operators.map(([sign]) => sign).join(" ");
  throw new UsageError(`'${text}' is not ${what}: it needs one of ${signs}, e.g. ${example}`);
}
