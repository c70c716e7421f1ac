/**
 * The typed client over one connection: one that we dialled, or one that a node has opened to us (a cloud is a client on
 * those). `connect.ts` dials sockets, `websocket-transport.ts` browsers' WebSockets; `reconnecting-client.ts` outlives connections.
 *
 * ```ts
 * const client = await connect("unix:/run/db.sock", schema, { clock });
 * const replica = await client.replicate({ Radio: {} });
 * ```
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { WorkQueue } from "@opensync-ts/base/work-queue";
import { zeroUuid } from "./atom.ts";
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
import type { JsonObject, JsonValue } from "./json.ts";
import { isArray, isObject, stringifyJson } from "./json.ts";
import { JsonRpcPeer, type WireMessage } from "./jsonrpc.ts";
import { clientLimits, wireLimits } from "./limits.ts";
import { operationToJson } from "./operations-json.ts";
import { comparePeerSchema, type PeerSchema } from "./peer-schema.ts";
import { JsonRpcError, type RequestOptions } from "./pending-requests.ts";
import { type AnyFeed, ReplicaFeed } from "./replica-feed.ts";
import { type DatabaseSchema, schemaFromDeclaration } from "./schema.ts";
import type { SchemaCache } from "./schema-cache.ts";
import { OperationList } from "./transaction-builder.ts";
import type { PeerCertificate, Transport } from "./transport.ts";
import type { AskedTables, LackedPart } from "./watched-tables.ts";

export interface RemoteClientOptions {
  readonly clock: Clock;
  /** How long a reply may take (ms); by default `wireLimits.requestMs`. */
  readonly requestTimeoutMs?: number;
  /** Silence after which the peer is asked for a sign of life, and cut off when it gives none (ms). Default 0: never. */
  readonly inactivityProbeMs?: number;
  /** The longest message taken (bytes); by default `wireLimits.maxMessageBytes`. */
  readonly maxMessageBytes?: number;
  /** What a replica may take, about (bytes); a peer that fills it beyond is cut off. By default without a bound. */
  readonly maxReplicaBytes?: number;
  /** For many connections of one declaration: the schema of a peer is asked for only when it is none that another one has had. */
  readonly schemas?: SchemaCache;
  /** For many connections on one thread: in slices of it they are served. */
  readonly work?: WorkQueue;
}

type MonitorMethod = "monitor" | "monitor_cond" | "monitor_cond_since";

interface Watch {
  readonly feed: AnyFeed;
  /** What to do with updates that came before the monitor's initial contents were taken in; then undefined. */
  early: (() => void)[] | undefined;
}

export class RemoteClient<D extends DatabaseDeclaration> implements Client<D> {
  readonly peer: JsonRpcPeer;
  readonly #schema: DatabaseSchema;
  readonly #requestTimeoutMs: number;
  readonly #probe: InactivityProbe;
  readonly #ended = new AbortController();
  readonly #watches = new Map<number, Watch>();
  #nextWatch = 1;
  readonly #schemas: SchemaCache | undefined;
  readonly #maxReplicaBytes: number | undefined;
  #peerSchema: Promise<PeerSchema> | undefined;
  /** What the peer has proven of its schema, by answering what was asked; the rest of it is unknown. */
  #proven: { readonly schema: PeerSchema; readonly asked: ReadonlySet<AskedTables> } | undefined;
  /** The methods that this peer has turned out not to have. */
  readonly #unknownMethods = new Set<MonitorMethod>();

  private constructor(transport: Transport, declaration: D, options: RemoteClientOptions) {
    this.#schema = runtimeSchema(declaration);
    this.#schemas = options.schemas;
    this.#maxReplicaBytes = options.maxReplicaBytes;
    this.#requestTimeoutMs = options.requestTimeoutMs ?? wireLimits.requestMs;
    this.peer = new JsonRpcPeer(transport, {
      clock: options.clock,
      work: options.work,
      ...(options.maxMessageBytes === undefined ? {} : { maxMessageBytes: options.maxMessageBytes }),
      handlers: {
        request: (method, params, id) => {
          if (method === "echo") this.peer.reply(id, params);
          else this.peer.replyError(id, { error: "unknown method", details: `a client does not offer "${method}"` });
        },
        notification: (method, params) => {
          this.#notified(method, params);
        },
        closed: (reason) => this.#finish(reason),
      },
    });
    this.#probe = new InactivityProbe(options.clock, this.peer, options.inactivityProbeMs ?? 0);
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

  /** When anything came last, ms of the clock. */
  get lastReceived(): number {
    return this.peer.lastReceived;
  }

  /** Whom TLS proved the peer to be. */
  get peerCertificate(): PeerCertificate | undefined {
    return this.peer.transport.peerCertificate;
  }

  /** Calls `observer` with each message of either direction until the returned function is called; it must not throw. */
  observe(observer: (message: WireMessage) => void): () => void {
    return this.peer.observe(observer);
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
    const { lacksColumns } = this.#peerSchema || !this.#proven ? await this.#comparedSchema() : this.#proven.schema;
    let guessed = false;
    const knows = (table: string, column: string) => {
      guessed ||= !this.#isProven(table, column);
      return !lacksColumns.get(table)?.has(column);
    };
    const list = new OperationList<D>(this.#schema, { check: false, knows }, options);
    build(list);
    if (guessed) list.leaveOut((await this.#comparedSchema()).lacksColumns);
    if (options.durable) list.operations.push({ op: "commit", durable: true });
    const operations = list.operations.map((operation) => operationToJson(this.#schema, operation));
    const results = await this.#transact([this.#schema.name, ...operations], options.signal);
    const failed = results.findIndex((result) => isObject(result) && typeof result.error === "string");
    if (failed >= 0) throw transactionError(results[failed], failed - list.offset);
    return list.result(results, { uuid: uuidOf, count: countOf });
  }

  async replicate<T extends TableName<D>>(tables: { readonly [Name in T]: TableRequest }): Promise<Replica<D, T>> {
    this.#ended.signal.throwIfAborted();
    const feed: ReplicaFeed<D, T> = new ReplicaFeed(
      this.#schema,
      tables,
      () => this.unfollow(feed),
      this.#maxReplicaBytes,
    );
    await this.follow(feed, ["monitor"]);
    return feed.replica;
  }

  /**
   * Brings a feed up to date, and keeps it so while this connection lives. The first of `methods` that the peer has is
   * used: `monitor_cond_since` goes on where the feed stands, the others tell everything anew. Rejects as `request` does.
   */
  async follow(feed: AnyFeed, methods: readonly MonitorMethod[]): Promise<void> {
    if (this.#schemas && !this.#peerSchema && methods.every((method) => method === "monitor")) {
      const known = this.#proven ? [this.#proven.schema] : this.#schemas.guesses(this.peerCertificate?.fingerprint);
      for (const schema of known) if (await this.#followAs(schema, feed)) return;
    }
    const peer = await this.#comparedSchema();
    const usable = methods.filter((method) => method === "monitor" || feed.readsDifferences(peer));
    await this.#watch(feed, usable, feed.requests(peer));
  }

  /** Follows a feed as if the peer had this schema; false when it proves to have another one. */
  async #followAs(schema: PeerSchema, feed: AnyFeed): Promise<boolean> {
    const lacked = feed.asked.lackedBy(schema);
    if (lacked.length > clientLimits.maxSchemaProofs) return false;
    const proofs = Promise.all(lacked.map((part) => this.#isLacking(part)));
    proofs.catch(() => {});
    try {
      const isSo = async () => (await proofs).every((lacking) => lacking);
      if (!(await this.#watch(feed, ["monitor"], feed.requests(schema), isSo))) return false;
    } catch (error) {
      if (error instanceof JsonRpcError) return false;
      throw error;
    }
    this.#proven = {
      schema: this.#schemas?.met(this.peerCertificate?.fingerprint, schema) ?? schema,
      asked: new Set([...(this.#proven?.asked ?? []), feed.asked]),
    };
    return true;
  }

  /** A server refuses a `select` of a table or column that it does not have. */
  async #isLacking({ table, column }: LackedPart): Promise<boolean> {
    const where = [["_uuid", "==", ["uuid", zeroUuid]]];
    const reply = await this.request("transact", [
      this.#schema.name,
      { op: "select", table, where, columns: [column] },
    ]);
    const [result] = isArray(reply) ? reply : [];
    return isObject(result) && typeof result.error === "string";
  }

  #isProven(table: string, column: string): boolean {
    if (this.#peerSchema) return true;
    return [...(this.#proven?.asked ?? [])].some((asked) => asked.covers(table, column));
  }

  /** Begins a monitor. False, and there is none, where the contents have come but `isWanted` says that they are not wanted. */
  async #watch(
    feed: AnyFeed,
    methods: readonly MonitorMethod[],
    requests: JsonObject,
    isWanted?: () => Promise<boolean>,
  ): Promise<boolean> {
    const id = this.#nextWatch++;
    const watch: Watch = { feed, early: [] };
    this.#watches.set(id, watch);
    try {
      const [method, reply] = await this.#monitor(methods, [this.#schema.name, id, requests], feed);
      if (isWanted && !(await isWanted())) {
        this.#cancel(id);
        return false;
      }
      this.#guard(() => begin(feed, method, reply));
    } catch (error) {
      this.#watches.delete(id);
      throw error;
    }
    const { early = [] } = watch;
    watch.early = undefined;
    for (const apply of early) apply();
    return true;
  }

  /** Follows it no more; the replica stays as it is. */
  unfollow(feed: AnyFeed): void {
    for (const [id, watch] of this.#watches) {
      if (watch.feed === feed) this.#cancel(id);
    }
  }

  #cancel(id: number): void {
    this.#watches.delete(id);
    // Whether the peer still knew the monitor does not matter.
    if (!this.peer.closing) this.request("monitor_cancel", [id]).catch(() => {});
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
  #comparedSchema(): Promise<PeerSchema> {
    this.#peerSchema ??= this.request("get_schema", [this.#schema.name]).then(
      (json) => {
        const compared = comparePeerSchema(this.#schema, json);
        return this.#schemas?.met(this.peerCertificate?.fingerprint, compared) ?? compared;
      },
      (error: unknown) => {
        if (error instanceof JsonRpcError) throw transactionError(error.error, 0);
        throw error;
      },
    );
    return this.#peerSchema;
  }

  async #monitor(
    methods: readonly MonitorMethod[],
    params: readonly JsonValue[],
    feed: AnyFeed,
  ): Promise<[MonitorMethod, JsonValue]> {
    const usable = methods.filter((method) => !this.#unknownMethods.has(method));
    for (const [index, method] of usable.entries()) {
      try {
        const more = method === "monitor_cond_since" ? [feed.lastTransaction] : [];
        return [method, await this.request(method, [...params, ...more])];
      } catch (error) {
        if (!isUnknownMethod(error) || index === usable.length - 1) throw error;
        this.#unknownMethods.add(method);
      }
    }
    throw new RangeError("no method to monitor with was given");
  }

  #notified(method: string, params: readonly JsonValue[]): void {
    const [id, ...rest] = params;
    const watch = typeof id === "number" ? this.#watches.get(id) : undefined;
    if (!watch) return;
    const { feed, early } = watch;
    const apply = () => {
      if (method === "update") this.#guard(() => feed.update(1, rest[0], undefined));
      else if (method === "update2") this.#guard(() => feed.update(2, rest[0], undefined));
      else if (method === "update3") this.#guard(() => feed.update(2, rest[1], rest[0]));
      else if (method === "monitor_canceled")
        this.peer.abort("ended our monitor: the database was converted or removed");
    };
    if (early) early.push(apply);
    else apply();
  }

  /** Nonsense from the peer ends the connection; a fault of a listener must not. */
  #guard(apply: () => void): void {
    try {
      apply();
    } catch (error) {
      if (error instanceof OvsdbError) {
        this.peer.blame(`sent an update that is none: ${error.message}`, "at once");
        return;
      }
      // Reported as any uncaught error, but it must not cost the others the updates that follow.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #finish(reason: ConnectionError): void {
    this.#probe.stop();
    this.#watches.clear();
    this.#ended.abort(reason);
  }
}

/** A cloud has one declaration and thousands of connections. */
const schemas = new WeakMap<DatabaseDeclaration, DatabaseSchema>();

export function runtimeSchema(declaration: DatabaseDeclaration): DatabaseSchema {
  let schema = schemas.get(declaration);
  if (!schema) {
    schema = schemaFromDeclaration(declaration);
    schemas.set(declaration, schema);
  }
  return schema;
}

/** What a monitor begins with: everything, or (`monitor_cond_since`) what happened since. */
function begin(feed: AnyFeed, method: MonitorMethod, reply: JsonValue): void {
  const since = method === "monitor_cond_since";
  const [found, transaction, updates] = !since ? [false, undefined, reply] : isArray(reply) ? reply : [];
  if (found === true) feed.update(2, updates, transaction);
  else feed.replace(updates, transaction);
}

function isUnknownMethod(error: unknown): boolean {
  if (!(error instanceof JsonRpcError)) return false;
  const word = isObject(error.error) ? error.error.error : error.error;
  return typeof word === "string" && /^unknown method/.test(word);
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
