/**
 * Rows as they are stored: objects of columns in the notation of RFC 7047 §5.1, as deployed devices store them, but without identities
 * and references: neither outlives a boot.
 */

import type { Datum } from "@opensync-ts/ovsdb/datum";
import { checkDatum, datumFromJson, datumToJson, defaultDatum } from "@opensync-ts/ovsdb/datum-json";
import { OvsdbError } from "@opensync-ts/ovsdb/errors";
import type { JsonObject, JsonValue } from "@opensync-ts/ovsdb/json";
import { type ColumnSchema, schemaFromDeclaration, type TableSchema } from "@opensync-ts/ovsdb/schema";
import { type OpenSyncTable, openSync } from "@opensync-ts/schema/opensync";

export type Columns = { readonly [column: string]: Datum };

export interface ReadRow {
  readonly columns: Columns;
  /** What had to be left out, and why; never a value, which may be a secret. */
  readonly faults: readonly string[];
}

const schema = schemaFromDeclaration(openSync);

/** All columns that are kept, or those of `only`, in the order of the schema. */
export function rowToJson(table: OpenSyncTable, row: object, only?: readonly string[]): JsonObject {
  const values = row as Columns;
  const kept = [...tableOf(table).columns.values()].filter(
    (column) => isKept(column) && column.name in values && (!only || only.includes(column.name)),
  );
  return Object.fromEntries(kept.map((column) => [column.name, datumToJson(column, values[column.name] as Datum)]));
}

/**
 * The columns that `json` gives, of another release perhaps: what this schema does not know or does not admit is left out, and told.
 * `null`: nothing of it can be used.
 */
export function rowFromJson(table: OpenSyncTable, json: JsonValue | undefined): ReadRow | null {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return null;
  const columns: { [column: string]: Datum } = {};
  const faults: string[] = [];
  for (const [name, value] of Object.entries(json as JsonObject)) {
    if (name === "_uuid" || name === "_version") continue;
    const column = tableOf(table).columns.get(name);
    if (!column) faults.push(`column ${printable(name)}: not in this release`);
    else if (isKept(column)) {
      const datum = datumOf(column, value);
      if (datum === undefined) faults.push(`column ${name}: a value that this release does not admit`);
      else columns[name] = datum;
    }
  }
  return { columns, faults };
}

/** The first column without which the row cannot be inserted; `null`: it can. */
export function missingColumn(table: OpenSyncTable, columns: Columns): string | null {
  for (const column of tableOf(table).columns.values()) {
    if (!(column.name in columns) && !admits(column, defaultDatum(column))) return column.name;
  }
  return null;
}

/** `name` as it may stand in a log line. */
export function printable(name: string): string {
  return name.slice(0, 64).replaceAll(/[^\x20-\x7e]/g, "?");
}

function tableOf(name: OpenSyncTable): TableSchema {
  const table = schema.tables.get(name);
  if (!table) throw new RangeError(`no table ${name}`);
  return table;
}

function isKept(column: ColumnSchema): boolean {
  const refers = [column.key, column.value].some((base) => base?.refTable !== undefined);
  return !refers && column.ephemeral !== true && !column.name.startsWith("_");
}

function datumOf(column: ColumnSchema, json: JsonValue): Datum | undefined {
  try {
    const datum = datumFromJson(column, json);
    return admits(column, datum) ? datum : undefined;
  } catch (error) {
    if (error instanceof OvsdbError) return undefined;
    throw error;
  }
}

function admits(column: ColumnSchema, datum: Datum): boolean {
  try {
    checkDatum(column, datum);
    return true;
  } catch (error) {
    if (error instanceof OvsdbError) return false;
    throw error;
  }
}
