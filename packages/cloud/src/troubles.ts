/** One line for a trouble, then at most one a while for all that are like it: who sends garbage in masses must not fill the log too. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import * as limits from "./limits.ts";

export class Troubles {
  readonly #clock: Clock;
  readonly #log: Log;
  /** By key, the oldest first. */
  readonly #known = new Map<string, { toldAt: number; untold: number }>();
  /** Lines since `#since`, and what was left out because they were too many. */
  #lines = 0;
  #leftOut = 0;
  #since = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Troubles of one `key` are alike; `text` says what, where and what to do. Whether there is a line of it now. */
  tell(key: string, text: string): boolean {
    const now = this.#clock.now();
    const known = this.#known.get(key) ?? { toldAt: Number.NEGATIVE_INFINITY, untold: 0 };
    this.#known.set(key, known);
    if (this.#known.size > limits.rememberedTroubles) this.#known.delete(this.#known.keys().next().value ?? key);
    if (now - known.toldAt < limits.troubleSilenceMs) {
      known.untold++;
      return false;
    }
    if (!this.#hasRoom(now)) {
      known.untold++;
      this.#leftOut++;
      return false;
    }
    const short = text.length > limits.troubleLength ? `${text.slice(0, limits.troubleLength)} …` : text;
    this.#log.warning(known.untold === 0 ? short : `${short} (and ${known.untold} times more since the last line)`);
    known.toldAt = now;
    known.untold = 0;
    return true;
  }

  /** Each may be of another kind, and there may still be too many of them. */
  #hasRoom(now: number): boolean {
    if (now - this.#since >= limits.troubleSilenceMs) {
      if (this.#leftOut > 0)
        this.#log.warning(`${this.#leftOut} lines about troubles were left out: there were too many`);
      this.#since = now;
      this.#lines = 0;
      this.#leftOut = 0;
    }
    return this.#lines++ < limits.troubleLines;
  }
}
