/** Who presses twice means it once: pages are drawn anew a moment after a press only. */

export class Once {
  readonly #underWay = new Map<string, Promise<unknown>>();

  /** While the same is on its way, its answer is that of both. */
  async do<T>(name: string, call: unknown, act: () => Promise<T>): Promise<T> {
    const key = JSON.stringify([name, call]);
    const known = this.#underWay.get(key) as Promise<T> | undefined;
    if (known) return known;
    const begun = act();
    this.#underWay.set(key, begun);
    try {
      return await begun;
    } finally {
      this.#underWay.delete(key);
    }
  }
}
