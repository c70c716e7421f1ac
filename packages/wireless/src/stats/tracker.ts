/**
 * The account of one object (a link, a channel, a BSS): whatever its driver does to its counters, resets and wraps included,
 * the totals here only grow, and each subscriber's report is the difference of two of them. So a sample costs the same however many
 * subscribers there are.
 */

import type { StatsRecord } from "./contract.ts";
import type { StatsDefinition, StatsName, Value, Values } from "./definitions.ts";
import { difference, merge, subtract } from "./merge.ts";
import type { Sample } from "./sample-codec.ts";

/** A point in the life of a tracker from which a report can start. Never changed; the same point is the same object. */
export interface Mark {
  /** Number of the latest sample in it. */
  readonly sequence: number;
  readonly totals: Values;
}

/** Before anything. */
export const noMark: Mark = { sequence: 0, totals: {} };

export class Tracker {
  readonly stats: StatsName;
  /** Since when its counters have counted, monotonic ms; null: not known. */
  since: number | null = null;
  readonly #definition: StatsDefinition;
  /** The number of the latest sample with this field. */
  readonly #sampled: Record<string, number> = {};
  #mark: Mark = noMark;
  #opening: Mark = noMark;
  #last: Values | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;
  /** Samples from here on are of another life of the object than those before. */
  #boundary: number | null = null;
  #report: { readonly from: Mark; readonly record: StatsRecord } | null = null;

  constructor(stats: StatsName, definition: StatsDefinition) {
    this.stats = stats;
    this.#definition = definition;
  }

  get mark(): Mark {
    return this.#mark;
  }

  /** What it began with: a report from here leaves out what was counted before the first sample. */
  get opening(): Mark {
    return this.#opening;
  }

  get lastAt(): number {
    return this.#lastAt;
  }

  /** Its counters begin anew with the first sample taken at `at` or later, unless one was already. */
  beginsAnew(at: number): void {
    this.#boundary = at;
  }

  /** What its counters show next is what later ones are compared with, no more. */
  comparesAnew(): void {
    this.#last = undefined;
  }

  /** Whether its first sample counts: the driver says, or it is so by definition. */
  get countsFromZero(): boolean {
    return this.since !== null || this.#definition.first === "zero";
  }

  /** `stale`: older than what is known, and ignored. `anew`: its counters had begun anew, unannounced. */
  take({ values: sample, deltas, since }: Sample, at: number): "taken" | "anew" | "stale" {
    if (at < this.#lastAt) return "stale";
    const { fields, steady } = this.#definition;
    if (since !== undefined && since >= this.#lastAt && since <= at) this.beginsAnew(since);
    const first = this.#mark === noMark && this.countsFromZero ? "zero" : this.#definition.first;
    const announced = this.#boundary !== null && this.#lastAt < this.#boundary && at >= this.#boundary;
    let step = difference(fields, sample, this.#last, announced ? "zero" : first, deltas);
    const anew = !announced && step.fallen.some((name) => steady.includes(name));
    // Whatever was counted since, was counted since the last sample.
    if (announced || anew) step = difference(fields, sample, undefined, "zero", deltas);
    if (this.#boundary !== null && at >= this.#boundary) this.#boundary = null;
    this.#last = step.last;
    this.#lastAt = at;
    const sequence = this.#mark.sequence + 1;
    for (const name in step.values) this.#sampled[name] = sequence;
    this.#mark = { sequence, totals: merge(fields, this.#mark.totals, step.values) };
    if (sequence === 1) this.#opening = { sequence: 0, totals: this.#mark.totals };
    this.#report = null;
    return anew ? "anew" : "taken";
  }

  /** What came since `from`; null: nothing. Subscribers that ask for the same get the same object. */
  recordSince(from: Mark, also: (record: StatsRecord) => StatsRecord): StatsRecord | null {
    if (from.sequence >= this.#mark.sequence) return null;
    if (this.#report?.from === from) return this.#report.record;
    const sampled: Record<string, Value> = {};
    const { totals } = this.#mark;
    for (const name in totals) {
      const value = totals[name];
      if (value !== undefined && (this.#sampled[name] ?? 0) > from.sequence) sampled[name] = value;
    }
    const record = also({
      stats: this.stats,
      at: this.#lastAt,
      data: subtract(this.#definition.fields, sampled, from.totals),
      last: this.#last ?? {},
    } as StatsRecord);
    this.#report = { from, record };
    return record;
  }
}
