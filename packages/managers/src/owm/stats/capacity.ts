/**
 * Capacity: what share of the time the access points of a radio sent on its operating channel, and how much. How full its queues
 * are no driver tells.
 */

import type { CapacityReport, QueueSample } from "@opensync-ts/telemetry/capacity";
import type { StatsRecord } from "@opensync-ts/wireless/stats/contract";
import {
  bandOf,
  type Collector,
  type CollectorContext,
  dropOldest,
  Feed,
  type ReportItem,
  type ReportTime,
} from "./collector.ts";
import { statsLimits } from "./limits.ts";
import { placementFor } from "./placement.ts";
import type { StatsPlan } from "./plan.ts";

interface Taken {
  readonly at: number;
  readonly activeMs: number;
  readonly busyTxPercent: number;
  readonly bytesTx: number;
}

export class CapacityCollector implements Collector {
  readonly feed: Feed;
  readonly #plan: StatsPlan;
  readonly #context: CollectorContext;
  readonly #samples: Taken[] = [];
  /** Sent since the last sample of the channel. */
  #bytesTx = 0;

  constructor(name: string, plan: StatsPlan, context: CollectorContext) {
    this.#plan = { ...plan, surveyType: "on-chan" };
    this.#context = context;
    this.feed = new Feed(name, context, plan, ["STA", "CHAN"], (records) => this.#collect(records));
  }

  stop(): void {
    this.feed.stop();
  }

  take({ now, wall }: ReportTime): readonly ReportItem[] {
    const taken = this.#samples.splice(0);
    if (taken.length === 0) return [];
    const samples =
      this.#plan.reportType === "average" ? [averageOf(taken, now)] : taken.map((each) => rawOf(each, now));
    const message: CapacityReport = { band: bandOf(this.#plan), timestampMs: wall, samples };
    return [{ kind: "capacities", message }];
  }

  #collect(records: readonly StatsRecord[]): void {
    const { radios } = this.#context;
    for (const { stats, data } of records) {
      if (stats !== "STA" || data.phy_name === undefined) continue;
      if (radios.bandOf(data.phy_name) === this.#plan.band) this.#bytesTx += data.tx_bytes ?? 0;
    }
    for (const { stats, at, data } of records) {
      if (stats !== "CHAN") continue;
      const { phy_name: phy, freq_mhz: frequency, active_msec: activeMs, cnt_percent: percent } = data;
      if (phy === undefined || frequency === undefined || !activeMs || !percent) continue;
      if (!placementFor(this.#plan, radios, phy, frequency)) continue;
      this.#samples.push({ at, activeMs, busyTxPercent: Math.min(100, percent.tx ?? 0), bytesTx: this.#bytesTx });
      this.#bytesTx = 0;
    }
    const dropped = dropOldest(this.#samples, statsLimits.capacitySamples);
    if (dropped > 0) this.#context.dropped("capacity samples", dropped);
  }
}

const unknownQueues = { vo: 0, vi: 0, be: 0, bk: 0, beacon: 0, cab: 0 };

function rawOf({ at, busyTxPercent, bytesTx }: Taken, now: number): QueueSample {
  return { ...unknownQueues, offsetMs: Math.round(now - at), busyTxPercent, bytesTx, sampleCount: 1 };
}

/** The share of the whole time, and all that was sent in it. */
function averageOf(taken: readonly Taken[], now: number): QueueSample {
  const sum = (of: (each: Taken) => number) => taken.reduce((total, each) => total + of(each), 0);
  return {
    ...unknownQueues,
    offsetMs: Math.round(now - (taken.at(-1)?.at ?? now)),
    busyTxPercent: Math.round(
      sum(({ busyTxPercent, activeMs }) => busyTxPercent * activeMs) / sum((each) => each.activeMs),
    ),
    bytesTx: sum(({ bytesTx }) => bytesTx),
    sampleCount: taken.length,
  };
}
