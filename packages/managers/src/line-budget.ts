/** How many lines somebody else can cause in the log: so many in a while, then one that says that there are more. */

import type { Clock } from "@opensync-ts/base/clock";
import { managerLimits } from "./limits.ts";

export class LineBudget {
  readonly #clock: Clock;
  #since = Number.NEGATIVE_INFINITY;
  #lines = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `last`: there is no more room for lines, but for one that says so. */
  take(): "line" | "last" | "none" {
    const now = this.#clock.now();
    if (now - this.#since >= managerLimits.complaintSilenceMs) {
      this.#since = now;
      this.#lines = 0;
    }
    this.#lines++;
    if (this.#lines <= managerLimits.complaintLines) return "line";
    return this.#lines === managerLimits.complaintLines + 1 ? "last" : "none";
  }
}
