/** One table's committed rows, with what is kept about them so that no transaction has to look at all of them. */

import { ColumnIndex } from "./column-index.ts";
import type { Atom, Datum, Row, RowChange, Uuid } from "./datum.ts";
import { datumKey } from "./datum-ops.ts";
import { engineLimits } from "./limits.ts";
import type { ColumnSchema } from "./schema.ts";
import type { ReferenceColumn, TableLayout } from "./table-layout.ts";

export class TableStore {
  readonly layout: TableLayout;
  /** In order of insertion. */
  readonly rows = new Map<Uuid, Row>();
  /** How many strong references from other rows lead to a row; rows without any are left out. */
  readonly referenceCounts = new Map<Uuid, number>();
  readonly uniqueIndexes: readonly UniqueIndex[];
  /** Weak references by target, to find what a deletion leaves dangling. */
  readonly #weakIndexes: ReadonlyMap<ReferenceColumn, ColumnIndex>;
  /** Made when a condition asks for the column the second time; at most one per column. */
  readonly #lookupIndexes = new Map<string, ColumnIndex>();
  readonly #asked = new Set<string>();
  readonly #indexes: ColumnIndex[];

  constructor(layout: TableLayout) {
    this.layout = layout;
    this.uniqueIndexes = layout.schema.indexes.map((columns) => new UniqueIndex(columns));
    this.#weakIndexes = new Map(
      layout.weak.map((reference) => [reference, new ColumnIndex(reference.column.name, reference.part)]),
    );
    this.#indexes = [...this.#weakIndexes.values()];
  }

  /** The rows whose weak references of this column lead to `target`. */
  weakReferrers(reference: ReferenceColumn, target: Uuid): Iterable<Uuid> {
    return this.#weakIndexes.get(reference)?.find(target) ?? [];
  }

  /** An index on `column`, once it pays; until then look at every row. */
  lookupIndex(column: ColumnSchema): ColumnIndex | undefined {
    const found = this.#lookupIndexes.get(column.name);
    if (found || this.rows.size < engineLimits.minIndexedRows || column.key.type === "boolean") return found;
    if (!this.#asked.has(column.name)) {
      this.#asked.add(column.name);
      return undefined;
    }
    const index = new ColumnIndex(column.name);
    for (const [uuid, row] of this.rows) index.update(uuid, null, row);
    this.#lookupIndexes.set(column.name, index);
    this.#indexes.push(index);
    return index;
  }

  /** Takes over a committed change. */
  apply(change: RowChange): void {
    const { uuid, old, new: now } = change;
    for (const index of this.#indexes) index.update(uuid, old, now);
    for (const index of this.uniqueIndexes) index.update(change);
    if (now === null) this.rows.delete(uuid);
    else this.rows.set(uuid, now);
  }
}

/** Which row holds each combination of values that the schema wants to be unique. */
export class UniqueIndex {
  readonly columns: readonly string[];
  readonly #holders = new Map<Atom, Uuid>();

  constructor(columns: readonly string[]) {
    this.columns = columns;
  }

  holder(key: Atom): Uuid | undefined {
    return this.#holders.get(key);
  }

  /** A row's values of the index's columns as one atom. */
  keyOf(row: Row): Atom {
    const [first = ""] = this.columns;
    const datum = row[first] as Datum;
    if (this.columns.length === 1 && datum !== null && typeof datum !== "object") return datum;
    return this.columns.map((column) => datumKey(row[column] as Datum)).join();
  }

  /** Whether a change concerns the index at all. */
  touchedBy(change: RowChange): boolean {
    return this.columns.some((column) => change.changed.has(column));
  }

  update(change: RowChange): void {
    if (!this.touchedBy(change)) return;
    const { uuid, old, new: now } = change;
    if (old !== null) {
      const key = this.keyOf(old);
      // A row of the same commit may have taken the values over already.
      if (this.#holders.get(key) === uuid) this.#holders.delete(key);
    }
    if (now !== null) this.#holders.set(this.keyOf(now), uuid);
  }
}
