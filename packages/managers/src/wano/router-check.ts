/** Asks once whether the router of a static address answers, and keeps what came out for as long as the address is at work. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Network } from "@opensync-ts/target/network";
import { pluginTimeout } from "./limits.ts";
import type { Observation } from "./pipeline-model.ts";

export class RouterCheck {
  readonly #network: Network;
  readonly #clock: Clock;
  readonly #onResult: () => void;
  #result: Observation["router"] = "unknown";
  #running: AbortController | undefined;

  constructor(network: Network, clock: Clock, onResult: () => void) {
    this.#network = network;
    this.#clock = clock;
    this.#onResult = onResult;
  }

  get result(): Observation["router"] {
    return this.#result;
  }

  /** Does nothing where it is asking, or has an answer. */
  start(link: string): void {
    if (this.#running || this.#result !== "unknown") return;
    const running = new AbortController();
    this.#running = running;
    const timer = this.#clock.setTimer(pluginTimeout, () => running.abort(new Error("no answer in time")));
    const finish = (answers: boolean) => {
      timer.cancel();
      if (this.#running !== running) return;
      this.#running = undefined;
      this.#result = answers ? "answers" : "silent";
      this.#onResult();
    };
    this.#network
      .probe(link, "router", "ipv4", { fast: false, signal: running.signal })
      .then(finish, () => finish(false));
  }

  /** Forgets what came out. */
  reset(): void {
    const running = this.#running;
    this.#running = undefined;
    this.#result = "unknown";
    running?.abort(new Error("not needed any more"));
  }
}
