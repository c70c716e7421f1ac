/** Finds the rows of a table that hold a given atom in a given column. */

import type { Atom, Datum, Row, Uuid } from "./datum.ts";
import { isAtomMap } from "./datum-ops.ts";

/** Which atoms of a map are looked up; of other columns there is only `key`. */
export type ColumnPart = "key" | "value";

/** Kept up to date by whoever changes rows; costs nothing for changes of other columns. */
export class ColumnIndex {
  readonly column: string;
  readonly part: ColumnPart;
  /** A single row stands for itself, which is the common case; several are a set. */
  readonly #rows = new Map<Atom, Uuid | Set<Uuid>>();

  constructor(column: string, part: ColumnPart = "key") {
    this.column = column;
    this.part = part;
  }

  /** The rows that hold `atom`. */
  find(atom: Atom): Iterable<Uuid> {
    const found = this.#rows.get(atom);
    if (found === undefined) return [];
    return typeof found === "string" ? [found] : found;
  }

  /** Takes over one row's change: `before` is null for a new row, `after` for one that is gone. */
  update(uuid: Uuid, before: Row | null, after: Row | null): void {
    const old = before === null ? undefined : (before[this.column] as Datum);
    const now = after === null ? undefined : (after[this.column] as Datum);
    if (old === now) return;
    if (old !== undefined) for (const atom of this.#atoms(old)) this.#remove(atom, uuid);
    if (now !== undefined) for (const atom of this.#atoms(now)) this.#add(atom, uuid);
  }

  #atoms(datum: Datum): Iterable<Atom> {
    if (datum === null) return [];
    if (isAtomMap(datum)) return this.part === "key" ? datum.keys() : datum.values();
    return Array.isArray(datum) ? datum : [datum as Atom];
  }

  #add(atom: Atom, uuid: Uuid): void {
    const found = this.#rows.get(atom);
    if (found === undefined) this.#rows.set(atom, uuid);
    else if (typeof found !== "string") found.add(uuid);
    else if (found !== uuid) this.#rows.set(atom, new Set([found, uuid]));
  }

  #remove(atom: Atom, uuid: Uuid): void {
    const found = this.#rows.get(atom);
    if (found === uuid) this.#rows.delete(atom);
    else if (found instanceof Set && found.delete(uuid) && found.size === 1) {
      const [last] = found as Set<Uuid>;
      this.#rows.set(atom, last as Uuid);
    }
  }
}
