/**
 * The monitors of one connection: `monitor` (RFC 7047 §4.1.5), `monitor_cond`, `monitor_cond_since` and
 * `monitor_cond_change` (ovsdb-server(7) §4.1.12 ff.), and what they send.
 */

import { parseUuid } from "./atom.ts";
import type { DatabaseHost } from "./database-host.ts";
import type { Delta, Uuid } from "./datum.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { type JsonValue, stringifyJson } from "./json.ts";
import type { JsonRpcPeer } from "./jsonrpc.ts";
import { wireLimits } from "./limits.ts";
import type { Subscription, UpdateForm } from "./monitor.ts";
import { changeConditions, parseMonitorRequests, type TableRequest } from "./monitor-request.ts";

export type MonitorMethod = "monitor" | "monitor_cond" | "monitor_cond_since";

type Params = readonly JsonValue[];

interface SessionMonitor {
  readonly host: DatabaseHost;
  readonly method: MonitorMethod;
  /** The client's own name for it, as JSON text. */
  idText: string;
  requests: readonly TableRequest[];
  subscription: Subscription;
}

type NewMonitor = Omit<SessionMonitor, "subscription">;

export class SessionMonitors {
  readonly #peer: JsonRpcPeer;
  readonly #maxMergedRows: number;
  /** By the id's JSON text. */
  readonly #monitors = new Map<string, SessionMonitor>();

  constructor(peer: JsonRpcPeer, maxMergedRows: number) {
    this.#peer = peer;
    this.#maxMergedRows = maxMergedRows;
  }

  /** Starts a monitor; the reply's result as JSON text. Throws an `OvsdbError`. */
  start(method: MonitorMethod, host: DatabaseHost, params: Params): string {
    const [, id, requestsJson] = params;
    if (id === undefined || (method === "monitor_cond_since" && params.length !== 4)) throw invalidParameters(params);
    const idText = stringifyJson(id);
    if (this.#monitors.has(idText)) throw syntaxError("duplicate monitor ID", id);
    if (this.#monitors.size >= wireLimits.maxMonitors) {
      throw new OvsdbError("resources exhausted", `at most ${wireLimits.maxMonitors} monitors on one connection`);
    }
    const requests = parseMonitorRequests(host.engine.schema, requestsJson, method !== "monitor");
    const monitor: NewMonitor = { host, method, idText, requests };
    if (method !== "monitor_cond_since") return this.#adopt(monitor).subscription.initial;
    const last = transactionId(params[3]);
    const history = host.history();
    const missed = history.since(last);
    const { initial } = this.#adopt(monitor, missed).subscription;
    return `[${missed !== undefined},"${history.lastId}",${initial}]`;
  }

  /** `monitor_cond_change`: what comes into sight or goes out of it is sent before the reply. Throws an `OvsdbError`. */
  change(params: Params): string {
    const [oldId, newId, changesJson] = params;
    if (oldId === undefined || newId === undefined || changesJson === undefined || params.length !== 3) {
      throw invalidParameters(params);
    }
    const monitor = this.#monitors.get(stringifyJson(oldId));
    if (!monitor) throw syntaxError("unknown monitor session", oldId);
    const newText = stringifyJson(newId);
    if (newText !== monitor.idText && this.#monitors.has(newText)) throw syntaxError("duplicate monitor ID", newId);
    const before = monitor.requests;
    const wanted = changeConditions(monitor.host.engine.schema, before, changesJson);
    // A plain monitor has no conditions, and gets none.
    const after = monitor.method === "monitor" ? before : wanted;
    // What waits is told as it looked until now.
    monitor.subscription.flush();
    this.#monitors.delete(monitor.idText);
    monitor.subscription.cancel();
    const changed = this.#adopt({ ...monitor, idText: newText, requests: after });
    const changes = changed.host.monitors.transition(before, after);
    if (changes !== undefined) this.#send(changed, changes);
    return "{}";
  }

  /** `monitor_cancel` (RFC 7047 §4.1.7). The errors are bare strings there. */
  cancel(params: Params): string {
    const [id] = params;
    if (id === undefined || params.length !== 1) throw new BareError("invalid parameters");
    const idText = stringifyJson(id);
    const monitor = this.#monitors.get(idText);
    if (!monitor) throw new BareError("unknown monitor");
    monitor.subscription.cancel();
    this.#monitors.delete(idText);
    return "{}";
  }

  /** Sends what was merged while the client read too slowly. */
  flush(): void {
    for (const { subscription } of this.#monitors.values()) subscription.flush();
  }

  /** The database is gone, or another one now: its monitors end, and the client is told (ovsdb-server(7) §4.1.7). */
  databaseGone(host: DatabaseHost): void {
    for (const monitor of [...this.#monitors.values()]) {
      if (monitor.host !== host) continue;
      monitor.subscription.cancel();
      this.#monitors.delete(monitor.idText);
      this.#peer.send(`{"id":null,"method":"monitor_canceled","params":[${monitor.idText}]}`);
    }
  }

  close(): void {
    for (const { subscription } of this.#monitors.values()) subscription.cancel();
    this.#monitors.clear();
  }

  #adopt(monitor: NewMonitor, missed?: Delta): SessionMonitor {
    const { host, requests, method } = monitor;
    const subscriber = {
      congested: () => this.#peer.waiting > wireLimits.mergeUpdatesBytes,
      deliver: (updates: string) => this.#send(monitor, updates),
      maxMergedRows: this.#maxMergedRows,
      overflow: () => this.#peer.abort(`reads too slowly: changes of ${this.#maxMergedRows} rows wait for it`),
    };
    const subscription = host.monitors.subscribe(requests, formOf(method), subscriber, missed);
    const adopted = Object.assign(monitor, { subscription });
    this.#monitors.set(monitor.idText, adopted);
    return adopted;
  }

  #send({ host, method, idText }: NewMonitor, updates: string): void {
    switch (method) {
      case "monitor":
        this.#peer.send(`{"id":null,"method":"update","params":[${idText},${updates}]}`);
        break;
      case "monitor_cond":
        this.#peer.send(`{"id":null,"method":"update2","params":[${idText},${updates}]}`);
        break;
      case "monitor_cond_since":
        this.#peer.send(`{"id":null,"method":"update3","params":[${idText},"${host.history().lastId}",${updates}]}`);
        break;
    }
  }
}

/** An error that is a string instead of an object: deployed clients compare it. */
export class BareError extends Error {
  override readonly name = "BareError";
}

function formOf(method: MonitorMethod): UpdateForm {
  return method === "monitor" ? 1 : 2;
}

function invalidParameters(params: Params): OvsdbError {
  return syntaxError("invalid parameters", params);
}

function transactionId(json: JsonValue | undefined): Uuid {
  if (typeof json !== "string") throw syntaxError("last-txn-id must be string", json ?? null);
  const id = parseUuid(json);
  if (id === undefined) throw syntaxError("last-txn-id must be UUID format.", json);
  return id;
}
