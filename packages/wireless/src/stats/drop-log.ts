/** One line for what was dropped, then at most one a while for all that followed: garbage in masses must not fill the log too. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { limits } from "../limits.ts";

export class DropLog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #topic: string;
  /** By reason, the oldest first. */
  readonly #reasons = new Map<string, { spokenAt: number; unspoken: number }>();

  constructor(clock: Clock, log: Log, topic = "stats") {
    this.#clock = clock;
    this.#log = log;
    this.#topic = topic;
  }

  /** `reason` says what was dropped, why, and what to do. */
  dropped(reason: string, count = 1): void {
    const now = this.#clock.now();
    const entry = this.#reasons.get(reason) ?? { spokenAt: Number.NEGATIVE_INFINITY, unspoken: 0 };
    this.#reasons.set(reason, entry);
    if (this.#reasons.size > limits.statsDropReasons) this.#reasons.delete(this.#reasons.keys().next().value ?? reason);
    entry.unspoken += count;
    if (now - entry.spokenAt < limits.statsDropSilence) return;
    this.#log.warning(`osw: ${this.#topic}: ${entry.unspoken} ${reason}`);
    entry.spokenAt = now;
    entry.unspoken = 0;
  }
}
