/**
 * Equal values as one object, where thousands of holders would have one each. Values must never be changed. Bounded: the ones asked for
 * the longest time ago are forgotten first, and are one object no more with those that come later.
 */

export class SharedValues<Value> {
  readonly #limit: number;
  /** The ones asked for last are last. */
  readonly #values = new Map<string, Value>();

  /** `limit`: values that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#values.size;
  }

  /** The value of that key; `make` where there is none (any more). A `make` that throws leaves nothing behind. */
  share<V extends Value>(key: string, make: () => V): V {
    const known = this.#values.get(key) as V | undefined;
    const value = known ?? make();
    if (known !== undefined) this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.size > this.#limit ? this.#values.keys() : [];
    if (oldest !== undefined) this.#values.delete(oldest);
    return value;
  }
}
