/**
 * What the database core offers to those who serve it (server, local client, storage). The core is synchronous and
 * pure of I/O: no sockets, no clock, no files. `database.ts` implements `Engine`.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Delta, Row, Uuid } from "./datum.ts";
import type { Operation, OperationResult } from "./operations.ts";
import type { DatabaseSchema } from "./schema.ts";

export interface Engine {
  readonly name: string;
  readonly schema: DatabaseSchema;
  /** The committed rows of a table, in order of insertion; a live view. Throws a `RangeError` for an unknown table. */
  rows(table: string): ReadonlyMap<Uuid, Row>;
  /** Executes one transaction. Either all of it is committed and announced, or nothing has happened. */
  execute(operations: readonly Operation[], context?: ExecuteContext): Execution;
  /** Called synchronously after each commit that changed something, in order of commit. */
  onCommit(listener: (commit: Commit) => void): Unsubscribe;
  /**
   * Called synchronously after the database has been given another schema. `schema` and `rows` are then the new ones, taken over
   * without a commit; operations and rows of before mean nothing any more.
   */
  onConvert(listener: (schema: DatabaseSchema) => void): Unsubscribe;
}

export interface ExecuteContext {
  /** Whether the caller owns this lock (RFC 7047 §5.2.10 `assert`). */
  readonly ownsLock?: (lock: string) => boolean;
  /** No inserts, updates, mutations, deletes or commits are allowed (error `not allowed`). */
  readonly readOnly?: boolean;
  /** As `readOnly`, because the database of this name is the server's own. */
  readonly reserved?: string | undefined;
  /**
   * The caller makes sure, before it tells anybody of the outcome, that what is committed has been stored (`flush` of
   * `DatabaseFile`): many commits then share one write. Without it each is stored before `execute` returns.
   */
  readonly grouped?: boolean;
  /** Throws an `OvsdbError` for what the caller may not do (see `rbac.ts`). */
  readonly authorize?: ((attempt: AttemptedChange) => void) | undefined;
}

/** What an operation is about to do to rows of a table. */
export interface AttemptedChange {
  readonly op: "insert" | "update" | "mutate" | "delete";
  readonly table: string;
  /** As they are before; the new row of an insert. */
  readonly rows: readonly Row[];
  /** The columns that will be written to; none for insert and delete. */
  readonly columns: readonly string[];
}

export type Execution =
  | {
      readonly kind: "committed";
      /** One per operation. */
      readonly results: readonly OperationResult[];
      readonly commit: Commit;
    }
  | {
      readonly kind: "failed";
      /**
       * As RFC 7047 §4.1.3 replies it: results up to the failing operation, its error object, then `null` for the rest; an
       * error found at commit follows as one extra element.
       */
      readonly results: readonly (OperationResult | null)[];
    }
  | {
      readonly kind: "blocked";
      /** A `wait` that does not hold yet: execute again after any commit, at most this long (ms; undefined: for ever). */
      readonly timeout: number | undefined;
      /** What to reply when the time is over: the `timed out` error in place of the wait. */
      readonly timedOut: readonly (OperationResult | null)[];
    };

export interface Commit {
  /** Empty where nothing changed. */
  readonly delta: Delta;
  readonly comment: string;
  /** A `commit` operation asked for durability: reply only after the storage has synced. */
  readonly durable: boolean;
}
