/** The last entries of something, numbered, within a bound of how many and of how many bytes. */

export interface Numbered {
  /** Grows by one from entry to entry. */
  readonly number: number;
}

export class Ring<T extends Numbered> {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #kept: { readonly entry: T; readonly bytes: number }[] = [];
  #bytes = 0;
  #next = 1;

  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  add(bytes: number, entry: (number: number) => T): void {
    this.#kept.push({ entry: entry(this.#next++), bytes });
    this.#bytes += bytes;
    while (this.#kept.length > this.#most || (this.#bytes > this.#mostBytes && this.#kept.length > 1)) {
      this.#bytes -= this.#kept.shift()?.bytes ?? 0;
    }
  }

  /** The entries after that number, the oldest first; `lost`: how many of them are kept no more. */
  after(number: number): { readonly items: readonly T[]; readonly lost: number; readonly last: number } {
    const items = this.#kept.map(({ entry }) => entry).filter((entry) => entry.number > number);
    const last = this.#next - 1;
    return { items, lost: Math.max(0, last - number - items.length), last };
  }
}
