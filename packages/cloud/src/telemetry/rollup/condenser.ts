/**
 * Makes rows of longer steps, and removes what is too old or too much. A bucket is always made anew from all of its parts, and parts are
 * removed by whole buckets, so it does not matter how often that is done, nor when it was interrupted.
 */

import type { Store } from "../../store/store.ts";
import * as limits from "../limits.ts";
import type { TelemetryPolicy } from "../policy.ts";
import { condense, countRows, cutoffFor, oldest, removeBefore } from "./rollup-sql.ts";
import { type RollupName, rollups, type Step, startOf, steps } from "./rollups.ts";

const names = Object.keys(rollups) as RollupName[];
/** How far back rows are made again after a start: what was written before it may not have been condensed. */
const lookBack: Readonly<Record<Step, number>> = { 60: 0, 900: 8 * 3_600_000, 3600: 86_400_000, 86400: 3 * 86_400_000 };
/** How often rows of a step are brought up to date. */
const everyMs: Readonly<Record<Step, number>> = { 60: 0, 900: 300_000, 3600: 900_000, 86400: 3_600_000 };

interface StepState {
  /** From when on buckets have to be made anew; infinite: none. */
  since: number;
  doneAt: number;
}

export class Condenser {
  readonly #store: Store;
  readonly #steps = new Map<string, StepState>();
  /** What is older is removed, or may be: it is not added to any more. */
  readonly #horizons = new Map<RollupName, number>();
  #prepared = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Before anything is added. Rejects with `StoreUnavailable`; may be tried again. */
  async prepare(now: number): Promise<void> {
    if (this.#prepared) return;
    for (const name of names) {
      const first = await this.#store.run("look at rollups", (transaction) => oldest(transaction, name, 60));
      if (first !== null) this.#horizons.set(name, startOf(first, 900));
      for (const step of steps.slice(1)) {
        const since = startOf(now - lookBack[step], step);
        this.#steps.set(`${name} ${step}`, { since, doneAt: Number.NEGATIVE_INFINITY });
      }
    }
    this.#prepared = true;
  }

  /** A row of a minute has been written. */
  touched(name: RollupName, at: number): void {
    this.#mark(name, 900, at);
  }

  /** Whether a minute can still be added to. */
  takes(name: RollupName, at: number): boolean {
    return at >= (this.#horizons.get(name) ?? 0);
  }

  /** Brings the longer steps up to date as far as that is due; `all`: in any case. */
  async run(now: number, all = false): Promise<void> {
    for (const name of names) {
      for (const [index, step] of steps.entries()) {
        const state = this.#steps.get(`${name} ${step}`);
        const finer = steps[index - 1];
        if (!state || finer === undefined || state.since === Number.POSITIVE_INFINITY) continue;
        if (!all && now - state.doneAt < everyMs[step]) continue;
        const from = startOf(state.since, step);
        state.since = Number.POSITIVE_INFINITY;
        let at = from;
        try {
          for (; at <= now + limits.latestFutureMs; at += step * 1000) {
            await this.#store.run("condense rollups", (transaction) => condense(transaction, name, finer, step, at));
          }
        } catch (error) {
          this.#mark(name, step, at);
          throw error;
        } finally {
          if (at > from) this.#mark(name, steps[index + 1], from);
        }
        state.doneAt = now;
      }
    }
  }

  /** After `run(now, true)`: what has not been condensed must not be removed. */
  async prune(now: number, policy: TelemetryPolicy): Promise<number> {
    const keepMs = [policy.minuteHours / 24, policy.quarterHourDays, policy.hourDays, policy.dayDays].map(
      (days) => days * 86_400_000,
    );
    let removed = 0;
    for (const name of names) {
      for (const [index, step] of steps.entries()) {
        const next = steps[index + 1] ?? step;
        removed += await this.#remove(name, step, startOf(now - (keepMs[index] ?? 0), next));
      }
      removed += await this.#removeExcess(name, now, policy.rowsPerTable);
    }
    return removed;
  }

  async #removeExcess(name: RollupName, now: number, most: number): Promise<number> {
    let removed = 0;
    const counts = await this.#store.run("count rollups", (transaction) => countRows(transaction, name));
    let excess = [...counts.values()].reduce((sum, count) => sum + count, 0) - most;
    for (const [index, step] of steps.entries()) {
      const count = counts.get(step) ?? 0;
      if (excess <= 0) break;
      if (count === 0) continue;
      const next = steps[index + 1] ?? step;
      const last = Math.min(excess, count) - 1;
      const cutoff = await this.#store.run("count rollups", (transaction) =>
        cutoffFor(transaction, name, step, last, next),
      );
      // What still grows stays.
      const gone = await this.#remove(name, step, Math.min(cutoff ?? now, startOf(now, next)));
      removed += gone;
      excess -= gone;
    }
    return removed;
  }

  async #remove(name: RollupName, step: Step, before: number): Promise<number> {
    if (step === 60) this.#horizons.set(name, Math.max(before, this.#horizons.get(name) ?? 0));
    let removed = 0;
    for (;;) {
      const some = await this.#store.run("prune rollups", (transaction) =>
        removeBefore(transaction, name, step, before),
      );
      removed += some;
      if (some < limits.prunedRows) return removed;
    }
  }

  #mark(name: RollupName, step: Step | undefined, at: number): void {
    const state = step && this.#steps.get(`${name} ${step}`);
    if (state) state.since = Math.min(state.since, at);
  }
}
