/** One client of the server: its requests (RFC 7047 §4.1 and the extensions of ovsdb-server(7) §4.1), monitors and locks. */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { isId } from "./atom.ts";
import type { ConnectionError } from "./client.ts";
import type { DatabaseHost, Finished, Trigger } from "./database-host.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { type JsonValue, stringifyJson } from "./json.ts";
import { JsonRpcPeer } from "./jsonrpc.ts";
import { wireLimits } from "./limits.ts";
import type { LockTable } from "./locks.ts";
import { parseOperations } from "./parse-operations.ts";
import { type Access, authorizer } from "./rbac.ts";
import { resultsToText } from "./result-json.ts";
import { schemaFromJson } from "./schema.ts";
import { BareError, SessionMonitors } from "./session-monitors.ts";
import type { Transport } from "./transport.ts";

/** What a session needs of its server. */
export interface SessionContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly databases: ReadonlyMap<string, DatabaseHost>;
  readonly locks: LockTable<Session>;
  /** Told by `get_server_id`: new with every start. */
  readonly serverId: string;
  readonly maxMessageBytes: number;
  readonly maxWaitingBytes: number;
  readonly maxMergedRows: number;
  /** Sees to it that all that is committed survives the process: nobody is told of it before. */
  readonly store: () => void;
}

type Params = readonly JsonValue[];

interface BlockedTransaction {
  readonly host: DatabaseHost;
  readonly id: JsonValue;
  readonly trigger: Trigger;
}

export class Session {
  readonly peer: JsonRpcPeer;
  readonly #context: SessionContext;
  /** Told once, when the connection has ended. */
  readonly #closedListeners: ((reason: ConnectionError) => void)[] = [];
  readonly #monitors: SessionMonitors;
  /** Transactions that wait, by the request id's JSON text. */
  readonly #blocked = new Map<string, BlockedTransaction>();
  readonly #locks = new Set<string>();
  readonly #locksLost = new Set<string>();
  #access: Access;
  /** Learns of databases that come, go or change from `_Server`, and need not be cut off for that. */
  #databaseChangeAware = false;
  /** Requests of this client to convert a database: it gets their reply before it is disconnected. */
  #conversions = 0;
  #closeAfterReply: string | undefined;
  #closedInPeace = false;

  constructor(transport: Transport, context: SessionContext, access: Access = {}) {
    this.#context = context;
    this.#access = access;
    this.peer = new JsonRpcPeer(transport, {
      clock: context.clock,
      maxMessageBytes: context.maxMessageBytes,
      maxWaitingBytes: context.maxWaitingBytes,
      handlers: {
        request: (method, params, id) => this.#request(method, params, id),
        notification: (method, params) => {
          if (method === "cancel") this.#cancel(params);
        },
        flushing: () => context.store(),
        drained: () => this.#monitors.flush(),
        closed: (reason, byUs) => this.#finish(reason, byUs),
      },
    });
    this.#monitors = new SessionMonitors(this.peer, context.maxMergedRows);
  }

  /** The locks that this client owns, waits for, and has lost to a thief; for `Manager.status`. */
  get locks(): { readonly held: string[]; readonly waiting: string[]; readonly lost: string[] } {
    const held = [...this.#locks].filter((lock) => this.#context.locks.owns(lock, this));
    const lost = [...this.#locksLost].filter((lock) => !held.includes(lock));
    return { held, waiting: [...this.#locks].filter((lock) => !held.includes(lock) && !lost.includes(lock)), lost };
  }

  /** Calls `listener` when the connection has ended, with the reason. (Plainer than a signal: connections come by the thousand.) */
  onClosed(listener: (reason: ConnectionError) => void): void {
    this.#closedListeners.push(listener);
  }

  /** What the client may do from now on. */
  set access(access: Access) {
    this.#access = access;
  }

  /**
   * A database has gone, or was converted. A client that is aware of such changes loses what it had in it, and is told; any
   * other is disconnected, so that it looks anew (ovsdb-server(7) §4.1.18).
   */
  databaseGone(host: DatabaseHost, why: string): void {
    if (!this.#databaseChangeAware) {
      if (this.#conversions > 0) this.#closeAfterReply = why;
      else this.close(why);
      return;
    }
    for (const [idText, blocked] of [...this.#blocked]) {
      if (blocked.host !== host) continue;
      blocked.trigger.cancel();
      this.#blocked.delete(idText);
      this.peer.replyError(blocked.id, "canceled");
    }
    this.#monitors.databaseGone(host);
  }

  /** Ends the connection; nobody is at fault. */
  close(why?: string): void {
    this.#closedInPeace = true;
    this.peer.close(why);
  }

  #request(method: string, params: Params, id: JsonValue): void {
    try {
      const result = this.#answer(method, params, id);
      if (result !== undefined) this.peer.replyText(id, result);
    } catch (error) {
      this.#refuse(method, id, error);
    }
  }

  #refuse(method: string, id: JsonValue, error: unknown): void {
    if (error instanceof OvsdbError) {
      this.peer.replyError(id, { ...error.toObject() });
    } else if (error instanceof BareError) {
      this.peer.replyError(id, error.message);
    } else {
      // A fault of ours: the client learns of it, and the others are not affected.
      this.#context.log.error(`${this.peer.transport.name}: ${method} failed: ${describeFault(error)}`);
      this.peer.replyError(id, { error: "internal error", details: messageOf(error) });
    }
  }

  /** The result as JSON text, or undefined when the reply comes later. */
  #answer(method: string, params: Params, id: JsonValue): string | undefined {
    switch (method) {
      case "transact":
        return this.#transact(params, id);
      case "echo":
        return stringifyJson(params);
      case "monitor":
      case "monitor_cond":
      case "monitor_cond_since":
        return this.#monitors.start(method, this.#host(method, params), params);
      case "monitor_cond_change":
        return this.#monitors.change(params);
      case "monitor_cancel":
        return this.#monitors.cancel(params);
      case "get_schema":
        return this.#host(method, params).schemaText;
      case "list_dbs":
        return stringifyJson([...this.#context.databases.keys()]);
      case "lock":
      case "steal":
        return this.#lock(method, params);
      case "unlock":
        return this.#unlock(params);
      case "cancel":
        this.#cancel(params);
        return "{}";
      case "get_server_id":
        return stringifyJson(this.#context.serverId);
      case "set_db_change_aware":
        return this.#setDatabaseChangeAware(params);
      case "convert":
        return this.#convert(params, id);
      default:
        // Clients that try newer methods first compare just this string.
        this.#context.log.debug(() => `${this.peer.transport.name}: unknown method "${method}"`);
        throw new BareError("unknown method");
    }
  }

  #host(method: string, params: Params): DatabaseHost {
    const name = params[0];
    if (typeof name !== "string") throw syntaxError(`${method} request params must begin with <db-name>`, params);
    const host = this.#context.databases.get(name);
    if (host) return host;
    throw new OvsdbError("unknown database", `${method} request specifies unknown database ${name}`, params);
  }

  #transact(params: Params, id: JsonValue): undefined {
    const host = this.#host("transact", params);
    if (host.conversion) {
      host.conversion.then(() => this.#request("transact", params, id));
      return;
    }
    const idText = stringifyJson(id);
    if (this.#blocked.has(idText)) throw syntaxError("transact: duplicate request ID", params);
    const { schema } = host.engine;
    const operations = parseOperations(schema, params.slice(1));
    const { readOnly, role } = this.#access;
    const context = {
      ownsLock: (lock: string) => this.#context.locks.owns(lock, this),
      readOnly: readOnly === true,
      reserved: host.readOnly ? host.engine.name : undefined,
      authorize: authorizer(host.engine, role, this.peer.transport.peerCertificate?.commonName),
    };
    const trigger = host.execute(operations, context, (outcome) => {
      this.#blocked.delete(idText);
      const text = (results: Finished["results"]) => resultsToText(schema, operations, results);
      this.#finishTransaction(host, id, outcome, text);
    });
    if (!trigger) return;
    if (this.#blocked.size >= wireLimits.maxBlockedTransactions) {
      trigger.cancel();
      const details = `${wireLimits.maxBlockedTransactions} transactions of this connection wait already`;
      throw new OvsdbError("resources exhausted", details);
    }
    this.#blocked.set(idText, { host, id, trigger });
  }

  /** `text`: results as they go onto the wire. */
  #finishTransaction(
    host: DatabaseHost,
    id: JsonValue,
    outcome: Finished,
    text: (results: Finished["results"]) => string,
  ): void {
    const { results } = outcome;
    if (outcome.kind !== "committed") {
      this.#replyAfterUpdates(id, text(results));
      return;
    }
    const { commit } = outcome;
    /** Another result, for a commit that could not be stored after all. */
    const revised = () => {
      const failure = host.failureOf(commit);
      return failure && text([...results, failure]);
    };
    if (!commit.durable) {
      this.#replyAfterUpdates(id, text(results), revised);
      return;
    }
    host.durable().then(
      () => this.#replyAfterUpdates(id, revised() ?? text(results)),
      (error) =>
        this.#replyAfterUpdates(id, revised() ?? text([...results, { error: "I/O error", details: messageOf(error) }])),
    );
  }

  /** A client learns of the changes that its transaction made before it learns that it succeeded (ovsdb-server(7) §4.1.5). */
  #replyAfterUpdates(id: JsonValue, result: string, revised?: () => string | undefined): void {
    this.#monitors.flush();
    this.peer.replyText(id, result, revised);
  }

  /** RFC 7047 §4.1.4. A transaction that is unknown, or answered already, needs nothing. */
  #cancel(params: Params): void {
    const id = params[0] ?? null;
    const blocked = this.#blocked.get(stringifyJson(id));
    if (!blocked) return;
    blocked.trigger.cancel();
    this.#blocked.delete(stringifyJson(id));
    this.peer.replyError(id, "canceled");
  }

  #setDatabaseChangeAware(params: Params): string {
    const [aware] = params;
    if (typeof aware !== "boolean" || params.length !== 1) {
      throw syntaxError("set_db_change_aware: true or false parameter expected", params);
    }
    this.#databaseChangeAware = aware;
    return "{}";
  }

  /** ovsdb-server(7) §4.1.19. */
  #convert(params: Params, id: JsonValue): undefined {
    const host = this.#host("convert", params);
    if (params.length !== 2) throw syntaxError("array expected", params);
    if (this.#access.readOnly) {
      throw new OvsdbError("not allowed", "convert operation not allowed when database server is in read only mode");
    }
    const schema = schemaFromJson(params[1] as JsonValue);
    const { name } = host.engine;
    if (schema.name !== name) {
      const details = `new schema name (${schema.name}) does not match database name (${name})`;
      throw new OvsdbError("invalid parameters", details);
    }
    this.#conversions++;
    host
      .convert(schema)
      .then(
        () => this.peer.reply(id, {}),
        (error: unknown) => this.#refuse("convert", id, error),
      )
      .finally(() => {
        this.#conversions--;
        if (this.#closeAfterReply !== undefined) this.close(this.#closeAfterReply);
      });
  }

  #lock(method: "lock" | "steal", params: Params): string {
    this.#refuseLocksOfReaders();
    const lock = lockName(method, params);
    if (this.#locks.has(lock)) throw syntaxError(`must issue "unlock" before new "${method}"`, params);
    if (this.#locks.size >= wireLimits.maxLocks) {
      throw new OvsdbError("resources exhausted", `at most ${wireLimits.maxLocks} locks on one connection`);
    }
    this.#locks.add(lock);
    this.#locksLost.delete(lock);
    if (method === "lock") return `{"locked":${this.#context.locks.lock(lock, this)}}`;
    this.#context.locks.steal(lock, this)?.lose(lock);
    return '{"locked":true}';
  }

  /** Another client has stolen the lock (RFC 7047 §4.1.10); this one now waits for it again. */
  lose(lock: string): void {
    this.#locksLost.add(lock);
    this.peer.notify("stolen", [lock]);
  }

  #unlock(params: Params): string {
    this.#refuseLocksOfReaders();
    const lock = lockName("unlock", params);
    this.#locksLost.delete(lock);
    if (!this.#locks.delete(lock)) throw syntaxError('unlock: "unlock" without "lock" or "steal"', params);
    this.#context.locks.unlock(lock, this)?.peer.notify("locked", [lock]);
    return "{}";
  }

  #refuseLocksOfReaders(): void {
    if (this.#access.readOnly) throw new BareError("lock and unlock methods not allowed, DB server is read only.");
  }

  #finish(reason: ConnectionError, byUs: boolean): void {
    this.#monitors.close();
    for (const { trigger } of this.#blocked.values()) trigger.cancel();
    for (const lock of this.#locks) this.#context.locks.unlock(lock, this)?.peer.notify("locked", [lock]);
    const { log } = this.#context;
    // Only what is the peer's fault is worth a warning; peers come and go by the hundreds.
    if (!byUs) log.debug(reason.message);
    else if (this.#closedInPeace) log.info(`closed ${reason.message}`);
    else log.warning(`closed ${reason.message}`);
    for (const listener of this.#closedListeners) listener(reason);
  }
}

function lockName(method: string, params: Params): string {
  const [name] = params;
  if (typeof name === "string" && isId(name) && params.length === 1) return name;
  throw syntaxError(`${method} request params must be <id>`, params);
}

function describeFault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
