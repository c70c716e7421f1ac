/** One table as a transaction sees it: the committed rows, overlaid with its own changes. */

import { ColumnIndex } from "./column-index.ts";
import { findColumn } from "./columns.ts";
import { matches, type ResolvedCondition, soughtAtom } from "./condition.ts";
import type { Atom, Datum, Row, Uuid } from "./datum.ts";
import { engineLimits } from "./limits.ts";
import type { ColumnSchema } from "./schema.ts";
import type { TableStore } from "./table-store.ts";

/** What the transaction has done to a row so far. Rows inserted and deleted again have neither version. */
export interface PendingChange {
  readonly old: Row | null;
  new: Row | null;
  /** The columns of a row that was there before which were written to, whether or not their values differ. */
  readonly touched: Set<string>;
}

/** Of inserted rows, which never touch any: shared, for there may be thousands. */
const noColumns: Set<string> = new Set();

export class TableChanges {
  readonly store: TableStore;
  readonly changes = new Map<Uuid, PendingChange>();
  /** Indexes of the changed rows, once there are many. */
  #indexes: Map<string, ColumnIndex> | undefined;

  constructor(store: TableStore) {
    this.store = store;
  }

  /** The row as the transaction sees it. */
  get(uuid: Uuid): Row | undefined {
    const change = this.changes.get(uuid);
    return change === undefined ? this.store.rows.get(uuid) : (change.new ?? undefined);
  }

  /** Adds a row that no one else holds yet. */
  insert(row: Row): void {
    this.changes.set(row._uuid, { old: null, new: row, touched: noColumns });
    this.#reindex(row._uuid, null, row);
  }

  /** Gives columns of `row` new values. */
  update(row: Row, values: Iterable<readonly [string, Datum]>): void {
    // A fresh copy each time: what a select has returned stays as it was.
    const next: Record<string, Datum> = { ...row };
    const known = this.changes.has(row._uuid);
    const change = this.#changeOf(row);
    for (const [column, datum] of values) {
      next[column] = datum;
      if (change.old !== null) change.touched.add(column);
    }
    change.new = next as Row;
    this.#reindex(row._uuid, known ? row : null, change.new);
  }

  delete(row: Row): void {
    const known = this.changes.has(row._uuid);
    this.#changeOf(row).new = null;
    this.#reindex(row._uuid, known ? row : null, null);
  }

  /** The rows that meet every clause, in no particular order. */
  find(clauses: readonly ResolvedCondition[]): Row[] {
    const found: Row[] = [];
    for (const row of this.#candidates(clauses)) if (matches(row, clauses)) found.push(row);
    return found;
  }

  /** At least all rows that meet the clauses; few where one of them can be looked up. */
  #candidates(clauses: readonly ResolvedCondition[]): Iterable<Row> {
    for (const clause of clauses) {
      if (clause.column !== "_uuid" || clause.function !== "==") continue;
      const row = this.get(clause.value as Uuid);
      return row ? [row] : [];
    }
    for (const clause of clauses) {
      const column = findColumn(this.store.layout.schema, clause.column);
      const atom = column && soughtAtom(column.shape, clause);
      if (!column || atom === undefined) continue;
      const index = this.store.lookupIndex(column);
      if (index) return this.#lookup(index, column, atom);
    }
    return this.#all();
  }

  *#all(): Iterable<Row> {
    for (const [uuid, row] of this.store.rows) {
      if (this.changes.size === 0 || !this.changes.has(uuid)) yield row;
    }
    for (const change of this.changes.values()) if (change.new !== null) yield change.new;
  }

  #lookup(index: ColumnIndex, column: ColumnSchema, atom: Atom): Row[] {
    const rows: Row[] = [];
    for (const uuid of index.find(atom)) {
      const row = this.changes.has(uuid) ? undefined : this.store.rows.get(uuid);
      if (row) rows.push(row);
    }
    if (this.changes.size < engineLimits.minIndexedRows) {
      for (const change of this.changes.values()) if (change.new !== null) rows.push(change.new);
      return rows;
    }
    for (const uuid of this.#changesIndex(column).find(atom)) {
      const row = this.changes.get(uuid)?.new;
      if (row) rows.push(row);
    }
    return rows;
  }

  #changesIndex(column: ColumnSchema): ColumnIndex {
    this.#indexes ??= new Map();
    let index = this.#indexes.get(column.name);
    if (!index) {
      index = new ColumnIndex(column.name);
      for (const [uuid, change] of this.changes) index.update(uuid, null, change.new);
      this.#indexes.set(column.name, index);
    }
    return index;
  }

  /** `before`: what the indexes, which are of changed rows only, know of the row. */
  #reindex(uuid: Uuid, before: Row | null, after: Row | null): void {
    if (this.#indexes === undefined) return;
    for (const index of this.#indexes.values()) index.update(uuid, before, after);
  }

  #changeOf(row: Row): PendingChange {
    let change = this.changes.get(row._uuid);
    if (!change) {
      change = { old: row, new: row, touched: new Set() };
      this.changes.set(row._uuid, change);
    }
    return change;
  }
}
