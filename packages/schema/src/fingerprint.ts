/**
 * Fingerprints of a schema's tables: equal where two tables mean the same, however their JSON is written (order of
 * members, defaults left out, bounds that do not bind).
 */

import { createHash } from "node:crypto";
import type { ColumnJson, SchemaJson, TableJson } from "./schema-json.ts";

/** SHA-256 in hexadecimal, by table. */
export function fingerprints(schema: SchemaJson): { [table: string]: string } {
  const entries = Object.entries(schema.tables).map(([name, table]) => [name, fingerprint(table)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

function fingerprint(table: TableJson): string {
  return createHash("sha256")
    .update(JSON.stringify(sortMembers(normalTable(table))))
    .digest("hex");
}

/** A table with every default written out, for comparison. */
export function normalTable(table: TableJson): object {
  const columns = Object.entries(table.columns).map(([name, column]) => [name, normalColumn(column)]);
  return {
    columns: Object.fromEntries(columns),
    isRoot: table.isRoot ?? false,
    maxRows: table.maxRows ?? "unlimited",
    // The columns of an index, and the indexes of a table, have no order.
    indexes: (table.indexes ?? []).map((index) => index.toSorted()).sort(),
  };
}

function normalColumn(column: ColumnJson): object {
  const type = typeof column.type === "string" ? { key: column.type } : column.type;
  return {
    key: normalBase(type.key),
    value: type.value === undefined ? null : normalBase(type.value),
    min: type.min ?? 1,
    max: type.max ?? 1,
    ephemeral: column.ephemeral ?? false,
    mutable: column.mutable ?? true,
  };
}

type Constraints = { readonly type: string; readonly [constraint: string]: unknown };

function normalBase(base: string | Constraints): object {
  const {
    enum: members,
    minLength,
    maxInteger,
    ...rest
  }: Constraints = typeof base === "string" ? { type: base } : base;
  return {
    ...rest,
    ...(rest.refTable === undefined ? {} : { refType: rest.refType ?? "strong" }),
    ...(minLength === undefined || minLength === 0 ? {} : { minLength }),
    ...(maxInteger === undefined || maxInteger === LARGEST_INTEGER ? {} : { maxInteger }),
    ...(members === undefined ? {} : { enum: setMembers(members).toSorted() }),
  };
}

/** 2⁶³−1, as `JSON.parse` reads it: bounds nothing. */
const LARGEST_INTEGER = 2 ** 63;

/** RFC 7047 §5.1: a set of one may be written as its bare member. */
function setMembers(set: unknown): readonly unknown[] {
  if (!Array.isArray(set)) return [set];
  const [tag, members] = set as [unknown, unknown];
  if (tag !== "set" || !Array.isArray(members)) throw new TypeError(`not a set: ${JSON.stringify(set)}`);
  return members;
}

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, sortMembers(member)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
