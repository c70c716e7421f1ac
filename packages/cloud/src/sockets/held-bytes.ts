/** How much the thread of the sessions has been given and has not handled yet: of all connections together, who waits because it is too much. */

import * as limits from "../limits.ts";

export class HeldBytes {
  #total = 0;
  readonly #waiting = new Set<() => void>();

  get isTooMuch(): boolean {
    return this.#total > limits.heldBytesOfAll;
  }

  add(bytes: number): void {
    this.#total += bytes;
  }

  /** Calls those who wait, once it is no longer too much. */
  remove(bytes: number): void {
    this.#total -= bytes;
    if (this.isTooMuch || this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const proceed of waiting) proceed();
  }

  wait(proceed: () => void): void {
    this.#waiting.add(proceed);
  }

  leave(proceed: () => void): void {
    this.#waiting.delete(proceed);
  }
}
