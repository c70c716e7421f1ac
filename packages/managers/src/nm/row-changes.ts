/** What makes a table hold given rows and nothing else, as parts of one transaction. */

import type { TransactionBuilder, Where } from "@opensync-ts/ovsdb/client";
import type { OpenSync, OpenSyncTable, Row, Write } from "@opensync-ts/schema/opensync";
import { sameColumns } from "./columns.ts";

export type Change = (transaction: TransactionBuilder<OpenSync>) => void;

/**
 * One row for each of `wanted`, by `keyOf`; of several rows with one key the first stays. Columns that are not written stay as
 * they are.
 */
export function rowChanges<T extends OpenSyncTable>(
  table: T,
  shown: Iterable<Row<T>>,
  wanted: ReadonlyMap<string, Write<T>>,
  keyOf: (row: Row<T>) => string,
): readonly Change[] {
  const missing = new Map(wanted);
  const changes: Change[] = [];
  for (const row of shown) {
    const key = keyOf(row);
    const columns = missing.get(key);
    missing.delete(key);
    // The compiler does not see that every table has a `_uuid` while the table is open.
    const where = [["_uuid", "==", (row as { _uuid: unknown })._uuid]] as unknown as Where<OpenSync, T>;
    if (!columns) changes.push((transaction) => transaction.delete(table, where));
    else if (!sameColumns(row, columns)) changes.push((transaction) => transaction.update(table, where, columns));
  }
  for (const columns of missing.values()) changes.push((transaction) => transaction.insert(table, columns));
  return changes;
}
