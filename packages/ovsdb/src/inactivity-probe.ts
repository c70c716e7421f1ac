/** Tells a silent peer from a dead one: asks `echo` after a period of silence, and gives up after a second one. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { JsonRpcPeer } from "./jsonrpc.ts";

export class InactivityProbe {
  readonly #clock: Clock;
  readonly #peer: JsonRpcPeer;
  #periodMs = 0;
  #timer: Timer | undefined;
  /** When `echo` was sent, and how much had been received by then; undefined while the peer is heard of. */
  #asked: { readonly at: number; readonly received: number } | undefined;

  /** `periodMs` 0: never probes. */
  constructor(clock: Clock, peer: JsonRpcPeer, periodMs: number) {
    this.#clock = clock;
    this.#peer = peer;
    this.setPeriod(periodMs);
  }

  /** The peer was silent for a period and has not answered yet. */
  get idle(): boolean {
    return this.#asked?.received === this.#peer.chunksReceived;
  }

  setPeriod(periodMs: number): void {
    if (periodMs === this.#periodMs) return;
    this.#periodMs = periodMs;
    this.#arm();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    this.stop();
    if (this.#periodMs <= 0 || this.#peer.closing) return;
    const heard = Math.max(this.#peer.lastReceived, this.#asked?.at ?? Number.NEGATIVE_INFINITY);
    this.#timer = this.#clock.setTimer(heard + this.#periodMs - this.#clock.now(), () => this.#check());
  }

  #check(): void {
    if (this.#peer.closing) return;
    if (this.idle) {
      this.#peer.abort(`no response to inactivity probe after ${this.#periodMs / 1000} seconds, disconnecting`);
      return;
    }
    this.#asked = undefined;
    // The sum of `#arm`, lest a rounding error arms a timer of no length for ever.
    if (this.#peer.lastReceived + this.#periodMs <= this.#clock.now()) {
      this.#asked = { at: this.#clock.now(), received: this.#peer.chunksReceived };
      // Whatever comes back shows that the peer lives, an error as well.
      this.#peer.request("echo", []).catch(() => {});
    }
    this.#arm();
  }
}
