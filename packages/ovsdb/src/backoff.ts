/** The pauses between attempts: doubling, bounded, and never the same for two who lost the same server. */

import type { Random } from "@opensync-ts/base/random";

export interface BackoffOptions {
  readonly random: Pick<Random, "next">;
  /** The first pause, and the longest (ms). */
  readonly minMs: number;
  readonly maxMs: number;
}

export class Backoff {
  readonly #options: BackoffOptions;
  #round = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** The next pause (whole ms): between half of the doubled one and all of it. */
  next(): number {
    const { random, minMs, maxMs } = this.#options;
    const whole = Math.min(maxMs, minMs * 2 ** Math.min(this.#round++, 30));
    return Math.round(whole / 2 + (whole / 2) * random.next());
  }

  /** All is well again: the next pause is a short one. */
  reset(): void {
    this.#round = 0;
  }
}
