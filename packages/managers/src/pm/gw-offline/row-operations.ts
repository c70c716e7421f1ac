/** Changes of rows as data: what is to be restored can be looked at, compared, and cut down before it is done. */

import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { Datum, Uuid } from "@opensync-ts/ovsdb/datum";
import type { NamedUuid } from "@opensync-ts/ovsdb/declare";
import type { OpenSync, OpenSyncTable } from "@opensync-ts/schema/opensync";

/** A row that an earlier operation of the list inserts, by its `name`. */
export interface InsertedRow {
  readonly inserted: string;
}

export type Value = Datum | readonly InsertedRow[];
type Where = readonly [column: string, value: string | Uuid];

/** `part`: what stands or falls together, in words for people. */
export type RowOperation = { readonly part: string; readonly table: OpenSyncTable } & (
  | { readonly op: "insert"; readonly row: { readonly [column: string]: Value }; readonly name?: string }
  | { readonly op: "update"; readonly where: readonly Where[]; readonly row: { readonly [column: string]: Value } }
  /** An empty `where`: every row. */
  | { readonly op: "delete"; readonly where: readonly Where[] }
  /** Puts a reference into a set, or takes it out. */
  | {
      readonly op: "link" | "unlink";
      readonly where: readonly Where[];
      readonly column: string;
      readonly to: Uuid | InsertedRow;
    }
);

/** What of the typed builder is needed here, where tables and columns are known at run time only. */
interface AnyBuilder {
  insert(table: string, row: object): NamedUuid;
  update(table: string, where: readonly unknown[], row: object): void;
  delete(table: string, where: readonly unknown[]): void;
  insertInto(table: string, where: readonly unknown[], column: string, elements: readonly unknown[]): void;
  removeFrom(table: string, where: readonly unknown[], column: string, elements: readonly unknown[]): void;
}

/** Adds one operation of the transaction for each of the list, in its order. */
export function addOperations(transaction: TransactionBuilder<OpenSync>, operations: readonly RowOperation[]): void {
  const builder = transaction as unknown as AnyBuilder;
  const inserted = new Map<string, NamedUuid>();
  const reference = (value: unknown) => (isInserted(value) ? inserted.get(value.inserted) : value);
  const rowOf = (row: { readonly [column: string]: Value }) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [column, Array.isArray(value) ? value.map(reference) : value]),
    );
  for (const operation of operations) {
    const where = "where" in operation ? operation.where.map(([column, value]) => [column, "==", value]) : [];
    switch (operation.op) {
      case "insert": {
        const named = builder.insert(operation.table, rowOf(operation.row));
        if (operation.name !== undefined) inserted.set(operation.name, named);
        break;
      }
      case "update":
        builder.update(operation.table, where, rowOf(operation.row));
        break;
      case "delete":
        builder.delete(operation.table, where);
        break;
      case "link":
        builder.insertInto(operation.table, where, operation.column, [reference(operation.to)]);
        break;
      case "unlink":
        builder.removeFrom(operation.table, where, operation.column, [reference(operation.to)]);
    }
  }
}

function isInserted(value: unknown): value is InsertedRow {
  return typeof value === "object" && value !== null && "inserted" in value;
}
