/**
 * A database schema declared in TypeScript: one declaration gives the RFC 7047 schema JSON at run time and the row
 * types at compile time.
 *
 * ```ts
 * const radio = table({ columns: { if_name: string(), channel: optional(integer({ min: 1, max: 233 })) } });
 * const schema = database({ name: "Demo", version: "1.0.0", tables: { Radio: radio } });
 * type Radio = RowOf<typeof schema, "Radio">; // { if_name: string; channel: number | null; … }
 * ```
 */

import type { AtomicType, Uuid } from "./datum.ts";

declare const held: unique symbol;

/** The type of one atom, with its constraints (RFC 7047 §3.2 `<base-type>`). `T` is what a reader gets. */
export interface BaseType<T> {
  readonly [held]?: T;
  readonly type: AtomicType;
  readonly enum?: readonly (string | number | bigint | boolean)[];
  readonly minInteger?: number | bigint;
  readonly maxInteger?: number | bigint;
  readonly minReal?: number;
  readonly maxReal?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly refTable?: string;
  readonly refType?: "strong" | "weak";
}

/** A column (RFC 7047 §3.2 `<column-schema>`). `T` is what a reader gets, `W` what a writer may give. */
export interface Column<T, W = T> {
  readonly [held]?: [T, W];
  readonly key: BaseType<unknown>;
  readonly value?: BaseType<unknown>;
  readonly min: 0 | 1;
  readonly max: number | "unlimited";
  readonly ephemeral?: boolean;
  readonly mutable?: false;
}

export interface Table<C extends Columns = Columns> {
  readonly columns: C;
  readonly isRoot?: boolean;
  readonly maxRows?: number;
  readonly indexes?: readonly (readonly string[])[];
}

// biome-ignore lint/suspicious/noExplicitAny: any column, whatever it holds
export type Columns = { readonly [name: string]: Column<any, any> | BaseType<any> };

export interface DatabaseDeclaration<T extends Tables = Tables> {
  readonly name: string;
  readonly version: string;
  readonly tables: T;
}

export type Tables = { readonly [name: string]: Table };

export type TableName<D extends DatabaseDeclaration> = keyof D["tables"] & string;

/** A row as it is read: every column present, unset optional columns `null`. */
export type RowOf<D extends DatabaseDeclaration, T extends TableName<D>> = {
  readonly _uuid: Uuid;
  readonly _version: Uuid;
} & { readonly [C in keyof D["tables"][T]["columns"]]: ReadValue<D["tables"][T]["columns"][C]> };

/**
 * A row as it is written. A column left out is not touched (on insert: gets its default); `null` unsets an optional
 * column. (The record semantics of OpenSync: left out = not present, `null` = present but not existing.)
 */
export type WriteOf<D extends DatabaseDeclaration, T extends TableName<D>> = {
  readonly [C in keyof D["tables"][T]["columns"]]?: WriteValue<D["tables"][T]["columns"][C]>;
};

/** A reference in a write: a committed row's identity, or a row inserted by the same transaction. */
export type Reference = Uuid | NamedUuid;

/** Stands for a row that the same transaction inserts (RFC 7047 §5.1 `<named-uuid>`). */
export class NamedUuid {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

type ReadValue<C> = C extends Column<infer T, infer _> ? T : C extends BaseType<infer T> ? T : never;
type WriteValue<C> = C extends Column<infer _, infer W> ? W : C extends BaseType<infer T> ? Writable<T> : never;
type Writable<T> = T extends Uuid ? Reference : T;

/** What is read from a plain `string()`; an enumeration narrows it to its members. */
export function string(options?: { minLength?: number; maxLength?: number }): BaseType<string> {
  return { type: "string", ...options };
}

/** A string out of a closed list. */
export function enumeration<const T extends string>(...values: readonly T[]): BaseType<T> {
  return { type: "string", enum: values };
}

/** A 64-bit integer. It reads as a number; a value beyond ±2⁵³ arrives as a bigint at run time (`integer64` says so in its type). */
export function integer(options?: { min?: number; max?: number; enum?: readonly number[] }): BaseType<number> {
  const { min, max, ...rest } = options ?? {};
  return {
    type: "integer",
    ...rest,
    ...(min === undefined ? {} : { minInteger: min }),
    ...(max === undefined ? {} : { maxInteger: max }),
  };
}

/** A 64-bit integer whose users must expect values beyond ±2⁵³. */
export function integer64(): BaseType<number | bigint> {
  return { type: "integer" };
}

export function real(options?: { min?: number; max?: number }): BaseType<number> {
  const { min, max } = options ?? {};
  return {
    type: "real",
    ...(min === undefined ? {} : { minReal: min }),
    ...(max === undefined ? {} : { maxReal: max }),
  };
}

export function boolean(): BaseType<boolean> {
  return { type: "boolean" };
}

/** A UUID that refers to nothing in particular. */
export function uuid(): BaseType<Uuid> {
  return { type: "uuid" };
}

/** A reference to a row of `table`: a strong one keeps a non-root row alive, a weak one vanishes with its row. */
export function reference(table: string, type: "strong" | "weak" = "strong"): BaseType<Uuid> {
  return { type: "uuid", refTable: table, refType: type };
}

export function optional<T>(base: BaseType<T>): Column<T | null, Writable<T> | null> {
  return { key: base, min: 0, max: 1 };
}

export function set<T>(
  base: BaseType<T>,
  options?: { min?: 0 | 1; max?: number | "unlimited" },
): Column<readonly T[], readonly Writable<T>[]> {
  return { key: base, min: options?.min ?? 0, max: options?.max ?? "unlimited" };
}

export function map<K, V>(
  key: BaseType<K>,
  value: BaseType<V>,
  options?: { min?: 0 | 1; max?: number | "unlimited" },
): Column<ReadonlyMap<K, V>, ReadonlyMap<K, Writable<V>> | MapLiteral<K, Writable<V>>> {
  return { key, value, min: options?.min ?? 0, max: options?.max ?? "unlimited" };
}

type MapLiteral<K, V> = K extends string ? { readonly [key: string]: V } : never;

/** A column kept in memory only: never in the database file. */
export function ephemeral<T, W>(column: Column<T, W>): Column<T, W>;
export function ephemeral<T>(column: BaseType<T>): Column<T, Writable<T>>;
export function ephemeral<T>(column: Column<T, T> | BaseType<T>): Column<T, T> {
  return { ...asColumn(column), ephemeral: true };
}

/** A column that may be set on insert only. */
export function immutable<T, W>(column: Column<T, W>): Column<T, W>;
export function immutable<T>(column: BaseType<T>): Column<T, Writable<T>>;
export function immutable<T>(column: Column<T, T> | BaseType<T>): Column<T, T> {
  return { ...asColumn(column), mutable: false };
}

export function table<const C extends Columns>(declaration: Table<C>): Table<C> {
  return declaration;
}

export function database<const T extends Tables>(declaration: DatabaseDeclaration<T>): DatabaseDeclaration<T> {
  return declaration;
}

/** A bare base type is a column of exactly one value. */
export function asColumn<T>(column: Column<T, T> | BaseType<T>): Column<T, T> {
  return "key" in column ? column : { key: column, min: 1, max: 1 };
}
