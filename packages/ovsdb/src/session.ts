/** One client of the server: its requests (RFC 7047 §4.1 and the extensions of ovsdb-server(7) §4.1), monitors and locks. */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { isId, zeroUuid } from "./atom.ts";
import type { ConnectionError } from "./client.ts";
import type { DatabaseHost, Finished, Trigger } from "./database-host.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { isArray, type JsonValue, stringifyJson } from "./json.ts";
import { JsonRpcPeer } from "./jsonrpc.ts";
import { wireLimits } from "./limits.ts";
import type { LockTable } from "./locks.ts";
import type { Subscription } from "./monitor.ts";
import { parseConditionChanges, parseMonitorRequests, type TableRequest } from "./monitor-request.ts";
import type { Operation } from "./operations.ts";
import { parseOperations } from "./parse-operations.ts";
import { resultsToJson } from "./result-json.ts";
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
}

type Params = readonly JsonValue[];
type MonitorMethod = "monitor" | "monitor_cond" | "monitor_cond_since";

interface SessionMonitor {
  readonly host: DatabaseHost;
  readonly method: MonitorMethod;
  /** The client's own name for it, as JSON text. */
  idText: string;
  requests: readonly TableRequest[];
  subscription: Subscription;
}

export class Session {
  readonly peer: JsonRpcPeer;
  /** Aborted when the connection has ended, with the reason. */
  readonly closed: AbortSignal;
  readonly #context: SessionContext;
  readonly #ended = new AbortController();
  /** By the id's JSON text. */
  readonly #monitors = new Map<string, SessionMonitor>();
  /** Transactions that wait, by the request id's JSON text. */
  readonly #blocked = new Map<string, Trigger>();
  readonly #locks = new Set<string>();
  #closedInPeace = false;

  constructor(transport: Transport, context: SessionContext) {
    this.#context = context;
    this.closed = this.#ended.signal;
    this.peer = new JsonRpcPeer(transport, {
      clock: context.clock,
      maxMessageBytes: context.maxMessageBytes,
      maxWaitingBytes: context.maxWaitingBytes,
      handlers: {
        request: (method, params, id) => this.#request(method, params, id),
        notification: (method, params) => {
          if (method === "cancel") this.#cancel(params);
        },
        closed: (reason, byUs) => this.#finish(reason, byUs),
      },
    });
  }

  /** The locks that this client owns, for `Manager.status`. */
  get locksHeld(): readonly string[] {
    return [...this.#locks].filter((lock) => this.#context.locks.owns(lock, this));
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
      if (error instanceof OvsdbError) {
        this.peer.replyError(id, { ...error.toObject() });
        return;
      }
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
        return this.#monitor(method, params);
      case "monitor_cond_change":
        return this.#changeMonitor(params);
      case "monitor_cancel":
        return this.#cancelMonitor(params);
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
        // The databases of a running server do not come and go: there is nothing to be unaware of.
        return "{}";
      default:
        throw new OvsdbError("unknown method", `no method "${method}"`);
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
    const idText = stringifyJson(id);
    if (this.#blocked.has(idText)) throw syntaxError(`a transaction with id ${idText} waits already`);
    const operations = parseOperations(host.engine.schema, params.slice(1));
    const context = {
      ownsLock: (lock: string) => this.#context.locks.owns(lock, this),
      readOnly: host.readOnly,
    };
    const trigger = host.execute(operations, context, (outcome) => {
      this.#blocked.delete(idText);
      this.#finishTransaction(host, operations, id, outcome);
    });
    if (!trigger) return;
    if (this.#blocked.size >= wireLimits.maxBlockedTransactions) {
      trigger.cancel();
      const details = `${wireLimits.maxBlockedTransactions} transactions of this connection wait already`;
      throw new OvsdbError("resources exhausted", details);
    }
    this.#blocked.set(idText, trigger);
  }

  #finishTransaction(host: DatabaseHost, operations: readonly Operation[], id: JsonValue, outcome: Finished): void {
    const results = resultsToJson(host.engine.schema, operations, outcome.results);
    if (outcome.kind !== "committed" || !outcome.commit.durable) {
      this.peer.reply(id, results);
      return;
    }
    host.durable().then(
      () => this.peer.reply(id, results),
      (error) => this.peer.reply(id, [...results, { error: "I/O error", details: messageOf(error) }]),
    );
  }

  /** RFC 7047 §4.1.4. A transaction that is unknown, or answered already, needs nothing. */
  #cancel(params: Params): void {
    const id = params[0] ?? null;
    const trigger = this.#blocked.get(stringifyJson(id));
    if (!trigger) return;
    trigger.cancel();
    this.#blocked.delete(stringifyJson(id));
    this.peer.replyError(id, "canceled");
  }

  #monitor(method: MonitorMethod, params: Params): string {
    const host = this.#host(method, params);
    const [, id, requestsJson] = params;
    if (id === undefined) throw syntaxError(`${method} request params must be <db-name>, <id>, <requests>`, params);
    const idText = stringifyJson(id);
    if (this.#monitors.has(idText)) throw syntaxError("duplicate monitor ID", id);
    if (this.#monitors.size >= wireLimits.maxMonitors) {
      throw new OvsdbError("resources exhausted", `at most ${wireLimits.maxMonitors} monitors on one connection`);
    }
    const requests = parseMonitorRequests(host.engine.schema, requestsJson, method !== "monitor");
    const monitor: Omit<SessionMonitor, "subscription"> = { host, method, idText, requests };
    const subscription = this.#subscribe(monitor);
    this.#monitors.set(idText, Object.assign(monitor, { subscription }));
    // Without a history of transactions, "false" and everything is the answer, whatever the last one was that the client saw.
    return method === "monitor_cond_since" ? `[false,"${zeroUuid}",${subscription.initial}]` : subscription.initial;
  }

  #subscribe(monitor: Omit<SessionMonitor, "subscription">): Subscription {
    const form = monitor.method === "monitor" ? 1 : 2;
    return monitor.host.monitors.subscribe(monitor.requests, form, (updates) => this.#sendUpdate(monitor, updates));
  }

  #sendUpdate({ method, idText }: Pick<SessionMonitor, "method" | "idText">, updates: string): void {
    const [notification, last] =
      method === "monitor"
        ? ["update", ""]
        : method === "monitor_cond"
          ? ["update2", ""]
          : ["update3", `"${zeroUuid}",`];
    this.peer.send(`{"id":null,"method":"${notification}","params":[${idText},${last}${updates}]}`);
  }

  #changeMonitor(params: Params): string {
    const [oldId, newId, changesJson] = params;
    if (oldId === undefined || newId === undefined) {
      throw syntaxError("monitor_cond_change request params must be <id>, <id>, <requests>", params);
    }
    const monitor = this.#monitors.get(stringifyJson(oldId));
    if (!monitor || monitor.method === "monitor") throw syntaxError("unknown monitor session", oldId);
    const newText = stringifyJson(newId);
    if (newText !== monitor.idText && this.#monitors.has(newText)) throw syntaxError("duplicate monitor ID", newId);
    const filters = parseConditionChanges(monitor.host.engine.schema, changesJson);
    const before = monitor.requests;
    for (const name of filters.keys()) {
      if (before.some(({ table }) => table.name === name)) continue;
      throw syntaxError(`table ${name} is not part of the monitor`, changesJson ?? null);
    }
    this.#monitors.delete(monitor.idText);
    monitor.idText = newText;
    monitor.requests = before.map((request) => ({
      ...request,
      where: filters.get(request.table.name) ?? request.where,
    }));
    monitor.subscription.cancel();
    monitor.subscription = this.#subscribe(monitor);
    this.#monitors.set(newText, monitor);
    const changes = monitor.host.monitors.transition(before, monitor.requests);
    if (changes !== undefined) this.#sendUpdate(monitor, changes);
    return "{}";
  }

  #cancelMonitor(params: Params): string {
    const idText = stringifyJson(params[0] ?? null);
    const monitor = this.#monitors.get(idText);
    if (!monitor) throw new OvsdbError("unknown monitor", `no monitor ${idText} on this connection`);
    monitor.subscription.cancel();
    this.#monitors.delete(idText);
    return "{}";
  }

  #lock(method: "lock" | "steal", params: Params): string {
    const lock = lockName(method, params);
    if (this.#locks.has(lock)) throw syntaxError(`must issue "unlock" before new "${method}"`, params);
    if (this.#locks.size >= wireLimits.maxLocks) {
      throw new OvsdbError("resources exhausted", `at most ${wireLimits.maxLocks} locks on one connection`);
    }
    this.#locks.add(lock);
    if (method === "lock") return `{"locked":${this.#context.locks.lock(lock, this)}}`;
    this.#context.locks.steal(lock, this)?.peer.notify("stolen", [lock]);
    return '{"locked":true}';
  }

  #unlock(params: Params): string {
    const lock = lockName("unlock", params);
    if (!this.#locks.delete(lock)) throw syntaxError('unlock: "unlock" without "lock" or "steal"', params);
    this.#context.locks.unlock(lock, this)?.peer.notify("locked", [lock]);
    return "{}";
  }

  #finish(reason: ConnectionError, byUs: boolean): void {
    for (const monitor of this.#monitors.values()) monitor.subscription.cancel();
    for (const trigger of this.#blocked.values()) trigger.cancel();
    for (const lock of this.#locks) this.#context.locks.unlock(lock, this)?.peer.notify("locked", [lock]);
    if (byUs && !this.#closedInPeace) this.#context.log.warning(`closed ${reason.message}`);
    else this.#context.log.debug(reason.message);
    this.#ended.abort(reason);
  }
}

function lockName(method: string, params: Params): string {
  const [name] = params;
  if (typeof name === "string" && isId(name) && params.length === 1) return name;
  throw syntaxError(`${method} request params must be <id>`, isArray(params) ? params : null);
}

function describeFault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
