/**
 * That a store on PostgreSQL is one process's: an advisory lock of a session of its own, which ends with the connection; and a row that says whose it is.
 *
 * | state    | the store may be used | left by                                                                                   |
 * |----------|-----------------------|-------------------------------------------------------------------------------------------|
 * | `HELD`   | yes                   | the loss of the connection: `SEEKING`; `release`                                          |
 * | `SEEKING`| no                    | the lock is got back, and nobody had it meanwhile: `HELD`; another has or had it: `LOST`  |
 * | `LOST`   | no, never again       |                                                                                           |
 */

import { type Clock, every, type Timer, withDeadline } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import pg from "pg";
import * as limits from "../limits.ts";
import { StoreUnavailable, sqlState } from "./errors.ts";
import { type Holder, holderWords, parseHolder, thisProcess } from "./holder.ts";
import { openingError } from "./opening-errors.ts";

export interface StoreLockOptions {
  readonly url: string;
  /** Of the URL, for people. */
  readonly name: string;
  /** Tells this opening of the store from others. */
  readonly id: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of locks of other programs in the same database, this is ours. */
const lock = "1330664275, 1";
const heldLocks = `from pg_locks where locktype = 'advisory' and granted and classid = 1330664275 and objid = 1 and objsubid = 2
  and database = (select oid from pg_database where datname = current_database())`;

export class StoreLock {
  readonly #options: StoreLockOptions;
  readonly #self: Holder;
  readonly #lost = Promise.withResolvers<never>();
  readonly #ended = new AbortController();
  #client: pg.Client | undefined;
  #connecting: pg.Client | undefined;
  #probe: Timer | undefined;
  #trouble: string | undefined;
  #seeking: Promise<void> | undefined;
  #asking = false;

  private constructor(options: StoreLockOptions) {
    this.#options = options;
    this.#self = thisProcess(options.clock.wallTime());
    this.#lost.promise.catch(() => {});
  }

  /** Rejects with a `UserError` that says who has it, or with why the store cannot be asked. */
  static async take(options: StoreLockOptions): Promise<StoreLock> {
    const own = new StoreLock(options);
    const taken = await own.#attempt();
    if (taken !== "taken") {
      const { name } = options;
      const holder = taken.holder ? holderWords(taken.holder) : "another cloud, which is just starting";
      throw new UserError(`store ${name}: is in use by ${holder}; stop that cloud, or give this one another database`);
    }
    return own;
  }

  /** Why the store must not be used now; undefined: it is this process's. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Rejects with a `UserError` once another process has, or has had, the store. */
  get lost(): Promise<never> {
    return this.#lost.promise;
  }

  /** Says whose it is; once the tables are there, and before anybody uses the store. */
  async announce(): Promise<void> {
    const value = JSON.stringify({ ...this.#self, id: this.#options.id });
    if (!this.#client) throw new StoreUnavailable(`store ${this.#options.name}: ${this.#trouble}; try again`);
    await this.#client.query(
      `insert into settings (scope, key, value, changed_at) values ('cloud', 'store.owner', $1::jsonb, $2)
       on conflict (scope, key) do update set value = excluded.value, changed_at = excluded.changed_at`,
      [value, this.#self.since],
    );
  }

  async release(): Promise<void> {
    this.#ended.abort();
    void this.#connecting?.end().catch(() => {});
    await this.#close();
  }

  /** Who has it instead, as far as is known. */
  async #attempt(): Promise<"taken" | { readonly holder: Holder | undefined; readonly isOwn: boolean }> {
    const { url, name, id, clock } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      application_name: applicationName(id),
      connectionTimeoutMillis: limits.storeConnectMs,
      statement_timeout: limits.storeStatementMs,
      query_timeout: limits.storeStatementMs + 1_000,
      keepAlive: true,
    });
    const lost = (error?: unknown) => this.#connectionLost(client, error);
    client.on("error", lost);
    client.on("end", lost);
    this.#connecting = client;
    try {
      const limitMs = limits.storeConnectMs + 1_000;
      await withDeadline(clock, client.connect(), limitMs, "connecting to the store");
      const { rows } = await client.query(`select pg_try_advisory_lock(${lock}) as taken`);
      if (rows[0]?.taken === true) {
        this.#client = client;
        this.#probe = every(clock, limits.storeLockProbeMs, () => void this.#look(client));
        return "taken";
      }
      const isOwn = await endOwn(client, id);
      const holder = isOwn ? undefined : await holderOf(client);
      await client.end();
      return { holder, isOwn };
    } catch (error) {
      void client.end().catch(() => {});
      throw openingError(name, error);
    } finally {
      this.#connecting = undefined;
    }
  }

  /** A connection may be dead without a word, and a pooler may have given the session to somebody else. */
  async #look(client: pg.Client): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const { rows } = await client.query(`select 1 ${heldLocks} and pid = pg_backend_pid()`);
      if (rows.length === 0) this.#connectionLost(client, new Error("the session no longer has it"));
    } catch (error) {
      this.#connectionLost(client, error);
    } finally {
      this.#asking = false;
    }
  }

  #connectionLost(client: pg.Client, error: unknown): void {
    if (this.#client !== client || this.#ended.signal.aborted) return;
    const { name, log } = this.#options;
    this.#trouble = "it has lost the connection that makes the store its own, and tries to get it back";
    const why = error === undefined ? "it has ended" : messageOf(error);
    log.warning(
      `store ${name}: the connection that makes it this cloud's was lost (${why}): nothing is read or written there until it is back`,
    );
    void this.#close();
    this.#seeking ??= this.#seek().finally(() => {
      this.#seeking = undefined;
    });
  }

  async #seek(): Promise<void> {
    const { name, clock, log } = this.#options;
    const { signal } = this.#ended;
    let pause = limits.firstStoreLockMs;
    for (;;) {
      await clock.sleep(pause, signal).catch(() => {});
      if (signal.aborted) return;
      pause = Math.min(pause * 2, limits.lastStoreLockMs);
      try {
        const found = await this.#attempt();
        if (signal.aborted) return await this.#close();
        if (found === "taken") {
          const last = await this.#lastOwner();
          if (last.isOwn) {
            this.#trouble = undefined;
            log.notice(`store ${name}: is this cloud's again`);
            return;
          }
          return await this.#giveUp(last.holder, "had it meanwhile");
        }
        // The server has not noticed yet that the old connection is gone.
        if (!found.isOwn) return await this.#giveUp(found.holder, "has it now");
      } catch (error) {
        await this.#close();
        log.debug(`store ${name}: ${messageOf(error)}; again in ${pause} ms`);
      }
    }
  }

  async #lastOwner(): Promise<{ readonly holder: Holder | undefined; readonly isOwn: boolean }> {
    if (!this.#client) throw new Error("the connection was lost again");
    const text = await ownerText(this.#client);
    const value = text === undefined ? undefined : JSON.parse(text);
    return { holder: text === undefined ? undefined : parseHolder(text), isOwn: value?.id === this.#options.id };
  }

  async #giveUp(holder: Holder | undefined, what: string): Promise<void> {
    const { name, log } = this.#options;
    const who = holder ? holderWords(holder) : "another cloud";
    const text = `store ${name}: ${who}, ${what}, so it is no longer this cloud's; stop one of the two, and start the other anew`;
    this.#trouble = "another cloud has it";
    this.#probe?.cancel();
    log.error(text);
    this.#lost.reject(new UserError(text));
    await this.#close();
  }

  async #close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#probe?.cancel();
    if (!client) return;
    const { clock } = this.#options;
    await withDeadline(clock, client.end(), limits.storeConnectMs, "closing").catch(() => {});
  }
}

function applicationName(id: string): string {
  return `opensync cloud ${id}`;
}

/** Ends an older session of this very opening, which the server still takes for alive; whether there is one. */
async function endOwn(client: pg.Client, id: string): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = $1 and pid in (select pid ${heldLocks})`,
    [applicationName(id)],
  );
  for (const { pid } of rows) await client.query("select pg_terminate_backend($1)", [pid]);
  return rows.length > 0;
}

/** What the one who has the lock says of itself; undefined: it has not yet. */
async function holderOf(client: pg.Client): Promise<Holder | undefined> {
  const text = await ownerText(client);
  const holder = text === undefined ? undefined : parseHolder(text);
  if (!holder || text === undefined) return undefined;
  const { rows } = await client.query<{ application_name: string | null }>(
    `select application_name from pg_stat_activity where pid in (select pid ${heldLocks})`,
  );
  const named = rows[0]?.application_name;
  // Of another user's session its name is hidden.
  return !named || named === applicationName(JSON.parse(text).id) ? holder : undefined;
}

async function ownerText(client: pg.Client): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ value: string }>(
      "select value::text as value from settings where scope = 'cloud' and key = 'store.owner'",
    );
    return rows[0]?.value;
  } catch (error) {
    if (sqlState(error) === "42P01") return undefined;
    throw error;
  }
}
