/** Warnings about what others do wrong: each kind once a minute at most, with how often it happened meanwhile. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { qmLimits } from "./limits.ts";

interface Complaint {
  readonly loggedAt: number;
  unsaid: number;
}

export class Complaints {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, Complaint>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** `kind`: what is counted together. */
  say(kind: string, text: string): void {
    const now = this.#clock.now();
    const known = this.#known.get(kind);
    if (known && now - known.loggedAt < qmLimits.complaintPeriod) {
      known.unsaid++;
      return;
    }
    const more = known && known.unsaid > 0 ? ` (and ${known.unsaid} times since the line before)` : "";
    this.#log.warning(`${text}${more}`);
    this.#known.delete(kind);
    if (this.#known.size >= qmLimits.complaints) this.#forgetOldest();
    this.#known.set(kind, { loggedAt: now, unsaid: 0 });
  }

  #forgetOldest(): void {
    for (const kind of this.#known.keys()) {
      this.#known.delete(kind);
      return;
    }
  }
}
