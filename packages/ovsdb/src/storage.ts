/** A database kept in a file that `ovsdb-tool` and `ovsdb-server` understand (ovsdb(5), standalone format). */

import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { syncDirectory } from "@opensync-ts/base/files";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { takeSnapshot, writeSnapshot } from "./compaction.ts";
import { convertRows } from "./convert.ts";
import { Database } from "./database.ts";
import type { Commit } from "./engine.ts";
import { OvsdbError } from "./errors.ts";
import { FileLock } from "./file-lock.ts";
import { applyRecord, commitToRecord } from "./journal.ts";
import { JournalWriter } from "./journal-writer.ts";
import { type JsonValue, stringifyJson, stringifySorted } from "./json.ts";
import { storageLimits } from "./limits.ts";
import { type OpenLogFile, openLogFile } from "./log-file.ts";
import { DamagedRecordError, encodeRecord, readLog, type TornTail } from "./record.ts";
import { type DatabaseSchema, schemaFromJson, schemaToJson } from "./schema.ts";

export interface DatabaseFileOptions {
  /** Dates the records. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log | undefined;
  /** The schema that the file shall have: a file of another one is converted. */
  readonly schema?: DatabaseSchema | undefined;
  /** The file operations; for tests. */
  readonly openLogFile?: OpenLogFile;
}

export class DatabaseFile {
  readonly path: string;
  /** Every commit that changes more than ephemeral columns is appended to the file. */
  readonly database: Database;
  readonly #options: DatabaseFileOptions;
  readonly #lock: FileLock;
  readonly #writer: JournalWriter;
  readonly #detach: Unsubscribe;
  #compacting: Promise<void> | undefined;
  /** The size after the last compaction, and when one was tried last (ms of the clock). */
  #compactSize: number;
  #triedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  private constructor(path: string, database: Database, lock: FileLock, options: DatabaseFileOptions) {
    this.path = path;
    this.database = database;
    this.#lock = lock;
    this.#options = options;
    this.#writer = new JournalWriter((options.openLogFile ?? openLogFile)(path, "append"));
    this.#compactSize = this.#writer.size;
    this.#writer.onFailure((error) => {
      options.log?.error(`${path}: cannot be written: ${error.message}; changes are kept in memory until it can be`);
    });
    this.#writer.onRecovery(() => options.log?.notice(`${path}: written again, nothing was lost`));
    this.#detach = database.onCommit((commit) => this.#append(commit));
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
   * Opens a file and locks it. A torn last record is cut off, with a warning. Rejects with a `UserError` when the file is in use, is no
   * standalone database, or is damaged (`DamagedRecordError`).
   */
  static async open(path: string, options: DatabaseFileOptions): Promise<DatabaseFile> {
    if (!existsSync(path)) throw new UserError(`${path}: no such file; create it with 'ovsdb create ${path} SCHEMA'`);
    const lock = FileLock.acquire(path);
    try {
      const { database, torn } = readDatabase(path, options.random);
      if (torn) {
        options.log?.warning(
          `${path}: the last record is incomplete (a crash while writing); cutting off ${torn.bytes} bytes at ${torn.offset}`,
        );
        const file = (options.openLogFile ?? openLogFile)(path, "append");
        file.truncate(torn.offset);
        file.syncNow();
        file.close();
      }
      const { schema } = options;
      if (!schema || sameSchema(schema, database.schema)) return new DatabaseFile(path, database, lock, options);
      return await DatabaseFile.#converted(path, database, schema, lock, options);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  static async #converted(
    path: string,
    from: Database,
    schema: DatabaseSchema,
    lock: FileLock,
    options: DatabaseFileOptions,
  ): Promise<DatabaseFile> {
    const to = new Database(schema, { random: options.random });
    try {
      convertRows(from, to);
    } catch (error) {
      if (!(error instanceof OvsdbError)) throw error;
      throw new UserError(`${path}: cannot be converted to schema ${schema.name} ${schema.version}: ${error.message}`);
    }
    const file = new DatabaseFile(path, to, lock, options);
    await file.compact();
    options.log?.notice(`${path}: converted from schema version ${from.schema.version} to ${schema.version}`);
    return file;
  }

  /** Why the file could not be written the last time; undefined while all is well. */
  get failure(): Error | undefined {
    return this.#writer.failure;
  }

  /** Called once for each time that writing begins to fail. Commits are kept and written when that is possible again. */
  onFailure(listener: (error: Error) => void): Unsubscribe {
    return this.#writer.onFailure(listener);
  }

  /** Hands all commits so far to the operating system: they then survive `kill -9`. Happens anyway in the same turn. */
  flush(): void {
    this.#writer.flush();
  }

  /**
   * Resolves when all commits so far would survive a power cut; one sync serves all who wait. Rejects with the file system's error.
   * An arrow function, so that it can be passed on by itself.
   */
  readonly durable = async (): Promise<void> => {
    if (this.#writer.lost) await this.compact();
    await this.#writer.sync();
  };

  /** Writes the file anew without its history. Work goes on meanwhile. Rejects with the file system's error; the old file then stays. */
  compact(): Promise<void> {
    this.#compacting ??= this.#compact().finally(() => {
      this.#compacting = undefined;
    });
    return this.#compacting;
  }

  /** Writes what is left, syncs, unlocks. Rejects when not everything could be written. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#detach();
    try {
      if (this.#writer.lost) await this.compact();
      else await this.#compacting?.catch(() => {});
    } finally {
      try {
        this.#writer.close();
      } finally {
        this.#lock.release();
      }
    }
  }

  #append(commit: Commit): void {
    const record = commitToRecord(this.database.layouts, commit, this.#options.clock.wallTime());
    if (record === undefined) return;
    this.#writer.append(record);
    const { compactMinBytes, compactFactor, compactRetryMs } = storageLimits;
    const grown = this.#writer.size > Math.max(compactMinBytes, compactFactor * this.#compactSize);
    if (!grown && !this.#writer.lost) return;
    const now = this.#options.clock.now();
    if (this.#compacting || now - this.#triedAt < compactRetryMs) return;
    this.#triedAt = now;
    this.compact().catch((error) => {
      this.#options.log?.warning(`${this.path}: not compacted: ${messageOf(error)}`);
    });
  }

  async #compact(): Promise<void> {
    // Not while a commit is being announced: its record must not follow in the tail what the snapshot holds already.
    await nextTurn();
    const temporary = `${this.path}.tmp`;
    const file = (this.#options.openLogFile ?? openLogFile)(temporary, "create");
    try {
      // From this moment on: what the snapshot has not, the tail has.
      const snapshot = takeSnapshot(this.database);
      this.#writer.collectTail();
      await writeSnapshot(this.database, snapshot, file, this.#options.clock.wallTime());
      const size = file.size;
      await file.sync();
      for (let round = 0; round < storageLimits.compactRounds; round++) {
        const tail = this.#writer.takeTail();
        if (tail.length === 0) break;
        file.append(tail);
        await file.sync();
      }
      const rest = this.#writer.takeTail();
      if (rest.length > 0) {
        file.append(rest);
        file.syncNow();
      }
      renameSync(temporary, this.path);
      this.#compactSize = size;
    } catch (error) {
      this.#writer.dropTail();
      file.close();
      rmSync(temporary, { force: true });
      throw error;
    }
    this.#writer.replace(file);
    syncDirectory(dirname(this.path));
  }
}

/** The database that a file holds. Throws a `UserError`. */
export function readDatabase(path: string, random: Random): { database: Database; torn: TornTail | undefined } {
  const records = readLog(path);
  const first = records.next();
  if (first.done) {
    const what = first.value ? "its first record (the schema) is incomplete" : "it is empty";
    throw new UserError(`${path}: not a database: ${what}; create it anew with 'ovsdb create'`);
  }
  const database = checked(path, first.value.start, () => {
    return new Database(schemaFromJson(first.value.json), { random });
  });
  for (;;) {
    const next = records.next();
    if (next.done) return { database, torn: next.value };
    const { start, json } = next.value;
    checked(path, start, () => database.load((changes) => applyRecord(database.schema, json, changes)));
  }
}

/** What a record says may be well-formed and still make no sense. */
function checked<T>(path: string, offset: number, apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (error instanceof OvsdbError) throw new DamagedRecordError(path, offset, error.message);
    throw error;
  }
}

function sameSchema(a: DatabaseSchema, b: DatabaseSchema): boolean {
  return stringifySorted(schemaToJson(a)) === stringifySorted(schemaToJson(b));
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
