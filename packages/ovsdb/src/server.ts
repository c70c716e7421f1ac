/**
 * The OVSDB server: databases on one side, connections on the other.
 *
 * ```ts
 * const server = new OvsdbServer({ databases: [{ engine }], clock, random, log });
 * await server.listen("punix:/run/db.sock");
 * await server.listen("db:Open_vSwitch,Open_vSwitch,manager_options", tls);
 * ```
 */

import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { Database } from "./database.ts";
import { DatabaseHost, type ServedDatabase } from "./database-host.ts";
import { wireLimits } from "./limits.ts";
import { type Listener, listen, listeningOn } from "./listener.ts";
import { LockTable } from "./locks.ts";
import { ManagedRemote } from "./managed-remote.ts";
import type { Access } from "./rbac.ts";
import { formatRemote, isActive, parseRemote, type Remote } from "./remote.ts";
import { RemoteFollower } from "./remotes.ts";
import { announceDatabase, createServerDatabase, updateSchema, withdrawDatabase } from "./server-database.ts";
import { Session, type SessionContext } from "./session.ts";
import type { Dial } from "./socket-transport.ts";
import { TlsSessions } from "./tls-sessions.ts";
import { resolveTls, type TlsSources } from "./tls-sources.ts";
import type { Transport } from "./transport.ts";

export interface OvsdbServerOptions {
  readonly databases?: readonly ServedDatabase[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits?: Partial<ServerLimits>;
  /** How active remotes are dialled; by default over the machine's network. */
  readonly dial?: Dial;
}

/** Defaults in `limits.ts`. */
export interface ServerLimits {
  /** Longest message taken from a client (bytes). */
  readonly maxMessageBytes: number;
  /** Unread bytes at which a client is cut off. */
  readonly maxWaitingBytes: number;
  /** Rows whose changes wait for one monitor of a client that does not read, at which it is cut off. */
  readonly maxMergedRows: number;
  readonly maxConnections: number;
}

/** A remote being served: listened on, dialled, or followed in a database. */
export interface ServedRemote {
  /** As asked for, with the port that the system chose. */
  readonly remote: Remote;
  close(): Promise<void>;
}

export class OvsdbServer {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Log;
  readonly #limits: ServerLimits;
  readonly #dial: Dial | undefined;
  readonly #tlsSessions: TlsSessions;
  readonly #databases = new Map<string, DatabaseHost>();
  readonly #serverDatabase: Database;
  readonly #sessions = new Set<Session>();
  readonly #remotes = new Set<ServedRemote>();
  readonly #context: SessionContext;

  constructor(options: OvsdbServerOptions) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#limits = { ...wireLimits, ...options.limits };
    this.#dial = options.dial;
    this.#tlsSessions = new TlsSessions(options.clock);
    this.#context = {
      clock: options.clock,
      log: options.log,
      databases: this.#databases,
      locks: new LockTable(),
      serverId: options.random.uuid(),
      maxMessageBytes: this.#limits.maxMessageBytes,
      maxWaitingBytes: this.#limits.maxWaitingBytes,
      maxMergedRows: this.#limits.maxMergedRows,
      store: () => {
        for (const host of this.#databases.values()) host.store();
      },
    };
    this.#random = options.random;
    this.#serverDatabase = createServerDatabase(options.random);
    for (const database of options.databases ?? []) this.addDatabase(database);
    this.addDatabase({ engine: this.#serverDatabase, readOnly: true });
  }

  /** Throws a `RangeError` when a database of that name is served already. */
  addDatabase(database: ServedDatabase): void {
    const { name } = database.engine;
    if (this.#databases.has(name)) throw new RangeError(`database ${name} is served already`);
    const host = new DatabaseHost(database, { clock: this.#clock, random: this.#random });
    this.#databases.set(name, host);
    database.engine.onConvert(() => this.#converted(host));
    announceDatabase(this.#serverDatabase, name, host.schemaText);
    this.#remotesOf(name);
  }

  /**
   * Serves the database no more: what waits in it is answered `canceled`, its monitors end, and clients that are not aware of
   * such changes are disconnected. Remotes that it names are closed until it is served again. False when there was none of that
   * name.
   */
  removeDatabase(name: string): boolean {
    const host = this.#databases.get(name);
    if (!host || host.engine === this.#serverDatabase) return false;
    this.#databases.delete(name);
    withdrawDatabase(this.#serverDatabase, name);
    for (const session of [...this.#sessions]) session.databaseGone(host, `database ${name} was removed`);
    host.close();
    this.#remotesOf(name);
    return true;
  }

  /** Clients connected now. */
  get connections(): number {
    return this.#sessions.size;
  }

  /**
   * Serves a remote: `p…` listens; `unix:`, `tcp:`, `ssl:` dial and dial again; `db:` does either for every row that the column
   * names, and follows it. `tls` is read anew for each use. Rejects with a `UserError` that says what is wrong.
   */
  async listen(remote: string | Remote, tls?: TlsSources): Promise<ServedRemote> {
    const target = typeof remote === "string" ? parseRemote(remote) : remote;
    const served = await this.#serve(target, tls);
    this.#remotes.add(served);
    return {
      remote: served.remote,
      close: () => {
        this.#remotes.delete(served);
        return served.close();
      },
    };
  }

  /** Serves a connection that somebody else made. Undefined, and the connection closed, beyond the connection limit. */
  accept(transport: Transport, access?: Access): Session | undefined {
    if (this.#sessions.size >= this.#limits.maxConnections) {
      this.#log.warning(`${transport.name}: refused: ${this.#sessions.size} connections are open, which is the limit`);
      transport.destroy();
      return undefined;
    }
    const session = new Session(transport, this.#context, access);
    this.#sessions.add(session);
    session.onClosed(() => this.#sessions.delete(session));
    return session;
  }

  /** Ends every connection; remotes are listened on, and dialled, as before. */
  disconnectClients(why: string): void {
    for (const session of [...this.#sessions]) session.close(why);
  }

  /** Stops listening and dialling, and closes every connection; replies on their way may leave first. */
  async close(): Promise<void> {
    const remotes = [...this.#remotes];
    this.#remotes.clear();
    await Promise.all(remotes.map((remote) => remote.close()));
    const ends = [...this.#sessions].map(
      (session) => new Promise<void>((resolve) => session.onClosed(() => resolve())),
    );
    for (const session of this.#sessions) session.close("the server stops");
    for (const database of this.#databases.values()) database.close();
    await Promise.all(ends);
  }

  #converted(host: DatabaseHost): void {
    const { name, schema } = host.engine;
    const why = `database ${name} was converted`;
    updateSchema(this.#serverDatabase, name, host.schemaText);
    this.#log.info(`${why} to schema version ${schema.version}`);
    this.#remotesOf(name);
    for (const session of [...this.#sessions]) session.databaseGone(host, why);
  }

  /** Brings remotes that the database names in line with what it names now. */
  #remotesOf(database: string): void {
    for (const served of this.#remotes) {
      if (served instanceof RemoteFollower && served.remote.database === database) served.databaseChanged();
    }
  }

  async #serve(target: Remote, tls: TlsSources | undefined): Promise<ServedRemote> {
    const accept = (transport: Transport, access?: Access) => this.accept(transport, access);
    const tlsFiles = tls && (() => resolveTls(tls, (name) => this.#databases.get(name)?.engine));
    if (target.kind === "db") {
      const host = this.#databases.get(target.database);
      if (!host) throw new UserError(`"${formatRemote(target)}": no database named ${target.database}`);
      return new RemoteFollower(target, {
        clock: this.#clock,
        log: this.#log,
        host: () => this.#databases.get(target.database),
        tls: tlsFiles,
        dial: this.#dial,
        sessions: this.#tlsSessions,
        accept,
      });
    }
    if (isActive(target)) {
      const managed = new ManagedRemote(
        formatRemote(target),
        {},
        { clock: this.#clock, log: this.#log, tls: tlsFiles, dial: this.#dial, sessions: this.#tlsSessions, accept },
      );
      return { remote: target, close: () => managed.close() };
    }
    const listener: Listener = await listen(target, { log: this.#log, tls: tlsFiles, accept });
    this.#log.info(listeningOn(target, listener));
    return listener;
  }
}
