/**
 * The store of a cloud: PostgreSQL by its URL, or the same engine embedded, in the cloud's directory. What there is to read and write
 * stands in the other files of this folder, as functions of a `Store`.
 */

import { join } from "node:path";
import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { makePrivateDirectory } from "@opensync-ts/base/files";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import { type Dialect, Kysely, PGliteDialect, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import * as limits from "../limits.ts";
import type { DoneDeed } from "./deed.ts";
import { templateDirectory } from "./engine-template.ts";
import { StoreUnavailable, storeError } from "./errors.ts";
import { holdFile } from "./hold-file.ts";
import { readKey, type StoreKey } from "./key.ts";
import { migrate } from "./migrations.ts";
import { openingError } from "./opening-errors.ts";
import { PgliteThread } from "./pglite-thread.ts";
import { StoreLock } from "./store-lock.ts";
import { storeName } from "./store-name.ts";
import type { StoreTables } from "./tables.ts";

export type StoreTransaction = Transaction<StoreTables>;

export interface StoreOptions {
  /** Of the cloud: holds the key (`store.key`), and the embedded store (`store/`). */
  readonly directory: string;
  /** `postgres://…`; left out: embedded. */
  readonly url?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface OperationOptions {
  readonly limitMs?: number;
  /** All it reads is from one moment. */
  readonly snapshot?: boolean;
}

export class Store {
  /** What has been done with this store by this process, once it is committed. */
  readonly deeds = new Emitter<{ done: DoneDeed }>();
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly key: StoreKey;
  /** Steps that the tables have gone through, the newest last. */
  readonly migrations: readonly string[];
  readonly #database: Kysely<StoreTables>;
  readonly #hold: Hold;
  #operations = 0;
  #closed = false;

  /** `openStore` makes one. */
  constructor(
    { clock, random, log }: Pick<StoreOptions, "clock" | "random" | "log">,
    key: StoreKey,
    database: Kysely<StoreTables>,
    migrations: readonly string[],
    hold: Hold,
  ) {
    this.clock = clock;
    this.random = random;
    this.log = log;
    this.key = key;
    this.migrations = migrations;
    this.#database = database;
    this.#hold = hold;
  }

  /** Rejects with a `UserError` once another process has, or has had, the store; never resolves. */
  get lost(): Promise<never> {
    return this.#hold.lock?.lost ?? forever;
  }

  now(): Date {
    return new Date(this.clock.wallTime());
  }

  /**
   * One operation: all of it or nothing. `what` is for messages (`read a version`). Rejects with `StoreUnavailable` where the store is
   * gone or too slow, and with what `work` throws.
   */
  async run<T>(
    what: string,
    work: (transaction: StoreTransaction) => Promise<T>,
    { limitMs = limits.storeOperationMs, snapshot = false }: OperationOptions = {},
  ): Promise<T> {
    if (this.#closed) throw new StoreUnavailable(`the store cannot ${what} now: it is closed`);
    const trouble = this.#hold.lock?.trouble;
    if (trouble !== undefined) throw new StoreUnavailable(`the store cannot ${what} now: ${trouble}`);
    if (this.#operations >= limits.storeOperations) {
      throw new StoreUnavailable(`the store cannot ${what} now: ${this.#operations} operations are waiting for it`);
    }
    this.#operations++;
    const builder = snapshot
      ? this.#database.transaction().setIsolationLevel("repeatable read")
      : this.#database.transaction();
    const operation = builder.execute(work).finally(() => this.#operations--);
    try {
      return await withDeadline(this.clock, operation, limitMs, "store");
    } catch (error) {
      // Whichever comes second is of no interest.
      operation.catch(() => undefined);
      if (error instanceof Error && error.message.startsWith("store: no answer")) {
        throw new StoreUnavailable(`the store cannot ${what} now: no answer within ${limitMs} ms`);
      }
      throw storeError(what, error);
    }
  }

  /** Waits for what is on its way, within bounds. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await withDeadline(this.clock, this.#database.destroy(), limits.storeOperationMs, "closing the store");
    } catch (error) {
      this.log.warning(messageOf(error));
    } finally {
      await this.#hold.release();
    }
  }
}

/** That a store is this process's. */
interface Hold {
  /** Of a store on PostgreSQL. */
  readonly lock: StoreLock | undefined;
  release(): Promise<void>;
}

const forever = new Promise<never>(() => {});

/**
 * Opens the store and brings its tables up to date. A store, and the directory with its key, is one process's at a time. Throws a
 * `UserError` or `StoreUnavailable` of one line: what, where, what to do.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { directory, url, clock, log } = options;
  const name = url === undefined ? undefined : storeName(url);
  const called = `store ${name ?? join(directory, "store")}`;
  makePrivateDirectory(directory);
  const hold = await holdStore(options, name);
  let database: Kysely<StoreTables> | undefined;
  try {
    const key = readKey(join(directory, "store.key"));
    database = new Kysely<StoreTables>({ dialect: dialectOf(options) });
    const steps = await withDeadline(clock, migrate(database, called), limits.storeStartMs, "opening the store");
    await hold.lock?.announce();
    const store = new Store(options, key, database, steps, hold);
    await checkKey(store);
    log.info(`store ready: ${name ?? "embedded"}, ${steps.at(-1)}, key ${key.id}`);
    return store;
  } catch (error) {
    void database?.destroy().catch(() => undefined);
    await hold.release();
    if (name === undefined) throw storeError("be opened", error);
    throw openingError(name, error);
  }
}

async function holdStore(
  { directory, url, clock, random, log }: StoreOptions,
  name: string | undefined,
): Promise<Hold> {
  const release = await holdFile(join(directory, "store.pid"), clock);
  if (url === undefined || name === undefined) return { lock: undefined, release: async () => release() };
  try {
    const lock = await StoreLock.take({ url, name, id: random.uuid(), clock, log });
    return { lock, release: () => lock.release().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

function dialectOf({ directory, url, log }: StoreOptions): Dialect {
  if (url === undefined) {
    const thread = new PgliteThread(join(directory, "store"), templateDirectory());
    return new PGliteDialect({ pglite: thread });
  }
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "opensync cloud",
    max: limits.storeConnections,
    connectionTimeoutMillis: limits.storeConnectMs,
    statement_timeout: limits.storeStatementMs,
    // Of an answer that never comes: the server's own limit comes first.
    query_timeout: limits.storeStatementMs + 1_000,
    idle_in_transaction_session_timeout: limits.storeOperationMs,
    keepAlive: true,
    types: { getTypeParser: (oid, format) => (oid === int8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  // An idle connection that breaks is nobody's error; the next operation opens another.
  pool.on("error", (error) => log.warning(`store: a connection was lost: ${messageOf(error)}`));
  // One that breaks while it is in use fails what it was asked, and is nobody's error beside that.
  pool.on("connect", (client) => client.on("error", () => {}));
  return new PostgresDialect({ pool });
}

/** Both drivers then give a number for `bigint`; the store has none that is too large for one. */
const int8 = 20;

/** So that a wrong key is found at start, and not at the first passphrase. */
async function checkKey(store: Store): Promise<void> {
  const { key } = store;
  await store.run("read its settings", async (transaction) => {
    const own = { scope: "cloud", key: "store.key" } as const;
    const value = JSON.stringify(key.id);
    await transaction
      .insertInto("settings")
      .values({ ...own, value, changed_at: store.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await transaction
      .selectFrom("settings")
      .select("value")
      .where("scope", "=", own.scope)
      .where("key", "=", own.key)
      .executeTakeFirstOrThrow();
    if (row.value === key.id) return;
    throw new UserError(
      `store.key: this is key ${key.id}, and the store's secrets are sealed with ${row.value}; bring back the key's file`,
    );
  });
}
