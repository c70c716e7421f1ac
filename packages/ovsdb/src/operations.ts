/**
 * The operations of a transaction (RFC 7047 §5.2) in the form in which the database executes them: names resolved,
 * values checked against the column's type, in datum form. `parse-operations.ts` makes them from JSON; the local
 * client builds them directly.
 */

import type { Atom, Row, Uuid } from "./datum.ts";
import type { NamedUuid } from "./declare.ts";

/** Like `Datum`, but references may name a row that the same transaction inserts. */
export type DatumInput =
  | Atom
  | NamedUuid
  | null
  | readonly (Atom | NamedUuid)[]
  | ReadonlyMap<Atom | NamedUuid, Atom | NamedUuid>;

export type ConditionFunction = "<" | "<=" | "==" | "!=" | ">=" | ">" | "includes" | "excludes";
export type Mutator = "+=" | "-=" | "*=" | "/=" | "%=" | "insert" | "delete";

/**
 * One clause of a `where`; `true` and `false` stand for themselves. The value has the column's form, except that `excludes`
 * on an optional column may take an array.
 */
export type Condition =
  | { readonly column: string; readonly function: ConditionFunction; readonly value: DatumInput }
  | boolean;

/**
 * One change by a mutator. The value is an atom for arithmetic; for `insert` and `delete` it has the form of the column, or is an
 * array of atoms (for an optional column; for `delete` on a map: of keys).
 */
export interface Mutation {
  readonly column: string;
  readonly mutator: Mutator;
  readonly value: DatumInput;
}

export type Operation =
  | {
      readonly op: "insert";
      readonly table: string;
      readonly row: { readonly [column: string]: DatumInput };
      readonly uuidName?: string;
      readonly uuid?: Uuid;
    }
  | {
      readonly op: "select";
      readonly table: string;
      readonly where: readonly Condition[];
      readonly columns?: readonly string[];
      /** Orders the rows by these columns; without it their order means nothing. */
      readonly sort?: readonly string[];
    }
  | {
      readonly op: "update";
      readonly table: string;
      readonly where: readonly Condition[];
      readonly row: { readonly [column: string]: DatumInput };
    }
  | {
      readonly op: "mutate";
      readonly table: string;
      readonly where: readonly Condition[];
      readonly mutations: readonly Mutation[];
    }
  | { readonly op: "delete"; readonly table: string; readonly where: readonly Condition[] }
  | {
      readonly op: "wait";
      readonly table: string;
      readonly where: readonly Condition[];
      readonly columns: readonly string[];
      readonly until: "==" | "!=";
      readonly rows: readonly { readonly [column: string]: DatumInput }[];
      /** Milliseconds; undefined waits without end. */
      readonly timeout?: number;
    }
  | { readonly op: "commit"; readonly durable: boolean }
  | { readonly op: "abort" }
  | { readonly op: "comment"; readonly comment: string }
  | { readonly op: "assert"; readonly lock: string }
  /** What could not be parsed: ends the transaction with this error when execution reaches it. */
  | { readonly op: "invalid"; readonly error: OvsdbErrorObject };

/** The error member of a result or reply (RFC 7047 §3.1 `<error>`). */
export interface OvsdbErrorObject {
  readonly error: string;
  readonly details?: string;
  /** The JSON at fault, where one was. */
  readonly syntax?: string;
}

export type OperationResult =
  | Record<string, never>
  | { readonly uuid: Uuid }
  | { readonly count: number }
  | { readonly rows: readonly (Row | Partial<Row>)[] }
  | OvsdbErrorObject;
