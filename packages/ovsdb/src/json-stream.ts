/**
 * Cuts JSON texts out of a byte stream. OVSDB puts no terminator between messages (RFC 7047 §4), and peers write in
 * pieces as small as one byte, so the end of a message is where its brackets close. Every byte is looked at once.
 */

import { wireLimits } from "./limits.ts";
import { asciiToText, utf8ToText } from "./platform.ts";

/** The stream is no longer a sequence of JSON texts; nothing after this point can be understood. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

export interface CutterLimits {
  /** The longest message, in bytes. */
  readonly maxMessageBytes?: number;
  /** The deepest nesting of arrays and objects. */
  readonly maxDepth?: number;
}

const nothing = new Uint8Array(0);
const quote = 0x22;
const backslash = 0x5c;

/** Finds where JSON texts end. Feed it the stream in order; what stands between two texts it is not to see. */
export class MessageScanner {
  readonly #maxDepth: number;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #bits = 0;

  /** `maxDepth`: the deepest nesting of arrays and objects. */
  constructor(maxDepth: number = wireLimits.maxDepth) {
    this.#maxDepth = maxDepth;
  }

  /** Whether a text has begun and not ended. */
  get inMessage(): boolean {
    return this.#depth > 0;
  }

  /** All bytes of the text or-ed together: below 0x80 while it is ASCII. */
  get bits(): number {
    return this.#bits;
  }

  /** The first byte from `from` on that is no white space, of a chunk between two texts. Throws a `FramingError` where no text begins there. */
  skipSpace(chunk: Uint8Array, from: number): number {
    let position = from;
    for (; position < chunk.length; position++) {
      const byte = chunk[position] as number;
      if (byte === 0x7b || byte === 0x5b) return position;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        throw new FramingError(`a JSON object was expected, not byte 0x${byte.toString(16).padStart(2, "0")}`);
      }
    }
    return position;
  }

  /** Scans from `from` to the byte after the text's end, or to the end of the chunk. Throws a `FramingError` where it is nested too deeply. */
  scan(chunk: Uint8Array, from: number): number {
    const { length } = chunk;
    let position = from;
    let depth = this.#depth;
    let bits = depth === 0 ? 0 : this.#bits;
    let inString = this.#inString;
    while (position < length) {
      const byte = chunk[position++] as number;
      if (inString) {
        bits |= byte;
        if (this.#escaped) this.#escaped = false;
        else if (byte === quote) inString = false;
        else if (byte === backslash) this.#escaped = true;
      } else if (byte === quote) {
        inString = true;
      } else if (byte === 0x7b || byte === 0x5b) {
        if (++depth > this.#maxDepth) throw new FramingError(`JSON nested deeper than ${this.#maxDepth} levels`);
      } else if (byte === 0x7d || byte === 0x5d) {
        if (--depth === 0) break;
      } else {
        bits |= byte;
      }
    }
    this.#depth = depth;
    this.#bits = bits;
    this.#inString = inString;
    return position;
  }
}

/** Feed it with `push`, then call `next` until it returns undefined. */
export class MessageCutter {
  readonly #maxBytes: number;
  readonly #scanner: MessageScanner;
  /** Chunks not scanned to their end yet; the first is scanned up to `#position`. */
  readonly #chunks: Uint8Array[] = [];
  #position = 0;
  /** The part of the current message that came in earlier chunks. */
  #kept = nothing;
  #keptLength = 0;

  constructor(limits: CutterLimits = {}) {
    this.#maxBytes = limits.maxMessageBytes ?? wireLimits.maxMessageBytes;
    this.#scanner = new MessageScanner(limits.maxDepth);
  }

  /** Adds received bytes. The chunk is kept until it is scanned, and must not be changed. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
  }

  /** Whether a message has begun and not ended. */
  get inMessage(): boolean {
    return this.#scanner.inMessage;
  }

  /**
   * The next complete JSON text (an array or object; its inside is not checked), or undefined until more bytes come.
   * Throws a `FramingError` on anything else, on invalid UTF-8 and beyond the limits; the stream is then lost.
   */
  next(): string | undefined {
    const scanner = this.#scanner;
    for (let chunk = this.#chunks[0]; chunk; chunk = this.#chunks[0]) {
      const begin = scanner.inMessage ? this.#position : scanner.skipSpace(chunk, this.#position);
      const end = begin < chunk.length ? scanner.scan(chunk, begin) : begin;
      if (end > begin && !scanner.inMessage) {
        const text = this.#take(chunk, begin, end);
        this.#advance(chunk, end);
        return text;
      }
      if (begin < chunk.length) this.#keep(chunk, begin);
      this.#advance(chunk, chunk.length);
    }
    return undefined;
  }

  #advance(chunk: Uint8Array, position: number): void {
    this.#position = position;
    if (position < chunk.length) return;
    this.#chunks.shift();
    this.#position = 0;
  }

  /** The message that ends before `end`; the state is ready for the next one. */
  #take(chunk: Uint8Array, begin: number, end: number): string {
    let bytes = chunk.subarray(begin, end);
    if (this.#keptLength > 0) {
      this.#keep(chunk.subarray(0, end), begin);
      bytes = this.#kept.subarray(0, this.#keptLength);
    } else {
      this.#checkLength(bytes.length);
    }
    const text = this.#scanner.bits < 0x80 ? asciiToText(bytes) : utf8ToText(bytes);
    if (text === undefined) throw new FramingError("the message is not valid UTF-8");
    this.#keptLength = 0;
    this.#kept = nothing;
    return text;
  }

  /** Copies the chunk from `begin` on behind what is kept, doubling the room so that copying stays linear. */
  #keep(chunk: Uint8Array, begin: number): void {
    const needed = this.#keptLength + chunk.length - begin;
    this.#checkLength(needed);
    if (needed > this.#kept.length) {
      const room = new Uint8Array(Math.max(1024, needed, this.#kept.length * 2));
      room.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = room;
    }
    this.#kept.set(begin === 0 ? chunk : chunk.subarray(begin), this.#keptLength);
    this.#keptLength = needed;
  }

  #checkLength(length: number): void {
    if (length > this.#maxBytes) throw new FramingError(`message longer than ${this.#maxBytes} bytes`);
  }
}
