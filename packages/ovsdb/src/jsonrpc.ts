/**
 * JSON-RPC 1.0 over a transport (RFC 7047 §4): both sides may ask. Used by the server for a session and by clients
 * for a connection. Bounded in both directions: a peer that sends faster than it is answered is read more slowly, one
 * that does not take what it is sent is cut off.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { WorkQueue } from "@opensync-ts/base/work-queue";
import { ConnectionError, PeerFaultError } from "./client.ts";
import { isArray, isObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from "./json.ts";
import { FramingError, MessageCutter } from "./json-stream.ts";
import { wireLimits } from "./limits.ts";
import { PendingRequests, type RequestOptions } from "./pending-requests.ts";
import { onNextTurn, type PlannedTurn, utf8Length } from "./platform.ts";
import type { Transport } from "./transport.ts";

export interface PeerOptions {
  readonly clock: Clock;
  readonly handlers: PeerHandlers;
  /** Longest message taken (bytes). */
  readonly maxMessageBytes?: number;
  /** The peer is cut off when this many bytes wait for it already and more is to be sent. */
  readonly maxWaitingBytes?: number;
  /** Shared by many connections: what is received is handled, and connections end, in its slices. Small messages do not wait. */
  readonly work?: WorkQueue | undefined;
}

export interface PeerHandlers {
  /** To be answered with `reply` or `replyError`, now or later. Requests arrive in order. */
  request(method: string, params: readonly JsonValue[], id: JsonValue): void;
  notification(method: string, params: readonly JsonValue[]): void;
  /** Messages are about to leave: the last moment to store what they tell, and to send more with them. */
  flushing?(): void;
  /** What waited for the peer has left, after there was so much that it had to wait. */
  drained?(): void;
  /** Called once, when the connection has ended; the message says why. `byUs`: we ended it. */
  closed(reason: ConnectionError, byUs: boolean): void;
}

/** One message as it goes over the wire. */
export interface WireMessage {
  readonly direction: "sent" | "received";
  /** JSON. */
  readonly text: string;
}

/** The message that answers request `id` with `result`, as JSON. */
export function replyMessage(id: JsonValue, result: string): string {
  return `{"id":${stringifyJson(id)},"result":${result},"error":null}`;
}

/** A message of this turn whose result may be another one when it leaves. */
interface Revision {
  readonly index: number;
  readonly message: (result: string) => string;
  readonly revised: () => string | undefined;
}

/** What a connection has taken of its present turn. Pieces that arrive before it is over share it. */
interface Turn {
  messages: number;
  /** `clock.now()` at which others have their turn. */
  readonly ends: number;
}

export class JsonRpcPeer {
  readonly transport: Transport;
  readonly #clock: Clock;
  readonly #handlers: PeerHandlers;
  readonly #maxWaitingBytes: number;
  readonly #work: WorkQueue | undefined;
  readonly #cutter: MessageCutter;
  readonly #requests: PendingRequests;
  /** Messages of this turn, to leave in one write. */
  #out: string[] = [];
  #outLength = 0;
  /** Which of them may still change. */
  #revisions: Revision[] = [];
  #flushPlanned = false;
  #pumping = false;
  #turn: Turn | undefined;
  #pumpPlanned: PlannedTurn | undefined;
  #ended = false;
  #closeTimer: Timer | undefined;
  #closeReason: ConnectionError | undefined;
  #closed = false;
  #closedByUs = false;
  /** Most connections are looked at by nobody. */
  #observers: Set<(message: WireMessage) => void> | undefined;
  #lastReceived: number;
  #chunksReceived = 0;

  constructor(transport: Transport, options: PeerOptions) {
    this.transport = transport;
    this.#clock = options.clock;
    this.#handlers = options.handlers;
    this.#maxWaitingBytes = options.maxWaitingBytes ?? wireLimits.maxWaitingBytes;
    this.#work = options.work;
    this.#cutter = new MessageCutter({ maxMessageBytes: options.maxMessageBytes ?? wireLimits.maxMessageBytes });
    this.#requests = new PendingRequests(transport.name, options.clock);
    this.#lastReceived = options.clock.now();
    transport.start({
      data: (chunk) => this.#received(chunk),
      ended: () => {
        this.#ended = true;
        this.#pumpInTurn();
      },
      drained: () => {
        this.#pump();
        this.#handlers.drained?.();
      },
      closed: (error) => this.#gone(error),
    });
  }

  /**
   * Calls `observer` with each message of either direction, before it is handled or leaves, until the returned function is called. It
   * must not throw. What is sent may still be another result when it leaves (`replyText`).
   */
  observe(observer: (message: WireMessage) => void): () => void {
    this.#observers ??= new Set();
    this.#observers.add(observer);
    this.transport.carryAll?.(true);
    return () => {
      this.#observers?.delete(observer);
      if (this.#observers?.size !== 0) return;
      this.#observers = undefined;
      this.transport.carryAll?.(false);
    };
  }

  /** `clock.now()` when something was last received. */
  get lastReceived(): number {
    return this.#lastReceived;
  }

  /** How often something was received so far. */
  get chunksReceived(): number {
    return this.#chunksReceived;
  }

  /** Bytes (about) that wait to leave. */
  get waiting(): number {
    return this.transport.waiting + this.#outLength;
  }

  /** No more can be sent: `close` was called, or the connection ended. */
  get closing(): boolean {
    return this.#closeReason !== undefined || this.#closed;
  }

  /**
   * Asks the peer. Rejects with `JsonRpcError` when it answers with an error, with `ConnectionError` when the
   * connection ends or time runs out first, with the signal's reason when aborted.
   */
  request(method: string, params: readonly JsonValue[], options: RequestOptions = {}): Promise<JsonValue> {
    if (this.closing && !options.signal?.aborted) {
      return Promise.reject(this.#closeReason ?? new ConnectionError(`${this.transport.name}: closed`));
    }
    return this.#requests.ask(method, options, (id) =>
      this.send(`{"method":${stringifyJson(method)},"params":${stringifyJson(params)},"id":${id}}`),
    );
  }

  notify(method: string, params: readonly JsonValue[]): void {
    this.send(`{"id":null,"method":${stringifyJson(method)},"params":${stringifyJson(params)}}`);
  }

  reply(id: JsonValue, result: JsonValue): void {
    this.replyText(id, stringifyJson(result));
  }

  /**
   * As `reply`, with the result as JSON text already. `revised` is asked when the reply is about to leave, after `flushing`: it
   * may give another result.
   */
  replyText(id: JsonValue, result: string, revised?: () => string | undefined): void {
    const message = (text: string) => replyMessage(id, text);
    if (revised && !this.closing) this.#revisions.push({ index: this.#out.length, message, revised });
    this.send(message(result));
  }

  replyError(id: JsonValue, error: JsonValue): void {
    this.send(`{"id":${stringifyJson(id)},"result":null,"error":${stringifyJson(error)}}`);
  }

  /** Sends one message, given as JSON text. Messages of one turn of the event loop leave together. */
  send(text: string): void {
    if (this.closing) return;
    const { waiting } = this;
    if (waiting > this.#maxWaitingBytes) {
      this.abort(`reads too slowly: ${waiting} bytes wait for it (at most ${this.#maxWaitingBytes})`);
      return;
    }
    if (this.#observers) this.#show({ direction: "sent", text });
    this.#out.push(text);
    this.#outLength += text.length;
    if (this.#pumping || this.#flushPlanned) return;
    this.#flushPlanned = true;
    queueMicrotask(() => {
      this.#flushPlanned = false;
      this.#flush();
    });
  }

  /** Ends the connection once what was sent has left, or after a grace time. `why` reaches `closed`. */
  close(why = "closed"): void {
    if (this.closing) return;
    this.#closedByUs = true;
    this.#end(new ConnectionError(`${this.transport.name}: ${why}`));
  }

  /** As `close`, or at once, because of what the peer has sent; `closed` gets a `PeerFaultError`. */
  blame(why: string, when: "at once" | "in order"): void {
    const reason = new PeerFaultError(`${this.transport.name}: ${why}`);
    if (when === "at once") this.#abort(reason);
    else if (!this.closing) {
      this.#closedByUs = true;
      this.#end(reason);
    }
  }

  /** Ends the connection at once. */
  abort(why: string): void {
    this.#abort(new ConnectionError(`${this.transport.name}: ${why}`));
  }

  #abort(reason: ConnectionError): void {
    if (this.#closed) return;
    this.#closedByUs ||= this.#closeReason === undefined;
    this.#closeReason ??= reason;
    this.#out = [];
    this.#outLength = 0;
    this.#revisions = [];
    this.transport.destroy();
  }

  #received(chunk: Uint8Array): void {
    this.#lastReceived = this.#clock.now();
    this.#chunksReceived++;
    if (this.closing) return;
    // A sign of life that is asked for, or a change of a few rows.
    const small = chunk.length <= wireLimits.promptBytes && !this.#cutter.inMessage && !this.#work?.has(this);
    this.#cutter.push(chunk);
    if (small) this.#pump();
    else this.#pumpInTurn();
  }

  /** As `#pump`, once others leave time for it; nothing more is read meanwhile. */
  #pumpInTurn(): void {
    const work = this.#work;
    if (!work) this.#pump();
    else if (this.closing || this.#pumpPlanned) return;
    else if (!work.run(this, () => this.#pump())) this.transport.pause();
  }

  /** Handles some of the received messages; the rest waits its turn behind other connections. */
  #pump(): void {
    if (this.#pumping || this.closing || this.#pumpPlanned) return;
    const more = this.#handleSome();
    if (this.closing) return;
    if (more === "budget spent") {
      this.transport.pause();
      this.#pumpPlanned = onNextTurn(() => {
        this.#pumpPlanned = undefined;
        this.#turn = undefined;
        this.#pumpInTurn();
      });
    } else if (more === "output full") {
      // `drained` pumps again.
      this.transport.pause();
    } else {
      this.transport.resume();
      if (this.#ended) this.#end(new ConnectionError(`${this.transport.name}: the peer closed the connection`));
    }
  }

  #handleSome(): "nothing left" | "budget spent" | "output full" {
    this.#pumping = true;
    const turn = this.#currentTurn();
    try {
      while (turn.messages < wireLimits.messagesPerTurn) {
        if (this.waiting > wireLimits.readPauseBytes) {
          this.#flush();
          if (this.transport.waiting > wireLimits.readPauseBytes) return "output full";
        }
        const text = this.#cutter.next();
        if (text === undefined || this.closing) return "nothing left";
        turn.messages++;
        if (this.#observers) this.#show({ direction: "received", text });
        this.#handle(parseJson(text));
        if (this.#clock.now() > turn.ends) break;
      }
      return "budget spent";
    } catch (error) {
      if (!(error instanceof FramingError || error instanceof SyntaxError)) throw error;
      this.blame(`not JSON-RPC: ${error.message}`, "in order");
      return "nothing left";
    } finally {
      this.#pumping = false;
      this.#flush();
    }
  }

  #show(message: WireMessage): void {
    for (const observer of this.#observers ?? []) observer(message);
  }

  #currentTurn(): Turn {
    const now = this.#clock.now();
    if (!this.#turn || now > this.#turn.ends) this.#turn = { messages: 0, ends: now + wireLimits.turnMs };
    return this.#turn;
  }

  #handle(message: JsonValue): void {
    if (!isObject(message)) throw new FramingError("a message must be a JSON object");
    const { method, id = null } = message;
    // `get_server_id` is documented to be sent with null (ovsdb-server(7) §4.1.17).
    const params = message.params === null ? [] : message.params;
    if (typeof method !== "string") {
      this.#handleReply(message, id);
    } else if (id === null) {
      // A notification cannot be answered, not even with an error.
      if (isArray(params)) this.#handlers.notification(method, params);
    } else if (isArray(params)) {
      this.#handlers.request(method, params, id);
    } else {
      this.replyError(id, { error: "syntax error", details: `${method}: "params" must be an array` });
    }
  }

  #handleReply(message: JsonObject, id: JsonValue): void {
    const { result, error = null } = message;
    if (result === undefined && error === null) {
      throw new FramingError('a message needs a "method", or a "result" or "error"');
    }
    this.#requests.answered(id, result ?? null, error);
  }

  #flush(): void {
    if (this.#outLength === 0) return;
    this.#handlers.flushing?.();
    for (const { index, message, revised } of this.#revisions) {
      const result = revised();
      if (result !== undefined) this.#out[index] = message(result);
    }
    this.#revisions = [];
    const text = this.#out.length === 1 ? (this.#out[0] as string) : this.#out.join("");
    this.#out = [];
    this.#outLength = 0;
    const bytes = utf8Length(text);
    if (bytes % readSize === 0) this.transport.write(`${text}\n`, bytes + 1);
    else this.transport.write(text, bytes);
  }

  /** Ends once everything has left. */
  #end(reason: ConnectionError): void {
    this.#flush();
    this.#closeReason = reason;
    if (this.transport.close()) return;
    this.#closeTimer = this.#clock.setTimer(wireLimits.closeGraceMs, () => this.transport.destroy());
  }

  /** The connection is no more. What follows from it may take longer, and very many may go at the same time. */
  #gone(error: Error | undefined): void {
    if (this.#closed) return;
    this.#closeTimer?.cancel();
    this.#pumpPlanned?.cancel();
    this.#closeReason ??= new ConnectionError(
      `${this.transport.name}: ${error ? error.message : "the peer closed the connection"}`,
    );
    const reason = this.#closeReason;
    if (this.#work) this.#work.run(this, () => this.#finish(reason));
    else this.#finish(reason);
  }

  #finish(reason: ConnectionError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#requests.end(reason);
    this.#handlers.closed(reason, this.#closedByUs);
  }
}

/**
 * The buffer size that deployed managers read with; 65,536, that of `ovsh`, is a multiple of it. These synchronous clients take
 * a read shorter than their buffer for the end of the reply, and block when the reply fills it exactly: one white-space
 * byte more lets them go on.
 */
const readSize = 16_384;
