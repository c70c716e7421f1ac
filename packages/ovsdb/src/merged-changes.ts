/** What a client that reads too slowly has still to be told: of each row the net change, however often it changed. */

import type { Delta, RowChange, Uuid } from "./datum.ts";
import { mergeInto } from "./delta.ts";

export class MergedChanges {
  readonly #tables = new Map<string, Map<Uuid, RowChange>>();

  /** Changes of rows that are not known here and do not `show` are left out. */
  add(table: string, changes: Iterable<RowChange>, shows: (change: RowChange) => boolean): void {
    const rows = this.#tables.get(table) ?? new Map<Uuid, RowChange>();
    this.#tables.set(table, rows);
    for (const change of changes) {
      if (rows.has(change.uuid) || shows(change)) mergeInto(rows, change);
    }
  }

  /** Rows that wait. At most all that the client knows and all that there are. */
  get size(): number {
    let size = 0;
    for (const rows of this.#tables.values()) size += rows.size;
    return size;
  }

  get delta(): Delta {
    return this.#tables;
  }
}
