/** The statistics bus as its users see it: those who publish samples, and those who subscribe to what becomes of them. */

import type { StatsName, StatsValues } from "./definitions.ts";

export interface StatsBus {
  /**
   * Reports to `report`, on a turn of its own, until the result is called. A report has what came since the last one: the sums of
   * counters, and the latest of everything else. Throws a `RangeError` where a period makes no sense or there are too many
   * subscribers.
   */
  subscribe(subscriber: StatsSubscriber): () => void;
  /**
   * Samples as a driver of OpenSync hands them in (`encodeSamples`), taken at `at` (monotonic ms of the clock, default: now). What
   * cannot be used is counted and logged; nothing is thrown.
   */
  publish(samples: Uint8Array, at?: number): void;
  readonly counters: StatsCounters;
}

export interface StatsSubscriber {
  /** Names it in the log. */
  readonly name: string;
  readonly stats: readonly StatsName[];
  /**
   * Milliseconds between reports, at multiples of it on the clock. A report that is due with a poll waits for its answers; one with
   * nothing to say is left out.
   */
  readonly reportPeriod: number;
  /** Milliseconds between polls of the drivers, alike; without it, what others poll and drivers push is all that comes. */
  readonly pollPeriod?: number;
  /**
   * One record for each object that anything is known of. While a promise that it returned is pending it is not called again;
   * meanwhile reports wait, and beyond their bound are put off: their counters are part of a later report.
   */
  readonly report: (records: readonly StatsRecord[]) => void | Promise<void>;
}

export type StatsRecord = { readonly [Name in StatsName]: RecordOf<Name> }[StatsName];

interface RecordOf<Name extends StatsName> {
  readonly stats: Name;
  /** When the latest sample in it was taken, monotonic ms of the clock. */
  readonly at: number;
  readonly data: StatsValues<Name>;
  /** The latest of everything that was ever sampled of the object, counters as the driver counts them. */
  readonly last: StatsValues<Name>;
}

export interface StatsCounters {
  /** Samples that came in and were used. */
  readonly samples: number;
  /** Samples older than one that came before. */
  readonly stale: number;
  /** Samples about which their driver did not say what they belong to, or for which there was no room. */
  readonly refused: number;
  /** Elements without a definition, unlike their definition, or cut short. */
  readonly unknown: number;
  readonly malformed: number;
  readonly truncated: number;
  /** Whole deliveries of drivers that found the queue full, or were too large. */
  readonly dropped: number;
  /** Reports put off because their subscriber had not taken earlier ones. */
  readonly putOff: number;
  /** Reports whose subscriber threw. */
  readonly failed: number;
}
