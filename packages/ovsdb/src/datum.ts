/**
 * Values as the database keeps them. Rows and datums are immutable and shared: the committed database, a delta, a
 * replica in the same process and a typed caller all hold the same objects.
 *
 * The form of a datum follows from its column (`ColumnShape`), so it needs no tag of its own:
 *
 * | shape      | column                    | form                                                         |
 * |------------|---------------------------|--------------------------------------------------------------|
 * | `scalar`   | exactly one value         | the atom                                                     |
 * | `optional` | none or one value         | the atom, or `null` when unset                               |
 * | `set`      | any other set             | array of atoms, sorted, without duplicates                   |
 * | `map`      | has a value type          | `ReadonlyMap`, in key order                                  |
 *
 * Integers are numbers while they are safe integers (±2⁵³) and bigints beyond; UUIDs are strings, told from text by
 * the column's type.
 */

declare const uuidBrand: unique symbol;

/** A row's identity: 36 lower-case characters. */
export type Uuid = string & { readonly [uuidBrand]: true };

export type Atom = string | number | bigint | boolean;

export type Datum = Atom | null | readonly Atom[] | ReadonlyMap<Atom, Atom>;

/** Shared by all that are empty: a mirror of a thousand databases holds very many. */
export const emptySet: readonly Atom[] = Object.freeze([]);
export const emptyMap: ReadonlyMap<Atom, Atom> = new Map();

export type AtomicType = "integer" | "real" | "boolean" | "string" | "uuid";

export type ColumnShape = "scalar" | "optional" | "set" | "map";

/** One version of one row: every column of its table, and its identity. Never modified after commit. */
export type Row = { readonly _uuid: Uuid; readonly _version: Uuid } & { readonly [column: string]: Datum };

/** What one transaction did to one row. `old` is null on insert, `new` on delete. */
export interface RowChange {
  readonly uuid: Uuid;
  readonly old: Row | null;
  readonly new: Row | null;
  /** Columns whose value differs (all columns of the table on insert and delete); `_version` is never listed. */
  readonly changed: ReadonlySet<string>;
}

/** What one transaction did, by table and row; computed once and handed to journal, monitors and replicas alike. */
export type Delta = ReadonlyMap<string, ReadonlyMap<Uuid, RowChange>>;
