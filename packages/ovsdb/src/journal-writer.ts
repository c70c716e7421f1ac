/**
 * Appends records to a database file. Records wait until they are flushed, so that many leave in one write; one sync serves
 * everybody who waits for it (group commit). Records that cannot be written are dropped: whoever appended them must take them back.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { Emitter } from "@opensync-ts/base/emitter";
import { JsonBytes } from "./json-bytes.ts";
import { storageLimits } from "./limits.ts";
import type { LogFile } from "./log-file.ts";
import { writeRecord } from "./record.ts";

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class JournalWriter {
  #file: LogFile;
  /** The length of the file up to the last record known to be whole. */
  #good: number;
  /** Records that were appended and not flushed, and how many they are. */
  readonly #pending = new JsonBytes();
  #pendingRecords = 0;
  /** Records written so far, and how many of them a sync has covered. */
  #written = 0;
  #synced = 0;
  #waiters: Waiter[] = [];
  #serving = false;
  /** While this is there, no sync begins. */
  #hold: PromiseWithResolvers<void> | undefined;
  #fileSync: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #doubtful = false;
  #tail: { pieces: Buffer[]; records: number } | undefined;
  readonly #events = new Emitter<{ failure: Error; recovery: undefined }>();

  constructor(file: LogFile) {
    this.#file = file;
    this.#good = file.size;
  }

  get size(): number {
    return this.#good + this.#pending.length;
  }

  /** Why the file could not be written or synced the last time; undefined while all is well. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** A sync has failed: nobody knows what of the file is on disk, and only a file written anew can be trusted again. */
  get doubtful(): boolean {
    return this.#doubtful;
  }

  /** Once for each time that writing begins to fail. */
  onFailure(listener: (error: Error) => void): Unsubscribe {
    return this.#events.on("failure", listener);
  }

  onRecovery(listener: () => void): Unsubscribe {
    return this.#events.on("recovery", listener);
  }

  /** Adds the record that `write` makes, to be written by the next `flush`; none, and false, where `write` returns false. */
  append(write: (out: JsonBytes) => boolean): boolean {
    if (!writeRecord(this.#pending, write)) return false;
    this.#pendingRecords++;
    return true;
  }

  /**
   * Hands the records to the operating system, so that they survive the death of this process (not a power cut). Throws the file
   * system's error: then all of them are dropped, and none is in the file.
   */
  flush(): void {
    if (this.#pendingRecords === 0) return;
    const [bytes, records] = [this.#pending.bytes, this.#pendingRecords];
    this.#pending.clear(storageLimits.encoderBytes);
    this.#pendingRecords = 0;
    try {
      this.#cutRemains();
      this.#file.append(bytes);
    } catch (error) {
      try {
        this.#cutRemains();
      } catch {
        // Before anything else is appended it is tried again; until then it looks like the torn end that it is.
      }
      throw this.#fail(error);
    }
    this.#good += bytes.length;
    this.#written += records;
    if (this.#tail) {
      this.#tail.pieces.push(Buffer.from(bytes));
      this.#tail.records += records;
    }
    if (!this.#doubtful) this.#recover();
  }

  /** Resolves when all records written so far would survive a power cut; rejects with the reason why they would not. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      if (!this.#serving) void this.#serveWaiters();
    });
  }

  async #serveWaiters(): Promise<void> {
    this.#serving = true;
    while (this.#waiters.length > 0) {
      while (this.#hold) await this.#hold.promise;
      const waiters = this.#waiters;
      this.#waiters = [];
      try {
        await this.#syncOnce();
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        for (const waiter of waiters) waiter.reject(error as Error);
      }
    }
    this.#serving = false;
  }

  async #syncOnce(): Promise<void> {
    if (this.#doubtful) throw this.#failure ?? new Error("a sync has failed before");
    const [file, covered] = [this.#file, this.#written];
    if (this.#synced >= covered) return;
    try {
      this.#fileSync = file.sync();
      await this.#fileSync;
      this.#synced = Math.max(this.#synced, covered);
    } catch (error) {
      // A file that was replaced meanwhile does not matter any more.
      if (file !== this.#file) return;
      this.#doubtful = true;
      throw this.#fail(error);
    }
  }

  /** From now on, records written are also collected for `takeTail`, until `replace` or `dropTail`. */
  collectTail(): void {
    this.#tail = { pieces: [], records: 0 };
  }

  /** The records collected so far, and how many they are. */
  takeTail(): { readonly bytes: Buffer; readonly records: number } {
    const { pieces = [], records = 0 } = this.#tail ?? {};
    this.collectTail();
    return { bytes: Buffer.concat(pieces), records };
  }

  dropTail(): void {
    this.#tail = undefined;
  }

  /**
   * Lets nobody hear of a sync any more until `resumeSyncs`, so that the file can be replaced by one that is synced up to here.
   * Resolves when no sync is on its way.
   */
  async holdSyncs(): Promise<void> {
    this.#hold ??= Promise.withResolvers();
    await this.#fileSync.catch(() => {});
  }

  resumeSyncs(): void {
    const hold = this.#hold;
    this.#hold = undefined;
    hold?.resolve();
  }

  /** Continues in another file, which holds all that was written so far, and of that `unsynced` records that no sync has covered yet. */
  replace(file: LogFile, unsynced: number): void {
    const old = this.#file;
    const close = () => old.close();
    this.#fileSync.then(close, close);
    this.#file = file;
    this.#good = file.size;
    this.#synced = this.#written - unsynced;
    this.#doubtful = false;
    this.dropTail();
    this.#recover();
  }

  /** Closes the file. Records that were not flushed are dropped. Throws when what was written cannot be synced. */
  close(): void {
    try {
      this.#cutRemains();
      if (this.#synced < this.#written) this.#file.syncNow();
    } finally {
      const file = this.#file;
      const close = () => file.close();
      this.#fileSync.then(close, close);
    }
  }

  /** Cuts off what a failed write has left of a record. */
  #cutRemains(): void {
    if (this.#file.size > this.#good) this.#file.truncate(this.#good);
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
