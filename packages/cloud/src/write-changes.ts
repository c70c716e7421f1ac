/** A plan as one transaction: guarded, so that it does exactly what was planned or nothing. */

import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { NamedUuid } from "@opensync-ts/ovsdb/declare";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { Change } from "./reconcile.ts";
import { type Columns, type RowId, showDatum } from "./rows.ts";

/**
 * Adds `changes` to `transaction`. Each is preceded by a guard: a row to insert must not exist, a row to change must
 * still show what the plan saw. Returns whose change the n-th operation belongs to, to tell the culprit of a refusal.
 */
export function writeChanges(
  changes: readonly Change[],
  transaction: TransactionBuilder<OpenSync>,
): (operation: number) => RowId | undefined {
  const to = transaction as unknown as UntypedBuilder;
  const inserted = new Map<RowId, NamedUuid>();
  const resolve = (row: Uuid | RowId) => inserted.get(row as RowId) ?? row;
  const owners: RowId[] = [];
  for (const change of changes) {
    const { id, table } = change;
    owners.push(id, id);
    switch (change.kind) {
      case "insert": {
        const { references } = change;
        to.expect(table, equalities(change.key), []);
        const row = references ? { ...change.row, [references.column]: references.to.map(resolve) } : change.row;
        inserted.set(id, to.insert(table, row));
        break;
      }
      case "update":
        to.expect(table, [["_uuid", "==", change.uuid]], [change.was]);
        to.update(table, [["_uuid", "==", change.uuid]], change.row);
        break;
      case "references": {
        const { column, key } = change;
        const where = [["_uuid", "==", change.uuid]] as const;
        to.expect(table, where, [key]);
        to.mutate(table, where, [
          ...(change.remove.length > 0 ? [[column, "delete", change.remove] as const] : []),
          ...(change.add.length > 0 ? [[column, "insert", change.add.map(resolve)] as const] : []),
        ]);
        break;
      }
      case "delete":
        to.expect(table, [["_uuid", "==", change.uuid]], [change.key]);
        to.delete(table, [["_uuid", "==", change.uuid]]);
        break;
    }
  }
  return (operation) => owners[operation];
}

/** One line for logs and events; no secret in it. */
export function describeChange(change: Change): string {
  const columns = (row: Columns) =>
    Object.entries(row)
      .map(([column, value]) => `${column}=${showDatum(column, value)}`)
      .join(" ");
  switch (change.kind) {
    case "insert":
      return `insert ${change.id}: ${columns(change.row)}`;
    case "update":
      return `update ${change.id}: ${columns(change.row)} (was ${columns(change.was)})`;
    case "references":
      return `update ${change.id}: ${change.column} +${change.add.length} -${change.remove.length}`;
    case "delete":
      return `delete ${change.id}: ${change.reason}`;
  }
}

type UntypedWhere = readonly (readonly [string, "==", unknown])[];

/** The builder without the row types, which a plan has checked where its rows were made (`desired.ts`). */
interface UntypedBuilder {
  insert(table: string, row: Readonly<Record<string, unknown>>): NamedUuid;
  update(table: string, where: UntypedWhere, row: Columns): void;
  mutate(table: string, where: UntypedWhere, mutations: readonly (readonly [string, string, unknown])[]): void;
  delete(table: string, where: UntypedWhere): void;
  expect(table: string, where: UntypedWhere, expected: readonly Columns[]): void;
}

function equalities(key: Columns): UntypedWhere {
  return Object.entries(key).map(([column, value]) => [column, "==", value] as const);
}
