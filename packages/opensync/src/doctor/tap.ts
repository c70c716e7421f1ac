/** A transport that is listened to: what a peer says, by message, and no more of it than is good. */

import { isObject, type JsonValue, parseJson } from "@opensync-ts/ovsdb/json";
import { FramingError, MessageCutter } from "@opensync-ts/ovsdb/json-stream";
import type { Transport, TransportHandlers } from "@opensync-ts/ovsdb/transport";
import { headText } from "./client-hello.ts";
import { doctorLimits } from "./limits.ts";

export interface Heard {
  bytes: number;
  messages: number;
  /** The peer's first bytes, as far as they are text. */
  head: string;
  /** The first bytes are a TLS record. */
  isTls: boolean;
  /** How often the peer asked for what, by method; the first few methods only. */
  readonly methods: Map<string, number>;
  /** Why nothing more is taken from the peer. */
  excess: string | undefined;
  /** The end of the connection, and the error that brought it. */
  ended: { readonly error: Error | undefined } | undefined;
}

export class Tap implements Transport {
  readonly heard: Heard = {
    bytes: 0,
    messages: 0,
    head: "",
    isTls: false,
    methods: new Map(),
    excess: undefined,
    ended: undefined,
  };
  readonly #inner: Transport;
  readonly #onHeard: () => void;
  readonly #cutter = new MessageCutter({ maxMessageBytes: doctorLimits.messageBytes });
  #broken = false;

  /** `onHeard` is called after anything that changed `heard`. */
  constructor(inner: Transport, onHeard: () => void) {
    this.#inner = inner;
    this.#onHeard = onHeard;
  }

  get name(): string {
    return this.#inner.name;
  }

  get peerCertificate() {
    return this.#inner.peerCertificate;
  }

  get waiting(): number {
    return this.#inner.waiting;
  }

  start(handlers: TransportHandlers): void {
    this.#inner.start({
      data: (chunk) => {
        this.#hear(chunk);
        if (this.heard.excess === undefined) handlers.data(chunk);
        this.#onHeard();
      },
      ended: () => handlers.ended(),
      drained: () => handlers.drained(),
      closed: (error) => {
        this.heard.ended = { error };
        handlers.closed(error);
        this.#onHeard();
      },
    });
  }

  write(text: string, bytes?: number): void {
    this.#inner.write(text, bytes);
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  close(): boolean {
    return this.#inner.close();
  }

  destroy(): void {
    this.#inner.destroy();
  }

  #hear(chunk: Uint8Array): void {
    const { heard } = this;
    if (heard.bytes === 0) {
      heard.head = headText(chunk);
      heard.isTls =
        chunk[0] !== undefined && chunk[0] >= 20 && chunk[0] <= 23 && (chunk[1] === undefined || chunk[1] === 3);
    }
    heard.bytes += chunk.length;
    if (heard.bytes > doctorLimits.peerBytes) {
      heard.excess = `more than ${doctorLimits.peerBytes / 1024 / 1024} MiB`;
      this.#inner.destroy();
      return;
    }
    if (this.#broken) return;
    try {
      this.#cutter.push(chunk);
      for (let text = this.#cutter.next(); text !== undefined; text = this.#cutter.next()) this.#note(parseJson(text));
    } catch (error) {
      if (!(error instanceof FramingError || error instanceof SyntaxError)) throw error;
      // Whoever reads the messages says what is wrong with them.
      this.#broken = true;
    }
  }

  #note(message: JsonValue): void {
    const { heard } = this;
    heard.messages++;
    if (!isObject(message) || typeof message.method !== "string") return;
    const method = message.method.slice(0, 40);
    if (heard.methods.has(method) || heard.methods.size < doctorLimits.names) {
      heard.methods.set(method, (heard.methods.get(method) ?? 0) + 1);
    }
  }
}
