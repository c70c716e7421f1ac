/**
 * Keeps the state tables as they should be. Writes start on the next turn after drivers have come to rest, at the latest
 * 3 s after a change; whatever is pending then goes into one transaction. A row that the database refuses is told and
 * tried again later, without holding up the others.
 */

import { type Clock, type Timer, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Client } from "@opensync-ts/ovsdb/client";
import { TransactionError } from "@opensync-ts/ovsdb/client";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { DesiredState } from "./desired-state.ts";
import { repairDelay, stopGrace, transactionDeadline, writeDeadline, writeRetry } from "./limits.ts";
import { sameValue } from "./record.ts";
import { applyChange, tableOf } from "./state-transaction.ts";
import { type Change, type Level, planWrites, type RowKey, type WrittenState } from "./write-plan.ts";

export interface WriteBackContext {
  readonly client: Client<OpenSync>;
  readonly clock: Clock;
  readonly log: Log;
  /** Nothing asked of a driver is unanswered. */
  readonly idle: () => boolean;
  readonly desired: () => DesiredState;
  /** What else is to be written, after the state rows; rejects to be called again later. */
  readonly afterwards: (desired: DesiredState) => Promise<void>;
  /** The database does not answer. */
  readonly fail: (reason: Error) => void;
}

/** A change of a state row as a replica announces it. */
export interface StateRowChange {
  readonly level: Level;
  readonly uuid: string;
  /** `null`: deleted. */
  readonly new: object | null;
  readonly changed: ReadonlySet<string>;
}

export interface WriteBackSummary {
  readonly rows: Readonly<Record<Level, readonly string[]>>;
  /** Committed so far. */
  readonly transactions: number;
  readonly pending: boolean;
  /** Refused by the database, to be tried again. */
  readonly blocked: readonly RowKey[];
}

export class WriteBack {
  readonly #context: WriteBackContext;
  readonly #written: WrittenState = { radio: new Map(), vif: new Map(), client: new Map() };
  readonly #suspects = new Set<RowKey>();
  readonly #blocked = new Set<RowKey>();
  /** Which of its rows a uuid is. */
  readonly #keys = new Map<Uuid, RowKey>();
  /** Changes seen while OWM writes, by row: which of them are its own is known when the answer is there. */
  #meanwhile: Map<string, StateRowChange> | null = null;
  #running: Promise<void> | null = null;
  #pending = false;
  #stopped = false;
  #turn: Timer | null = null;
  #deadline: Timer | null = null;
  #retry: Timer | null = null;
  #repair: Timer | null = null;
  /** Why rows were refused when last tried, as told. */
  readonly #refused = new Map<RowKey, string>();
  /** Transactions committed so far. */
  #transactions = 0;

  constructor(context: WriteBackContext) {
    this.#context = context;
  }

  /** Something changed that state rows depend on. */
  touch(): void {
    if (this.#stopped) return;
    this.#pending = true;
    this.#deadline ??= this.#context.clock.setTimer(writeDeadline, () => this.#start());
    this.idle();
  }

  /** Drivers have come to rest. */
  idle(): void {
    if (!this.#pending || this.#stopped || this.#turn || !this.#context.idle()) return;
    this.#turn = this.#context.clock.setTimer(0, () => {
      this.#turn = null;
      if (this.#context.idle()) this.#start();
    });
  }

  /** A state row changed in the database: where that was not OWM's doing, it is put right. */
  observe(change: StateRowChange): void {
    if (this.#stopped) return;
    if (this.#meanwhile === null) {
      this.#judge(change);
      return;
    }
    const earlier = this.#meanwhile.get(change.uuid)?.changed ?? [];
    this.#meanwhile.set(change.uuid, { ...change, changed: new Set([...earlier, ...change.changed]) });
  }

  #judge(change: StateRowChange): void {
    const key = this.#keys.get(change.uuid as Uuid);
    const name = key?.slice(change.level.length + 1) ?? "";
    const row = this.#written[change.level].get(name);
    if (key === undefined || row === undefined) return;
    if (change.new === null) this.#forget(change.level, name);
    else if (shows(change, row.record)) return;
    else this.#suspects.add(key);
    this.#pending = true;
    this.#repair ??= this.#context.clock.setTimer(repairDelay, () => {
      this.#repair = null;
      this.touch();
    });
    if (change.new !== null && lostReferencesOnly(change, row.record)) return;
    this.#context.log.notice(
      `ow: ovsdb: ${tableOf(change.level)} '${name}': changed by somebody else; it will be put right`,
    );
  }

  /** Names and counts, without contents. */
  get summary(): WriteBackSummary {
    const { radio, vif, client } = this.#written;
    const names = (rows: ReadonlyMap<string, unknown>) => [...rows.keys()].sort();
    return {
      rows: { radio: names(radio), vif: names(vif), client: names(client) },
      transactions: this.#transactions,
      pending: this.#pending,
      blocked: [...this.#blocked].sort(),
    };
  }

  /** Nothing is started any more; resolves when what is under way has ended, or takes too long to. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of [this.#turn, this.#deadline, this.#retry, this.#repair]) timer?.cancel();
    if (!this.#running) return;
    await withDeadline(this.#context.clock, this.#running, stopGrace, "database").catch(() => {});
  }

  #start(): void {
    this.#deadline?.cancel();
    this.#deadline = null;
    // Asked for again when the current run ends.
    if (this.#running || this.#stopped) return;
    this.#pending = false;
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#pending) this.touch();
    });
  }

  async #run(): Promise<void> {
    try {
      const desired = this.#context.desired();
      const plan = planWrites(this.#written, desired, {
        blocked: (key) => this.#blocked.has(key),
        suspect: (key) => this.#suspects.has(key),
      });
      if (plan.length > 0) await this.#write(plan);
      if (!this.#stopped) await this.#context.afterwards(desired);
    } catch (error) {
      if (this.#stopped) return;
      this.#context.log.warning(
        `ow: ovsdb: state not written: ${messageOf(error)}; trying again in ${writeRetry / 1000} s`,
      );
      this.#retryLater();
    }
  }

  /** All in one transaction; if that is refused, one by one, so that only the culprit is left out. */
  async #write(plan: readonly Change[]): Promise<void> {
    try {
      await this.#commit(plan);
      return;
    } catch (error) {
      if (!(error instanceof TransactionError)) throw error;
      if (plan.length === 1) return this.#block(plan, error);
      this.#context.log.debug(`ow: ovsdb: ${messageOf(error)}; writing row by row`);
    }
    for (const changes of byRow(plan)) {
      if (this.#stopped) return;
      if (changes.some((change) => this.#blockedParent(change))) continue;
      try {
        await this.#commit(changes);
      } catch (error) {
        if (!(error instanceof TransactionError)) throw error;
        this.#block(changes, error);
      }
    }
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    const { client, clock, fail } = this.#context;
    const tables = [...new Set(changes.map(({ level }) => tableOf(level)))];
    const handles: ReturnType<typeof applyChange>[] = [];
    const meanwhile = new Map<string, StateRowChange>();
    this.#meanwhile = meanwhile;
    try {
      let answered = false;
      const transaction = client
        .transact(
          (builder) => {
            let operation = 0;
            for (const change of changes) {
              const handle = applyChange(builder, change, operation);
              operation += handle.operations;
              handles.push(handle);
            }
          },
          { comment: `OWM - update ${tables.join(", ")}` },
        )
        .finally(() => {
          answered = true;
        });
      const result = await withDeadline(clock, transaction, transactionDeadline, "database").catch((error) => {
        // Whether it was committed is unknown now; only a fresh start knows the tables again.
        if (!answered) fail(error instanceof Error ? error : new Error(messageOf(error)));
        throw error;
      });
      this.#transactions++;
      changes.forEach((change, index) => {
        const handle = handles[index];
        const gone = handle?.updated !== undefined && result.count(handle.updated) === 0;
        this.#record(change, handle?.inserted ? result.uuid(handle.inserted) : null, gone);
      });
    } finally {
      this.#meanwhile = null;
      if (!this.#stopped) for (const change of meanwhile.values()) this.#judge(change);
    }
  }

  #record(change: Change, inserted: Uuid | null, gone: boolean): void {
    const key: RowKey = `${change.level} ${change.name}`;
    this.#suspects.delete(key);
    this.#refused.delete(key);
    if (change.op === "delete" || gone) {
      this.#forget(change.level, change.name);
      this.#pending ||= gone;
      return;
    }
    const uuid = change.op === "update" ? change.uuid : inserted;
    if (uuid === null) return;
    (this.#written[change.level] as Map<string, object>).set(change.name, { ...change.next, uuid });
    this.#keys.set(uuid, key);
  }

  #forget(level: Level, name: string): void {
    const uuid = this.#written[level].get(name)?.uuid;
    if (uuid !== undefined) this.#keys.delete(uuid);
    this.#written[level].delete(name);
    this.#suspects.delete(`${level} ${name}`);
  }

  #blockedParent(change: Change): boolean {
    if (change.op === "delete" || change.level === "radio") return false;
    const parent: RowKey = change.level === "vif" ? `radio ${change.next.phy}` : `vif ${change.next.vif}`;
    return this.#blocked.has(parent);
  }

  #block(changes: readonly Change[], error: TransactionError): void {
    for (const { level, name } of changes) {
      const key: RowKey = `${level} ${name}`;
      this.#blocked.add(key);
      const text = `not written: ${messageOf(error)}; trying again in ${writeRetry / 1000} s`;
      // A driver that reports nonsense does so for long: each attempt after the first is for those who look closely.
      const told = this.#refused.get(key) === text;
      this.#refused.set(key, text);
      this.#context.log[told ? "debug" : "warning"](`ow: ovsdb: ${tableOf(level)} '${name}': ${text}`);
    }
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#stopped) return;
    this.#retry ??= this.#context.clock.setTimer(writeRetry, () => {
      this.#retry = null;
      for (const key of this.#refused.keys()) if (!this.#blocked.has(key)) this.#refused.delete(key);
      this.#blocked.clear();
      this.touch();
    });
  }
}

/** The changes of one row belong together: a roamed client is deleted and inserted at once. */
function byRow(plan: readonly Change[]): readonly (readonly Change[])[] {
  const rows = new Map<RowKey, Change[]>();
  for (const change of plan) {
    const key: RowKey = `${change.level} ${change.name}`;
    const others = rows.get(key);
    if (others) others.push(change);
    else rows.set(key, [change]);
  }
  return [...rows.values()];
}

function shows(change: StateRowChange, record: object): boolean {
  return foreignColumns(change, record).length === 0;
}

/** The database itself clears a reference to a row that is deleted: the configuration's, most often. */
function lostReferencesOnly(change: StateRowChange, record: object): boolean {
  const row = change.new as { readonly [column: string]: unknown };
  return foreignColumns(change, record).every(
    (column) => (column === "vif_config" || column === "radio_config") && row[column] === null,
  );
}

/** The columns of `record` that the change gave another value. */
function foreignColumns(change: StateRowChange, record: object): readonly string[] {
  const row = change.new as { readonly [column: string]: unknown };
  const expected = record as { readonly [column: string]: unknown };
  return [...change.changed].filter(
    (column) => column in expected && !sameValue(row[column] as never, expected[column] as never),
  );
}
