/** The schema as RFC 7047 §3.2 writes it: what `ovsdb-tool create`, `get_schema` and other implementations read. */

import { asColumn, type BaseType, type Column, type DatabaseDeclaration, type Table } from "@opensync-ts/ovsdb/declare";
import { openSync } from "./opensync.ts";
import { asReleased } from "./superset.ts";

export interface SchemaJson {
  readonly name: string;
  readonly version: string;
  readonly tables: { readonly [name: string]: TableJson };
}

export interface TableJson {
  readonly columns: { readonly [name: string]: ColumnJson };
  readonly isRoot?: boolean;
  readonly maxRows?: number;
  readonly indexes?: readonly (readonly string[])[];
}

export interface ColumnJson {
  readonly type: AtomicType | TypeJson;
  readonly ephemeral?: boolean;
  readonly mutable?: boolean;
}

type AtomicType = BaseType<unknown>["type"];
type BaseTypeJson = AtomicType | ({ readonly type: AtomicType } & { readonly [constraint: string]: unknown });

export interface TypeJson {
  readonly key: BaseTypeJson;
  readonly value?: BaseTypeJson;
  readonly min?: number;
  readonly max?: number | "unlimited";
}

/**
 * The OpenSync schema. `released` gives it as release 7.0 has it, without the values that this project admits besides
 * (docs/deviations.md).
 */
export function openSyncSchemaJson(options: { readonly released?: boolean } = {}): SchemaJson {
  return schemaJson(openSync, options.released === true ? asReleased : (base) => base);
}

function schemaJson(
  declaration: DatabaseDeclaration,
  view: (base: BaseType<unknown>) => BaseType<unknown>,
): SchemaJson {
  const tables = Object.entries(declaration.tables).map(([name, table]) => [name, tableJson(table, view)]);
  return { name: declaration.name, version: declaration.version, tables: Object.fromEntries(tables) };
}

function tableJson(table: Table, view: (base: BaseType<unknown>) => BaseType<unknown>): TableJson {
  const { columns, ...properties } = table;
  const entries = Object.entries(columns).map(([name, column]) => [name, columnJson(asColumn(column), view)]);
  return { columns: Object.fromEntries(entries), ...properties };
}

function columnJson(column: Column<unknown>, view: (base: BaseType<unknown>) => BaseType<unknown>): ColumnJson {
  const { key, value, min, max, ...properties } = column;
  return { type: typeJson(baseJson(view(key)), value && baseJson(view(value)), min, max), ...properties };
}

function typeJson(key: BaseTypeJson, value: BaseTypeJson | undefined, min: number, max: number | "unlimited") {
  if (value === undefined && min === 1 && max === 1) return typeof key === "string" ? key : { key };
  return { key, ...(value === undefined ? {} : { value }), min, max };
}

function baseJson(base: BaseType<unknown>): BaseTypeJson {
  const { enum: members, ...rest } = base;
  if (members === undefined && Object.keys(rest).length === 1) return base.type;
  return members === undefined ? rest : { ...rest, enum: ["set", members] };
}
