/**
 * What a client wants to send and receive, and what comes of it: of what it wanted while it was served, the part that the air gave and
 * that nobody on the way to the Internet kept back.
 */

import { type Load, type TrafficSource, triesOf, type Volume } from "./traffic.ts";

const nothing: Volume = { down: 0, up: 0 };

export class TrafficBook {
  readonly #source: TrafficSource;
  #wanted = nothing;
  #delivered = nothing;
  #satisfaction = 1;
  #heldBack = false;

  constructor(source: TrafficSource) {
    this.#source = source;
  }

  /** Bytes that it would have received and sent, had there always been room for them. */
  get wanted(): Volume {
    return this.#wanted;
  }

  /** Bytes received and sent so far. */
  get delivered(): Volume {
    return this.#delivered;
  }

  /** Whether somebody on the way to the Internet lets nothing of it through. All its traffic is the Internet's. */
  get isHeldBack(): boolean {
    return this.#heldBack;
  }

  /** What it wants at `now`, until which it has been booked: else that is lost. */
  wants(now: number): Load {
    return this.#source.load(now);
  }

  /** Likewise what it puts on the air, if there is room: all that it wants, or what is left of that where nothing comes back. */
  load(now: number): Load {
    const wanted = this.#source.load(now);
    return this.#heldBack ? triesOf(wanted) : wanted;
  }

  /** Books what was wanted since the last time, when it was `served` or not. Before any of this changes, that is to be booked. */
  account(now: number, served: boolean): void {
    const wanted = this.#source.take(now);
    this.#wanted = sum(this.#wanted, wanted);
    if (!served) return;
    const { down, up } = this.#heldBack ? { down: 0, up: wanted.up * this.#source.triedPart } : wanted;
    this.#delivered = sum(this.#delivered, { down: down * this.#satisfaction, up: up * this.#satisfaction });
  }

  /** The fraction of its wishes that the air gives from now on. */
  satisfied(fraction: number): void {
    this.#satisfaction = fraction;
  }

  holdBack(held: boolean): void {
    this.#heldBack = held;
  }
}

function sum(a: Volume, b: Volume): Volume {
  return { down: a.down + b.down, up: a.up + b.up };
}
