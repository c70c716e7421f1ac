/** Says each thing about a peer once, however often the peer comes back with it. */

import * as limits from "./limits.ts";

export class Complaints {
  readonly #said = new Set<string>();

  /** True the first time; the oldest are forgotten when there are too many. */
  isNew(complaint: string): boolean {
    if (this.#said.has(complaint)) return false;
    if (this.#said.size >= limits.rememberedComplaints) {
      const [oldest] = this.#said;
      if (oldest !== undefined) this.#said.delete(oldest);
    }
    this.#said.add(complaint);
    return true;
  }
}
