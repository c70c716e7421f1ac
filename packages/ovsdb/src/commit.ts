/** The end of a transaction: everything that must hold in the database as a whole, and the delta that results. */

import type { Random } from "@opensync-ts/base/random";
import { zeroUuid } from "./atom.ts";
import type { ChangeSet } from "./change-set.ts";
import type { Datum, Delta, Row, RowChange, Uuid } from "./datum.ts";
import { equalDatums } from "./datum-ops.ts";
import { type ReferenceDeltas, settleStrongReferences } from "./references.ts";
import type { PendingChange, TableChanges } from "./table-changes.ts";
import type { TableStore } from "./table-store.ts";
import { checkMaxRows, checkUniqueness } from "./uniqueness.ts";
import { pruneWeakReferences } from "./weak-references.ts";

/** What a transaction will do, checked: applying it cannot fail. */
export interface PreparedCommit {
  readonly delta: Delta;
  readonly references: ReferenceDeltas;
}

/**
 * Checks references, removes garbage and dangling weak references, checks `maxRows` and indexes, gives changed rows a new
 * `_version`. Throws an `OvsdbError`; the database is untouched either way.
 */
export function prepareCommit(changes: ChangeSet, random: Random): PreparedCommit {
  const references = settleStrongReferences(changes);
  for (const table of changes.tables().values()) checkMaxRows(table);
  pruneWeakReferences(changes);
  const delta = new Map<string, ReadonlyMap<Uuid, RowChange>>();
  for (const [name, table] of changes.tables()) {
    if (table.changes.size === 0) continue;
    const rows = realChanges(table);
    if (rows.size > 0) delta.set(name, rows);
  }
  for (const [name, rows] of delta) checkUniqueness(changes.table(name).store, rows);
  for (const rows of delta.values()) {
    for (const { old, new: row } of rows.values()) {
      if (row === null || (old === null && row._version !== zeroUuid)) continue;
      // Until now nobody but the transaction holds the row.
      (row as { _version: Uuid })._version = random.uuid() as Uuid;
    }
  }
  return { delta, references };
}

/** Takes a prepared commit over into the tables. */
export function applyCommit(stores: ReadonlyMap<string, TableStore>, commit: PreparedCommit): void {
  for (const [name, rows] of commit.delta) {
    const store = stores.get(name);
    for (const change of rows.values()) store?.apply(change);
  }
  for (const [name, deltas] of commit.references) {
    const counts = stores.get(name)?.referenceCounts;
    for (const [uuid, delta] of deltas) {
      const count = (counts?.get(uuid) ?? 0) + delta;
      if (count === 0) counts?.delete(uuid);
      else counts?.set(uuid, count);
    }
  }
}

/** The rows that are in the end different from what they were. */
function realChanges(table: TableChanges): ReadonlyMap<Uuid, RowChange> {
  const { columnNames } = table.store.layout;
  const rows = new Map<Uuid, RowChange>();
  for (const [uuid, change] of table.changes) {
    const { old, new: now } = change;
    if (old !== null && now !== null) {
      const changed = changedColumns(change, old, now);
      if (changed.size > 0) rows.set(uuid, { uuid, old, new: now, changed });
    } else if (old !== null || now !== null) {
      rows.set(uuid, { uuid, old, new: now, changed: columnNames });
    }
  }
  return rows;
}

function changedColumns(change: PendingChange, old: Row, now: Row): ReadonlySet<string> {
  const { touched } = change;
  for (const column of touched) {
    if (equalDatums(old[column] as Datum, now[column] as Datum)) touched.delete(column);
  }
  return touched;
}
