/** What a replica asks of the tables it was named, and what of that a peer has. Worked out once for all who ask for the same. */

import type { TableRequest } from "./client.ts";
import type { PeerSchema } from "./peer-schema.ts";
import { type ColumnSchema, type DatabaseSchema, findColumn, type TableSchema } from "./schema.ts";
import { type WatchedTables, watchedTable } from "./table-updates.ts";

export interface AskedTable {
  readonly table: TableSchema;
  /** Without `_uuid`, which every row has. */
  readonly columns: readonly ColumnSchema[];
}

/** A column that is not there; `_uuid` where the table is not. */
export interface LackedPart {
  readonly table: string;
  readonly column: string;
}

export type TableRequests = { readonly [table: string]: TableRequest };

export class AskedTables {
  readonly tables: readonly AskedTable[];
  readonly #onPeers = new WeakMap<PeerSchema, WatchedTables>();

  private constructor(tables: readonly AskedTable[]) {
    this.tables = tables;
  }

  /**
   * A cloud asks thousands of peers for the same: what is asked with one object is one object. Throws a `RangeError` for a table
   * or column that the schema does not have.
   */
  static of(schema: DatabaseSchema, requests: TableRequests): AskedTables {
    const known = shared.get(requests);
    if (known?.schema === schema) return known.asked;
    const tables = Object.entries(requests).map(([name, request]): AskedTable => {
      const table = schema.tables.get(name);
      if (!table) throw new RangeError(`no table ${name} in the declaration of ${schema.name}`);
      const columns = [...(request.columns ?? table.columns.keys())].map((column) => {
        const found = findColumn(table, column);
        if (!found) throw new RangeError(`no column ${column} in the declaration of table ${name}`);
        return found;
      });
      return { table, columns: columns.filter(({ name: column }) => column !== "_uuid") };
    });
    const asked = new AskedTables(tables);
    shared.set(requests, { schema, asked });
    return asked;
  }

  /** Whether the column is among what is asked for. */
  covers(table: string, column: string): boolean {
    return this.tables.some((asked) => asked.table.name === table && asked.columns.some(({ name }) => name === column));
  }

  /** What of it a peer of that schema lacks: whole tables, and columns of the others. */
  lackedBy(peer: PeerSchema): readonly LackedPart[] {
    return this.tables.flatMap(({ table: { name: table }, columns }): readonly LackedPart[] => {
      if (peer.lacksTables.has(table)) return [{ table, column: "_uuid" }];
      const lacking = peer.lacksColumns.get(table);
      return columns.filter(({ name }) => lacking?.has(name)).map(({ name: column }) => ({ table, column }));
    });
  }

  /** Without what the peer's schema lacks. */
  on(peer: PeerSchema): WatchedTables {
    let watched = this.#onPeers.get(peer);
    if (!watched) {
      watched = watchedOn(this.tables, peer);
      this.#onPeers.set(peer, watched);
    }
    return watched;
  }
}

const shared = new WeakMap<TableRequests, { readonly schema: DatabaseSchema; readonly asked: AskedTables }>();

function watchedOn(asked: readonly AskedTable[], peer: PeerSchema): WatchedTables {
  const there = asked.filter(({ table }) => !peer.lacksTables.has(table.name));
  return new Map(
    there.map(({ table, columns }) => {
      const lacking = peer.lacksColumns.get(table.name);
      return [table.name, watchedTable(columns.filter(({ name }) => !lacking?.has(name)))];
    }),
  );
}
