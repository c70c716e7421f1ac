/**
 * Appends records to a database file. Records of one turn of the event loop leave in one write, and one sync serves everybody who
 * waits for it (group commit). What cannot be written is kept and tried again; nothing is skipped, nothing reordered.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { Emitter } from "@opensync-ts/base/emitter";
import { storageLimits } from "./limits.ts";
import type { LogFile } from "./log-file.ts";
import { encodeRecord } from "./record.ts";

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class JournalWriter {
  #file: LogFile;
  /** The length of the file up to the last record known to be whole. */
  #good: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #flushPlanned = false;
  /** Records appended so far, and how many of them a sync has covered. */
  #appended = 0;
  #synced = 0;
  #waiters: Waiter[] = [];
  #syncing = false;
  #fileSync: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #lost = false;
  #tail: Buffer[] | undefined;
  readonly #events = new Emitter<{ failure: Error; recovery: undefined }>();

  constructor(file: LogFile) {
    this.#file = file;
    this.#good = file.size;
  }

  get size(): number {
    return this.#good + this.#pendingBytes;
  }

  /** Why the file could not be written the last time; undefined while all is well. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether the file can no longer be completed by appending: it has to be written anew. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Once for each time that writing begins to fail. */
  onFailure(listener: (error: Error) => void): Unsubscribe {
    return this.#events.on("failure", listener);
  }

  onRecovery(listener: () => void): Unsubscribe {
    return this.#events.on("recovery", listener);
  }

  /** Adds a record. It is written before the current turn of the event loop ends, or when `flush` is called. */
  append(json: string): void {
    const record = Buffer.from(encodeRecord(json));
    this.#appended++;
    this.#tail?.push(record);
    if (this.#lost) return;
    this.#pending.push(record);
    this.#pendingBytes += record.length;
    if (this.#failure && this.#pendingBytes > storageLimits.maxPendingBytes) this.#giveUp();
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    queueMicrotask(() => {
      this.#flushPlanned = false;
      this.flush();
    });
  }

  /** Hands all records to the operating system, so that they survive the death of this process (not a power cut). */
  flush(): void {
    if (this.#lost || this.#pending.length === 0) return;
    try {
      // What a failed attempt left behind of a record.
      if (this.#file.size > this.#good) this.#file.truncate(this.#good);
      this.#file.append(this.#pending);
      this.#good += this.#pendingBytes;
      this.#pending = [];
      this.#pendingBytes = 0;
      this.#recover();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Resolves when all records appended so far would survive a power cut; rejects with the reason why they would not. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      if (!this.#syncing) void this.#serveWaiters();
    });
  }

  async #serveWaiters(): Promise<void> {
    this.#syncing = true;
    while (this.#waiters.length > 0) {
      const waiters = this.#waiters;
      this.#waiters = [];
      try {
        await this.#syncOnce();
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        for (const waiter of waiters) waiter.reject(error as Error);
      }
    }
    this.#syncing = false;
  }

  async #syncOnce(): Promise<void> {
    this.flush();
    if (this.#failure) throw this.#failure;
    const [file, covered] = [this.#file, this.#appended];
    if (this.#synced >= covered) return;
    try {
      this.#fileSync = file.sync();
      await this.#fileSync;
      this.#synced = covered;
    } catch (error) {
      // After a failed sync nobody knows what of the file is on disk. (A file replaced meanwhile does not matter any more.)
      if (file === this.#file) {
        this.#giveUp();
        throw this.#fail(error);
      }
    }
  }

  /** From now on, records are also collected for `takeTail`, until `replace` or `dropTail`. */
  collectTail(): void {
    this.#tail = [];
  }

  takeTail(): readonly Buffer[] {
    const tail = this.#tail ?? [];
    this.#tail = [];
    return tail;
  }

  dropTail(): void {
    this.#tail = undefined;
  }

  /** Continues in another file, which holds all records appended so far and is synced. */
  replace(file: LogFile): void {
    const old = this.#file;
    const close = () => old.close();
    this.#fileSync.then(close, close);
    this.#file = file;
    this.#good = file.size;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#synced = this.#appended;
    this.#lost = false;
    this.dropTail();
    this.#recover();
  }

  /** Writes what is left and closes the file. Throws when that fails. */
  close(): void {
    this.flush();
    try {
      if (this.#failure) throw this.#failure;
      if (this.#synced < this.#appended) this.#file.syncNow();
    } finally {
      const file = this.#file;
      const close = () => file.close();
      this.#fileSync.then(close, close);
    }
  }

  /** Memory is bounded: what would have to be kept is dropped, as the whole database has to be written anyway. */
  #giveUp(): void {
    this.#lost = true;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #fail(cause: unknown): Error {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const first = this.#failure === undefined;
    this.#failure = error;
    if (first) this.#events.emit("failure", error);
    return error;
  }

  #recover(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#events.emit("recovery", undefined);
  }
}
