/** Surveys: how busy channels were in each sampling interval. */

import { channelNumber as numberOf } from "@opensync-ts/target/channels";
import type { Channel, ChannelWidth } from "@opensync-ts/target/radio";
import type { Width } from "@opensync-ts/telemetry/names";
import type { SurveySample } from "@opensync-ts/telemetry/survey";
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
import { averages, changedSamples, histogram, percentiles, type TakenSample } from "./survey-shapes.ts";

export class SurveyCollector implements Collector {
  readonly feed: Feed;
  readonly #plan: StatsPlan;
  readonly #context: CollectorContext;
  readonly #samples: TakenSample[] = [];
  /** By channel, what a report of differences said last. */
  readonly #told = new Map<string, SurveySample>();

  constructor(name: string, plan: StatsPlan, context: CollectorContext) {
    this.#plan = plan;
    this.#context = context;
    this.feed = new Feed(name, context, plan, ["CHAN"], (records) => this.#collect(records));
  }

  stop(): void {
    this.feed.stop();
  }

  take({ now, wall }: ReportTime): readonly ReportItem[] {
    const taken = this.#samples.splice(0);
    const head = {
      band: bandOf(this.#plan),
      surveyType: this.#plan.surveyType ?? "on-chan",
      timestampMs: wall,
    };
    const { reportType } = this.#plan;
    if (reportType === "average") {
      if (taken.length === 0) return [];
      return [{ kind: "surveys", message: { ...head, reportType, averages: averages(taken) } }];
    }
    const shaped = this.#shaped(reportType, taken);
    if (shaped.length === 0) return [];
    const samples = shaped.map(({ sample, at }) => ({ ...sample, offsetMs: Math.max(0, Math.round(now - at)) }));
    return [{ kind: "surveys", message: { ...head, reportType, samples } }];
  }

  #shaped(reportType: Exclude<StatsPlan["reportType"], "average">, taken: readonly TakenSample[]) {
    switch (reportType) {
      case "raw":
        return taken;
      case "histogram":
        return histogram(taken);
      case "percentile":
        return percentiles(taken);
      case "diff":
        return changedSamples(taken, this.#told);
    }
  }

  #collect(records: readonly StatsRecord[]): void {
    for (const record of records) {
      if (record.stats !== "CHAN") continue;
      const taken = this.#sampleOf(record);
      if (taken) this.#samples.push(taken);
    }
    const dropped = dropOldest(this.#samples, statsLimits.surveySamples);
    if (dropped > 0) this.#context.dropped("survey samples", dropped);
  }

  /** null: not for this row, or no time was spent there. */
  #sampleOf({ at, data }: Extract<StatsRecord, { stats: "CHAN" }>): TakenSample | null {
    const { phy_name: phy, freq_mhz: frequency, active_msec: active, cnt_percent: percent } = data;
    if (phy === undefined || frequency === undefined || !active || !percent) return null;
    const place = placementFor(this.#plan, this.#context.radios, phy, frequency);
    const channel = numberOf(frequency);
    if (!place || channel === 0) return null;
    const { noise_floor_dbm: noise } = data;
    return {
      key: `${phy} ${frequency}`,
      at,
      sample: {
        channel,
        durationMs: Math.round(active),
        offsetMs: 0,
        busyPercent: share(percent.busy),
        busyTxPercent: share(percent.tx),
        busyRxPercent: share(percent.rx),
        busySelfPercent: share(percent.rx_inbss),
        busyExtPercent: 0,
        ...(noise !== undefined && { noiseFloorDbm: Math.trunc(noise) }),
        ...(place.placement === "on-chan" && place.operating && channelColumns(place.operating)),
      },
    };
  }
}

function share(percent = 0): number {
  return Math.min(100, percent);
}

function channelColumns({ width, center0, puncture }: Channel): Partial<SurveySample> {
  return { width: widthNames[width], ...(width !== 20 && { center0FreqMhz: center0, puncture }) };
}

export const widthNames: Readonly<Record<ChannelWidth, Exclude<Width, "unknown">>> = {
  20: "20MHz",
  40: "40MHz",
  80: "80MHz",
  160: "160MHz",
  "80p80": "80+80MHz",
  320: "320MHz",
};
