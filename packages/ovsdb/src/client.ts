/**
 * The typed client: transactions and replicas of a database, the same over a socket (`remote-client.ts`) and inside
 * the process of the database (`local-client.ts`: same objects, no JSON in between).
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Uuid } from "./datum.ts";
import type { DatabaseDeclaration, NamedUuid, RowOf, TableName, WriteOf } from "./declare.ts";
import type { ConditionFunction, Mutator } from "./operations.ts";

export interface Client<D extends DatabaseDeclaration> {
  /**
   * Builds and commits one transaction. Rejects with `TransactionError` when the database refuses it (nothing is
   * then written), with `ConnectionError` when the connection is lost before the reply.
   */
  transact(build: (transaction: TransactionBuilder<D>) => void, options?: TransactOptions): Promise<TransactionResult>;

  /**
   * Keeps a copy of the chosen tables (all columns, or those named) and follows every change. Resolves when the
   * initial contents are in.
   */
  replicate<T extends TableName<D>>(tables: { readonly [Name in T]: TableRequest }): Promise<Replica<D, T>>;

  /** Aborted, with the reason, when the connection has ended. Until then the client is usable. */
  readonly closed: AbortSignal;
  close(): void;
}

export interface TransactOptions {
  /** Put into the journal and the log as the transaction's comment, e.g. "OWM - update Wifi_Radio_State". */
  readonly comment?: string;
  /** Resolve only when the change is on disk. */
  readonly durable?: boolean;
  readonly signal?: AbortSignal;
}

export type TableRequest = { readonly columns?: readonly string[] };

/** A condition on a typed column: `["if_name", "==", "wifi0"]`. All clauses must hold; an empty list means every row. */
export type Where<D extends DatabaseDeclaration, T extends TableName<D>> = readonly WhereClause<
  WriteOf<D, T> & { readonly _uuid?: Uuid }
>[];

type WhereClause<W> = { [C in keyof W & string]-?: readonly [C, ConditionFunction, Exclude<W[C], undefined>] }[keyof W &
  string];

export interface TransactionBuilder<D extends DatabaseDeclaration> {
  /** Adds a row; the result stands for it in later operations of this transaction. */
  insert<T extends TableName<D>>(table: T, row: WriteOf<D, T>): NamedUuid;
  /** Sets columns of every row that meets `where`; columns left out stay as they are. */
  update<T extends TableName<D>>(table: T, where: Where<D, T>, row: WriteOf<D, T>): void;
  mutate<T extends TableName<D>>(table: T, where: Where<D, T>, mutations: Mutations<WriteOf<D, T>>): void;
  delete<T extends TableName<D>>(table: T, where: Where<D, T>): void;
  /** Guards the transaction: it is refused (`timed out`) unless the rows meeting `where` show `expected` now. */
  expect<T extends TableName<D>>(table: T, where: Where<D, T>, expected: readonly WriteOf<D, T>[]): void;
}

export type Mutations<W> = readonly {
  [C in keyof W & string]: readonly [C, Mutator, Exclude<W[C], undefined>];
}[keyof W & string][];

export interface TransactionResult {
  /** The identity given to each inserted row, by the value `insert` returned. */
  uuid(row: NamedUuid): Uuid;
  /** Rows changed by the n-th operation added (0-based; inserts count 1). */
  count(operation: number): number;
}

export interface Replica<D extends DatabaseDeclaration, T extends TableName<D>> {
  table<Name extends T>(name: Name): ReplicaTable<RowOf<D, Name>>;
  /** Called once after each transaction (of anybody) that touched a replicated table, with all its changes. */
  onTransaction(listener: (changes: readonly TableChange<D, T>[]) => void): Unsubscribe;
  /** Ends the monitor; the copy stays as it is. */
  cancel(): void;
}

export type TableChange<D extends DatabaseDeclaration, T extends TableName<D>> = {
  [Name in T]: { readonly table: Name } & Change<RowOf<D, Name>>;
}[T];

export interface ReplicaTable<R> {
  readonly rows: ReadonlyMap<Uuid, R>;
  /** The first row for which `match` holds (order of arrival). */
  find(match: (row: R) => boolean): R | undefined;
  /** Existing rows are not announced; use `rows`. */
  onChange(listener: (change: Change<R>) => void): Unsubscribe;
}

/** One row's change. `changed` holds the columns that differ; on insert and delete: every column. */
export type Change<R> =
  | {
      readonly kind: "insert";
      readonly uuid: Uuid;
      readonly old: null;
      readonly new: R;
      readonly changed: ReadonlySet<keyof R & string>;
    }
  | {
      readonly kind: "modify";
      readonly uuid: Uuid;
      readonly old: R;
      readonly new: R;
      readonly changed: ReadonlySet<keyof R & string>;
    }
  | {
      readonly kind: "delete";
      readonly uuid: Uuid;
      readonly old: R;
      readonly new: null;
      readonly changed: ReadonlySet<keyof R & string>;
    };

/** The database refused a transaction; `error` is RFC 7047's word for why, `operation` the index of the culprit. */
export class TransactionError extends Error {
  override readonly name = "TransactionError";
  readonly error: string;
  readonly details: string;
  readonly operation: number;

  constructor(error: string, details: string, operation: number) {
    super(details === "" ? error : `${error}: ${details}`);
    this.error = error;
    this.details = details;
    this.operation = operation;
  }
}

export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}
