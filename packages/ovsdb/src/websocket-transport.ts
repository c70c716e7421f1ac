/**
 * A transport over a WebSocket: in a browser the only one. The frames carry the byte stream of RFC 7047 §4 as text; where
 * one frame ends and the next begins means nothing. The socket may be a browser's, that of Node.js, or one that a
 * server's WebSocket library has accepted (they all have this interface): hand it to `server.accept(new WebSocketTransport(…))`.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { ConnectionError } from "./client.ts";
import { clientLimits, wireLimits } from "./limits.ts";
import { textToUtf8 } from "./platform.ts";
import type { Endpoint } from "./reconnecting-client.ts";
import type { Transport, TransportHandlers } from "./transport.ts";

/** What is used of a WebSocket (https://websockets.spec.whatwg.org). */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  binaryType: string;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** `event`: a `WebSocketEvent`, whatever each library calls it. */
  addEventListener(type: string, listener: (event: object) => void): void;
  removeEventListener(type: string, listener: (event: object) => void): void;
  /** Some libraries can end a connection without the closing handshake. */
  terminate?(): void;
}

/** Of a `message`, `close` or `error` event what concerns us. */
export interface WebSocketEvent {
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
}

export interface WebSocketEndpointOptions {
  readonly clock: Clock;
  /** How long a connection may take (ms); by default `wireLimits.connectMs`. */
  readonly connectTimeoutMs?: number;
  /** Makes the socket; by default the standard `WebSocket` of browsers and Node.js. */
  readonly open?: (url: string) => WebSocketLike;
}

const closing = 2;

/** Where a client finds its server: `ws:` or `wss:`. */
export function webSocketEndpoint(url: string, options: WebSocketEndpointOptions): Endpoint {
  return { name: url, dial: (signal) => dialWebSocket(url, options, signal) };
}

/** Rejects with a `ConnectionError` that names the URL; browsers do not tell why a connection failed. */
function dialWebSocket(url: string, options: WebSocketEndpointOptions, signal: AbortSignal): Promise<Transport> {
  const { clock, connectTimeoutMs = wireLimits.connectMs, open = standardWebSocket } = options;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = open(url);
    const settle = () => {
      timer.cancel();
      signal.removeEventListener("abort", onAbort);
      socket.removeEventListener("open", onOpen);
      socket.removeEventListener("close", onClose);
      socket.removeEventListener("error", onError);
    };
    const fail = (why: string) => {
      settle();
      // An error that follows must not be an uncaught one where the library emits it.
      socket.addEventListener("error", () => {});
      socket.close();
      reject(new ConnectionError(`${url}: ${why}`));
    };
    const onOpen = () => {
      settle();
      resolve(new WebSocketTransport(socket, url, clock));
    };
    const onClose = (event: WebSocketEvent) => fail(`the connection was refused${closeReason(event)}`);
    const onError = (event: WebSocketEvent) => fail(event.message || "no connection");
    const onAbort = () => fail("cancelled");
    const timer = clock.setTimer(connectTimeoutMs, () => fail(`no connection within ${connectTimeoutMs} ms`));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.addEventListener("open", onOpen);
    socket.addEventListener("close", onClose);
    socket.addEventListener("error", onError);
  });
}

export class WebSocketTransport implements Transport {
  readonly name: string;
  readonly peerCertificate = undefined;
  readonly #socket: WebSocketLike;
  readonly #clock: Clock;
  #handlers: TransportHandlers | undefined;
  /** Received while nobody wanted it; a WebSocket cannot be told to wait. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #paused = true;
  #ended = false;
  #failure: Error | undefined;
  #poll: Timer | undefined;

  /** Takes over a socket that is open. */
  constructor(socket: WebSocketLike, name: string, clock: Clock) {
    this.name = name;
    this.#socket = socket;
    this.#clock = clock;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }: WebSocketEvent) => this.#received(data));
    socket.addEventListener("error", ({ message }: WebSocketEvent) => {
      this.#failure ??= new Error(message || "the WebSocket failed");
    });
    socket.addEventListener("close", (event) => this.#closed(event));
  }

  get waiting(): number {
    return this.#socket.bufferedAmount;
  }

  start(handlers: TransportHandlers): void {
    this.#handlers = handlers;
    this.resume();
    if (this.#socket.readyState > closing) queueMicrotask(() => this.#closed({}));
  }

  write(text: string): void {
    if (this.#ended || this.#socket.readyState >= closing) return;
    this.#socket.send(text);
    this.#watchDrain();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    while (!this.#paused) {
      const chunk = this.#held.shift();
      if (!chunk) return;
      this.#heldBytes -= chunk.length;
      this.#handlers?.data(chunk);
    }
  }

  /** A WebSocket sends what it was given before it closes. */
  close(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#socket.close(1000);
    return false;
  }

  destroy(): void {
    this.#ended = true;
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
    // A browser waits for the peer's part of the handshake, for minutes if need be; the connection is over now.
    queueMicrotask(() => this.#closed({}));
  }

  #received(data: unknown): void {
    if (this.#ended) return;
    const chunk = bytesOf(data);
    if (!chunk) {
      this.#failure ??= new Error("sent a frame that is neither text nor bytes");
      this.destroy();
    } else if (!this.#paused) {
      this.#handlers?.data(chunk);
    } else {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes <= wireLimits.maxWaitingBytes) return;
      this.#failure ??= new Error(`sends faster than it is read: ${this.#heldBytes} bytes wait`);
      this.destroy();
    }
  }

  /** There is no event for it, so one has to look. */
  #watchDrain(): void {
    if (this.#poll || this.waiting === 0) return;
    this.#poll = this.#clock.setTimer(clientLimits.webSocketPollMs, () => {
      this.#poll = undefined;
      if (this.waiting === 0) this.#handlers?.drained();
      else this.#watchDrain();
    });
  }

  #closed(event: WebSocketEvent): void {
    this.#poll?.cancel();
    this.#ended = true;
    const handlers = this.#handlers;
    if (!handlers) return;
    this.#handlers = undefined;
    const abnormal = event.code !== undefined && event.code !== 1000 && event.code !== 1005;
    handlers.closed(this.#failure ?? (abnormal ? new Error(`closed${closeReason(event)}`) : undefined));
  }
}

function standardWebSocket(url: string): WebSocketLike {
  return new WebSocket(url) as unknown as WebSocketLike;
}

function bytesOf(data: unknown): Uint8Array | undefined {
  if (typeof data === "string") return textToUtf8(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return data instanceof Uint8Array ? data : undefined;
}

function closeReason({ code, reason }: WebSocketEvent): string {
  return code === undefined ? "" : ` (code ${code}${reason ? `: ${reason}` : ""})`;
}
