/**
 * The load generator, the same for every server. It must not be what limits the figures: messages are encoded before the
 * clock starts, replies are counted by a marker in the bytes, never parsed, and all that one read calls for leaves in one write.
 */

import { connect, type Socket } from "node:net";

/** Every reply to a request that succeeded holds it exactly once; a reply with an error does not, and the run stalls and fails. */
const replyMarker = Buffer.from('"error":null');
/** In every row that `update` tells of, exactly once. */
const updateMarker = Buffer.from('"new":{');

/** No reply for so long means that one was an error, or that the server hangs. */
const stallMs = 20_000;

/** Counts the occurrences of a marker in a stream of bytes, also where a chunk ends within one. */
class MarkerCounter {
  readonly #marker: Buffer;
  #tail = Buffer.alloc(0);

  constructor(marker: Buffer) {
    this.#marker = marker;
  }

  count(chunk: Buffer): number {
    const keep = this.#marker.length - 1;
    let count = 0;
    if (this.#tail.length > 0) {
      const seam = Buffer.concat([this.#tail, chunk.subarray(0, keep)]);
      if (seam.includes(this.#marker)) count++;
    }
    let at = chunk.indexOf(this.#marker);
    let end = 0;
    while (at !== -1) {
      count++;
      end = at + this.#marker.length;
      at = chunk.indexOf(this.#marker, end);
    }
    const rest = chunk.subarray(Math.max(end, chunk.length - keep));
    // A chunk shorter than the marker continues the tail before it.
    const tail = end === 0 && chunk.length < keep ? Buffer.concat([this.#tail, rest]) : rest;
    this.#tail = Buffer.from(tail.subarray(Math.max(0, tail.length - keep)));
    return count;
  }
}

/** Encoded messages in one stretch of memory, taken in a circle. */
export class MessageRing {
  readonly #bytes: Buffer;
  readonly #starts: number[] = [0];
  #next = 0;

  constructor(messages: readonly string[]) {
    for (const message of messages) this.#starts.push((this.#starts.at(-1) ?? 0) + Buffer.byteLength(message));
    this.#bytes = Buffer.from(messages.join(""));
  }

  /** The next `count` messages; at the ring's end, fewer. */
  take(count: number): { readonly bytes: Buffer; readonly count: number } {
    const size = this.#starts.length - 1;
    const from = this.#next;
    const to = Math.min(size, from + count);
    this.#next = to % size;
    return { bytes: this.#bytes.subarray(this.#starts[from], this.#starts[to]), count: to - from };
  }
}

export class LoadConnection implements Disposable {
  readonly #socket: Socket;
  #onData: (chunk: Buffer) => void = () => {};
  #failure: Error | undefined;

  private constructor(open: (options: { onData(chunk: Buffer): void }) => Socket) {
    this.#socket = open({ onData: (chunk) => this.#onData(chunk) });
    this.#socket.on("error", (error) => {
      this.#failure = error;
    });
  }

  static open(path: string): Promise<LoadConnection> {
    return new Promise((resolve, reject) => {
      const buffer = Buffer.allocUnsafe(65_536);
      const connection = new LoadConnection(({ onData }) => {
        const read = (length: number) => {
          onData(buffer.subarray(0, length));
          return true;
        };
        return connect({ path, onread: { buffer, callback: read } });
      });
      connection.#socket.once("connect", () => resolve(connection));
      connection.#socket.once("error", reject);
    });
  }

  /** Sends one request and takes its whole reply, which must not be an error. Returns it as text. */
  async request(message: string): Promise<string> {
    const chunks: Buffer[] = [];
    const counter = new MarkerCounter(replyMarker);
    await this.#until(
      (chunk) => {
        chunks.push(Buffer.from(chunk));
        return counter.count(chunk) > 0;
      },
      () => Buffer.concat(chunks).toString().slice(0, 300),
      () => this.#socket.write(message),
    );
    return Buffer.concat(chunks).toString();
  }

  /** As `request`, without keeping what comes: the least that it can cost a client. */
  async exchange(message: Buffer): Promise<void> {
    const counter = new MarkerCounter(replyMarker);
    await this.#until(
      (chunk) => counter.count(chunk) > 0,
      undefined,
      () => this.#socket.write(message),
    );
  }

  /**
   * Sends messages of the ring, at most `inFlight` of them unanswered, until `total` were sent and answered. Sends more when
   * half are answered: a client that wakes for every single reply slows its server down. Returns the time taken (ms).
   */
  async pipeline(ring: MessageRing, total: number, inFlight: number): Promise<number> {
    const counter = new MarkerCounter(replyMarker);
    let sent = 0;
    let answered = 0;
    const send = (count: number) => {
      for (let left = Math.min(count, total - sent); left > 0; ) {
        const part = ring.take(left);
        this.#socket.write(part.bytes);
        sent += part.count;
        left -= part.count;
      }
    };
    const begin = performance.now();
    await this.#until(
      (chunk) => {
        answered += counter.count(chunk);
        if (sent - answered <= inFlight / 2) send(answered + inFlight - sent);
        return answered >= total;
      },
      undefined,
      () => send(inFlight),
    );
    return performance.now() - begin;
  }

  /** Resolves when `total` updates of rows have come. */
  updates(total: number): Promise<void> {
    const counter = new MarkerCounter(updateMarker);
    let seen = 0;
    return this.#until((chunk) => {
      seen += counter.count(chunk);
      return seen >= total;
    });
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #until(done: (chunk: Buffer) => boolean, seen: () => string = () => "", begin: () => void = () => {}): Promise<void> {
    return new Promise((resolve, reject) => {
      let chunks = 0;
      let before = 0;
      const watchdog = setInterval(() => {
        if (chunks === before) finish(this.#failure ?? new Error(`no success for ${stallMs} ms: ${seen()}`));
        before = chunks;
      }, stallMs);
      const finish = (error?: Error) => {
        clearInterval(watchdog);
        this.#onData = () => {};
        if (error) reject(error);
        else resolve();
      };
      this.#onData = (chunk) => {
        chunks++;
        if (done(chunk)) finish();
      };
      begin();
    });
  }
}
