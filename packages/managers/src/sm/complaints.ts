/** Says what is wrong, each thing once a while and not too much of it together: bad input in masses must not fill the log. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { complaintKinds, complaintSilence, complaintsPerSilence } from "./limits.ts";

export class Complaints {
  readonly #clock: Clock;
  readonly #log: Log;
  /** When each was last said, the oldest first. */
  readonly #said = new Map<string, number>();
  #since = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #unsaid = 0;
  #count = 0;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** All there were, said or not. */
  get count(): number {
    return this.#count;
  }

  /** `text` says what is wrong, where, and what to do. */
  say(text: string): void {
    const now = this.#clock.now();
    this.#count++;
    if (now - this.#since >= complaintSilence) {
      if (this.#unsaid > 0) this.#log.warning(`sm: ${this.#unsaid} more complaints of this kind or others not logged`);
      this.#since = now;
      this.#lines = 0;
      this.#unsaid = 0;
    }
    const last = this.#said.get(text) ?? Number.NEGATIVE_INFINITY;
    if (now - last < complaintSilence || this.#lines >= complaintsPerSilence) {
      this.#unsaid++;
      return;
    }
    this.#said.delete(text);
    this.#said.set(text, now);
    const [oldest] = this.#said.keys();
    if (this.#said.size > complaintKinds && oldest !== undefined) this.#said.delete(oldest);
    this.#lines++;
    this.#log.warning(`sm: ${text}`);
  }
}
