/** A map of bounded size that remembers when each entry was heard of; the one not heard of for the longest time goes first. */

import * as limits from "../limits.ts";

export interface Heard {
  /** When it arrived, in ms of the cloud's clock. */
  readonly at: number;
}

export class Kept<Key, Value extends Heard> implements Iterable<readonly [Key, Value]> {
  readonly #limit: number;
  readonly #values = new Map<Key, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  set(key: Key, value: Value): void {
    // At the end again: the order is that of hearing.
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const [oldest, { at }] of this.#values) {
      if (this.#values.size <= this.#limit && at > value.at - limits.latestLifeMs) break;
      this.#values.delete(oldest);
    }
  }

  delete(key: Key): void {
    this.#values.delete(key);
  }

  values(): IterableIterator<Value> {
    return this.#values.values();
  }

  [Symbol.iterator](): Iterator<readonly [Key, Value]> {
    return this.#values.entries();
  }
}
