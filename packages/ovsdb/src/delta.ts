/** Deltas as values: several made one, and turned around. */

import type { Datum, Delta, Row, RowChange, Uuid } from "./datum.ts";
import { equalDatums } from "./datum-ops.ts";

/** What several transactions, in this order, did together. Rows that are in the end as they were in the beginning are left out. */
export function mergeDeltas(deltas: readonly Delta[]): Delta {
  const [only] = deltas;
  if (only && deltas.length === 1) return only;
  const merged = new Map<string, Map<Uuid, RowChange>>();
  for (const delta of deltas) {
    for (const [table, changes] of delta) {
      const rows = merged.get(table) ?? new Map<Uuid, RowChange>();
      merged.set(table, rows);
      for (const change of changes.values()) mergeInto(rows, change);
    }
  }
  for (const [table, rows] of merged) if (rows.size === 0) merged.delete(table);
  return merged;
}

/** Adds what happened to a row later to what is known to have happened; forgets a row that is as it was. */
export function mergeInto(rows: Map<Uuid, RowChange>, later: RowChange): void {
  const earlier = rows.get(later.uuid);
  if (!earlier) {
    rows.set(later.uuid, later);
    return;
  }
  const change = mergeChanges(earlier, later);
  if (change) rows.set(later.uuid, change);
  else rows.delete(later.uuid);
}

function mergeChanges(earlier: RowChange, later: RowChange): RowChange | undefined {
  const { uuid, old } = earlier;
  const { new: now } = later;
  if (old === null && now === null) return undefined;
  // A row is inserted or deleted with all its columns.
  if (now === null) return later.old === null ? undefined : { uuid, old, new: now, changed: later.changed };
  if (old === null) return { uuid, old, new: now, changed: earlier.changed };
  const changed = differences(old, now, [...earlier.changed, ...later.changed]);
  return changed.size === 0 ? undefined : { uuid, old, new: now, changed };
}

function differences(old: Row, now: Row, columns: readonly string[]): ReadonlySet<string> {
  return new Set(columns.filter((column) => !equalDatums(old[column] as Datum, now[column] as Datum)));
}

/** What takes the delta back. */
export function invertDelta(delta: Delta): Delta {
  const invert = ({ uuid, old, new: now, changed }: RowChange): RowChange => ({ uuid, old: now, new: old, changed });
  return new Map(
    [...delta].map(([table, rows]) => [table, new Map([...rows.values()].map((row) => [row.uuid, invert(row)]))]),
  );
}
