/** Writes into the store what has come together, a batch at a time; keeps it, within bounds, while the store is gone. */

import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { StoreUnavailable } from "../store/errors.ts";
import type { Store } from "../store/store.ts";
import { type Batch, type Note, writeBatch } from "./batch.ts";
import * as limits from "./limits.ts";
import { Accumulator } from "./rollup/accumulator.ts";
import type { Condenser } from "./rollup/condenser.ts";
import type { Contribution } from "./rollup/rollups.ts";
import { startOf } from "./rollup/rollups.ts";

type NoteRow<T extends Note["table"]> = Extract<Note, { table: T }>["row"];

export interface WriterCounters {
  /** Rows and notes that the store has. */
  readonly written: number;
  /** Those that had to go: there was no room for them while the store was gone, they came too late, or the store refused them. */
  readonly dropped: number;
  /** Those that wait. */
  readonly waiting: number;
}

export class Writer {
  readonly #store: Store;
  readonly #condenser: Condenser;
  readonly #log: Log;
  readonly #id: string;
  readonly #accumulator = new Accumulator();
  #notes: Note[] = [];
  #number = 0;
  /** Not known to be written. */
  #underWay: Batch | undefined;
  #flushing: Promise<void> | undefined;
  #written = 0;
  #dropped = 0;
  #isGone = false;
  #isFull = false;

  constructor(store: Store, condenser: Condenser, log: Log) {
    this.#store = store;
    this.#condenser = condenser;
    this.#log = log;
    this.#id = store.random.uuid();
  }

  get counters(): WriterCounters {
    const underWay = this.#underWay ? sizeOf(this.#underWay) : 0;
    return {
      written: this.#written,
      dropped: this.#dropped + this.#accumulator.dropped,
      waiting: this.#accumulator.size + this.#notes.length + underWay,
    };
  }

  add(location: string, contribution: Contribution): void {
    if (this.#condenser.takes(contribution.rollup, startOf(contribution.at, 60))) {
      this.#accumulator.add(location, contribution);
    } else this.#dropped++;
  }

  note(note: Note): void {
    this.#notes.push(note);
    if (this.#notes.length <= limits.bufferedNotes) return;
    if (!this.#isFull) this.#log.warning("telemetry: more happens than is written; the oldest events are lost");
    this.#isFull = true;
    // Half at a time: an array does not shift cheaply.
    this.#dropped += this.#notes.length - limits.bufferedNotes / 2;
    this.#notes = this.#notes.slice(-limits.bufferedNotes / 2);
  }

  /** What has happened and is not known to be in the store yet, in the order in which it came. */
  waiting<T extends Note["table"]>(table: T): readonly NoteRow<T>[] {
    const notes = [...(this.#underWay?.notes ?? []), ...this.#notes];
    return notes.flatMap((note) => (note.table === table ? [note.row as NoteRow<T>] : []));
  }

  /** Resolves when all has been written, or it has turned out that it cannot be now. Never rejects. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    for (;;) {
      this.#underWay ??= this.#next();
      const batch = this.#underWay;
      if (!batch) return;
      try {
        await writeBatch(this.#store, this.#id, batch);
        this.#written += sizeOf(batch);
        if (this.#isGone)
          this.#log.info(`the store is back: telemetry is written, ${this.counters.dropped} rows are lost`);
        this.#isGone = false;
        this.#isFull = false;
      } catch (error) {
        if (error instanceof StoreUnavailable) {
          if (!this.#isGone) this.#log.warning(`${messageOf(error)}; ${limits.bufferedRows} rows are kept meanwhile`);
          this.#isGone = true;
          return;
        }
        // It would be refused again.
        this.#log.warning(`telemetry: ${sizeOf(batch)} rows are lost: the store refuses them: ${messageOf(error)}`);
        this.#dropped += sizeOf(batch);
      }
      this.#underWay = undefined;
      for (const { rollup, rows } of batch.rollups) {
        for (const { at } of rows) this.#condenser.touched(rollup, Number(at));
      }
    }
  }

  #next(): Batch | undefined {
    if (this.#accumulator.size === 0 && this.#notes.length === 0) return undefined;
    const notes = this.#notes.splice(0, limits.batchRows);
    return { number: ++this.#number, rollups: this.#accumulator.take(limits.batchRows), notes };
  }
}

function sizeOf({ rollups, notes }: Batch): number {
  return rollups.reduce((sum, { rows }) => sum + rows.length, notes.length);
}
