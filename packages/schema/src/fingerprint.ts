/**
 * Fingerprints of a schema's tables: equal where two tables mean the same, however their JSON is written (order of
 * members, defaults left out, bounds that do not bind).
 */

import { createHash } from "node:crypto";
import { isArray, isObject, type JsonObject, type JsonValue, stringifySorted } from "@opensync-ts/ovsdb/json";

/** SHA-256 in hexadecimal, by table; `schema` is a schema's JSON (RFC 7047 §3.2). */
export function fingerprints(schema: JsonObject): { [table: string]: string } {
  const tables = Object.entries(asObject(schema.tables)).map(([name, table]) => [name, fingerprint(table)] as const);
  return Object.fromEntries(tables.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fingerprint(table: JsonValue): string {
  return createHash("sha256")
    .update(stringifySorted(normalTable(table)))
    .digest("hex");
}

/** A table with every default written out, for comparison. */
export function normalTable(table: JsonValue): JsonObject {
  const { columns, isRoot = false, maxRows = "unlimited", indexes = [] } = asObject(table);
  return {
    columns: Object.fromEntries(Object.entries(asObject(columns)).map(([name, json]) => [name, normalColumn(json)])),
    isRoot,
    maxRows,
    // The columns of an index, and the indexes of a table, have no order.
    indexes: asArray(indexes)
      .map((index) => asArray(index).toSorted())
      .sort(),
  };
}

function normalColumn(column: JsonValue): JsonObject {
  const { type, ephemeral = false, mutable = true } = asObject(column);
  const { key, value, min = 1, max = 1 } = typeof type === "string" ? { key: type } : asObject(type);
  return { key: normalBase(key), value: value === undefined ? null : normalBase(value), min, max, ephemeral, mutable };
}

function normalBase(base: JsonValue | undefined): JsonObject {
  const json = typeof base === "string" ? { type: base } : asObject(base);
  const { enum: members, minLength, maxInteger, refTable, refType = "strong", ...rest } = json;
  return {
    ...rest,
    ...(refTable === undefined ? {} : { refTable, refType }),
    ...(minLength === undefined || minLength === 0 ? {} : { minLength }),
    ...(maxInteger === undefined || BigInt(maxInteger as number) >= largestInteger ? {} : { maxInteger }),
    ...(members === undefined ? {} : { enum: setMembers(members).toSorted() }),
  };
}

/** As an upper bound it bounds nothing. (`JSON.parse` reads it as 2⁶³.) */
const largestInteger = 2n ** 63n - 1n;

/** RFC 7047 §5.1: a set of one may be written as its bare member. */
function setMembers(set: JsonValue): readonly JsonValue[] {
  return isArray(set) && set[0] === "set" ? asArray(set[1]) : [set];
}

function asObject(json: JsonValue | undefined): JsonObject {
  if (!isObject(json)) throw new TypeError(`not an object: ${JSON.stringify(json)}`);
  return json;
}

function asArray(json: JsonValue | undefined): readonly JsonValue[] {
  if (!isArray(json)) throw new TypeError(`not an array: ${JSON.stringify(json)}`);
  return json;
}
