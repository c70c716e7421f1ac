/**
 * One connection in the thread of the sockets: answers `echo` itself, and carries the rest to the thread of the sessions and back. It reads on
 * while the sessions are busy, as far as the bounds let it; beyond, the peer waits.
 */

import type { Transport } from "@opensync-ts/ovsdb/transport";
import * as limits from "../limits.ts";
import { EchoAnswers } from "./echo-answers.ts";
import type { HeldBytes } from "./held-bytes.ts";
import type { Outbox } from "./outbox.ts";

export interface CarriedSocketOptions {
  readonly connection: number;
  readonly transport: Transport;
  readonly outbox: Outbox;
  readonly held: HeldBytes;
  /** Whether the sessions have been heard of lately; for those who are stuck nobody is told that all is well. */
  readonly sessionsLive: () => boolean;
  readonly closed: () => void;
}

export class CarriedSocket {
  readonly #options: CarriedSocketOptions;
  readonly #transport: Transport;
  readonly #echo = new EchoAnswers();
  #carriesAll = false;
  /** Bytes that the sessions have not handled yet. */
  #held = 0;
  /** Bytes of the sessions that the system has not taken yet, as they know it. */
  #unsent = 0;
  #paused = false;
  readonly #proceed = () => this.#pace();

  constructor(options: CarriedSocketOptions) {
    const { connection, transport, outbox, held } = options;
    this.#options = options;
    this.#transport = transport;
    transport.start({
      data: (chunk) => this.#heard(chunk),
      ended: () => outbox.tell(["ended", connection]),
      drained: () => {
        this.#tellSent();
        this.#pace();
      },
      closed: (error) => {
        held.leave(this.#proceed);
        held.remove(this.#held);
        this.#held = 0;
        options.closed();
        outbox.tell(["closed", connection, error?.message]);
      },
    });
  }

  write(text: string, bytes: number): void {
    this.#transport.write(text, bytes);
    this.#unsent += bytes;
    this.#tellSent();
  }

  taken(bytes: number): void {
    const handled = Math.min(bytes, this.#held);
    this.#held -= handled;
    this.#options.held.remove(handled);
    this.#pace();
  }

  carryAll(all: boolean): void {
    this.#carriesAll = all;
  }

  close(): void {
    this.#transport.close();
  }

  destroy(): void {
    this.#transport.destroy();
  }

  #heard(chunk: Uint8Array): void {
    const { connection, outbox, held, sessionsLive } = this.#options;
    const { rest, answers } = this.#echo.hear(chunk);
    const isAnswered = !this.#carriesAll && sessionsLive();
    const carried = isAnswered ? rest : [chunk];
    if (isAnswered) for (const answer of answers) this.#transport.write(answer);
    if (carried.length === 0) outbox.tell(["answered", connection]);
    for (const part of carried) {
      outbox.data(connection, part);
      this.#held += part.length;
      held.add(part.length);
    }
    this.#pace();
  }

  #tellSent(): void {
    const sent = this.#unsent - Math.min(this.#unsent, this.#transport.waiting);
    if (sent === 0) return;
    this.#unsent -= sent;
    this.#options.outbox.tell(["sent", this.#options.connection, sent]);
  }

  /** Who does not read its answers is not asked for more questions, either. */
  #pace(): void {
    const { held } = this.#options;
    const mustWait =
      this.#held > limits.heldBytes || this.#transport.waiting > limits.unreadAnswerBytes || held.isTooMuch;
    if (held.isTooMuch) held.wait(this.#proceed);
    if (mustWait === this.#paused) return;
    this.#paused = mustWait;
    if (mustWait) this.#transport.pause();
    else this.#transport.resume();
  }
}
