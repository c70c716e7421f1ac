/** When a connected node was heard of last, and whether it answers who looks at it: a broken line says nothing by itself. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import * as limits from "./limits.ts";
import type { NodeWire } from "./node-wire.ts";

export class SignsOfLife {
  readonly #clock: Clock;
  readonly #lastReceived: () => number | undefined;
  /** Times are ms of the clock. */
  #heard: number | undefined;
  #asked: number | undefined;
  /** What was told last. */
  #told = false;
  readonly #tell: (isSilent: boolean) => void;
  #timer: Timer | undefined;

  /**
   * `lastReceived`: when anything came over the connection, ms of the clock; undefined: that cannot be told. `tell` is called when it has
   * become silent, and when that is over.
   */
  constructor(
    clock: Clock,
    lastReceived: () => number | undefined,
    tell: (isSilent: boolean) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#lastReceived = lastReceived;
    this.#tell = tell;
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
    this.#note();
    this.#asked = now;
    // Whatever comes back is a sign of life; that nothing does ends no connection.
    wire.request("echo", []).catch(() => {});
    this.#watch(limits.signOfLifeMs);
  }

  /** Nothing is told any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Until something has come: what comes is not said to anybody here. */
  #watch(delayMs: number): void {
    this.stop();
    this.#timer = this.#clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      if (this.#isAsked) this.#watch(limits.silenceWatchMs);
      this.#note();
    });
  }

  #note(): void {
    const { isSilent } = this;
    if (isSilent === this.#told) return;
    this.#told = isSilent;
    this.#tell(isSilent);
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
