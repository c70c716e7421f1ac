/** The schema as RFC 7047 §3.2 writes it: what `ovsdb-tool create`, `get_schema` and other implementations read. */

import { asColumn, type DatabaseDeclaration, type Table } from "@opensync-ts/ovsdb/declare";
import type { JsonObject } from "@opensync-ts/ovsdb/json";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { schemaToJson } from "@opensync-ts/ovsdb/schema-json";
import { openSync } from "./opensync.ts";
import { asReleased } from "./superset.ts";

/**
 * The OpenSync schema. `released` gives it as release 7.0 has it, without the values that this project admits besides
 * (docs/deviations.md).
 */
export function openSyncSchemaJson(options: { readonly released?: boolean } = {}): JsonObject {
  return schemaToJson(schemaFromDeclaration(options.released === true ? releasedDeclaration() : openSync));
}

function releasedDeclaration(): DatabaseDeclaration {
  return { ...openSync, tables: mapValues<Table, Table>(openSync.tables, releasedTable) };
}

function releasedTable(table: Table): Table {
  return {
    ...table,
    columns: mapValues(table.columns, (column) => {
      const { key, ...rest } = asColumn(column);
      return { key: asReleased(key), ...rest };
    }),
  };
}

function mapValues<T, U>(object: { readonly [name: string]: T }, change: (value: T) => U): { [name: string]: U } {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
