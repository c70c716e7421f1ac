/** How the schema of a peer, which may be older or newer, differs from the one that a client was declared with. */

import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import type { ColumnSchema, DatabaseSchema } from "./schema.ts";

/** What of the declaration the peer lacks, by table. */
export interface PeerSchema {
  readonly lacksTables: ReadonlySet<string>;
  readonly lacksColumns: ReadonlyMap<string, ReadonlySet<string>>;
  /**
   * Columns that hold one value here and several there, or the other way round: differences between their values
   * (`update2`) cannot be read.
   */
  readonly reshaped: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A peer that has everything, as declared. */
export const allOf: PeerSchema = { lacksTables: new Set(), lacksColumns: new Map(), reshaped: new Map() };

/** Compares the declared schema with what the peer answered to `get_schema`. */
export function comparePeerSchema(declared: DatabaseSchema, peer: JsonValue): PeerSchema {
  const peerTables = isObject(peer) && isObject(peer.tables) ? peer.tables : {};
  const lacksTables = new Set<string>();
  const lacksColumns = new Map<string, ReadonlySet<string>>();
  const reshaped = new Map<string, ReadonlySet<string>>();
  for (const table of declared.tables.values()) {
    const peerTable = peerTables[table.name];
    if (!isObject(peerTable) || !isObject(peerTable.columns)) {
      lacksTables.add(table.name);
      continue;
    }
    const { columns } = peerTable;
    const names = [...table.columns.keys()];
    const lacking = names.filter((name) => !Object.hasOwn(columns, name));
    const different = [...table.columns.values()].filter(({ name, ...column }) => {
      return Object.hasOwn(columns, name) && hasMany(columns[name]) !== isDiffed(column);
    });
    if (lacking.length > 0) lacksColumns.set(table.name, new Set(lacking));
    if (different.length > 0) reshaped.set(table.name, new Set(different.map(({ name }) => name)));
  }
  return { lacksTables, lacksColumns, reshaped };
}

/** Whether `update2` tells differences of the column, not its new value (ovsdb-server(7) §4.1.14). */
export function isDiffed({ max }: Pick<ColumnSchema, "max">): boolean {
  return max > 1;
}

function hasMany(column: JsonValue | undefined): boolean {
  const type = isObject(column) ? column.type : undefined;
  const { max = 1 }: JsonObject = isObject(type) ? type : {};
  return max === "unlimited" || (typeof max === "number" && max > 1);
}
