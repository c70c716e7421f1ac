/** What confsync did last, for the dump: a few dozen lines, the oldest forgotten first. Without secrets. */

import type { Clock } from "@opensync-ts/base/clock";
import { limits } from "./limits.ts";

export class History {
  readonly #clock: Clock;
  readonly #lines: string[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(text: string): void {
    this.#lines.push(`${new Date(this.#clock.wallTime()).toISOString()} ${text}`);
    if (this.#lines.length > limits.history) this.#lines.shift();
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }
}
