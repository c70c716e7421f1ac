/** In the thread of the sessions: a connection whose socket is in another thread. */

import { utf8Length } from "@opensync-ts/ovsdb/platform";
import type { PeerCertificate, Transport, TransportHandlers } from "@opensync-ts/ovsdb/transport";
import * as limits from "../limits.ts";
import type { ToSockets } from "./between-threads.ts";

const nothing = new Uint8Array(0);

export class ThreadTransport implements Transport {
  readonly name: string;
  readonly peerCertificate: PeerCertificate | undefined;
  readonly #connection: number;
  readonly #tell: (word: ToSockets) => void;
  #handlers: TransportHandlers | undefined;
  /** Came while nobody wanted it. */
  #inbox: Uint8Array[] = [];
  #paused = false;
  /** The peer sends no more, or has not said so yet, or its end has been told of. */
  #peerEnded: "no" | "untold" | "told" = "no";
  #ended = false;
  #closed: { readonly error: Error | undefined } | undefined;
  #waiting = 0;
  #crowded = false;
  /** Handled, and the other thread does not know it yet. */
  #handled = 0;

  constructor(
    connection: number,
    name: string,
    peerCertificate: PeerCertificate | undefined,
    tell: (word: ToSockets) => void,
  ) {
    this.#connection = connection;
    this.name = name;
    this.peerCertificate = peerCertificate;
    this.#tell = tell;
  }

  get waiting(): number {
    return this.#waiting;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    queueMicrotask(() => {
      if (this.#closed) handlers.closed(this.#closed.error);
      else this.#deliver();
    });
  }

  write(text: string, bytes: number = utf8Length(text)): void {
    if (this.#ended || this.#closed) return;
    this.#waiting += bytes;
    if (this.#waiting > limits.crowdedBytes) this.#crowded = true;
    this.#tell(["write", this.#connection, text, bytes]);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#inbox.length > 0 || this.#peerEnded === "untold") queueMicrotask(() => this.#deliver());
  }

  carryAll(all: boolean): void {
    if (!this.#closed) this.#tell(["carry all", this.#connection, all]);
  }

  close(): boolean {
    if (this.#ended || this.#closed) return this.#closed !== undefined;
    this.#ended = true;
    this.#inbox = [];
    this.#tell(["close", this.#connection]);
    return false;
  }

  destroy(): void {
    this.#ended = true;
    this.#inbox = [];
    if (!this.#closed) this.#tell(["destroy", this.#connection]);
  }

  /** The other thread has these bytes of the peer. */
  heard(chunk: Uint8Array): void {
    if (this.#ended) this.#taken(chunk.length);
    else {
      this.#inbox.push(chunk);
      this.#deliver();
    }
  }

  /** The peer is there, and has been told that we are. */
  answered(): void {
    if (!this.#ended) this.#handlers?.data(nothing);
  }

  peerEnded(): void {
    if (this.#peerEnded === "no") this.#peerEnded = "untold";
    this.#deliver();
  }

  sent(bytes: number): void {
    this.#waiting -= bytes;
    if (!this.#crowded || this.#waiting > limits.crowdedBytes / 2) return;
    this.#crowded = false;
    this.#handlers?.drained();
  }

  gone(error: Error | undefined): void {
    if (this.#closed) return;
    this.#closed = { error };
    this.#inbox = [];
    this.#handlers?.closed(error);
  }

  #deliver(): void {
    const handlers = this.#handlers;
    if (!handlers) return;
    while (!this.#paused && !this.#ended && !this.#closed) {
      const chunk = this.#inbox.shift();
      if (!chunk) break;
      handlers.data(chunk);
      this.#taken(chunk.length);
    }
    if (this.#paused || this.#closed || this.#inbox.length > 0 || this.#peerEnded !== "untold") return;
    this.#peerEnded = "told";
    handlers.ended();
  }

  /** Told of by and by: what is not told yet of all connections together is little beside what the other thread lets wait. */
  #taken(bytes: number): void {
    this.#handled += bytes;
    if (this.#handled < limits.untoldBytes || this.#closed) return;
    this.#tell(["taken", this.#connection, this.#handled]);
    this.#handled = 0;
  }
}
