/** Takes the rows of one database over into another schema, as an upgrade does. */

import type { ChangeSet } from "./change-set.ts";
import type { Datum, Row } from "./datum.ts";
import { datumFromJson, datumToJson } from "./datum-json.ts";
import type { Engine } from "./engine.ts";
import { OvsdbError } from "./errors.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";
import { newRow } from "./table-layout.ts";

/**
 * Copies every row of `from` into the empty database `to`: identities stay, columns and tables that `to` lacks are dropped, new columns
 * get their defaults, rows that nothing refers to any more are removed. Throws an `OvsdbError` that names table, row and column
 * of a value that the new schema does not allow.
 */
export function convertRows(
  from: Pick<Engine, "schema" | "rows">,
  to: Pick<Engine, "schema"> & { load(build: (changes: ChangeSet) => void): void },
): void {
  to.load((changes) => {
    for (const [name, target] of to.schema.tables) {
      const source = from.schema.tables.get(name);
      if (!source) continue;
      const columns = commonColumns(source, target);
      const view = changes.table(name);
      for (const [uuid, row] of from.rows(name)) {
        const values = columns.map(([old, now]) => [now.name, convertDatum(row, name, old, now)] as const);
        view.insert(newRow(view.store.layout, uuid, values));
      }
    }
  });
}

function commonColumns(source: TableSchema, target: TableSchema): [ColumnSchema, ColumnSchema][] {
  return [...target.columns.values()].flatMap((now): [ColumnSchema, ColumnSchema][] => {
    const old = source.columns.get(now.name);
    return old ? [[old, now]] : [];
  });
}

function convertDatum(row: Row, table: string, old: ColumnSchema, now: ColumnSchema): Datum {
  try {
    return datumFromJson(now, datumToJson(old, row[old.name] as Datum));
  } catch (error) {
    if (error instanceof OvsdbError) throw error.at(`table ${table} row ${row._uuid} column ${now.name}`);
    throw error;
  }
}
