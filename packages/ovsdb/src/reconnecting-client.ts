/**
 * The typed client that comes back: it dials its endpoints in turn, with a growing pause, for as long as it lives. Its
 * replicas survive: after a new connection observers are told the net differences, and where the server keeps a history
 * (`monitor_cond_since`) only those cross the wire.
 *
 * ```
 *             dial               connected, replicas up to date
 *   waiting ------> connecting -------------------------------> connected        closed: `close` was called
 *      ^                |                                           |
 *      +---- failed ----+------------------ lost -------------------+
 * ```
 */

import type { Clock } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import type { Random } from "@opensync-ts/base/random";
import { Backoff } from "./backoff.ts";
import {
  type Client,
  ConnectionError,
  type Replica,
  type TableRequest,
  type TransactionBuilder,
  type TransactionResult,
  type TransactOptions,
} from "./client.ts";
import type { DatabaseDeclaration, TableName } from "./declare.ts";
import { clientLimits } from "./limits.ts";
import { RemoteClient, type RemoteClientOptions, runtimeSchema } from "./remote-client.ts";
import { type AnyFeed, ReplicaFeed } from "./replica-feed.ts";
import type { Transport } from "./transport.ts";

/** Where a server may be found: see `socketEndpoint` (connect.ts) and `webSocketEndpoint` (websocket-transport.ts). */
export interface Endpoint {
  /** For status and errors. */
  readonly name: string;
  /** Connects, within a time of its own. Rejects when that fails, or `signal` is aborted. */
  dial(signal: AbortSignal): Promise<Transport>;
}

export interface ReconnectingClientOptions extends RemoteClientOptions {
  readonly clock: Clock;
  readonly random: Pick<Random, "next">;
  /** The first and the longest pause before dialling again (ms); by default those of `clientLimits`. */
  readonly minBackoffMs?: number;
  readonly maxBackoffMs?: number;
}

export type ConnectionStatus =
  | { readonly state: "connecting"; readonly endpoint: string }
  | { readonly state: "connected"; readonly endpoint: string }
  /** The next attempt comes after `retryInMs`; `error` says what ended the last one. */
  | { readonly state: "waiting"; readonly error: Error; readonly retryInMs: number }
  | { readonly state: "closed" };

/** A replica, and who waits for its first contents. */
interface Followed {
  readonly feed: AnyFeed;
  readonly ready: PromiseWithResolvers<void>;
  loaded: boolean;
}

/** The newest method that a server has; the last is RFC 7047's. */
const methods = ["monitor_cond_since", "monitor_cond", "monitor"] as const;

export class ReconnectingClient<D extends DatabaseDeclaration> implements Client<D> {
  readonly #endpoints: readonly Endpoint[];
  readonly #declaration: D;
  readonly #options: ReconnectingClientOptions;
  readonly #backoff: Backoff;
  readonly #ended = new AbortController();
  readonly #events = new Emitter<{ status: ConnectionStatus }>();
  readonly #followed = new Map<AnyFeed, Followed>();
  readonly #waiting = new Set<() => void>();
  #status: ConnectionStatus = { state: "connecting", endpoint: "" };
  /** The connection, while there is one. */
  #remote: RemoteClient<D> | undefined;

  /** Starts to dial at once. Throws a `RangeError` without endpoints. */
  constructor(endpoints: readonly Endpoint[], declaration: D, options: ReconnectingClientOptions) {
    if (endpoints.length === 0) throw new RangeError("a client needs at least one endpoint to connect to");
    this.#endpoints = endpoints;
    this.#declaration = declaration;
    this.#options = { inactivityProbeMs: clientLimits.inactivityProbeMs, ...options };
    this.#backoff = new Backoff({
      random: options.random,
      minMs: options.minBackoffMs ?? clientLimits.minBackoffMs,
      maxMs: options.maxBackoffMs ?? clientLimits.maxBackoffMs,
    });
    void this.#run();
  }

  /** Aborted by `close` alone; a lost connection is no end. */
  get closed(): AbortSignal {
    return this.#ended.signal;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  onStatus(listener: (status: ConnectionStatus) => void): Unsubscribe {
    return this.#events.on("status", listener);
  }

  /**
   * As `Client.transact`. Without a connection it rejects at once with `ConnectionError`, or waits for `connectWithinMs`. A
   * transaction whose connection is lost before the reply rejects with `ConnectionError` as well: whether it was
   * executed is then unknown, and it is not sent again.
   */
  async transact(
    build: (transaction: TransactionBuilder<D>) => void,
    options: TransactOptions = {},
  ): Promise<TransactionResult> {
    this.#ended.signal.throwIfAborted();
    const remote = this.#remote ?? (await this.#connectedWithin(options.connectWithinMs ?? 0, options.signal));
    return remote.transact(build, options);
  }

  /** As `Client.replicate`; resolves when the first connection has brought the contents, however long that takes. */
  async replicate<T extends TableName<D>>(tables: { readonly [Name in T]: TableRequest }): Promise<Replica<D, T>> {
    this.#ended.signal.throwIfAborted();
    const feed: ReplicaFeed<D, T> = new ReplicaFeed(runtimeSchema(this.#declaration), tables, () => this.#cancel(feed));
    const followed: Followed = { feed, ready: Promise.withResolvers(), loaded: false };
    this.#followed.set(feed, followed);
    // While the connection is being made ready, it is followed with the others.
    if (this.#remote && this.#status.state === "connected") void this.#begin(this.#remote, followed);
    await followed.ready.promise;
    return feed.replica;
  }

  close(): void {
    if (this.#ended.signal.aborted) return;
    const reason = new ConnectionError("the client was closed");
    this.#ended.abort(reason);
    this.#remote?.close();
    this.#remote = undefined;
    for (const { ready } of this.#followed.values()) ready.reject(reason);
    this.#followed.clear();
    for (const wake of [...this.#waiting]) wake();
    this.#enter({ state: "closed" });
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    const { clock } = this.#options;
    /** Attempts that failed, and connections that did not last, since one that did. */
    let failures = 0;
    for (let turn = 0; !signal.aborted; turn++) {
      const endpoint = this.#endpoints[turn % this.#endpoints.length] as Endpoint;
      const since = clock.now();
      const error = await this.#connection(endpoint);
      if (signal.aborted) return;
      const lasted = this.#status.state === "connected" && clock.now() - since >= clientLimits.stableMs;
      if (lasted) {
        failures = 0;
        this.#backoff.reset();
      }
      failures++;
      // The other endpoints are tried before there is a pause.
      if (failures % this.#endpoints.length !== 0) continue;
      const retryInMs = this.#backoff.next();
      this.#enter({ state: "waiting", error, retryInMs });
      await clock.sleep(retryInMs, signal).catch(() => {});
    }
  }

  /** One connection, from dialling to its end; resolves with why it ended. */
  async #connection(endpoint: Endpoint): Promise<Error> {
    this.#enter({ state: "connecting", endpoint: endpoint.name });
    try {
      const transport = await endpoint.dial(this.#ended.signal);
      if (this.#ended.signal.aborted) transport.destroy();
      this.#ended.signal.throwIfAborted();
      const remote = RemoteClient.attach(transport, this.#declaration, this.#options);
      const lost = new Promise<Error>((resolve) => {
        remote.closed.addEventListener("abort", () => {
          // In the very turn in which it is lost: who asks then must not be sent down a dead connection.
          if (this.#remote === remote) this.#remote = undefined;
          resolve(remote.closed.reason);
        });
      });
      this.#remote = remote;
      for (const wake of [...this.#waiting]) wake();
      await this.#catchUp(remote, endpoint);
      return await lost;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Brings all replicas up to date, those included that are asked for meanwhile; only then it is called connected. */
  async #catchUp(remote: RemoteClient<D>, endpoint: Endpoint): Promise<void> {
    const done = new Set<Followed>();
    while (!remote.closed.aborted) {
      const open = [...this.#followed.values()].filter((followed) => !done.has(followed));
      if (open.length === 0) {
        this.#enter({ state: "connected", endpoint: endpoint.name });
        for (const { ready } of done) ready.resolve();
        return;
      }
      await Promise.all(open.map((followed) => this.#begin(remote, followed)));
      for (const followed of open) done.add(followed);
    }
  }

  /**
   * Follows one replica on a connection. What a server refuses to one who asks for the first time is the asker's failure;
   * what it refuses to a replica that it has fed before is the connection's.
   */
  async #begin(remote: RemoteClient<D>, followed: Followed): Promise<void> {
    try {
      await remote.follow(followed.feed, methods);
      followed.loaded = true;
      if (this.#status.state === "connected") followed.ready.resolve();
      if (!this.#followed.has(followed.feed)) remote.unfollow(followed.feed);
    } catch (error) {
      if (remote.closed.aborted || error instanceof ConnectionError) {
        // The next connection tries again.
        remote.close();
      } else if (followed.loaded) {
        remote.peer.close(`refuses what it replicated before: ${error instanceof Error ? error.message : error}`);
      } else {
        this.#followed.delete(followed.feed);
        followed.ready.reject(error);
      }
    }
  }

  #cancel(feed: AnyFeed): void {
    if (this.#followed.delete(feed)) this.#remote?.unfollow(feed);
  }

  async #connectedWithin(limitMs: number, signal: AbortSignal | undefined): Promise<RemoteClient<D>> {
    if (limitMs <= 0) throw this.#notConnected();
    if (this.#waiting.size >= clientLimits.maxWaitingTransactions) {
      throw new ConnectionError(`not connected, and ${this.#waiting.size} transactions wait for a connection already`);
    }
    signal?.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const timer = this.#options.clock.setTimer(limitMs, wake);
    this.#waiting.add(wake);
    signal?.addEventListener("abort", wake);
    await promise;
    timer.cancel();
    this.#waiting.delete(wake);
    signal?.removeEventListener("abort", wake);
    signal?.throwIfAborted();
    this.#ended.signal.throwIfAborted();
    if (!this.#remote) throw this.#notConnected();
    return this.#remote;
  }

  #notConnected(): ConnectionError {
    const status = this.#status;
    const names = this.#endpoints.map(({ name }) => name).join(", ");
    const why = status.state === "waiting" ? `: ${status.error.message}` : "";
    return new ConnectionError(`not connected to ${names}${why}`);
  }

  #enter(status: ConnectionStatus): void {
    this.#status = status;
    this.#events.emit("status", status);
  }
}
