/** Indexes and row limits of the schema (RFC 7047 §3.2 `indexes`, `maxRows`), checked when a transaction is complete. */

import { findColumn } from "./columns.ts";
import type { Atom, Datum, RowChange, Uuid } from "./datum.ts";
import { compareDatums, datumToText } from "./datum-ops.ts";
import { constraintViolation, type OvsdbError } from "./errors.ts";
import type { TableChanges } from "./table-changes.ts";
import type { TableStore, UniqueIndex } from "./table-store.ts";

/** Throws a `constraint violation` when the table would hold more rows than the schema allows. */
export function checkMaxRows({ store, changes }: TableChanges): void {
  const { name, maxRows } = store.layout.schema;
  if (maxRows === Number.POSITIVE_INFINITY) return;
  let count = store.rows.size;
  for (const change of changes.values()) {
    count += (change.new === null ? 0 : 1) - (change.old === null ? 0 : 1);
  }
  if (count <= maxRows) return;
  throw constraintViolation(
    `transaction causes "${name}" table to contain ${count} rows, greater than the schema-defined limit of ${maxRows} row(s)`,
  );
}

/** Throws a `constraint violation` when two rows would have the same values in the columns of an index. */
export function checkUniqueness(store: TableStore, changes: ReadonlyMap<Uuid, RowChange>): void {
  for (const index of store.uniqueIndexes) {
    const taken = new Map<Atom, RowChange>();
    for (const change of changes.values()) {
      if (change.new === null || !index.touchedBy(change)) continue;
      const key = index.keyOf(change.new);
      const rival = taken.get(key);
      if (rival) throw duplicate(store, index, rival, change);
      taken.set(key, change);
      const holder = index.holder(key);
      if (holder === undefined || holder === change.uuid) continue;
      const moved = changes.get(holder);
      if (moved && (moved.new === null || index.touchedBy(moved))) continue;
      throw duplicate(store, index, moved ?? holder, change);
    }
  }
}

function duplicate(store: TableStore, index: UniqueIndex, rival: RowChange | Uuid, change: RowChange): OvsdbError {
  const { columns } = index;
  const values = rowText(store, index, change.new);
  const [first, second] = inOrder(store, rival, change);
  const quoted = listed(columns.map((name) => `"${name}"`));
  return constraintViolation(
    `Transaction causes multiple rows in "${store.layout.schema.name}" table to have identical values (${values}) for index on ` +
      `column${columns.length === 1 ? "" : "s"} ${quoted}.  First row, with UUID ${uuidOf(first)}, ` +
      `${history(store, index, first)}.  Second row, with UUID ${uuidOf(second)}, ${history(store, index, second)}.`,
  );
}

/** The row of the greater values is told first, so that a message does not depend on chance. */
function inOrder(store: TableStore, rival: RowChange | Uuid, change: RowChange): [RowChange | Uuid, RowChange | Uuid] {
  const other = typeof rival === "string" ? store.rows.get(rival) : rival.new;
  for (const name of store.layout.schema.columns.keys()) {
    const order = compareDatums(other?.[name] as Datum, change.new?.[name] as Datum);
    if (order !== 0) return order > 0 ? [rival, change] : [change, rival];
  }
  return uuidOf(rival) > change.uuid ? [rival, change] : [change, rival];
}

function uuidOf(row: RowChange | Uuid): Uuid {
  return typeof row === "string" ? row : row.uuid;
}

function history(store: TableStore, index: UniqueIndex, change: RowChange | Uuid): string {
  if (typeof change === "string") {
    return "existed in the database before this transaction and was not modified by the transaction";
  }
  if (change.old === null) return "was inserted by this transaction";
  if (index.touchedBy(change)) {
    return `had the following index values before the transaction: ${rowText(store, index, change.old)}`;
  }
  return "existed in the database before this transaction, which modified some of the row's columns but not any columns in this index";
}

/** A row's values in the columns of an index, as messages show them. */
function rowText(store: TableStore, index: UniqueIndex, row: RowChange["new"]): string {
  const { schema } = store.layout;
  return listed(
    index.columns.map((name) => {
      const column = findColumn(schema, name);
      return column && row ? datumToText(column, row[name] as Datum) : name;
    }),
  );
}

function listed(words: readonly string[]): string {
  if (words.length < 3) return words.join(" and ");
  return `${words.slice(0, -1).join(", ")}, and ${words.at(-1)}`;
}
