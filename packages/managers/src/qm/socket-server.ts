/** QM's local socket: processes that are no managers of this node hand in messages here, as frames of `qm-frame`. */

import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { Clock, Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import {
  encodeResponse,
  type QmRequest,
  QmRequestReader,
  type QmResponse,
  type ReadRequest,
} from "@opensync-ts/telemetry/qm-frame";
import type { OutboxError } from "../outbox.ts";
import type { Intake } from "./intake.ts";
import { qmLimits } from "./limits.ts";

export interface SocketServerOptions {
  readonly clock: Clock;
  readonly intake: Intake;
}

export class SocketServer {
  readonly #server: Server;
  readonly #clients = new Set<QmClient>();

  private constructor(options: SocketServerOptions) {
    this.#server = createServer((socket) => this.#accept(socket, options));
  }

  /**
   * Serves at `path`, for its owner only. The path is the node's own: a socket that lies there is of a process that died.
   * Rejects where the socket cannot be made.
   */
  static async listen(path: string, options: SocketServerOptions): Promise<SocketServer> {
    const before = lstatSync(path, { throwIfNoEntry: false });
    if (before && !before.isSocket()) throw new Error("a file that is no socket is in the way; remove it");
    if (before) unlinkSync(path);
    const server = new SocketServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen({ path, backlog: qmLimits.backlog }, resolve);
    });
    server.#server.removeAllListeners("error");
    // Such as too many open files: that connection is lost, the socket stays.
    server.#server.on("error", (error) =>
      options.intake.turnAway("accept", `socket: cannot accept: ${messageOf(error)}`),
    );
    chmodSync(path, 0o600);
    return server;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Ends all connections and removes the socket. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const client of this.#clients) client.destroy();
    await closed;
  }

  #accept(socket: Socket, options: SocketServerOptions): void {
    if (this.#clients.size >= qmLimits.clients) {
      const fix = "close some, or send several frames on one";
      options.intake.turnAway("clients", `socket: a client is turned away: ${qmLimits.clients} are connected; ${fix}`);
      socket.on("error", () => {});
      socket.destroy();
      return;
    }
    const client = new QmClient(socket, options, () => this.#clients.delete(client));
    this.#clients.add(client);
  }
}

class QmClient {
  readonly #socket: Socket;
  readonly #options: SocketServerOptions;
  readonly #reader = new QmRequestReader();
  /** Ends the connection when a frame is not complete, or responses are not taken, in time. */
  #deadline: Timer | undefined;
  #sender = "?";

  constructor(socket: Socket, options: SocketServerOptions, onClose: () => void) {
    this.#socket = socket;
    this.#options = options;
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("drain", () => this.#resume());
    socket.on("error", () => {});
    socket.on("end", () => this.#ended());
    socket.on("close", () => {
      this.#deadline?.cancel();
      this.#ended();
      onClose();
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let complete = 0;
    for (const read of this.#reader.push(chunk)) {
      complete++;
      this.#answer(read);
    }
    const { failure } = this.#reader;
    if (failure !== undefined) {
      this.#turnAway("garbage", `disconnected: no frame: ${failure}`);
      this.destroy();
    } else if (this.#socket.writableLength > qmLimits.responseBytes) {
      this.#socket.pause();
      this.#arm("does not take its responses");
    } else if (complete > 0 || !this.#deadline) {
      this.#arm("sends a frame without an end");
    }
  }

  #resume(): void {
    if (!this.#socket.isPaused()) return;
    this.#arm("sends a frame without an end");
    this.#socket.resume();
  }

  /** Between two frames a client may be silent as long as it likes. */
  #arm(problem: string): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    if (!this.#reader.midFrame && !this.#socket.isPaused()) return;
    this.#deadline = this.#options.clock.setTimer(qmLimits.frameDeadline, () => {
      this.#turnAway("slow client", `disconnected: ${problem} for ${qmLimits.frameDeadline / 1_000} s`);
      this.destroy();
    });
  }

  #answer(read: ReadRequest): void {
    if (read.kind === "refused") {
      this.#turnAway(`frame ${read.error}`, `frame refused: ${read.reason}`);
      if (!read.noResponse) this.#respond(read.sequence, "ERROR", read.error);
      return;
    }
    const { request } = read;
    const [response, error] = this.#handle(request);
    if (!request.noResponse) this.#respond(request.sequence, response, error);
  }

  #handle(request: QmRequest): readonly [QmResponse["response"], OutboxError] {
    // It goes into the log.
    const sender = request.sender.replaceAll(/\p{Cc}/gu, "?");
    this.#sender = sender;
    if (request.command === "STATUS") return ["STATUS", "NONE"];
    const { qos, ...message } = { ...request, sender };
    const error = this.#options.intake.take({ ...message, ...(qos !== undefined && { qos: qos as 0 | 1 | 2 }) });
    return [error === "NONE" ? "RECEIVED" : "ERROR", error];
  }

  #respond(sequence: number, response: QmResponse["response"], error: OutboxError): void {
    if (!this.#socket.writable) return;
    this.#socket.write(encodeResponse({ ...this.#options.intake.status(), sequence, response, error, flags: 0 }));
  }

  #ended(): void {
    if (this.#reader.end()) this.#turnAway("truncated", "a frame ended in the middle and is dropped");
  }

  #turnAway(kind: string, text: string): void {
    this.#options.intake.turnAway(kind, `socket: client '${this.#sender}': ${text}`);
  }
}
