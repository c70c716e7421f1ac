/** One line for a trouble, then at most one a while for all that are like it: who sends garbage in masses must not fill the log too. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import * as limits from "./limits.ts";

export class Troubles {
  readonly #clock: Clock;
  readonly #log: Log;
  /** By key, the oldest first. */
  readonly #known = new Map<string, { toldAt: number; untold: number }>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Troubles of one `key` are alike; `text` says what, where and what to do. */
  tell(key: string, text: string): void {
    const now = this.#clock.now();
    const known = this.#known.get(key) ?? { toldAt: Number.NEGATIVE_INFINITY, untold: 0 };
    this.#known.set(key, known);
    if (this.#known.size > limits.rememberedTroubles) this.#known.delete(this.#known.keys().next().value ?? key);
    if (now - known.toldAt < limits.troubleSilenceMs) {
      known.untold++;
      return;
    }
    this.#log.warning(known.untold === 0 ? text : `${text} (and ${known.untold} times more since the last line)`);
    known.toldAt = now;
    known.untold = 0;
  }
}
