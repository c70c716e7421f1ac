/** A database kept in a file that `ovsdb-tool` and `ovsdb-server` understand (ovsdb(5), standalone format). */

import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { syncDirectory, syncDirectoryLater, writeFileAtomic } from "@opensync-ts/base/files";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { takeSnapshot, writeSnapshot, writeSnapshotNow } from "./compaction.ts";
import type { Database } from "./database.ts";
import type { ServedDatabase } from "./database-host.ts";
import { readDatabase } from "./database-reader.ts";
import type { Commit } from "./engine.ts";
import { OvsdbError } from "./errors.ts";
import { FileLock } from "./file-lock.ts";
import { writeCommit } from "./journal.ts";
import { JournalWriter } from "./journal-writer.ts";
import { type JsonValue, stringifyJson } from "./json.ts";
import { storageLimits } from "./limits.ts";
import { type LogFile, type OpenLogFile, openLogFile } from "./log-file.ts";
import type { OvsdbErrorObject } from "./operations.ts";
import { encodeRecord, type TornTail } from "./record.ts";
import { type DatabaseSchema, schemaFromJson, schemaToJson } from "./schema.ts";

export interface DatabaseFileOptions {
  /** Dates the records. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log | undefined;
  /** The schema that the file shall have: a file of another one is converted. Many databases may share the object. */
  readonly schema?: DatabaseSchema | undefined;
  /** The file operations; for tests. */
  readonly openLogFile?: OpenLogFile;
}

/**
 * What is promised:
 * - a commit is in the file, and so survives `kill -9`, when `execute` returns, or, for `grouped` ones, when `flush` does;
 * - it survives a power cut when `durable`, called after that, resolves;
 * - a commit that cannot be written (disk full) is refused, or, when it was grouped, taken back: `failureOf` tells. Memory and
 *   file agree, the database lives on, and commits are taken again as soon as they can be written;
 * - after a failed sync, which says nothing about what is on disk, the file is written anew; until then nothing is durable.
 */
export class DatabaseFile {
  readonly path: string;
  /** Where `path` leads to, which is what is replaced when the file is written anew: a symbolic link stays one. */
  readonly #realPath: string;
  /** Every commit that changes more than ephemeral columns is appended to the file. */
  readonly database: Database;
  readonly #options: DatabaseFileOptions;
  readonly #lock: FileLock;
  readonly #writer: JournalWriter;
  /** Commits since the last flush, from the first one that has a record. */
  #unwritten: Commit[] = [];
  readonly #undone = new WeakMap<Commit, OvsdbErrorObject>();
  #flushPlanned = false;
  #compacting: Promise<void> | undefined;
  /** Aborts a compaction that a conversion makes useless. */
  #compaction = new AbortController();
  /** The size after the last compaction, and when one was tried last (ms of the clock). */
  #compactSize: number;
  #triedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  private constructor(path: string, database: Database, lock: FileLock, options: DatabaseFileOptions) {
    this.path = path;
    this.#realPath = realpathSync(path);
    this.database = database;
    this.#lock = lock;
    this.#options = options;
    this.#writer = new JournalWriter(this.#openLog(path, "append"));
    this.#compactSize = this.#writer.size;
    this.#writer.onFailure((error) => {
      const until = this.#writer.doubtful
        ? "nothing is durable until it is written anew"
        : "changes are refused until it can be";
      options.log?.error(`${path}: cannot be written: ${error.message}; ${until}`);
    });
    this.#writer.onRecovery(() => options.log?.notice(`${path}: written again, nothing was lost`));
    database.keepWith((commit, grouped) => this.#keep(commit, grouped));
  }

  /** Creates a file (mode 0600) with an empty database. Throws a `UserError` where it exists, an `OvsdbError` for a bad schema. */
  static create(path: string, schemaJson: JsonValue): void {
    const record = encodeRecord(stringifyJson(schemaToJson(schemaFromJson(schemaJson))));
    if (existsSync(path)) throw new UserError(`${path}: exists already; remove it first, or choose another name`);
    const fd = openSync(path, "wx", 0o600);
    try {
      const bytes = Buffer.from(record);
      for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    syncDirectory(dirname(path));
  }

  /**
   * Opens a file and locks it. A torn last record is cut off, with a warning; so is an end that no record is in, or one that makes no
   * sense; a copy of that is kept. Rejects with a `UserError` when the file is in use, is no standalone database, or is damaged
   * (`DamagedRecordError`).
   */
  static async open(path: string, options: DatabaseFileOptions): Promise<DatabaseFile> {
    if (!existsSync(path)) throw new UserError(`${path}: no such file; create it with 'ovsdb create ${path} SCHEMA'`);
    const lock = FileLock.acquire(realpathSync(path));
    try {
      const { database, torn, damaged } = readDatabase(path, options.random, options.schema);
      if (torn) {
        const what = damaged
          ? `the end of the file is no transaction: ${damaged}`
          : "the last record is incomplete (a crash while writing)";
        const kept = damaged && keepTail(path, torn);
        options.log?.warning(
          `${path}: ${what}; cutting off ${torn.bytes} bytes at ${torn.offset}${kept ? `, which are kept in ${kept}` : ""}`,
        );
        const file = (options.openLogFile ?? openLogFile)(path, "append");
        file.truncate(torn.offset);
        file.syncNow();
        file.close();
      }
      const file = new DatabaseFile(path, database, lock, options);
      const { schema } = options;
      if (schema && schema !== database.schema) await file.#upgrade(schema);
      return file;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** All that a server needs to offer the database. */
  get served(): ServedDatabase {
    const { database: engine, durable, flush, failureOf, convert } = this;
    return { engine, durable, flush, failureOf, convert };
  }

  /** Why the file could not be written or synced the last time; undefined while all is well. */
  get failure(): Error | undefined {
    return this.#writer.failure;
  }

  /** Called once for each time that writing begins to fail. */
  onFailure(listener: (error: Error) => void): Unsubscribe {
    return this.#writer.onFailure(listener);
  }

  /**
   * Hands all commits so far to the operating system in one write: they then survive `kill -9`. Those that cannot be written are
   * taken back, see `failureOf`. Happens anyway at the end of the turn.
   */
  readonly flush = (): void => {
    this.#write();
  };

  /** Why a `grouped` commit was taken back after `execute` had returned it; undefined where it was not. */
  readonly failureOf = (commit: Commit): OvsdbErrorObject | undefined => this.#undone.get(commit);

  /**
   * Resolves when all commits so far would survive a power cut; one sync serves all who wait. Rejects with the file system's error.
   * An arrow function, so that it can be passed on by itself.
   */
  readonly durable = async (): Promise<void> => {
    // Later in the turn, so that its other commits are in the same write.
    await undefined;
    this.#write();
    if (this.#writer.doubtful) await this.compact();
    await this.#writer.sync();
  };

  /**
   * Gives the running database another schema, in memory and in the file, where it begins a new history as with `ovsdb-server`. All
   * other work stops meanwhile: it is as rare as an upgrade. Rejects with an `OvsdbError` where the rows do not fit, or with the
   * file system's error; then everything is as it was.
   */
  readonly convert = async (schema: DatabaseSchema): Promise<void> => {
    this.#compaction.abort(new Error("the database is being converted"));
    await this.#compacting?.catch(() => {});
    this.#compaction = new AbortController();
    this.#write();
    const converted = this.database.converted(schema);
    const comment = `converted from schema version ${this.database.schema.version}`;
    const snapshot = takeSnapshot(converted, comment, this.#options.clock.wallTime());
    const file = this.#replacement();
    try {
      writeSnapshotNow(snapshot, file);
      file.syncNow();
      this.#switchTo(file, 0);
    } catch (error) {
      this.#discard(file);
      throw error;
    }
    syncDirectory(dirname(this.#realPath));
    this.#compactSize = file.size;
    this.database.adopt(converted);
  };

  /** Writes the file anew without its history. Work goes on meanwhile. Rejects with the file system's error; the old file then stays. */
  compact(): Promise<void> {
    this.#compacting ??= this.#compact(this.#compaction.signal).finally(() => {
      this.#compacting = undefined;
    });
    return this.#compacting;
  }

  /** Writes what is left, syncs, unlocks. Rejects when not everything could be written; no more is then kept of the database. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      const error = this.#write();
      if (error) throw error;
      if (this.#writer.doubtful) await this.compact();
      else await this.#compacting?.catch(() => {});
    } finally {
      this.database.keepWith(undefined);
      try {
        this.#writer.close();
      } finally {
        this.#lock.release();
      }
    }
  }

  async #upgrade(schema: DatabaseSchema): Promise<void> {
    const { version } = this.database.schema;
    try {
      await this.convert(schema);
    } catch (error) {
      this.#writer.close();
      if (!(error instanceof OvsdbError)) throw error;
      throw new UserError(
        `${this.path}: cannot be converted to schema ${schema.name} ${schema.version}: ${error.message}`,
      );
    }
    this.#options.log?.notice(`${this.path}: converted from schema version ${version} to ${schema.version}`);
  }

  #keep(commit: Commit, grouped: boolean): void {
    const date = this.#options.clock.wallTime();
    const recorded = this.#writer.append((out) => writeCommit(out, this.database.layouts, commit, date));
    // Ephemeral columns have no record; but they may be those of a row that is not written yet.
    if (!recorded && this.#unwritten.length === 0) return;
    if (grouped && !this.#writer.failure) {
      this.#unwritten.push(commit);
      this.#planFlush();
    } else {
      const error = this.#write();
      if (error) throw OvsdbError.fromObject(this.#ioError(error));
    }
    this.#compactIfDue();
  }

  /** Writes what was appended. When that fails, takes back all commits that it concerns, and gives the error. */
  #write(): Error | undefined {
    const commits = this.#unwritten;
    this.#unwritten = [];
    try {
      this.#writer.flush();
      return undefined;
    } catch (error) {
      const reason = this.#ioError(error as Error);
      for (const commit of commits) this.#undone.set(commit, reason);
      this.database.undo(commits);
      return error as Error;
    }
  }

  #ioError(error: Error): OvsdbErrorObject {
    return { error: "I/O error", details: `${basename(this.path)}: write failed (${error.message})` };
  }

  #planFlush(): void {
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    queueMicrotask(() => {
      this.#flushPlanned = false;
      this.#write();
    });
  }

  #compactIfDue(): void {
    const { compactMinBytes, compactFactor, compactRetryMs } = storageLimits;
    const grown = this.#writer.size > Math.max(compactMinBytes, compactFactor * this.#compactSize);
    if ((!grown && !this.#writer.doubtful) || this.#compacting) return;
    const now = this.#options.clock.now();
    if (now - this.#triedAt < compactRetryMs) return;
    this.#triedAt = now;
    this.compact().catch((error) => {
      this.#options.log?.warning(`${this.path}: not compacted: ${messageOf(error)}`);
    });
  }

  async #compact(signal: AbortSignal): Promise<void> {
    // Not in the middle of a commit: its record must not follow in the tail what the snapshot holds already.
    await nextTurn();
    signal.throwIfAborted();
    this.#write();
    const snapshot = takeSnapshot(this.database, "compacting database", this.#options.clock.wallTime());
    const file = this.#replacement();
    try {
      // From this moment on: what the snapshot has not, the tail has.
      this.#writer.collectTail();
      await writeSnapshot(snapshot, file, signal);
      const { size } = file;
      await file.sync();
      for (let round = 1; round < storageLimits.compactRounds && (await this.#catchUp(file)); round++);
      // What was told to be durable must be so in the new file, too. From here on nobody is told until the files are switched.
      await this.#writer.holdSyncs();
      await this.#catchUp(file);
      signal.throwIfAborted();
      this.#write();
      const rest = this.#writer.takeTail();
      file.append(rest.bytes);
      this.#switchTo(file, rest.records);
      this.#compactSize = size;
    } catch (error) {
      this.#writer.dropTail();
      this.#writer.resumeSyncs();
      this.#discard(file);
      throw error;
    }
    // Until then a power cut may bring the old file back.
    await syncDirectoryLater(dirname(this.#realPath)).finally(() => this.#writer.resumeSyncs());
  }

  /** Writes and syncs what the tail has by now; false when that is nothing. */
  async #catchUp(file: LogFile): Promise<boolean> {
    const { bytes } = this.#writer.takeTail();
    if (bytes.length === 0) return false;
    await file.appendLater(bytes);
    await file.sync();
    return true;
  }

  #replacement(): LogFile {
    return this.#openLog(this.#temporary, "create");
  }

  /** Puts the new file in the place of the old one. `unsynced`: how many records at its end are not synced yet. */
  #switchTo(file: LogFile, unsynced: number): void {
    renameSync(this.#temporary, this.#realPath);
    this.#writer.replace(file, unsynced);
  }

  #discard(file: LogFile): void {
    file.close();
    rmSync(this.#temporary, { force: true });
  }

  get #temporary(): string {
    return `${this.#realPath}.tmp`;
  }

  #openLog(path: string, mode: "append" | "create"): LogFile {
    return (this.#options.openLogFile ?? openLogFile)(path, mode);
  }
}

/** Copies the end of a file to one of its own, and gives the name of that. */
function keepTail(path: string, { offset }: TornTail): string {
  const kept = `${path}.cut-at-${offset}`;
  writeFileAtomic(kept, readFileSync(path).subarray(offset));
  return kept;
}

/** Converts a file to `schema` in place, and compacts it. Rejects as `DatabaseFile.open` does; the file is then as it was. */
export async function convertFile(
  path: string,
  schema: DatabaseSchema,
  options: Omit<DatabaseFileOptions, "schema">,
): Promise<void> {
  const file = await DatabaseFile.open(path, { ...options, schema });
  await file.close();
}
