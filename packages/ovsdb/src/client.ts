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
  /**
   * For clients that reconnect: without a connection, wait so long for one (ms) instead of rejecting at once with
   * `ConnectionError`. Other clients need no such patience and ignore it.
   */
  readonly connectWithinMs?: number;
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
  /** Adds members to a set, or pairs to a map; pairs whose key the map has already are not touched (RFC 7047 §5.1 `insert`). */
  insertInto<T extends TableName<D>, C extends ContainerColumn<WriteOf<D, T>>>(
    table: T,
    where: Where<D, T>,
    column: C,
    elements: Elements<WriteOf<D, T>[C]>,
  ): void;
  /** Takes members out of a set; out of a map: the keys of an array, whatever their values, or exactly these pairs. */
  removeFrom<T extends TableName<D>, C extends ContainerColumn<WriteOf<D, T>>>(
    table: T,
    where: Where<D, T>,
    column: C,
    elements: Elements<WriteOf<D, T>[C]> | MapKeys<WriteOf<D, T>[C]>,
  ): void;
  /** Gives keys of a map these values, whether it has the keys or not; its other pairs stay. */
  putInto<T extends TableName<D>, C extends MapColumn<WriteOf<D, T>>>(
    table: T,
    where: Where<D, T>,
    column: C,
    pairs: Exclude<WriteOf<D, T>[C], undefined>,
  ): void;
  delete<T extends TableName<D>>(table: T, where: Where<D, T>): void;
  /** Guards the transaction: it is refused (`timed out`) unless the rows meeting `where` show `expected` now. */
  expect<T extends TableName<D>>(table: T, where: Where<D, T>, expected: readonly WriteOf<D, T>[]): void;
}

export type Mutations<W> = readonly {
  [C in keyof W & string]: readonly [C, Mutator, Exclude<W[C], undefined>];
}[keyof W & string][];

/** The columns of `W` that hold sets or maps. */
export type ContainerColumn<W> = {
  [C in keyof W & string]-?: Exclude<W[C], undefined> extends readonly unknown[] ? C : MapColumn<Pick<W, C>>;
}[keyof W & string];

/** The columns of `W` that hold maps. */
export type MapColumn<W> = { [C in keyof W & string]-?: [MapKeys<W[C]>] extends [never] ? never : C }[keyof W & string];

/** Members of a set (one may come without its array), or pairs of a map. */
export type Elements<V> =
  | Exclude<V, undefined>
  | (Exclude<V, undefined> extends readonly (infer Member)[] ? Member : never);

type MapKeys<V> = V extends ReadonlyMap<infer Key, infer _> ? readonly Key[] : never;

export interface TransactionResult {
  /** The identity given to each inserted row, by the value `insert` returned. */
  uuid(row: NamedUuid): Uuid;
  /** Rows changed by the n-th operation added (0-based; inserts count 1). */
  count(operation: number): number;
}

export interface Replica<D extends DatabaseDeclaration, T extends TableName<D>> {
  table<Name extends T>(name: Name): ReplicaTable<RowOf<D, Name>>;
  /**
   * Whether the database's own schema, older or newer than the declaration, has no such table or column: a table is then
   * empty here, a column absent from rows (`undefined`).
   */
  lacks(table: T, column?: string): boolean;
  /** Called once after each transaction (of anybody) that touched a replicated table, with all its changes. */
  onTransaction(listener: (changes: readonly TableChange<D, T>[]) => void): Unsubscribe;
  /** Ends the monitor; the copy stays as it is. */
  cancel(): void;
}

export type TableChange<D extends DatabaseDeclaration, T extends TableName<D>> = {
  [Name in T]: { readonly table: Name } & Change<RowOf<D, Name>>;
}[T];

export interface ReplicaTable<R> {
  /** Always the same map, with the rows that there are. */
  readonly rows: ReadonlyMap<Uuid, R>;
  readonly size: number;
  /** The first row for which `match` holds (order of arrival). */
  find(match: (row: R) => boolean): R | undefined;
  /** Existing rows are not announced; use `rows`. */
  onChange(listener: (change: Change<R>) => void): Unsubscribe;
  /** Changes of one row, which need not exist yet. */
  onRow(uuid: Uuid, listener: (change: Change<R>) => void): Unsubscribe;
  /** Changes of one column, in whatever row: its old and new value. A row that comes or goes brings or takes its value. */
  onColumn<C extends keyof R & string>(column: C, listener: (change: ColumnChange<R, C>) => void): Unsubscribe;
}

/** One column's change in one row. */
export interface ColumnChange<R, C extends keyof R = keyof R> {
  readonly uuid: Uuid;
  /** Undefined when the row was inserted; `null` when the optional column was unset. */
  readonly old: R[C] | undefined;
  /** Undefined when the row was deleted; `null` when the optional column was unset. */
  readonly new: R[C] | undefined;
  /** The change of the row as a whole. */
  readonly row: Change<R>;
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
  override readonly name: string = "ConnectionError";

  constructor(message: string) {
    // It comes from the network, not from a caller: a stack would name the event loop, and costs more than the rest of a close.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
}

/** The peer was cut off because of what it has sent: it does not speak the protocol, or does not keep to a bound. */
export class PeerFaultError extends ConnectionError {
  override readonly name = "PeerFaultError";
}
