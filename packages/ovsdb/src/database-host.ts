/** A database as a server offers it: the engine, its storage, its monitors and the transactions that wait in it. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Commit, Engine, ExecuteContext, Execution } from "./engine.ts";
import { stringifyJson } from "./json.ts";
import { MonitorHub } from "./monitor.ts";
import type { Operation, OvsdbErrorObject } from "./operations.ts";
import { type DatabaseSchema, schemaToJson } from "./schema.ts";

export interface ServedDatabase {
  readonly engine: Engine;
  /** Resolves when everything committed so far is on disk. Without it nothing is stored, and nothing waits. */
  readonly durable?: (() => Promise<void>) | undefined;
  /**
   * Writes the records of all commits so far, before anybody is told of them; those that cannot be written are taken back. Without it,
   * each commit is stored before `execute` returns.
   */
  readonly flush?: (() => void) | undefined;
  /** Why a commit was taken back; undefined where it was not. */
  readonly failureOf?: ((commit: Commit) => OvsdbErrorObject | undefined) | undefined;
  /** Clients may only read. */
  readonly readOnly?: boolean;
  /**
   * Takes the rows over into another schema, in place. Rejects with
   * an `OvsdbError`, and all is as it was. Without it, clients may not convert the database.
   */
  readonly convert?: ((schema: DatabaseSchema) => Promise<void>) | undefined;
}

/** A transaction that did not block (any more), or that gave up. */
export type Finished = Exclude<Execution, { kind: "blocked" }>;

/** A transaction in progress. */
export interface Trigger {
  /** Forgets it; it is never answered. */
  cancel(): void;
}

export class DatabaseHost {
  readonly engine: Engine;
  readonly readOnly: boolean;
  readonly monitors: MonitorHub;
  readonly #durable: (() => Promise<void>) | undefined;
  readonly #clock: Clock;
  readonly #blocked = new Set<BlockedTransaction>();
  readonly #stop: Unsubscribe;
  #rerunPlanned = false;

  constructor(database: ServedDatabase, clock: Clock) {
    this.engine = database.engine;
    this.readOnly = database.readOnly ?? false;
    this.#durable = database.durable;
    this.#clock = clock;
    this.monitors = new MonitorHub(database.engine);
    this.#stop = database.engine.onCommit(() => this.#planRerun());
  }

  /** The schema as JSON text. */
  get schemaText(): string {
    return schemaText(this.engine.schema);
  }

  /** Resolves when what is committed is stored. */
  async durable(): Promise<void> {
    await this.#durable?.();
  }

  /**
   * Executes a transaction; while a `wait` in it does not hold, again after each commit (RFC 7047 §5.2.6). `finished`
   * is called once: before this returns, unless the transaction blocks (the result is then what cancels it).
   */
  execute(
    operations: readonly Operation[],
    context: ExecuteContext,
    finished: (outcome: Finished) => void,
  ): Trigger | undefined {
    const execution = this.engine.execute(operations, context);
    if (execution.kind !== "blocked") {
      finished(execution);
      return undefined;
    }
    if (execution.timeout === 0) {
      finished({ kind: "failed", results: execution.timedOut });
      return undefined;
    }
    const blocked: BlockedTransaction = { operations, context, finished, since: this.#clock.now(), timer: undefined };
    this.#blocked.add(blocked);
    this.#setDeadline(blocked, execution);
    return { cancel: () => this.#forget(blocked) };
  }

  close(): void {
    this.#stop();
    this.monitors.close();
    for (const blocked of this.#blocked) this.#forget(blocked);
  }

  #planRerun(): void {
    if (this.#rerunPlanned || this.#blocked.size === 0) return;
    this.#rerunPlanned = true;
    queueMicrotask(() => {
      this.#rerunPlanned = false;
      // A transaction that commits here plans another round for the others.
      for (const blocked of [...this.#blocked]) this.#rerun(blocked);
    });
  }

  #rerun(blocked: BlockedTransaction): void {
    if (!this.#blocked.has(blocked)) return;
    const execution = this.engine.execute(blocked.operations, blocked.context);
    if (execution.kind === "blocked") {
      this.#setDeadline(blocked, execution);
    } else {
      this.#forget(blocked);
      blocked.finished(execution);
    }
  }

  #setDeadline(blocked: BlockedTransaction, { timeout, timedOut }: Extract<Execution, { kind: "blocked" }>): void {
    blocked.timer?.cancel();
    blocked.timer = undefined;
    if (timeout === undefined) return;
    const left = blocked.since + timeout - this.#clock.now();
    blocked.timer = this.#clock.setTimer(left, () => {
      this.#forget(blocked);
      blocked.finished({ kind: "failed", results: timedOut });
    });
  }

  #forget(blocked: BlockedTransaction): void {
    this.#blocked.delete(blocked);
    blocked.timer?.cancel();
  }
}

/** Many servers of one process may share one schema. */
const schemaTexts = new WeakMap<DatabaseSchema, string>();

function schemaText(schema: DatabaseSchema): string {
  let text = schemaTexts.get(schema);
  if (text === undefined) {
    text = stringifyJson(schemaToJson(schema));
    schemaTexts.set(schema, text);
  }
  return text;
}

interface BlockedTransaction {
  readonly operations: readonly Operation[];
  readonly context: ExecuteContext;
  readonly finished: (outcome: Finished) => void;
  /** `clock.now()` when it first blocked. */
  readonly since: number;
  timer: Timer | undefined;
}
