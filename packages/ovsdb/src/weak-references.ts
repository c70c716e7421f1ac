/** Weak references (RFC 7047 §3.2): those to rows that are gone, or never were, vanish at commit. */

import { zeroUuid } from "./atom.ts";
import type { ChangeSet } from "./change-set.ts";
import type { Atom, Datum, Row } from "./datum.ts";
import { atomsOf, countOf, isAtomMap, withoutPairs } from "./datum-ops.ts";
import { constraintViolation, type OvsdbError } from "./errors.ts";
import { targetsOf } from "./references.ts";
import type { ReferenceColumn } from "./table-layout.ts";

/** Throws a `constraint violation` where a column that must not be empty would become so. */
export function pruneWeakReferences(changes: ChangeSet): void {
  pruneWritten(changes);
  pruneReferrers(changes);
}

/** References that the transaction itself has written. */
function pruneWritten(changes: ChangeSet): void {
  for (const table of [...changes.tables().values()]) {
    const { weak } = table.store.layout;
    if (weak.length === 0) continue;
    for (const change of table.changes.values()) {
      for (const reference of weak) {
        if (change.new === null) break;
        if (change.old === null || change.touched.has(reference.column.name)) prune(changes, reference, change.new);
      }
    }
  }
}

/** Committed references to the rows that the transaction deletes. */
function pruneReferrers(changes: ChangeSet): void {
  for (const table of [...changes.tables().values()]) {
    const { weakIncoming } = table.store.layout;
    if (weakIncoming.length === 0) continue;
    // What is pruned meanwhile joins the changes; it is no deletion.
    for (const [uuid, change] of table.changes) {
      if (change.new !== null || change.old === null) continue;
      for (const reference of weakIncoming) {
        const referring = changes.table(reference.table);
        for (const referrer of referring.store.weakReferrers(reference, uuid)) {
          const row = referring.get(referrer);
          if (row) prune(changes, reference, row);
        }
      }
    }
  }
}

/** Removes from `row` what its reference column holds of rows that do not exist. */
function prune(changes: ChangeSet, reference: ReferenceColumn, row: Row): void {
  const { column, part, target } = reference;
  const missing = new Set<Atom>();
  for (const uuid of targetsOf(reference, row)) if (!changes.has(target, uuid)) missing.add(uuid);
  if (missing.size === 0) return;
  const datum = row[column.name] as Datum;
  const rest = isAtomMap(datum)
    ? withoutPairs(datum, (key, value) => missing.has(part === "key" ? key : value))
    : atomsOf(datum).filter((atom) => !missing.has(atom));
  if (countOf(rest) < column.min) throw emptied(changes, reference, row, missing);
  // A scalar's minimum is one, so what is left here belongs to an optional column, a set or a map.
  const pruned = column.shape === "optional" ? null : rest;
  changes.table(reference.table).update(row, [[column.name, pruned]]);
}

function emptied(changes: ChangeSet, reference: ReferenceColumn, row: Row, missing: ReadonlySet<Atom>): OvsdbError {
  const { table, column } = reference;
  const inserted = changes.table(table).changes.get(row._uuid)?.old === null;
  const place = `column "${column.name}" in "${table}" row ${row._uuid}${inserted ? " (inserted within this transaction)" : ""}`;
  return constraintViolation(
    missing.has(zeroUuid)
      ? `Weak reference ${place} contained all-zeros UUID (probably as the default value for this column) but deleting this value caused a constraint volation because this column is not allowed to be empty.`
      : `Deletion of ${missing.size} weak reference(s) to deleted (or never-existing) rows from ${place} caused this column to become empty, but constraints on this column disallow an empty column.`,
  );
}
