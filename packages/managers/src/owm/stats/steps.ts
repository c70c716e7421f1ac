/** What an entry does next, as pure functions of where it stands (`ow_stats_conf`). Times in monotonic milliseconds. */

import { nextOnGrid } from "@opensync-ts/wireless/stats/schedule";
import { statsLimits } from "./limits.ts";
import type { Threshold } from "./plan.ts";

/** `FREE`: nothing is left of it; `STOP`: nothing is collected; `START`: afresh, from now on; `NOP`: as it is. */
export type Step = "FREE" | "STOP" | "START" | "NOP";

export interface Standing {
  /** The row is there. */
  readonly valid: boolean;
  /** The row asks for something that can be collected. */
  readonly planned: boolean;
  /** It asks for something else than before. */
  readonly changed: boolean;
  readonly running: boolean;
  /** Reports so far, which no change of the row sets back. */
  readonly reports: number;
  /** Reports in all; 0: no end. */
  readonly limit: number;
}

export function nextStep({ valid, planned, changed, running, reports, limit }: Standing): Step {
  const limitReached = limit !== 0 && reports >= limit;
  if (valid && !changed && !limitReached) return "NOP";
  if (!valid) return "FREE";
  if (!planned) return "STOP";
  if (limitReached) return running ? "STOP" : "NOP";
  return "START";
}

export interface Readiness {
  readonly now: number;
  /** When the report was to be looked at. */
  readonly look: number;
  /** Of the last delivery of samples, or when it began. */
  readonly deliveredAt: number;
  /** Between samples, which are taken at multiples of it. */
  readonly period: number;
  /** How often it has looked in vain. */
  readonly underruns: number;
}

/** null: the report can be made; else how long to wait, because the samples of its own time are on their way. */
export function waitForSamples(standing: Readiness): { readonly wait: number; readonly underruns: number } | null {
  const { now, look, deliveredAt, period, underruns } = standing;
  const sampledAt = Math.floor(look / period) * period;
  if (deliveredAt >= sampledAt) return null;
  if (now - deliveredAt > 2 * period + statsLimits.postponed) {
    return underruns < statsLimits.underruns ? { wait: statsLimits.underrunStep, underruns: underruns + 1 } : null;
  }
  const wait = Math.min(
    sampledAt + statsLimits.postponed - now,
    Math.max(statsLimits.shortestPostponement, now - look),
  );
  return wait > 0 ? { wait, underruns } : null;
}

/**
 * When a report is looked at again that is withheld because its channel is quieter than `threshold.util`; null: it is made. It is never
 * later than `maxDelay` after it was due.
 */
export function withheldUntil(
  threshold: Threshold | null,
  standing: { readonly now: number; readonly due: number; readonly reporting: number; readonly busy: number | null },
): number | null {
  const { now, due, reporting, busy } = standing;
  if (threshold === null || (busy ?? 0) >= threshold.util) return null;
  const latest = due + threshold.maxDelay;
  return now >= latest ? null : Math.min(latest, nextOnGrid(now, reporting));
}

/** Scans off the channel disturb those on it: while it is used as much as `util` they wait, `maxDelay` at most. */
export class ScanHoldOff {
  readonly #threshold: Threshold;
  #until: number | null = null;

  constructor(threshold: Threshold) {
    this.#threshold = threshold;
  }

  /** Asked once for each scan. `used`: percent of the time that the radio sent or received its own BSS's frames. */
  allow(now: number, used: number | null): boolean {
    if ((used ?? 0) < this.#threshold.util) {
      this.#until = null;
      return true;
    }
    if (this.#until === null) {
      this.#until = now + this.#threshold.maxDelay;
      return false;
    }
    if (now < this.#until) return false;
    this.#until = null;
    return true;
  }
}
