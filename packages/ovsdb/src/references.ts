/**
 * Strong references (RFC 7047 §3.2): their counts, the refusal of dangling ones, and the removal of rows of non-root tables that
 * nothing refers to any more. Works through what a transaction touched, never through whole tables.
 */

import type { ChangeSet } from "./change-set.ts";
import type { Atom, Datum, Row, Uuid } from "./datum.ts";
import { isAtomMap } from "./datum-ops.ts";
import { OvsdbError } from "./errors.ts";
import type { PendingChange } from "./table-changes.ts";
import type { ReferenceColumn } from "./table-layout.ts";

/** By table and row: how many strong references the transaction adds (or, negative, takes away). */
export type ReferenceDeltas = ReadonlyMap<string, ReadonlyMap<Uuid, number>>;

/** Throws a `referential integrity violation`; deletes garbage from `changes`. */
export function settleStrongReferences(changes: ChangeSet): ReferenceDeltas {
  const counter = new ReferenceCounter(changes);
  for (const table of changes.tables().values()) {
    const { strong } = table.store.layout;
    if (strong.length === 0) continue;
    for (const change of table.changes.values()) {
      for (const reference of strong) counter.count(reference, change);
    }
  }
  counter.check();
  counter.collectGarbage();
  return counter.deltas;
}

/** The rows that a reference column of `row` leads to. */
export function targetsOf(reference: ReferenceColumn, row: Row): Iterable<Uuid> {
  const datum = row[reference.column.name] as Datum;
  if (datum === null) return [];
  if (isAtomMap(datum)) return (reference.part === "key" ? datum.keys() : datum.values()) as Iterable<Uuid>;
  return (Array.isArray(datum) ? datum : [datum as Atom]) as Iterable<Uuid>;
}

class ReferenceCounter {
  readonly deltas = new Map<string, Map<Uuid, number>>();
  readonly #changes: ChangeSet;

  constructor(changes: ChangeSet) {
    this.#changes = changes;
  }

  count(reference: ReferenceColumn, change: PendingChange): void {
    const { old, new: now } = change;
    if (old !== null && now !== null && !change.touched.has(reference.column.name)) return;
    if (old !== null) this.#add(reference, old, -1);
    if (now !== null) this.#add(reference, now, 1);
  }

  /** A reference to the row itself does not keep it alive, so it does not count. */
  #add(reference: ReferenceColumn, row: Row, amount: number): void {
    for (const target of targetsOf(reference, row)) {
      if (target === row._uuid && reference.target === reference.table) continue;
      let deltas = this.deltas.get(reference.target);
      if (!deltas) {
        deltas = new Map();
        this.deltas.set(reference.target, deltas);
      }
      deltas.set(target, (deltas.get(target) ?? 0) + amount);
    }
  }

  #total(table: string, uuid: Uuid): number {
    const committed = this.#changes.table(table).store.referenceCounts.get(uuid) ?? 0;
    return committed + (this.deltas.get(table)?.get(uuid) ?? 0);
  }

  check(): void {
    for (const [table, deltas] of this.deltas) {
      for (const uuid of deltas.keys()) {
        if (this.#changes.has(table, uuid) || this.#total(table, uuid) === 0) continue;
        if (!this.#changes.table(table).store.rows.has(uuid)) throw this.#dangling(table, uuid);
      }
    }
    for (const [table, { changes }] of this.#changes.tables()) {
      for (const [uuid, change] of changes) {
        if (change.new !== null) continue;
        const total = this.#total(table, uuid);
        if (total === 0) continue;
        throw new OvsdbError(
          "referential integrity violation",
          `cannot delete ${table} row ${uuid} because of ${total} remaining reference(s)`,
        );
      }
    }
  }

  #dangling(target: string, uuid: Uuid): OvsdbError {
    return new OvsdbError(
      "referential integrity violation",
      `${this.#holderOf(target, uuid)} references nonexistent row ${uuid} in table ${target}.`,
    );
  }

  /** Where in the transaction a reference to the row is, in words. */
  #holderOf(target: string, uuid: Uuid): string {
    for (const { store, changes } of this.#changes.tables().values()) {
      for (const reference of store.layout.strong.filter((candidate) => candidate.target === target)) {
        for (const { new: row } of changes.values()) {
          if (row === null || ![...targetsOf(reference, row)].includes(uuid)) continue;
          return `Table ${reference.table} column ${reference.column.name} row ${row._uuid}`;
        }
      }
    }
    return "A row of this transaction";
  }

  collectGarbage(): void {
    const suspects: [table: string, uuid: Uuid][] = [];
    for (const [table, { changes, store }] of this.#changes.tables()) {
      if (store.layout.schema.isRoot) continue;
      for (const uuid of changes.keys()) suspects.push([table, uuid]);
    }
    for (const [table, deltas] of this.deltas) {
      for (const uuid of deltas.keys()) suspects.push([table, uuid]);
    }
    for (let next = suspects.pop(); next; next = suspects.pop()) {
      const [table, uuid] = next;
      const changes = this.#changes.table(table);
      const { layout } = changes.store;
      if (layout.schema.isRoot || this.#total(table, uuid) > 0) continue;
      const row = changes.get(uuid);
      if (!row) continue;
      changes.delete(row);
      for (const reference of layout.strong) {
        this.#add(reference, row, -1);
        for (const target of targetsOf(reference, row)) suspects.push([reference.target, target]);
      }
    }
  }
}
