/** When a connected node was heard of last, and whether it answers who looks at it: a broken line says nothing by itself. */

import type { Clock } from "@opensync-ts/base/clock";
import * as limits from "./limits.ts";
import type { NodeWire } from "./node-wire.ts";

export class SignsOfLife {
  readonly #clock: Clock;
  readonly #lastReceived: () => number | undefined;
  /** Times are ms of the clock. */
  #heard: number | undefined;
  #asked: number | undefined;

  /** `lastReceived`: when anything came over the connection, ms of the clock; undefined: that cannot be told. */
  constructor(clock: Clock, lastReceived: () => number | undefined) {
    this.#clock = clock;
    this.#lastReceived = lastReceived;
  }

  /** Wall clock, ms; null: that cannot be told. */
  get heardAt(): number | null {
    const last = this.#last;
    return last === undefined ? null : Math.round(this.#clock.wallTime() - (this.#clock.now() - last));
  }

  /** It was asked, and has had its time to answer. */
  get isSilent(): boolean {
    return this.#isAsked && this.#clock.now() - (this.#asked ?? 0) >= limits.signOfLifeMs;
  }

  /** It was heard of in another way than over its connection. */
  heard(): void {
    this.#heard = this.#clock.now();
  }

  /** Asks a node that has been silent for a while; one question at a time. */
  look(wire: Pick<NodeWire, "request"> | undefined): void {
    const now = this.#clock.now();
    const last = this.#last;
    if (!wire || last === undefined || this.#isAsked || now - last < limits.lookedAtProbeMs) return;
    this.#asked = now;
    // Whatever comes back is a sign of life; that nothing does ends no connection.
    wire.request("echo", []).catch(() => {});
  }

  get #last(): number | undefined {
    const received = this.#lastReceived();
    if (received === undefined || this.#heard === undefined) return received;
    return Math.max(received, this.#heard);
  }

  /** Nothing has come since it was asked. */
  get #isAsked(): boolean {
    return this.#asked !== undefined && (this.#last ?? 0) <= this.#asked;
  }
}
