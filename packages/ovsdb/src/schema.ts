/** A database schema at run time (RFC 7047 §3.2), made from JSON (`schema-json.ts`) or from a TypeScript declaration. */

import type { BaseType, DatabaseDeclaration, Table } from "./declare.ts";
import { asColumn } from "./declare.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { schemaFromJson } from "./schema-json.ts";
import type { DatabaseSchema } from "./schema-types.ts";

export { findColumn, shapeOf, systemColumns } from "./columns.ts";
export { schemaFromJson, schemaToJson } from "./schema-json.ts";
export type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema-types.ts";

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
