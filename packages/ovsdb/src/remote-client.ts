/**
 * The typed client over a connection: one that it dials, or one that a node has opened to us (a cloud is a client on
 * those).
 *
 * ```ts
 * const client = await RemoteClient.connect("unix:/run/db.sock", schema, { clock });
 * const replica = await client.replicate({ Radio: {} });
 * ```
 */

import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import {
  type Client,
  type ConnectionError,
  type Replica,
  type TableRequest,
  type TransactionBuilder,
  TransactionError,
  type TransactionResult,
  type TransactOptions,
} from "./client.ts";
import type { Uuid } from "./datum.ts";
import type { DatabaseDeclaration, TableName } from "./declare.ts";
import { OvsdbError } from "./errors.ts";
import { InactivityProbe } from "./inactivity-probe.ts";
import type { JsonValue } from "./json.ts";
import { isArray, isObject, stringifyJson } from "./json.ts";
import { JsonRpcError, JsonRpcPeer, type RequestOptions } from "./jsonrpc.ts";
import { wireLimits } from "./limits.ts";
import { operationToJson } from "./operations-json.ts";
import { isActive, parseRemote } from "./remote.ts";
import { ReplicaStore } from "./replica.ts";
import { type DatabaseSchema, findColumn, schemaFromDeclaration } from "./schema.ts";
import { dial } from "./socket-transport.ts";
import { updatesFromJson, type WatchedColumns, withoutConstraints } from "./table-updates.ts";
import type { TlsOptions } from "./tls-files.ts";
import { OperationList } from "./transaction-builder.ts";
import type { PeerCertificate, Transport } from "./transport.ts";

export interface RemoteClientOptions {
  readonly clock: Clock;
  /** How long a reply may take (ms); by default `wireLimits.requestMs`. */
  readonly requestTimeoutMs?: number;
  /** Silence after which the peer is asked for a sign of life, and cut off when it gives none (ms). Default 0: never. */
  readonly inactivityProbeMs?: number;
}

export interface ConnectOptions extends RemoteClientOptions {
  /** Needed for `ssl:` remotes. */
  readonly tls?: TlsOptions;
}

/** What of the declaration the peer's (older) schema lacks. */
interface Missing {
  readonly tables: ReadonlySet<string>;
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Watch {
  /** `<table-updates>` that came before the monitor's initial contents were taken in; then undefined. */
  early: JsonValue[] | undefined;
  apply(updates: JsonValue | undefined): void;
}

export class RemoteClient<D extends DatabaseDeclaration> implements Client<D> {
  readonly peer: JsonRpcPeer;
  readonly #schema: DatabaseSchema;
  readonly #requestTimeoutMs: number;
  readonly #probe: InactivityProbe;
  readonly #ended = new AbortController();
  readonly #watches = new Map<number, Watch>();
  #nextWatch = 1;
  #missing: Promise<Missing> | undefined;

  private constructor(transport: Transport, declaration: D, options: RemoteClientOptions) {
    this.#schema = runtimeSchema(declaration);
    this.#requestTimeoutMs = options.requestTimeoutMs ?? wireLimits.requestMs;
    this.peer = new JsonRpcPeer(transport, {
      clock: options.clock,
      handlers: {
        request: (method, params, id) => {
          if (method === "echo") this.peer.reply(id, params);
          else this.peer.replyError(id, { error: "unknown method", details: `a client does not offer "${method}"` });
        },
        notification: (method, params) => {
          if (method === "update") this.#update(params);
        },
        closed: (reason) => this.#finish(reason),
      },
    });
    this.#probe = new InactivityProbe(options.clock, this.peer, options.inactivityProbeMs ?? 0);
  }

  /** Dials `unix:`, `tcp:` or `ssl:`. Rejects with a `UserError` or `ConnectionError` that names the remote. */
  static async connect<D extends DatabaseDeclaration>(
    remote: string,
    declaration: D,
    options: ConnectOptions,
  ): Promise<RemoteClient<D>> {
    const target = parseRemote(remote);
    if (!isActive(target)) throw new UserError(`remote '${remote}': a client connects to unix:, tcp: or ssl: remotes`);
    const { clock, tls } = options;
    const transport = await dial(target, { clock, timeoutMs: wireLimits.connectMs, tls });
    return RemoteClient.attach(transport, declaration, options);
  }

  /** Is the client on a connection that exists already, whoever opened it. */
  static attach<D extends DatabaseDeclaration>(
    transport: Transport,
    declaration: D,
    options: RemoteClientOptions,
  ): RemoteClient<D> {
    return new RemoteClient(transport, declaration, options);
  }

  get closed(): AbortSignal {
    return this.#ended.signal;
  }

  /** For logs: where the connection leads to. */
  get name(): string {
    return this.peer.transport.name;
  }

  /** Whom TLS proved the peer to be. */
  get peerCertificate(): PeerCertificate | undefined {
    return this.peer.transport.peerCertificate;
  }

  /** Any request of RFC 7047 or beyond. Rejects with `JsonRpcError`, or `ConnectionError` also when no reply comes in time. */
  request(method: string, params: readonly JsonValue[], options: RequestOptions = {}): Promise<JsonValue> {
    return this.peer.request(method, params, { timeoutMs: this.#requestTimeoutMs, ...options });
  }

  async transact(
    build: (transaction: TransactionBuilder<D>) => void,
    options: TransactOptions = {},
  ): Promise<TransactionResult> {
    this.#ended.signal.throwIfAborted();
    const missing = await this.#peerLacks();
    const knows = (table: string, column: string) => !missing.columns.get(table)?.has(column);
    const list = new OperationList<D>(this.#schema, { check: false, knows }, options);
    build(list);
    if (options.durable) list.operations.push({ op: "commit", durable: true });
    const operations = list.operations.map((operation) => operationToJson(this.#schema, operation));
    const results = await this.#transact([this.#schema.name, ...operations], options.signal);
    const failed = results.findIndex((result) => isObject(result) && typeof result.error === "string");
    if (failed >= 0) throw transactionError(results[failed], failed - list.offset);
    return list.result(results, { uuid: uuidOf, count: countOf });
  }

  async replicate<T extends TableName<D>>(tables: { readonly [Name in T]: TableRequest }): Promise<Replica<D, T>> {
    this.#ended.signal.throwIfAborted();
    const names = Object.keys(tables) as T[];
    const watched = this.#watchedColumns(tables, await this.#peerLacks());
    const id = this.#nextWatch++;
    const replica = new ReplicaStore<D, T>(names, () => this.#unwatch(id));
    const watch: Watch = {
      early: [],
      apply: (json) => replica.apply(updatesFromJson(watched, json, (table) => replica.rowsOf(table))),
    };
    this.#watches.set(id, watch);
    try {
      const requests = [...watched].map(([table, columns]) => [table, { columns: [...columns.keys()] }]);
      const initial = await this.request("monitor", [this.#schema.name, id, Object.fromEntries(requests)]);
      watch.apply(initial);
    } catch (error) {
      this.#watches.delete(id);
      throw error;
    }
    const { early = [] } = watch;
    watch.early = undefined;
    for (const updates of early) this.#apply(watch, updates);
    return replica;
  }

  close(): void {
    this.peer.close("the client was closed");
  }

  async #transact(params: readonly JsonValue[], signal: AbortSignal | undefined): Promise<readonly JsonValue[]> {
    try {
      const results = await this.request("transact", params, { signal });
      if (isArray(results)) return results;
      throw new TransactionError("syntax error", "the peer's reply is no array of results", 0);
    } catch (error) {
      throw error instanceof JsonRpcError ? transactionError(error.error, 0) : error;
    }
  }

  /** Asked once for each connection. A peer that does not tell is taken to have everything. */
  #peerLacks(): Promise<Missing> {
    this.#missing ??= this.request("get_schema", [this.#schema.name]).then(
      (json) => missingFrom(this.#schema, json),
      (error: unknown) => {
        if (error instanceof JsonRpcError) throw transactionError(error.error, 0);
        throw error;
      },
    );
    return this.#missing;
  }

  #watchedColumns(tables: { readonly [name: string]: TableRequest }, missing: Missing): WatchedColumns {
    const watched = new Map<string, Map<string, ReturnType<typeof withoutConstraints>>>();
    for (const [name, request] of Object.entries(tables)) {
      const table = this.#schema.tables.get(name);
      if (!table) throw new RangeError(`no table ${name} in the declaration of ${this.#schema.name}`);
      if (missing.tables.has(name)) continue;
      const columns = new Map<string, ReturnType<typeof withoutConstraints>>();
      for (const columnName of request.columns ?? table.columns.keys()) {
        const column = findColumn(table, columnName);
        if (!column) throw new RangeError(`no column ${columnName} in the declaration of table ${name}`);
        if (columnName === "_uuid" || missing.columns.get(name)?.has(columnName)) continue;
        columns.set(columnName, withoutConstraints(column));
      }
      watched.set(name, columns);
    }
    return watched;
  }

  #update(params: readonly JsonValue[]): void {
    const [id, updates] = params;
    const watch = typeof id === "number" ? this.#watches.get(id) : undefined;
    if (watch?.early) watch.early.push(updates ?? null);
    else if (watch) this.#apply(watch, updates);
  }

  #apply(watch: Watch, updates: JsonValue | undefined): void {
    try {
      watch.apply(updates);
    } catch (error) {
      if (error instanceof OvsdbError) {
        this.peer.abort(`sent an update that is none: ${error.message}`);
        return;
      }
      // A listener's fault is reported as any uncaught error, but must not cost the others the updates that follow.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #unwatch(id: number): void {
    if (!this.#watches.delete(id) || this.peer.closing) return;
    // Whether the peer still knew the monitor does not matter.
    this.request("monitor_cancel", [id]).catch(() => {});
  }

  #finish(reason: ConnectionError): void {
    this.#probe.stop();
    this.#watches.clear();
    this.#ended.abort(reason);
  }
}

/** A cloud has one declaration and thousands of connections. */
const schemas = new WeakMap<DatabaseDeclaration, DatabaseSchema>();

function runtimeSchema(declaration: DatabaseDeclaration): DatabaseSchema {
  let schema = schemas.get(declaration);
  if (!schema) {
    schema = schemaFromDeclaration(declaration);
    schemas.set(declaration, schema);
  }
  return schema;
}

function missingFrom(schema: DatabaseSchema, peer: JsonValue): Missing {
  const peerTables = isObject(peer) && isObject(peer.tables) ? peer.tables : {};
  const tables = new Set<string>();
  const columns = new Map<string, ReadonlySet<string>>();
  for (const table of schema.tables.values()) {
    const peerTable = peerTables[table.name];
    if (!isObject(peerTable) || !isObject(peerTable.columns)) {
      tables.add(table.name);
      continue;
    }
    const known = peerTable.columns;
    const lacking = [...table.columns.keys()].filter((name) => !Object.hasOwn(known, name));
    if (lacking.length > 0) columns.set(table.name, new Set(lacking));
  }
  return { tables, columns };
}

function transactionError(error: JsonValue | undefined, operation: number): TransactionError {
  if (isObject(error) && typeof error.error === "string") {
    const details = typeof error.details === "string" ? error.details : "";
    return new TransactionError(error.error, details, Math.max(0, operation));
  }
  return new TransactionError(typeof error === "string" ? error : stringifyJson(error ?? null), "", 0);
}

function uuidOf(result: JsonValue): Uuid {
  const uuid = isObject(result) && isArray(result.uuid) ? result.uuid[1] : undefined;
  if (typeof uuid !== "string") throw new TypeError("the peer's result of an insert holds no uuid");
  return uuid as Uuid;
}

function countOf(result: JsonValue): number {
  const count = isObject(result) ? result.count : undefined;
  if (typeof count !== "number") throw new TypeError("the peer's result holds no count");
  return count;
}
