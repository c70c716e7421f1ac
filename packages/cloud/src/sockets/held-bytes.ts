/** How much the thread of the sessions has been given and has not handled yet: of all connections together, who waits because it is too much. */

export class HeldBytes {
  readonly #limit: number;
  #total = 0;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isTooMuch(): boolean {
    return this.#total > this.#limit;
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
