/**
 * What a home wants of a node, as far as the schema of that node has a place for it: firmware is older or newer than this cloud. What has none
 * is refused with the reason, and the rest is still provisioned. Pure.
 */

import type { Columns, ConfigTable, DesiredRow, DesiredState, Refusal, RowId } from "./rows.ts";

/** Whether the node's schema has no such table, or column of it. */
export type Lacks = (table: ConfigTable, column?: string) => boolean;

export function withinSchema(desired: DesiredState, lacks: Lacks): DesiredState {
  const rows: DesiredRow[] = [];
  const refusals: Refusal[] = [];
  const gone = new Set<RowId>();
  for (const row of desired.rows) {
    const { id, table, key, columns, entries, references, initial, stated } = row;
    const lacking = (part: object) => Object.keys(part).filter((column) => lacks(table, column));
    const refuse = (what: string, reason: string) => refusals.push({ id: what as RowId, stated, reason });
    if (lacks(table)) {
      gone.add(id);
      refuse(id, `the node's schema has no table ${table}`);
      continue;
    }
    const [unknownKey] = lacking(key);
    if (unknownKey !== undefined) {
      gone.add(id);
      refuse(id, `the node's schema has no column ${unknownKey} in ${table}, by which its rows are told apart`);
      continue;
    }
    const referring = references && lacks(table, references.column) ? [references.column] : [];
    const missing = [...lacking(columns), ...lacking(entries), ...referring];
    const unborn = lacking(initial);
    if (missing.length === 0 && unborn.length === 0) {
      rows.push(row);
      continue;
    }
    // A line of its own: the row as such is provisioned.
    if (missing.length > 0) {
      const named = missing.length === 1 ? `column ${missing[0]}` : `columns ${missing.join(", ")}`;
      refuse(
        `${id} ${missing.join("+")}`,
        `the node's schema has no ${named} in ${table}; the rest of the row is provisioned`,
      );
    }
    rows.push({
      ...row,
      columns: without(columns, missing),
      entries: without(entries, missing),
      references: referring.length > 0 ? null : references,
      initial: without(initial, unborn),
    });
  }
  if (refusals.length === 0 && rows.length === desired.rows.length) {
    return rows.every((row, index) => row === desired.rows[index]) ? desired : { ...desired, rows };
  }
  return {
    ...desired,
    rows: rows.map((row) => withoutTargets(row, gone)),
    refusals: [...desired.refusals, ...refusals],
  };
}

/** Nobody refers to a row that cannot be. */
function withoutTargets(row: DesiredRow, gone: ReadonlySet<RowId>): DesiredRow {
  const { references } = row;
  if (!references?.to.some((id) => gone.has(id))) return row;
  return { ...row, references: { ...references, to: references.to.filter((id) => !gone.has(id)) } };
}

function without<C extends Columns | DesiredRow["entries"]>(columns: C, names: readonly string[]): C {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !names.includes(name))) as C;
}
