/**
 * Keeps the controller from fighting over a row: when somebody else writes it again and again, bringing it back each
 * time would make the node's radios flap. A row may be written so many times per window; then it is left alone, and
 * reported, until the window has room again.
 */

import * as limits from "./limits.ts";
import type { RowId } from "./rows.ts";

export class RepairBudget {
  /** Times of the latest writes of each row (clock milliseconds), oldest first. */
  #writes = new Map<RowId, number[]>();

  spend(row: RowId, now: number): void {
    const times = this.#recent(row, now);
    times.push(now);
    this.#writes.set(row, times);
  }

  /** When the row may be written again; `now` or earlier: at once. */
  freeAt(row: RowId, now: number): number {
    const times = this.#recent(row, now);
    return times.length < limits.repairsPerWindow ? now : (times[0] as number) + limits.repairWindowMs;
  }

  /** All rows have their whole budget again. */
  forget(): void {
    if (!this.isWhole) this.#writes = new Map();
  }

  /** Whether no row lacks any of it, as far as has been looked at (`prune`). */
  get isWhole(): boolean {
    return this.#writes.size === 0;
  }

  /** Forgets rows that have their whole budget again. */
  prune(now: number): void {
    for (const row of this.#writes.keys()) {
      if (this.#recent(row, now).length === 0) this.#writes.delete(row);
    }
    // An emptied map keeps the room that it had.
    if (this.isWhole) this.#writes = new Map();
  }

  #recent(row: RowId, now: number): number[] {
    return (this.#writes.get(row) ?? []).filter((time) => time > now - limits.repairWindowMs);
  }
}
