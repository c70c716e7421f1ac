/** Which rows of a node are left alone for now, and until when: those that it refused, and those that somebody else keeps changing. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import * as limits from "./limits.ts";
import type { Change } from "./reconcile.ts";
import { RepairBudget } from "./repair-budget.ts";
import type { Held, Withheld } from "./row-status.ts";
import type { DesiredRow, RowId } from "./rows.ts";

export class WithheldRows {
  readonly #clock: Clock;
  readonly #budget = new RepairBudget();
  /** Until when (clock ms) they are not tried again. */
  readonly #refused = new Map<RowId, { readonly reason: string; readonly until: number }>();
  /** What each row's references were to be when they were written last; of rows that the node has, so no more than those. */
  readonly #referred = new Map<RowId, string>();
  /** When rows have their whole budget again, what is known of it is forgotten: most sessions never write again. */
  #tidying: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  refuse(id: RowId, reason: string): void {
    this.#refused.set(id, { reason, until: this.#clock.now() + limits.lastRetryMs });
  }

  /** Something else is wanted of them now: what was refused may be taken, and what is written next brings nothing back. */
  forget(): void {
    this.#refused.clear();
    this.#budget.forget();
  }

  refused(): Withheld {
    const now = this.#clock.now();
    const withheld = new Map<RowId, Held>();
    for (const [id, { reason, until }] of this.#refused) {
      if (until <= now) this.#refused.delete(id);
      else withheld.set(id, { status: "refused", reason });
    }
    return withheld;
  }

  /** Of these changes, those that have been made too often. */
  contested(changes: readonly Change[]): Withheld {
    const now = this.#clock.now();
    const contested = new Map<RowId, Held>();
    for (const { id } of changes) {
      if (this.#budget.freeAt(id, now) <= now) continue;
      const reason = `somebody else keeps writing it: brought back ${limits.repairsPerWindow} times within ${limits.repairWindowMs / 1000} s, left alone for now`;
      contested.set(id, { status: "contested", reason });
    }
    return contested;
  }

  /** When (clock ms) a row that is withheld is tried again. */
  until(id: RowId): number {
    return this.#refused.get(id)?.until ?? this.#budget.freeAt(id, this.#clock.now());
  }

  /** The node has taken these changes. */
  wrote(changes: readonly Change[], desired: readonly DesiredRow[]): void {
    const now = this.#clock.now();
    for (const id of this.#repaired(changes, desired)) this.#budget.spend(id, now);
    this.#tidyLater();
  }

  stop(): void {
    this.#tidying?.cancel();
  }

  /** The rows that the changes bring back. References that shall be others than at their last write, as extenders come and go, are no repair. */
  #repaired(changes: readonly Change[], desired: readonly DesiredRow[]): ReadonlySet<RowId> {
    const repaired = new Set<RowId>();
    for (const { id, kind } of changes) {
      const to = kind === "references" ? desired.find((row) => row.id === id)?.references?.to.join() : undefined;
      if (to === undefined || this.#referred.get(id) === to) repaired.add(id);
      if (to !== undefined) this.#referred.set(id, to);
    }
    return repaired;
  }

  #tidyLater(): void {
    this.#tidying ??= this.#clock.setTimer(limits.repairWindowMs, () => {
      this.#tidying = undefined;
      this.#budget.prune(this.#clock.now());
      if (!this.#budget.isWhole) this.#tidyLater();
    });
  }
}
