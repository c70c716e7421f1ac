/** For tests: a virtual clock on which work takes time. */

import { VirtualClock } from "../clock.ts";

export class BusyClock extends VirtualClock {
  #worked = 0;

  override now(): number {
    return super.now() + this.#worked;
  }

  /** So many ms pass without a timer. */
  work(ms: number): void {
    this.#worked += ms;
  }
}
