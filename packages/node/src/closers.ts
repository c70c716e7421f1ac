/** What has to be closed again, last opened first; one that fails or hangs keeps no other from being closed. */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { nodeLimits } from "./limits.ts";

interface Closer {
  readonly name: string;
  readonly close: () => void | Promise<void>;
}

/**
 * All of them share `stopBudgetMs`. Each may use what is left of it but for `stopShareMs` for every one after it: so the
 * whole ends in time, however many hang, and the last one too gets its turn.
 */
export class Closers {
  readonly #clock: Clock;
  readonly #closers: Closer[] = [];
  #report: (problem: string) => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(name: string, close: Closer["close"]): void {
    this.#closers.push({ name, close });
  }

  /** Who is told of what did not close properly. */
  onProblem(report: (problem: string) => void): void {
    this.#report = report;
  }

  /** Idempotent; never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const end = this.#clock.now() + nodeLimits.stopBudgetMs;
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) {
      const { name, close } = closer;
      const reserve = this.#closers.length * nodeLimits.stopShareMs;
      const limit = Math.max(nodeLimits.stopShareMs, Math.floor(end - reserve - this.#clock.now()));
      try {
        await withDeadline(this.#clock, (async () => close())(), limit, "end");
      } catch (error) {
        this.#report(`${name}: ${messageOf(error)}`);
      }
    }
  }
}
