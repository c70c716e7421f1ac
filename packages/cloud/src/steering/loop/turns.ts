/** Work on one location, one after the other. Bounded: who comes when too many wait is refused. */

import { StoreUnavailable } from "../../store/errors.ts";
import * as limits from "../limits.ts";

export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Rejects with what `work` throws, and with `StoreUnavailable` where too many wait. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= limits.waitingTurns) {
      throw new StoreUnavailable(`steering is busy: ${this.#waiting} changes of it are waiting`);
    }
    this.#waiting++;
    const turn = this.#last.then(work).finally(() => this.#waiting--);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
