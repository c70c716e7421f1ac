/** A set of so many things at most: the oldest is forgotten. */

export class Remembered {
  readonly #limit: number;
  readonly #known = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False for what is in it already. */
  add(thing: string): boolean {
    if (this.#known.has(thing)) return false;
    this.#known.add(thing);
    if (this.#known.size > this.#limit) {
      const [oldest] = this.#known;
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    return true;
  }
}
