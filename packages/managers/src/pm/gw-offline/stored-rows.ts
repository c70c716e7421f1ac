/** Rows out of the stored lists, each on its own: one that cannot be used costs nobody else anything. */

import { isArray, type JsonValue } from "@opensync-ts/ovsdb/json";
import type { OpenSyncTable } from "@opensync-ts/schema/opensync";
import type { StoredKey } from "./keys.ts";
import { gwOfflineLimits } from "./limits.ts";
import type { SubsetValues } from "./read-subset.ts";
import { type Columns, printable, rowFromJson } from "./row-json.ts";

export interface StoredRow {
  /** Of the column by which it is known; "" where there is none. */
  readonly name: string;
  readonly columns: Columns;
}

export function storedList(stored: SubsetValues, key: StoredKey): readonly JsonValue[] {
  const value = stored.get(key);
  return isArray(value) ? value.slice(0, gwOfflineLimits.rowsPerKey) : [];
}

/** The rows of `key`, each name once (the last counts); `faults` gets what is left out. */
export function storedRows(
  stored: SubsetValues,
  key: StoredKey,
  table: OpenSyncTable,
  nameColumn: string,
  faults: string[],
): readonly StoredRow[] {
  const rows = storedList(stored, key).flatMap((json, index) => {
    const row = readRow(key, table, nameColumn, json, index, faults);
    return row ? [row] : [];
  });
  return [...new Map(rows.map((row) => [row.name, row])).values()];
}

/** `null`, and told to `faults`, where the row cannot be used at all. `nameColumn`: without it the row is none. */
export function readRow(
  key: StoredKey,
  table: OpenSyncTable,
  nameColumn: string | null,
  json: JsonValue,
  index: number,
  faults: string[],
): StoredRow | null {
  const read = rowFromJson(table, json);
  const name = nameColumn === null ? "" : read?.columns[nameColumn];
  const where = `${table} ${typeof name === "string" && name !== "" ? printable(name) : `row ${index + 1}`} (${key})`;
  if (!read || typeof name !== "string" || (nameColumn !== null && name === "")) {
    faults.push(`${where}: ${read ? `without ${nameColumn}` : "no row"}`);
    return null;
  }
  faults.push(...read.faults.map((fault) => `${where}: ${fault}`));
  return { name, columns: read.columns };
}
