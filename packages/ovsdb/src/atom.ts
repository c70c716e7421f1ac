/** Single values: from and to JSON (RFC 7047 §5.1 `<atom>`), their constraints (§3.2 `<base-type>`), as text. */

import type { Atom, AtomicType, Uuid } from "./datum.ts";
import { type BaseType, NamedUuid } from "./declare.ts";
import { constraintViolation, type OvsdbError, syntaxError } from "./errors.ts";
import { isArray, isInt64, type JsonValue, stringifyJson } from "./json.ts";

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const idPattern = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The default of a column of type `uuid`: refers to no row. */
export const zeroUuid = "00000000-0000-0000-0000-000000000000" as Uuid;

/** RFC 7047 §3.1 `<id>`. */
export function isId(text: string): boolean {
  return idPattern.test(text);
}

/** `text` in lower case where it is a UUID. */
export function parseUuid(text: string): Uuid | undefined {
  if (uuidPattern.test(text)) return text as Uuid;
  const lower = text.toLowerCase();
  return uuidPattern.test(lower) ? (lower as Uuid) : undefined;
}

/** An atom of `base`'s type that meets its constraints, or a row to be inserted. Throws an `OvsdbError`. */
export function atomFromJson(base: BaseType<unknown>, json: JsonValue): Atom | NamedUuid {
  const atom = bareAtomFromJson(base.type, json);
  if (!(atom instanceof NamedUuid)) checkAtom(base, atom);
  return atom;
}

/** An atom of `type`, whatever the column's constraints. Throws a syntax error. */
export function bareAtomFromJson(type: AtomicType, json: JsonValue): Atom | NamedUuid {
  switch (type) {
    case "string":
      if (typeof json === "string") return checkText(json);
      break;
    case "integer":
      if (typeof json === "bigint") return json;
      if (typeof json === "number" && Number.isInteger(json)) return exactInteger(json);
      break;
    case "real":
      if (typeof json === "bigint") return Number(json);
      if (typeof json === "number" && Number.isFinite(json)) return json + 0;
      break;
    case "boolean":
      if (typeof json === "boolean") return json;
      break;
    case "uuid":
      return uuidFromJson(json);
  }
  throw syntaxError(`expected ${type}`, json);
}

/** A whole number as it is kept: as such while safe, else as a bigint. Throws where it does not fit into 64 bits. */
function exactInteger(value: number): Atom {
  if (Number.isSafeInteger(value)) return value + 0; // no negative zero
  const exact = BigInt(value);
  if (!isInt64(exact)) throw syntaxError("expected integer", value);
  return exact;
}

function uuidFromJson(json: JsonValue): Uuid | NamedUuid {
  if (isArray(json) && json.length === 2 && typeof json[1] === "string") {
    if (json[0] === "uuid") {
      const uuid = parseUuid(json[1]);
      if (uuid === undefined) throw syntaxError(`"${json[1]}" is not a valid UUID`, json);
      return uuid;
    }
    if (json[0] === "named-uuid") {
      if (!isId(json[1])) throw syntaxError("named-uuid string is not a valid <id>", json);
      return new NamedUuid(json[1]);
    }
  }
  throw syntaxError('expected ["uuid", <string>]', json);
}

/** What cannot be written into a database file is refused on the way in. */
function checkText(text: string): string {
  if (text.includes("\0")) throw syntaxError("null bytes not supported in strings", text);
  if (!text.isWellFormed()) throw syntaxError("malformed surrogate pair in string", text);
  return text;
}

/** Throws a constraint violation unless `atom` meets `base`'s enum, range or length. */
export function checkAtom(base: BaseType<unknown>, atom: Atom): void {
  const violation = atomViolation(base, atom);
  if (violation) throw violation;
}

function atomViolation(base: BaseType<unknown>, atom: Atom): OvsdbError | undefined {
  if (base.enum !== undefined) {
    if ((base.enum as readonly Atom[]).includes(atom)) return undefined;
    const allowed = base.enum.map((member) => atomToText(base.type, member)).join(", ");
    return constraintViolation(`${atomToText(base.type, atom)} is not one of the allowed values ([${allowed}])`);
  }
  switch (base.type) {
    case "integer":
      return rangeViolation(atom as number | bigint, base.minInteger, base.maxInteger);
    case "real":
      return rangeViolation(atom as number, base.minReal, base.maxReal);
    case "string":
      return lengthViolation(atom as string, base.minLength, base.maxLength);
    default:
      return undefined;
  }
}

function rangeViolation(
  value: number | bigint,
  min: number | bigint | undefined,
  max: number | bigint | undefined,
): OvsdbError | undefined {
  const low = min !== undefined && value < min;
  const high = max !== undefined && value > max;
  if (!low && !high) return undefined;
  if (min !== undefined && max !== undefined) {
    return constraintViolation(`${value} is not in the valid range ${min} to ${max} (inclusive)`);
  }
  return constraintViolation(
    low
      ? `${value} is less than minimum allowed value ${min}`
      : `${value} is greater than maximum allowed value ${max}`,
  );
}

function lengthViolation(text: string, min = 0, max = Number.POSITIVE_INFINITY): OvsdbError | undefined {
  // A string has at most as many code points as UTF-16 units, and at least half as many.
  if (text.length <= max && text.length >= min * 2) return undefined;
  const length = codePoints(text);
  if (length < min) {
    return constraintViolation(`"${text}" length ${length} is less than minimum allowed length ${min}`);
  }
  if (length > max) {
    return constraintViolation(`"${text}" length ${length} is greater than maximum allowed length ${max}`);
  }
  return undefined;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

export function atomToJson(type: AtomicType, atom: Atom): JsonValue {
  return type === "uuid" ? ["uuid", atom as string] : atom;
}

/** An atom as messages show it: strings bare where they are words, else quoted. */
export function atomToText(type: AtomicType, atom: Atom): string {
  if (type !== "string") return String(atom);
  const text = atom as string;
  const bare = isId(text) && text !== "true" && text !== "false" && parseUuid(text) === undefined;
  return bare ? text : stringifyJson(text);
}

/** The value of a column of `type` that nobody has set (RFC 7047 §5.2.1). */
export function defaultAtom(type: AtomicType): Atom {
  switch (type) {
    case "integer":
    case "real":
      return 0;
    case "boolean":
      return false;
    case "string":
      return "";
    case "uuid":
      return zeroUuid;
  }
}
