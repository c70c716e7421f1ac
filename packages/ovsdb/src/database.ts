/** The database: committed tables, and transactions on them. No I/O; see `storage.ts` for databases in files. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Random } from "@opensync-ts/base/random";
import { ChangeSet } from "./change-set.ts";
import { applyCommit, type PreparedCommit, prepareCommit } from "./commit.ts";
import { convertRows } from "./convert.ts";
import type { Datum, Row, Uuid } from "./datum.ts";
import { invertDelta, mergeDeltas } from "./delta.ts";
import type { Commit, Engine, ExecuteContext, Execution } from "./engine.ts";
import { OvsdbError } from "./errors.ts";
import { engineLimits } from "./limits.ts";
import type { Operation, OperationResult } from "./operations.ts";
import type { DatabaseSchema } from "./schema.ts";
import { type TableLayout, tableLayouts } from "./table-layout.ts";
import { TableStore } from "./table-store.ts";
import { Transaction, Unmet } from "./transaction.ts";

export interface DatabaseOptions {
  /** Where identities and versions of rows come from. */
  readonly random: Random;
}

/**
 * Keeps commits. Called with each that has passed all checks, before it is applied; refuses it by throwing an `OvsdbError`.
 * `grouped`: see `ExecuteContext`.
 */
export type CommitKeeper = (commit: Commit, grouped: boolean) => void;

export class Database implements Engine {
  readonly #random: Random;
  #schema: DatabaseSchema;
  #layouts: ReadonlyMap<string, TableLayout>;
  #stores: ReadonlyMap<string, TableStore>;
  #keeper: CommitKeeper | undefined;
  readonly #listeners = new Set<(commit: Commit) => void>();
  readonly #convertListeners = new Set<(schema: DatabaseSchema) => void>();
  /** Commits not announced yet: those that a listener has made while another commit is being announced. */
  readonly #announcements: Commit[] = [];
  #announcing = false;

  constructor(schema: DatabaseSchema, options: DatabaseOptions) {
    this.#random = options.random;
    this.#schema = schema;
    this.#layouts = tableLayouts(schema);
    this.#stores = new Map([...this.#layouts].map(([name, layout]) => [name, new TableStore(layout)]));
  }

  get name(): string {
    return this.#schema.name;
  }

  get schema(): DatabaseSchema {
    return this.#schema;
  }

  get layouts(): ReadonlyMap<string, TableLayout> {
    return this.#layouts;
  }

  rows(table: string): ReadonlyMap<Uuid, Row> {
    const store = this.#stores.get(table);
    if (!store) throw new RangeError(`no table '${table}' in database ${this.name}`);
    return store.rows;
  }

  execute(operations: readonly Operation[], context: ExecuteContext = {}): Execution {
    const transaction = new Transaction(this.#stores, this.#random, context);
    const results: (OperationResult | null)[] = [];
    try {
      if (operations.length > engineLimits.maxOperations) {
        throw new OvsdbError("resources exhausted", `more than ${engineLimits.maxOperations} operations`);
      }
      for (const operation of operations) results.push(transaction.execute(operation));
      const { changes, comment, durable } = transaction;
      const prepared = changes.empty ? nothing : prepareCommit(changes, this.#random);
      const commit: Commit = { delta: prepared.delta, comment, durable };
      if (commit.delta.size > 0) {
        this.#keeper?.(commit, context.grouped ?? false);
        this.#commit(prepared, commit);
      }
      return { kind: "committed", results: results as OperationResult[], commit };
    } catch (error) {
      if (error instanceof OvsdbError) {
        return { kind: "failed", results: padded(results, error, operations.length) };
      }
      if (error instanceof Unmet) {
        const timeout = new OvsdbError("timed out", `"wait" timed out after ${error.timeout ?? 0} ms`);
        return { kind: "blocked", timeout: error.timeout, timedOut: padded(results, timeout, operations.length) };
      }
      throw error;
    }
  }

  /**
   * Takes over changes that were checked and announced before, e.g. those of a file's record. Nothing is announced.
   * Throws an `OvsdbError` where the result would break the schema's rules; the database is then as it was.
   */
  load(build: (changes: ChangeSet) => void): void {
    const changes = new ChangeSet(this.#stores);
    build(changes);
    applyCommit(this.#stores, prepareCommit(changes, this.#random));
  }

  /** Lets `keeper` store or refuse all commits to come. */
  keepWith(keeper: CommitKeeper | undefined): void {
    this.#keeper = keeper;
  }

  /**
   * Takes commits back that could not be kept: all of the last ones, in order of commit. Listeners hear of it as of one more
   * commit, which is not offered to the keeper.
   */
  undo(commits: readonly Commit[]): void {
    const delta = invertDelta(mergeDeltas(commits.map((commit) => commit.delta)));
    if (delta.size === 0) return;
    const changes = new ChangeSet(this.#stores);
    for (const [name, rows] of delta) {
      const table = changes.table(name);
      for (const { old, new: now, changed } of rows.values()) {
        if (old === null) table.insert({ ...now } as Row);
        else if (now === null) table.delete(old);
        else
          table.update(
            old,
            [...changed].map((column) => [column, now[column] as Datum]),
          );
      }
    }
    const prepared = prepareCommit(changes, this.#random);
    this.#commit(prepared, { delta: prepared.delta, comment: "", durable: false });
  }

  /**
   * A new database with the rows of this one, as far as `schema` has a place for them; see `convertRows`. Throws an `OvsdbError` where
   * they break its rules.
   */
  converted(schema: DatabaseSchema): Database {
    const database = new Database(schema, { random: this.#random });
    convertRows(this, database);
    return database;
  }

  /** Takes over schema and rows of another database, which nobody else uses, and tells the listeners of `onConvert`. */
  adopt(other: Database): void {
    this.#schema = other.#schema;
    this.#layouts = other.#layouts;
    this.#stores = other.#stores;
    for (const listener of [...this.#convertListeners]) notify(listener, this.#schema);
  }

  onConvert(listener: (schema: DatabaseSchema) => void): Unsubscribe {
    const own = (schema: DatabaseSchema) => listener(schema);
    this.#convertListeners.add(own);
    return () => this.#convertListeners.delete(own);
  }

  onCommit(listener: (commit: Commit) => void): Unsubscribe {
    // A wrapper, so that one function registered twice is two listeners.
    const own = (commit: Commit) => listener(commit);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #commit(prepared: PreparedCommit, commit: Commit): void {
    applyCommit(this.#stores, prepared);
    this.#announce(commit);
  }

  /** Every listener hears of every commit in the same order, also when one of them commits in turn. */
  #announce(commit: Commit): void {
    this.#announcements.push(commit);
    if (this.#announcing) return;
    this.#announcing = true;
    for (let next = this.#announcements.shift(); next; next = this.#announcements.shift()) {
      for (const listener of [...this.#listeners]) {
        if (this.#listeners.has(listener)) notify(listener, next);
      }
    }
    this.#announcing = false;
  }
}

/** What a transaction that only reads commits. */
const nothing: PreparedCommit = { delta: new Map(), references: new Map() };

/** A listener's failure is not the failure of the transaction, nor of other listeners: it surfaces as an uncaught error. */
function notify<T>(listener: (news: T) => void, news: T): void {
  try {
    listener(news);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** The reply of RFC 7047 §4.1.3: `error` after the results, `null` for operations not reached; one extra element at commit. */
function padded(
  results: readonly (OperationResult | null)[],
  error: OvsdbError,
  operations: number,
): (OperationResult | null)[] {
  const reply = [...results, error.toObject()];
  while (reply.length < operations) reply.push(null);
  return reply;
}
