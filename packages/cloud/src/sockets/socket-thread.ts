/**
 * Listens in a thread of its own, where nodes' TLS is worked and their `echo` answered: whatever the sessions, the store or the collector of
 * garbage do in this one, a node that asks whether its cloud is there is told at once. To sessions a connection looks as if its socket were here.
 *
 * A thread that ends by itself is started again with the same listeners; its nodes call again, as after any lost connection.
 */

import { Worker } from "node:worker_threads";
import { type Clock, every, type Timer } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { HandshakeRefusal, Listener } from "@opensync-ts/ovsdb/listener";
import { onNextTurn } from "@opensync-ts/ovsdb/platform";
import type { ListenRemote } from "@opensync-ts/ovsdb/remote";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { TicketKeys } from "@opensync-ts/ovsdb/tls-sessions";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import * as limits from "../limits.ts";
import type { FromSockets, SocketsMessage, SocketThreadData, ToSockets } from "./between-threads.ts";
import { ThreadTransport } from "./thread-transport.ts";

export interface SocketThreadOptions {
  /** How many threads listen on the same ports. */
  readonly share: number;
  readonly tickets: TicketKeys | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ThreadListenOptions {
  readonly accept: (transport: Transport) => void;
  readonly refused: (refusal: HandshakeRefusal) => void;
  /** Paths, read anew when the files change. */
  readonly tls: TlsFiles | undefined;
}

interface Listening extends ThreadListenOptions {
  /** With the port once it is known, so that another thread listens on the same. */
  remote: ListenRemote;
  readonly opened: PromiseWithResolvers<void>;
}

const script = import.meta.url.endsWith(".ts") ? "./socket-worker.ts" : "./socket-worker.js";

export class SocketThread {
  readonly #options: SocketThreadOptions;
  readonly #listeners = new Map<number, Listening>();
  #connections = new Map<number, ThreadTransport>();
  #worker: Worker | undefined;
  #words: ToSockets[] = [];
  #postPlanned = false;
  #count = 0;
  #restart: Timer | undefined;
  #closed = false;
  readonly #stops: readonly (() => void)[];

  constructor(options: SocketThreadOptions) {
    this.#options = options;
    const alive = every(options.clock, limits.sessionsAliveMs, () => this.#tell(["alive"]));
    const keys = options.tickets?.onChange((changed) => this.#tell(["ticket keys", new Uint8Array(changed)]));
    this.#stops = [() => alive.cancel(), () => keys?.()];
  }

  /** As `listen` of the OVSDB package. */
  async listen(remote: ListenRemote, options: ThreadListenOptions): Promise<Listener> {
    const number = ++this.#count;
    const listening: Listening = { ...options, remote, opened: Promise.withResolvers() };
    this.#listeners.set(number, listening);
    if (this.#worker) this.#tell(["listen", number, remote, options.tls]);
    else this.#start();
    try {
      await listening.opened.promise;
    } catch (error) {
      this.#listeners.delete(number);
      throw error;
    }
    const close = async () => {
      if (this.#listeners.delete(number)) this.#tell(["stop listening", number]);
    };
    return { remote: listening.remote, close };
  }

  /** Cuts what connections there still are. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#restart?.cancel();
    for (const stop of this.#stops) stop();
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#lose("the cloud stops");
  }

  /** For tests: as if the thread had run out of memory. */
  async crash(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): void {
    this.#restart?.cancel();
    const { share, tickets } = this.#options;
    const workerData: SocketThreadData = {
      share,
      tickets: tickets && { keys: new Uint8Array(tickets.current), lifeMs: tickets.lifeMs },
    };
    const worker = new Worker(new URL(script, import.meta.url), { workerData });
    this.#worker = worker;
    worker.on("message", (message: SocketsMessage) => {
      if (worker === this.#worker) this.#heard(message);
    });
    let reason: string | undefined;
    worker.on("error", (error) => {
      reason = messageOf(error);
    });
    worker.on("exit", (code) => this.#ended(worker, reason ?? `exit code ${code}`));
    for (const [number, { remote, tls }] of this.#listeners) this.#tell(["listen", number, remote, tls]);
  }

  #ended(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    const { clock, log } = this.#options;
    this.#worker = undefined;
    this.#words = [];
    log.error(
      `a thread of the sockets ended (${reason}); it is started again in ${limits.threadRestartMs / 1000} s, and nodes call again`,
    );
    this.#lose("its thread ended");
    this.#restart = clock.setTimer(limits.threadRestartMs, () => this.#start());
  }

  #lose(reason: string): void {
    const lost = this.#connections;
    this.#connections = new Map();
    for (const transport of lost.values()) transport.gone(new Error(reason));
    for (const { opened } of this.#listeners.values()) opened.reject(new UserError(`cannot listen: ${reason}`));
  }

  /** Words of one turn leave together. */
  #tell(word: ToSockets): void {
    if (!this.#worker) return;
    this.#words.push(word);
    if (this.#postPlanned) return;
    this.#postPlanned = true;
    onNextTurn(() => {
      this.#postPlanned = false;
      const words = this.#words;
      this.#words = [];
      this.#worker?.postMessage(words);
    });
  }

  #heard({ words, bytes }: SocketsMessage): void {
    let position = 0;
    for (const word of words) {
      if (word[0] === "data") {
        const [, connection, length] = word;
        this.#connections.get(connection)?.heard(bytes.subarray(position, position + length));
        position += length;
      } else this.#obey(word);
    }
  }

  #obey(word: Exclude<FromSockets, readonly ["data", ...unknown[]]>): void {
    switch (word[0]) {
      case "answered":
        this.#connections.get(word[1])?.answered();
        break;
      case "sent":
        this.#connections.get(word[1])?.sent(word[2]);
        break;
      case "ended":
        this.#connections.get(word[1])?.peerEnded();
        break;
      case "closed": {
        const [, connection, error] = word;
        const transport = this.#connections.get(connection);
        this.#connections.delete(connection);
        transport?.gone(error === undefined ? undefined : new Error(error));
        break;
      }
      case "opened": {
        const [, listener, connection, name, peer] = word;
        const transport = new ThreadTransport(connection, name, peer, (told) => this.#tell(told));
        this.#connections.set(connection, transport);
        const listening = this.#listeners.get(listener);
        if (listening) listening.accept(transport);
        else transport.destroy();
        break;
      }
      case "listening": {
        const listening = this.#listeners.get(word[1]);
        if (!listening) break;
        listening.remote = { ...listening.remote, port: word[2] };
        listening.opened.resolve();
        break;
      }
      case "not listening":
        this.#notListening(word[1], word[2]);
        break;
      case "refused":
        this.#listeners.get(word[1])?.refused(word[2]);
        break;
      case "log": {
        const { module, severity, text } = word[1];
        this.#options.log.child(module).write(severity, text);
        break;
      }
    }
  }

  /** At first that is for whoever asked; a thread that was started again tries on. */
  #notListening(number: number, reason: string): void {
    const listening = this.#listeners.get(number);
    if (!listening) return;
    const { clock, log } = this.#options;
    listening.opened.promise.then(
      () => {
        log.error(reason);
        this.#restart = clock.setTimer(limits.threadRestartMs, () =>
          this.#tell(["listen", number, listening.remote, listening.tls]),
        );
      },
      () => {},
    );
    listening.opened.reject(new UserError(reason));
  }
}
