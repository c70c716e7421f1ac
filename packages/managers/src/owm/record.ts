/** Records: the columns of a row that one writer answers for, compared and reduced to what has to be written. */

import type { Datum } from "@opensync-ts/ovsdb/datum";
import { asColumn, type Column, type Table } from "@opensync-ts/ovsdb/declare";

/** Values in the form in which rows are read (see `Datum`). */
export type Columns = { readonly [column: string]: Datum };

/** Every column of `table` but those named, as it reads when nothing was ever written. */
export function unsetRecord<R>(table: Table, leaveOut: readonly string[]): R {
  const record: { [column: string]: Datum } = {};
  for (const [name, declared] of Object.entries(table.columns)) {
    if (!leaveOut.includes(name)) record[name] = unsetValue(asColumn(declared));
  }
  return record as R;
}

/** The columns of `next` whose value differs from the one in `last`. */
export function changedColumns<R extends object>(last: R, next: R): Partial<R> {
  if (last === next) return {};
  const changed: Partial<R> = {};
  for (const column of Object.keys(next) as (keyof R)[]) {
    if (!sameValue(last[column] as Datum, next[column] as Datum)) changed[column] = next[column];
  }
  return changed;
}

export function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** Equality of values of one column. Sets are sorted; maps are compared whatever their order. */
export function sameValue(a: Datum, b: Datum): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((atom, index) => atom === b[index]);
  }
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    for (const [key, value] of a) {
      if (b.get(key) !== value) return false;
    }
    return true;
  }
  return false;
}

/** RFC 7047 §5.2.1: what a column holds on insert when the row says nothing. */
function unsetValue(column: Column<unknown>): Datum {
  if (column.value) return new Map();
  if (column.max !== 1) return [];
  if (column.min === 0) return null;
  switch (column.key.type) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "uuid":
      return "00000000-0000-0000-0000-000000000000";
    default:
      return 0;
  }
}
