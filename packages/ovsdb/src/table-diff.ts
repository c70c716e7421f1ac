/** What differs between two states of a table, which may be of two databases whose rows have different identities. */

import type { Datum, Row, Uuid } from "./datum.ts";
import { datumKey, equalDatums } from "./datum-ops.ts";
import type { TableSchema } from "./schema.ts";

export interface TableDiff {
  readonly onlyBefore: readonly Row[];
  readonly onlyAfter: readonly Row[];
  readonly changed: readonly RowDiff[];
}

export interface RowDiff {
  readonly before: Row;
  readonly after: Row;
  /** The columns whose values differ. */
  readonly columns: readonly string[];
}

/**
 * Rows are the same when they have one `_uuid`, or else the same values in the columns of a unique index of the table. Only
 * `columns` are compared.
 */
export function diffTables(
  table: TableSchema,
  before: readonly Row[],
  after: readonly Row[],
  columns: readonly string[],
): TableDiff {
  const [pairs, onlyBefore, onlyAfter] = pairRows(table, before, after, columns);
  const changed = pairs
    .map(([a, b]) => ({
      before: a,
      after: b,
      columns: columns.filter((name) => !equalDatums(a[name] as Datum, b[name] as Datum)),
    }))
    .filter((row) => row.columns.length > 0);
  return { onlyBefore, onlyAfter, changed };
}

export function isSame({ onlyBefore, onlyAfter, changed }: TableDiff): boolean {
  return onlyBefore.length === 0 && onlyAfter.length === 0 && changed.length === 0;
}

function pairRows(
  table: TableSchema,
  before: readonly Row[],
  after: readonly Row[],
  columns: readonly string[],
): [pairs: [Row, Row][], before: Row[], after: Row[]] {
  const pairs: [Row, Row][] = [];
  const rest = new Map<Uuid, Row>(after.map((row) => [row._uuid, row]));
  let left = before.filter((row) => {
    const same = rest.get(row._uuid);
    if (same) pairs.push([row, same]);
    rest.delete(row._uuid);
    return !same;
  });
  for (const index of table.indexes) {
    if (!index.every((name) => columns.includes(name))) continue;
    const keyOf = (row: Row) => index.map((name) => datumKey(row[name] as Datum)).join("\0");
    const byKey = new Map([...rest.values()].map((row) => [keyOf(row), row]));
    left = left.filter((row) => {
      const same = byKey.get(keyOf(row));
      if (same) pairs.push([row, same]);
      if (same) rest.delete(same._uuid);
      return !same;
    });
  }
  return [pairs, left, [...rest.values()]];
}
