/**
 * One connection to the broker as a stream: packets are of bounded length, and come no faster than allowed. What is too
 * fast waits at the sender, by TCP's own flow control.
 */

import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { Clock, Timer } from "@opensync-ts/base/clock";
import { Allowance } from "../allowance.ts";
import * as limits from "../limits.ts";
import { PacketScanner } from "./packet-scanner.ts";

export class PacedStream extends Duplex {
  /** For logs: `ssl:10.0.0.7:40312`. */
  readonly peer: string;
  /** From the peer's certificate; undefined without TLS. */
  readonly commonName: string | undefined;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #scanner = new PacketScanner(limits.mqttPacketBytes);
  readonly #allowance: Allowance;
  #timer: Timer | undefined;

  constructor(socket: Socket, peer: string, commonName: string | undefined, clock: Clock) {
    super({ allowHalfOpen: false });
    this.peer = peer;
    this.commonName = commonName;
    this.#socket = socket;
    this.#clock = clock;
    this.#allowance = new Allowance(clock, limits.mqttBurstBytes, limits.mqttBytesPerSecond);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
    socket.pause();
  }

  override _read(): void {
    if (!this.#timer) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer; readonly encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    const bytes = chunks.map(({ chunk, encoding }) =>
      typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk,
    );
    this.#socket.write(Buffer.concat(bytes), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#timer?.cancel();
    this.#socket.destroy();
    done(error);
  }

  #take(chunk: Buffer): void {
    let packets: number;
    try {
      packets = this.#scanner.scan(chunk);
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    this.#allowance.use(chunk.length + packets * limits.mqttPacketCost);
    const { waitMs } = this.#allowance;
    const wanted = this.push(chunk);
    if (wanted && waitMs === 0) return;
    this.#socket.pause();
    if (waitMs === 0) return;
    this.#timer = this.#clock.setTimer(waitMs, () => {
      this.#timer = undefined;
      // Where the reader wants no more, `_read` resumes.
      if (this.readableLength < this.readableHighWaterMark) this.#socket.resume();
    });
  }
}
