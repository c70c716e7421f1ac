/**
 * The frames of QM's local socket: requests of managers, responses of QM. Little endian, as the C structures lie in
 * memory on every device there is. Several frames may follow each other on a connection.
 */

import { limits } from "./limits.ts";
import { type NameOf, Names } from "./names.ts";

const qmCommands = new Names({ STATUS: 1, SEND: 2 } as const);
const qmDataTypes = new Names({ RAW: 0, TEXT: 1, STATS: 2, LOG: 3 } as const);
const qmCompressions = new Names({ configured: 0, disable: 1, force: 2 } as const);
const qmResponses = new Names({ ERROR: 0, STATUS: 1, RECEIVED: 2, IGNORED: 3 } as const);
const qmErrors = new Names({
  NONE: 0,
  GENERAL: 100,
  CONNECT: 101,
  INVALID: 102,
  QUEUE: 103,
  SEND: 104,
} as const);
const qmConnections = new Names({ NO_CONF: 200, DISCONNECTED: 201, CONNECTED: 202 } as const);

/** The bits of a request's flags. */
const flagBits = { noResponse: 1, sendDirect: 2, acknowledge: 4 } as const;

export interface QmRequest {
  /** Comes back in the response. */
  readonly sequence: number;
  readonly command: NameOf<typeof qmCommands>;
  /** No response is wanted. */
  readonly noResponse: boolean;
  /** Publish at once or not at all. */
  readonly sendDirect: boolean;
  readonly acknowledge: boolean;
  /** Name of the process, at most 16 bytes. */
  readonly sender: string;
  /** Instead of the configured one. */
  readonly qos?: number;
  readonly compression: NameOf<typeof qmCompressions>;
  readonly dataType: NameOf<typeof qmDataTypes>;
  /** "" for the default topic. */
  readonly topic: string;
  readonly data: Uint8Array;
}

export interface QmResponse {
  readonly sequence: number;
  readonly response: NameOf<typeof qmResponses>;
  readonly error: NameOf<typeof qmErrors>;
  readonly flags: number;
  readonly connection: NameOf<typeof qmConnections>;
  /** Messages and bytes in the queue, and messages dropped from it so far. */
  readonly queueLength: number;
  readonly queueBytes: number;
  readonly queueDropped: number;
  /** Bytes of log waiting, and lines dropped. */
  readonly logBytes: number;
  readonly logDropped: number;
  readonly sentMessages: number;
  readonly sentBytes: number;
  readonly errors: number;
  readonly runtimeSeconds: number;
}

const requestHeaderBytes = 56;
export const responseBytes = 72;

/** Where a request's header has the two sizes. */
const topicAt = 44;
const dataAt = 48;

const requestVersion = 2;
const responseVersion = 1;

/** Header, topic with its NUL, data. Throws `RangeError` where topic, sender or data are longer than they may be. */
export function encodeRequest(request: QmRequest): Uint8Array {
  const topic = Buffer.from(request.topic === "" ? "" : `${request.topic}\0`);
  const sender = Buffer.from(request.sender);
  if (topic.length > limits.topic + 1) throw new RangeError(`topic of ${topic.length - 1} bytes`);
  if (sender.length > limits.sender) throw new RangeError(`sender of ${sender.length} bytes`);
  if (request.data.length > limits.payload) throw new RangeError(`data of ${request.data.length} bytes`);
  const flags =
    (request.noResponse ? flagBits.noResponse : 0) |
    (request.sendDirect ? flagBits.sendDirect : 0) |
    (request.acknowledge ? flagBits.acknowledge : 0);
  const frame = Buffer.alloc(requestHeaderBytes + topic.length + request.data.length);
  frame.write("QREQ", 0, "latin1");
  frame.writeUInt32LE(requestVersion, 4);
  frame.writeUInt32LE(request.sequence >>> 0, 8);
  frame.writeUInt32LE(qmCommands.value(request.command), 12);
  frame.writeUInt32LE(flags, 16);
  frame.set(sender, 20);
  frame[36] = request.qos === undefined ? 0 : 1;
  frame[37] = request.qos ?? 0;
  frame[38] = qmCompressions.value(request.compression);
  frame[39] = qmDataTypes.value(request.dataType);
  frame.writeUInt32LE(topic.length, topicAt);
  frame.writeUInt32LE(request.data.length, dataAt);
  frame.set(topic, requestHeaderBytes);
  frame.set(request.data, requestHeaderBytes + topic.length);
  return frame;
}

/** A request, or why it is none; of the latter the sequence number is known, so that it can be answered. */
export type ReadRequest =
  | { readonly kind: "request"; readonly request: QmRequest }
  | {
      readonly kind: "refused";
      readonly error: "INVALID" | "QUEUE";
      readonly sequence: number;
      readonly noResponse: boolean;
      readonly reason: string;
    };

interface Header extends Omit<QmRequest, "topic" | "data"> {
  readonly topicBytes: number;
  readonly dataBytes: number;
}

type Refused = Extract<ReadRequest, { kind: "refused" }>;

/**
 * Requests out of a stream of bytes that comes in any pieces. Holds at most one frame within the bounds. A frame that is
 * too large, or asks for what there is not, is skipped and told as refused; after bytes that are no frame at all nothing
 * can be read any more: the connection is to be closed.
 */
export class QmRequestReader {
  /** How many frames were refused, ended in the middle or were garbage. */
  refused = 0;
  #frame = Buffer.allocUnsafe(requestHeaderBytes);
  #filled = 0;
  /** Of the frame whose body is being read. */
  #header: Header | undefined;
  /** Bytes of a refused frame that are still to come. */
  #skip = 0;
  #failure: string | undefined;

  /** Why nothing more is read, once that is so. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Whether a frame has begun that has not ended. */
  get midFrame(): boolean {
    return this.#filled > 0 || this.#skip > 0;
  }

  *push(chunk: Uint8Array): Generator<ReadRequest> {
    let at = 0;
    while (at < chunk.length && this.#failure === undefined) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const piece = chunk.subarray(at, at + this.#frame.length - this.#filled);
      this.#frame.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled < this.#frame.length) return;
      const read = this.#header ? this.#takeBody(this.#header) : this.#takeHeader();
      if (read) yield read;
    }
  }

  /** The connection has ended: a frame in the middle is counted. True if there was one. */
  end(): boolean {
    const truncated = this.midFrame;
    // A frame that is skipped was counted when it was refused.
    if (this.#filled > 0) this.refused++;
    this.#startFrame();
    this.#skip = 0;
    return truncated;
  }

  #takeBody(header: Header): ReadRequest {
    const body = this.#frame.subarray(requestHeaderBytes);
    this.#startFrame();
    return { kind: "request", request: withBody(header, body) };
  }

  #takeHeader(): ReadRequest | undefined {
    const bytes = this.#frame;
    this.#startFrame();
    const garbage = notAHeader(bytes);
    if (garbage !== undefined) {
      this.#failure = garbage;
      this.refused++;
      return undefined;
    }
    const header = headerOf(bytes);
    if ("kind" in header) {
      this.refused++;
      this.#skip = bytes.readUInt32LE(topicAt) + bytes.readUInt32LE(dataAt);
      return header;
    }
    const body = header.topicBytes + header.dataBytes;
    if (body === 0) return { kind: "request", request: withBody(header, Buffer.alloc(0)) };
    this.#header = header;
    this.#frame = Buffer.allocUnsafe(requestHeaderBytes + body);
    this.#frame.set(bytes);
    this.#filled = requestHeaderBytes;
    return undefined;
  }

  /** What was read stays with whom it was given to: the next frame has memory of its own. */
  #startFrame(): void {
    this.#header = undefined;
    this.#frame = Buffer.allocUnsafe(requestHeaderBytes);
    this.#filled = 0;
  }
}

/** All but the padding, which is zero. */
export function encodeResponse(response: QmResponse): Uint8Array {
  const frame = Buffer.alloc(responseBytes);
  frame.write("RESP", 0, "latin1");
  const words = [
    responseVersion,
    response.sequence,
    qmResponses.value(response.response),
    qmErrors.value(response.error),
    response.flags,
    qmConnections.value(response.connection),
    response.queueLength,
    response.queueBytes,
    response.queueDropped,
    response.logBytes,
    response.logDropped,
    response.sentMessages,
  ];
  for (const [index, word] of words.entries()) frame.writeUInt32LE(word >>> 0, 4 + 4 * index);
  frame.writeBigUInt64LE(BigInt.asUintN(64, BigInt(response.sentBytes)), 56);
  frame.writeUInt32LE(response.errors >>> 0, 64);
  frame.writeUInt32LE(response.runtimeSeconds >>> 0, 68);
  return frame;
}

/** The response in 72 bytes, or why it is none. */
export function decodeResponse(bytes: Uint8Array): QmResponse | { readonly problem: string } {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.length !== responseBytes) return { problem: `${frame.length} bytes instead of ${responseBytes}` };
  if (frame.toString("latin1", 0, 4) !== "RESP") return { problem: "does not begin with RESP" };
  const word = (offset: number) => frame.readUInt32LE(offset);
  if (word(4) !== responseVersion) return { problem: `version ${word(4)} instead of ${responseVersion}` };
  const response = nameIn(qmResponses, word(12));
  const error = nameIn(qmErrors, word(16));
  const connection = nameIn(qmConnections, word(24));
  if (!response || !error || !connection) {
    return { problem: `unknown response ${word(12)}, error ${word(16)} or connection ${word(24)}` };
  }
  return {
    sequence: word(8),
    response,
    error,
    flags: word(20),
    connection,
    queueLength: word(28),
    queueBytes: word(32),
    queueDropped: word(36),
    logBytes: word(40),
    logDropped: word(44),
    sentMessages: word(48),
    sentBytes: Number(frame.readBigUInt64LE(56)),
    errors: word(64),
    runtimeSeconds: word(68),
  };
}

function notAHeader(bytes: Buffer): string | undefined {
  if (bytes.toString("latin1", 0, 4) !== "QREQ") return "does not begin with QREQ";
  const version = bytes.readUInt32LE(4);
  return version === requestVersion ? undefined : `version ${version} instead of ${requestVersion}`;
}

function headerOf(bytes: Buffer): Header | Refused {
  const word = (offset: number) => bytes.readUInt32LE(offset);
  const [sequence, flags, topicBytes, dataBytes] = [word(8), word(16), word(topicAt), word(dataAt)];
  const noResponse = (flags & flagBits.noResponse) !== 0;
  const refuse = (error: Refused["error"], reason: string): Refused => ({
    kind: "refused",
    error,
    sequence,
    noResponse,
    reason,
  });
  const command = nameIn(qmCommands, word(12));
  const compression = nameIn(qmCompressions, bytes[38] ?? 0);
  const dataType = nameIn(qmDataTypes, bytes[39] ?? 0);
  if (!command) return refuse("INVALID", `unknown command ${word(12)}`);
  if (!compression) return refuse("INVALID", `unknown compression ${bytes[38]}`);
  if (!dataType) return refuse("INVALID", `unknown data type ${bytes[39]}`);
  if (bytes[36] !== 0 && (bytes[37] ?? 0) > 2) return refuse("INVALID", `qos ${bytes[37]}, use 0, 1 or 2`);
  if (topicBytes > limits.topic + 1) return refuse("INVALID", `topic of ${topicBytes} bytes, at most ${limits.topic}`);
  if (dataBytes > limits.payload) return refuse("QUEUE", `${dataBytes} bytes, at most ${limits.payload}`);
  return {
    sequence,
    command,
    noResponse,
    sendDirect: (flags & flagBits.sendDirect) !== 0,
    acknowledge: (flags & flagBits.acknowledge) !== 0,
    sender: text(bytes.subarray(20, 36)),
    ...(bytes[36] !== 0 && { qos: bytes[37] ?? 0 }),
    compression,
    dataType,
    topicBytes,
    dataBytes,
  };
}

function withBody({ topicBytes, dataBytes, ...header }: Header, body: Buffer): QmRequest {
  return {
    ...header,
    topic: text(body.subarray(0, topicBytes)),
    data: body.subarray(topicBytes, topicBytes + dataBytes),
  };
}

function nameIn<Name extends string>(names: Names<Name, number>, value: number): Name | undefined {
  return names.names.find((name) => names.value(name) === value);
}

/** A C string: up to its NUL. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}
