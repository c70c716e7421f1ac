/** A database as a server offers it: the engine, its storage, its monitors and the transactions that wait in it. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Random } from "@opensync-ts/base/random";
import type { Delta } from "./datum.ts";
import type { Commit, Engine, ExecuteContext, Execution } from "./engine.ts";
import { OvsdbError } from "./errors.ts";
import { TransactionHistory } from "./history.ts";
import { stringifyJson } from "./json.ts";
import { MonitorHub } from "./monitor.ts";
import type { Operation, OvsdbErrorObject } from "./operations.ts";
import { type DatabaseSchema, schemaToJson } from "./schema.ts";

export interface ServedDatabase {
  readonly engine: Engine;
  /** Resolves when everything committed so far is on disk. Without it nothing is stored, and nothing waits. */
  readonly durable?: (() => Promise<void>) | undefined;
  /** Clients may only read. */
  readonly readOnly?: boolean;
  /** Writes what is committed, so that it survives the process; called before anybody is told of it. */
  readonly flush?: (() => void) | undefined;
  /** Why a commit was taken back when `flush` could not write it. */
  readonly failureOf?: ((commit: Commit) => OvsdbErrorObject | undefined) | undefined;
  /**
   * Gives the engine another schema, in place. Rejects with an `OvsdbError`, and all is as it was. Without it, clients may
   * not convert the database.
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

export interface HostServices {
  readonly clock: Clock;
  readonly random: Random;
}

export class DatabaseHost {
  readonly engine: Engine;
  readonly readOnly: boolean;
  readonly #database: ServedDatabase;
  readonly #services: HostServices;
  readonly #blocked = new Set<BlockedTransaction>();
  readonly #stop: readonly Unsubscribe[];
  #monitors: MonitorHub;
  #history: TransactionHistory | undefined;
  #conversion: Promise<void> | undefined;
  /** Something was committed since `store`. */
  #unstored = false;
  /** Tables changed since blocked transactions were last tried. */
  readonly #changedTables = new Set<string>();
  #rerunPlanned = false;

  constructor(database: ServedDatabase, services: HostServices) {
    this.engine = database.engine;
    this.readOnly = database.readOnly ?? false;
    this.#database = database;
    this.#services = services;
    this.#stop = [
      this.engine.onCommit(({ delta }) => this.#committed(delta)),
      this.engine.onConvert(() => this.#converted()),
    ];
    this.#monitors = new MonitorHub(this.engine);
  }

  get monitors(): MonitorHub {
    return this.#monitors;
  }

  /** While a client's conversion of the database is on its way: resolves when that is over. */
  get conversion(): Promise<void> | undefined {
    return this.#conversion;
  }

  /** The last transactions; recorded from the first time on that somebody asks. */
  history(): TransactionHistory {
    this.#history ??= new TransactionHistory({ random: this.#services.random });
    return this.#history;
  }

  /**
   * Takes the rows over into another schema (ovsdb-server(7) §4.1.19). Rejects with an `OvsdbError`, and all is as it was; see
   * `Engine.onConvert` for who must hear of it.
   */
  async convert(schema: DatabaseSchema): Promise<void> {
    const { convert } = this.#database;
    if (this.readOnly || !convert) {
      throw new OvsdbError("not allowed", `database ${this.engine.name} cannot be converted while it is served`);
    }
    if (this.#conversion) {
      throw new OvsdbError("not allowed", `database ${this.engine.name} is being converted already`);
    }
    const converted = convert(schema);
    this.#conversion = converted.catch(() => {});
    try {
      await converted;
    } finally {
      this.#conversion = undefined;
    }
  }

  /** The schema as JSON text. */
  get schemaText(): string {
    return schemaText(this.engine.schema);
  }

  /** Resolves when what is committed is stored. */
  async durable(): Promise<void> {
    await this.#database.durable?.();
  }

  /** Sees to it that what is committed survives the process. Cheap when nothing was. */
  store(): void {
    if (!this.#unstored) return;
    this.#unstored = false;
    this.#database.flush?.();
  }

  /** The error of a commit that could not be stored, once `store` was called: nothing of it is left. */
  failureOf(commit: Commit): OvsdbErrorObject | undefined {
    return this.#database.failureOf?.(commit);
  }

  /**
   * Executes a transaction; while a `wait` in it does not hold, again after each commit (RFC 7047 §5.2.6). `finished`
   * is called once: before this returns, unless the transaction blocks (the result is then what cancels it). It must see to
   * `store` before it tells anybody.
   */
  execute(
    operations: readonly Operation[],
    context: ExecuteContext,
    finished: (outcome: Finished) => void,
  ): Trigger | undefined {
    const execution = this.engine.execute(operations, { ...context, grouped: true });
    if (execution.kind !== "blocked") {
      finished(execution);
      return undefined;
    }
    if (execution.timeout === 0) {
      finished({ kind: "failed", results: execution.timedOut });
      return undefined;
    }
    const blocked: BlockedTransaction = {
      operations,
      context,
      finished,
      since: this.#services.clock.now(),
      timer: undefined,
    };
    this.#blocked.add(blocked);
    this.#setDeadline(blocked, execution);
    return { cancel: () => this.#forget(blocked) };
  }

  close(): void {
    for (const stop of this.#stop) stop();
    this.monitors.close();
    for (const blocked of this.#blocked) this.#forget(blocked);
  }

  /** Rows, monitors and transactions of before mean nothing any more; sessions are told by the server. */
  #converted(): void {
    this.#history?.clear();
    this.#monitors.close();
    this.#monitors = new MonitorHub(this.engine);
    for (const blocked of this.#blocked) this.#forget(blocked);
  }

  #committed(delta: Delta): void {
    this.#unstored = true;
    // Before the monitors, which tell the transaction's identity.
    this.#history?.add(delta);
    if (this.#blocked.size === 0) return;
    for (const table of delta.keys()) this.#changedTables.add(table);
    if (this.#rerunPlanned) return;
    this.#rerunPlanned = true;
    queueMicrotask(() => {
      this.#rerunPlanned = false;
      const changed = new Set(this.#changedTables);
      this.#changedTables.clear();
      // A transaction that commits here plans another round for the others.
      for (const blocked of [...this.#blocked]) {
        if (blocked.operations.some((operation) => "table" in operation && changed.has(operation.table))) {
          this.#rerun(blocked);
        }
      }
    });
  }

  #rerun(blocked: BlockedTransaction): void {
    if (!this.#blocked.has(blocked)) return;
    const execution = this.engine.execute(blocked.operations, { ...blocked.context, grouped: true });
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
    const left = blocked.since + timeout - this.#services.clock.now();
    blocked.timer = this.#services.clock.setTimer(left, () => {
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
