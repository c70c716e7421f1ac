/**
 * The typed client inside the database's process: no JSON, and the very row objects of the database. Transactions
 * execute at once; changes arrive as over a socket, after the caller's turn and in order of commit.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import {
  type Client,
  ConnectionError,
  type Replica,
  type TableRequest,
  type TransactionBuilder,
  TransactionError,
  type TransactionResult,
  type TransactOptions,
} from "./client.ts";
import type { Delta, RowChange, Uuid } from "./datum.ts";
import type { DatabaseDeclaration, TableName } from "./declare.ts";
import type { Engine } from "./engine.ts";
import type { OperationResult, OvsdbErrorObject } from "./operations.ts";
import { ReplicaStore, type RowUpdate } from "./replica.ts";
import { OperationList } from "./transaction-builder.ts";

export interface LocalClientOptions {
  readonly engine: Engine;
  /** Resolves when everything committed so far is on disk; without it, nothing is ever on disk and nothing waits. */
  readonly durable?: (() => Promise<void>) | undefined;
}

export class LocalClient<D extends DatabaseDeclaration> implements Client<D> {
  readonly #engine: Engine;
  readonly #durable: (() => Promise<void>) | undefined;
  readonly #ended = new AbortController();
  readonly #subscriptions = new Set<Unsubscribe>();

  constructor(options: LocalClientOptions) {
    this.#engine = options.engine;
    this.#durable = options.durable;
  }

  get closed(): AbortSignal {
    return this.#ended.signal;
  }

  async transact(
    build: (transaction: TransactionBuilder<D>) => void,
    options: TransactOptions = {},
  ): Promise<TransactionResult> {
    this.#ended.signal.throwIfAborted();
    options.signal?.throwIfAborted();
    const list = new OperationList<D>(this.#engine.schema, { check: true }, options);
    build(list);
    if (options.durable) list.operations.push({ op: "commit", durable: true });
    const execution = this.#engine.execute(list.operations);
    switch (execution.kind) {
      case "committed":
        if (options.durable) await this.#durable?.();
        return list.result(execution.results, {
          uuid: (result) => (result as { uuid: Uuid }).uuid,
          count: (result) => (result as { count: number }).count,
        });
      case "failed":
        throw transactionError(execution.results, list.offset);
      case "blocked":
        throw transactionError(execution.timedOut, list.offset);
    }
  }

  async replicate<T extends TableName<D>>(tables: { readonly [Name in T]: TableRequest }): Promise<Replica<D, T>> {
    this.#ended.signal.throwIfAborted();
    const names = Object.keys(tables) as T[];
    const columns = new Map(names.map((name) => [name as string, columnFilter(tables[name])]));
    const feed = new Feed(columns, (updates) => replica.apply(updates));
    const stop = this.#engine.onCommit(({ delta }) => feed.push(delta));
    const cancel = () => {
      feed.stop();
      stop();
      this.#subscriptions.delete(cancel);
    };
    const replica = new ReplicaStore<D, T>(names, cancel);
    this.#subscriptions.add(cancel);
    try {
      for (const name of names) replica.load(name, this.#engine.rows(name).values());
    } catch (error) {
      cancel();
      throw error;
    }
    return replica;
  }

  close(): void {
    if (this.#ended.signal.aborted) return;
    for (const cancel of [...this.#subscriptions]) cancel();
    this.#ended.abort(new ConnectionError(`${this.#engine.name}: the client was closed`));
  }
}

/** Hands commits on outside the committer's stack, so that a listener may transact in turn. */
class Feed {
  readonly #columns: ReadonlyMap<string, ReadonlySet<string> | undefined>;
  readonly #deliver: (updates: readonly RowUpdate[]) => void;
  #queue: Delta[] = [];
  #stopped = false;

  constructor(
    columns: ReadonlyMap<string, ReadonlySet<string> | undefined>,
    deliver: (updates: readonly RowUpdate[]) => void,
  ) {
    this.#columns = columns;
    this.#deliver = deliver;
  }

  push(delta: Delta): void {
    if (![...this.#columns.keys()].some((table) => delta.has(table))) return;
    if (this.#queue.push(delta) > 1) return;
    queueMicrotask(() => {
      const batch = this.#queue;
      this.#queue = [];
      for (const each of batch) if (!this.#stopped) this.#deliverOne(each);
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  #deliverOne(delta: Delta): void {
    try {
      this.#deliver(this.#updates(delta));
    } catch (error) {
      // A listener's fault is reported as any uncaught error, but must not cost the others the commits that follow.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #updates(delta: Delta): RowUpdate[] {
    const updates: RowUpdate[] = [];
    for (const [table, columns] of this.#columns) {
      for (const change of delta.get(table)?.values() ?? []) {
        const update = updateOf(table, change, columns);
        if (update) updates.push(update);
      }
    }
    return updates;
  }
}

function columnFilter(request: TableRequest): ReadonlySet<string> | undefined {
  return request.columns && new Set(request.columns);
}

/** Undefined when nothing of interest changed. The row is whole even where only some columns are of interest. */
function updateOf(table: string, change: RowChange, columns: ReadonlySet<string> | undefined): RowUpdate | undefined {
  const { uuid, old, new: now } = change;
  const changed = columns ? new Set([...change.changed].filter((column) => columns.has(column))) : change.changed;
  if (old && now) return changed.size === 0 ? undefined : { table, kind: "modify", uuid, old, new: now, changed };
  if (now) return { table, kind: "insert", uuid, old: null, new: now, changed };
  return old ? { table, kind: "delete", uuid, old, new: null, changed } : undefined;
}

/** The first error among the results of a refused transaction. `offset`: operations put in front of the caller's. */
export function transactionError(results: readonly (OperationResult | null)[], offset: number): TransactionError {
  const index = results.findIndex((result) => result !== null && "error" in result);
  const { error, details = "" } = (results[index] ?? { error: "unknown error" }) as OvsdbErrorObject;
  return new TransactionError(error, details, Math.max(0, index - offset));
}
