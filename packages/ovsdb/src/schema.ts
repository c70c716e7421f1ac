/** A database schema at run time (RFC 7047 §3.2), made from JSON (`schema-json.ts`) or from a TypeScript declaration. */

import type { ColumnShape } from "./datum.ts";
import type { BaseType, DatabaseDeclaration, Table } from "./declare.ts";
import { asColumn } from "./declare.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { schemaFromJson } from "./schema-json.ts";

export { findColumn, shapeOf, systemColumns } from "./columns.ts";
export { schemaFromJson, schemaToJson } from "./schema-json.ts";

export interface DatabaseSchema {
  readonly name: string;
  readonly version: string;
  readonly tables: ReadonlyMap<string, TableSchema>;
  /** A checksum that schema tools leave behind; carried along, never checked. */
  readonly cksum?: string;
}

export interface TableSchema {
  readonly name: string;
  /** Without `_uuid` and `_version`, in order of the schema. */
  readonly columns: ReadonlyMap<string, ColumnSchema>;
  readonly isRoot: boolean;
  /** `Infinity` when unlimited. */
  readonly maxRows: number;
  readonly indexes: readonly (readonly string[])[];
}

export interface ColumnSchema {
  readonly name: string;
  readonly shape: ColumnShape;
  readonly key: BaseType<unknown>;
  readonly value: BaseType<unknown> | null;
  readonly min: 0 | 1;
  /** `Infinity` when unlimited. */
  readonly max: number;
  readonly ephemeral: boolean;
  readonly mutable: boolean;
}

/** The run-time schema of a declaration. Throws an `OvsdbError` where the declaration breaks the rules of a schema. */
export function schemaFromDeclaration(declaration: DatabaseDeclaration): DatabaseSchema {
  const tables: Record<string, JsonValue> = {};
  for (const [name, table] of Object.entries(declaration.tables)) tables[name] = tableToJson(table);
  return schemaFromJson({ name: declaration.name, version: declaration.version, tables });
}

function tableToJson(table: Table): JsonObject {
  const columns: Record<string, JsonValue> = {};
  for (const [name, declared] of Object.entries(table.columns)) {
    const { key, value, min, max, ephemeral, mutable } = asColumn(declared);
    const type = { key: baseToJson(key), ...(value === undefined ? {} : { value: baseToJson(value) }), min, max };
    columns[name] = { type, ...(ephemeral === true ? { ephemeral } : {}), ...(mutable === false ? { mutable } : {}) };
  }
  const { columns: _, ...rest } = table;
  return { columns, ...rest };
}

function baseToJson(base: BaseType<unknown>): JsonObject {
  const { enum: members, ...rest } = base;
  const json = rest as JsonObject;
  return members === undefined ? json : { ...json, enum: ["set", members] };
}
