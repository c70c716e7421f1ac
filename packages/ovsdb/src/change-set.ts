/** Everything a transaction has changed so far, table by table, over the committed database. */

import type { Uuid } from "./datum.ts";
import { TableChanges } from "./table-changes.ts";
import type { TableStore } from "./table-store.ts";

export class ChangeSet {
  readonly #stores: ReadonlyMap<string, TableStore>;
  readonly #tables = new Map<string, TableChanges>();

  constructor(stores: ReadonlyMap<string, TableStore>) {
    this.#stores = stores;
  }

  /** The view of one table. Throws a `RangeError` for an unknown one. */
  table(name: string): TableChanges {
    let changes = this.#tables.get(name);
    if (!changes) {
      const store = this.#stores.get(name);
      if (!store) throw new RangeError(`no table '${name}' in the schema`);
      changes = new TableChanges(store);
      this.#tables.set(name, changes);
    }
    return changes;
  }

  /** Whether the row exists as things stand in the transaction. */
  has(table: string, uuid: Uuid): boolean {
    const changes = this.#tables.get(table);
    return changes ? changes.get(uuid) !== undefined : this.#stores.get(table)?.rows.has(uuid) === true;
  }

  /** Nothing was changed, only looked at. */
  get empty(): boolean {
    for (const table of this.#tables.values()) if (table.changes.size > 0) return false;
    return true;
  }

  /** The tables looked at or changed so far, by name. */
  tables(): ReadonlyMap<string, TableChanges> {
    return this.#tables;
  }
}
