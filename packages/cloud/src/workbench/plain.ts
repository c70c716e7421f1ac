/** Values of the database as plain JSON for people (sets are arrays, maps objects), secrets masked; and back. Pure. */

import type { Atom, AtomicType, Datum } from "@opensync-ts/ovsdb/datum";
import { OvsdbError } from "@opensync-ts/ovsdb/errors";
import type { ColumnSchema } from "@opensync-ts/ovsdb/schema-types";
import { datumFromValue } from "@opensync-ts/ovsdb/values";
import { isSecretColumn, isSecretKey, mask } from "@opensync-ts/schema/secrets";

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export interface Shown {
  readonly value: Plain;
  /** Something in it is masked. */
  readonly isMasked: boolean;
}

/** `row`: the column's, by which rows of keys and values are told to be secret. Integers that JSON cannot hold are texts. */
export function shown(column: string, datum: Datum, row: Readonly<Record<string, unknown>> = {}): Shown {
  const isKeyed = column === "value" && typeof row.key === "string" && isSecretKey(row.key);
  let isMasked = false;
  const atom = (value: Atom, isSecret: boolean): Plain => {
    if (isSecret && value !== "") {
      isMasked = true;
      return mask;
    }
    return typeof value === "bigint" ? String(value) : value;
  };
  const isSecret = isKeyed || isSecretColumn(column);
  const value = ((): Plain => {
    if (datum === null) return null;
    if (datum instanceof Map) {
      return Object.fromEntries(
        [...(datum as ReadonlyMap<Atom, Atom>)].map(([key, each]) => [
          String(key),
          atom(each, isSecret || isSecretKey(String(key))),
        ]),
      );
    }
    if (Array.isArray(datum)) return (datum as readonly Atom[]).map((each) => atom(each, isSecret));
    return atom(datum as Atom, isSecret);
  })();
  return { value, isMasked };
}

/** One line, cut. */
export function plainText(value: Plain, most: number): string {
  const text = value === null ? "unset" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

export type Parsed = { readonly datum: Datum } | { readonly problem: string };

/** The datum that the column would hold; checked against its type, as the node will. The problem holds no value. */
export function parsed(column: ColumnSchema, value: unknown): Parsed {
  if (hasMask(value)) return { problem: `contains ${mask}, which stands for a secret; write the secret itself` };
  try {
    return { datum: datumFromValue(column, typed(column, value), true) as Datum };
  } catch (error) {
    if (!(error instanceof OvsdbError || error instanceof SyntaxError || error instanceof TypeError)) throw error;
    const reason = error instanceof OvsdbError ? error.details : "cannot be read";
    const text = isSecretColumn(column.name) ? "is not of the column's type" : reason.replace(/^column \w+: /, "");
    return { problem: `${text}; it takes ${typeText(column)}` };
  }
}

/** For people: `0 to 64 of string → string`. */
export function typeText({ shape, key, value, min, max }: ColumnSchema): string {
  const base = (type: ColumnSchema["key"]) => {
    return `${type.type}${type.enum ? ` (${type.enum.join(", ")})` : ""}`;
  };
  const most = max === Number.POSITIVE_INFINITY ? "any number" : String(max);
  switch (shape) {
    case "scalar":
      return base(key);
    case "optional":
      return `${base(key)}, or unset`;
    case "set":
      return `a set of ${min} to ${most} ${base(key)}`;
    case "map":
      return `a map of ${min} to ${most} pairs, ${base(key)} to ${value ? base(value) : base(key)}`;
  }
}

function hasMask(value: unknown): boolean {
  if (typeof value === "string") return value === mask;
  if (Array.isArray(value)) return value.some(hasMask);
  return typeof value === "object" && value !== null && Object.values(value).some(hasMask);
}

/** Keys of JSON's objects are texts, and large integers are. */
function typed({ shape, key, value: valueType }: ColumnSchema, value: unknown): unknown {
  const one = (type: AtomicType, each: unknown): unknown => {
    if (typeof each !== "string" || type === "string" || type === "uuid") return each;
    if (type === "boolean") return each === "true" ? true : each === "false" ? false : each;
    if (type === "integer" && /^-?\d{1,19}$/.test(each)) {
      const number = Number(each);
      return Number.isSafeInteger(number) ? number : BigInt(each);
    }
    return type === "real" && each.trim() !== "" && Number.isFinite(Number(each)) ? Number(each) : each;
  };
  if (shape === "map" && typeof value === "object" && value !== null && !Array.isArray(value)) {
    const to = (valueType ?? key).type;
    return new Map(Object.entries(value).map(([name, each]) => [one(key.type, name), one(to, each)]));
  }
  return Array.isArray(value) ? value.map((each) => one(key.type, each)) : one(key.type, value);
}
