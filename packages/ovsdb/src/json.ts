/**
 * JSON with exact 64-bit integers: a number while it is a safe integer (±2⁵³), a bigint beyond. Reals keep the shortest text
 * that reads back as the same value.
 */

export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [name: string]: JsonValue };

const minInt64 = -(2n ** 63n);
const maxInt64 = 2n ** 63n - 1n;

/** Sixteen digits in a row are the least that can exceed 2⁵³; without them plain `JSON.parse` is exact. */
const longDigits = /\d{16}/;
const integerText = /^-?\d+$/;

/** Parses one JSON text (RFC 8259). Throws a `SyntaxError` that says where. */
export function parseJson(text: string): JsonValue {
  return longDigits.test(text) ? JSON.parse(text, reviveIntegers) : JSON.parse(text);
}

// The third parameter (JSON.parse source text access) is newer than TypeScript's library.
function reviveIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  if (!integerText.test(source)) return value;
  const exact = BigInt(source);
  return isInt64(exact) ? exact : value;
}

/** The JSON text of `value`, without white space. Bigints are written as integers. */
export function stringifyJson(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, rawBigint);
  }
}

function rawBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? rawJson(String(value)) : value;
}

const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown };

/** JSON text with the members of every object in order of name, as error messages and checksums want it. */
export function stringifySorted(value: JsonValue): string {
  return stringifyJson(sorted(value));
}

function sorted(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isInt64(value: bigint): boolean {
  return value >= minInt64 && value <= maxInt64;
}
