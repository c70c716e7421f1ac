/** Two transports joined in memory: a connection without a socket, for simulations and tests. */

import type { Transport, TransportHandlers } from "./transport.ts";

export function memoryTransportPair(nameA = "memory:a", nameB = "memory:b"): [Transport, Transport] {
  const a = new MemoryTransport(nameA);
  const b = new MemoryTransport(nameB);
  a.join(b);
  b.join(a);
  return [a, b];
}

class MemoryTransport implements Transport {
  readonly name: string;
  readonly peerCertificate = undefined;
  #other: MemoryTransport = this;
  #handlers: TransportHandlers | undefined;
  /** Written by the other side and not delivered to ours yet. */
  #inbox: Buffer[] = [];
  #inboxBytes = 0;
  #paused = false;
  /** We send nothing more. */
  #ended = false;
  #toldEnd = false;
  #closed = false;
  #planned = false;

  constructor(name: string) {
    this.name = name;
  }

  join(other: MemoryTransport): void {
    this.#other = other;
  }

  get waiting(): number {
    return this.#other.#inboxBytes;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    this.#plan();
  }

  write(text: string): void {
    const other = this.#other;
    if (this.#ended || other.#closed) return;
    const bytes = Buffer.from(text);
    other.#inbox.push(bytes);
    other.#inboxBytes += bytes.length;
    other.#plan();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#plan();
  }

  close(): boolean {
    this.#ended = true;
    this.#drop();
    this.#other.#plan();
    this.#plan();
    return false;
  }

  destroy(): void {
    this.#other.#drop();
    this.close();
  }

  #plan(): void {
    if (this.#planned || this.#closed || !this.#handlers) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#closed) return;
    const handlers = this.#handlers as TransportHandlers;
    const other = this.#other;
    while (!this.#paused && !this.#ended && this.#inbox.length > 0) {
      const chunk = this.#inbox.shift() as Buffer;
      this.#inboxBytes -= chunk.length;
      handlers.data(chunk);
      if (this.#inboxBytes === 0) other.#handlers?.drained();
    }
    if (other.#ended && this.#inbox.length === 0 && !this.#toldEnd) {
      this.#toldEnd = true;
      handlers.ended();
    }
    // Over when nothing of ours is left for the other side to read.
    if (this.#ended && (this.waiting === 0 || other.#closed)) {
      this.#closed = true;
      handlers.closed(undefined);
    }
    if (other.#ended && !other.#closed) other.#plan();
  }

  #drop(): void {
    this.#inbox = [];
    this.#inboxBytes = 0;
  }
}
