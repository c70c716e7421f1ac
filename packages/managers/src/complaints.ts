/**
 * Warnings about what others do wrong: each kind once a minute, with how often it happened meanwhile, and not too much of all
 * together: bad input in masses must not fill the log.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { managerLimits } from "./limits.ts";
import { LineBudget } from "./line-budget.ts";

interface Complaint {
  readonly saidAt: number;
  unsaid: number;
}

export class Complaints {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #prefix: string;
  readonly #budget: LineBudget;
  /** By kind, the one that was said last at the end. */
  readonly #known = new Map<string, Complaint>();
  #count = 0;

  /** `prefix`: before each line. */
  constructor(clock: Clock, log: Log, prefix = "") {
    this.#clock = clock;
    this.#log = log;
    this.#prefix = prefix;
    this.#budget = new LineBudget(clock);
  }

  /** All there were, said or not. */
  get count(): number {
    return this.#count;
  }

  /** `text` says what is wrong, where, and what to do. `kind`: what is counted together. */
  say(text: string, kind = text): void {
    const now = this.#clock.now();
    this.#count++;
    const known = this.#known.get(kind);
    if (known && now - known.saidAt < managerLimits.complaintSilenceMs) {
      known.unsaid++;
      return;
    }
    const line = this.#budget.take();
    if (line === "last") this.#warn("more complaints of other kinds are not logged for a while");
    if (line !== "line") return;
    this.#warn(`${text}${known && known.unsaid > 0 ? ` (and ${known.unsaid} times since the line before)` : ""}`);
    this.#known.delete(kind);
    this.#known.set(kind, { saidAt: now, unsaid: 0 });
    const [oldest] = this.#known.keys();
    if (this.#known.size > managerLimits.complaintKinds && oldest !== undefined) this.#known.delete(oldest);
  }

  #warn(text: string): void {
    this.#log.warning(`${this.#prefix}${text}`);
  }
}
