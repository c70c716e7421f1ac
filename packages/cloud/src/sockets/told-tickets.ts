/** The keys of TLS tickets in a thread that is told of them; whoever has their file tells when there is another one. */

import type { Clock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import type { TicketKeys } from "@opensync-ts/ovsdb/tls-sessions";

export class ToldTickets implements TicketKeys {
  readonly lifeMs: number;
  readonly #clock: Clock;
  readonly #events = new Emitter<{ change: Buffer }>();
  #keys: Buffer;

  constructor(keys: Uint8Array, lifeMs: number, clock: Clock) {
    this.#keys = Buffer.from(keys);
    this.lifeMs = lifeMs;
    this.#clock = clock;
  }

  get current(): Buffer {
    return this.#keys;
  }

  wallTime(): number {
    return this.#clock.wallTime();
  }

  onChange(listener: (keys: Buffer) => void): () => void {
    return this.#events.on("change", listener);
  }

  change(keys: Uint8Array): void {
    this.#keys = Buffer.from(keys);
    this.#events.emit("change", this.#keys);
  }
}
