/**
 * Samples of a survey in other forms than one by one. Each channel of each radio for itself; means are weighted by the time
 * that samples stand for.
 */

import type { Average } from "@opensync-ts/telemetry/average";
import type { SurveyAverage, SurveySample } from "@opensync-ts/telemetry/survey";
import { statsLimits } from "./limits.ts";

export interface TakenSample {
  /** Radio and channel. */
  readonly key: string;
  /** Monotonic ms. */
  readonly at: number;
  /** Its offset is not known yet. */
  readonly sample: SurveySample;
}

const shares = ["busyPercent", "busyTxPercent", "busyRxPercent", "busySelfPercent", "busyExtPercent"] as const;
type Share = (typeof shares)[number];

export function averages(taken: readonly TakenSample[]): SurveyAverage[] {
  return byChannel(taken).map((group) => {
    const of = (name: Share) => averageOf(group, ({ [name]: value }) => value);
    return {
      channel: (group[0] as TakenSample).sample.channel,
      busy: of("busyPercent"),
      busyTx: of("busyTxPercent"),
      busyRx: of("busyRxPercent"),
      busySelf: of("busySelfPercent"),
      busyExt: of("busyExtPercent"),
      noiseFloor: averageOf(group, ({ noiseFloorDbm }) => noiseFloorDbm),
    };
  });
}

/** One sample for each decile of `busy` (0–9, 10–19 … 90–100) that occurred: the mean of those in it, and how many of all. */
export function histogram(taken: readonly TakenSample[]): TakenSample[] {
  return byChannel(taken).flatMap((group) => {
    const deciles = Map.groupBy(group, ({ sample }) => Math.min(9, Math.floor(sample.busyPercent / 10)));
    return [...deciles]
      .sort(([a], [b]) => a - b)
      .map(([, members]) => {
        const latest = members.at(-1) as TakenSample;
        const noise = averageOf(members, ({ noiseFloorDbm }) => noiseFloorDbm);
        return {
          ...latest,
          sample: {
            ...latest.sample,
            ...sharesBy((name) => averageOf(members, ({ [name]: value }) => value).average),
            durationMs: sum(members.map(({ sample }) => sample.durationMs)),
            ...(noise.samples > 0 && { noiseFloorDbm: noise.average }),
            sampleCount: members.length,
            totalCount: group.length,
          },
        };
      });
  });
}

/** Of the samples of a channel in order, the one that so many percent do not exceed. */
const told = [10, 50, 90] as const;

/** Three samples for each channel: the 10th, 50th and 90th percentile (nearest rank) of each value for itself. */
export function percentiles(taken: readonly TakenSample[]): TakenSample[] {
  return byChannel(taken).flatMap((group) => {
    const latest = group.at(-1) as TakenSample;
    const inOrder = (values: readonly (number | undefined)[]) =>
      values.filter((value) => value !== undefined).sort((a, b) => a - b);
    const ordered = sharesBy((name) => inOrder(group.map(({ sample }) => sample[name])));
    const noise = inOrder(group.map(({ sample }) => sample.noiseFloorDbm));
    const at = (values: readonly number[], percent: number) => values[rank(percent, values.length) - 1];
    return told.map((percent) => {
      const noiseFloorDbm = at(noise, percent);
      return {
        ...latest,
        sample: {
          ...latest.sample,
          ...sharesBy((name) => at(ordered[name], percent) ?? 0),
          durationMs: sum(group.map(({ sample }) => sample.durationMs)),
          ...(noiseFloorDbm !== undefined && { noiseFloorDbm }),
          sampleCount: rank(percent, group.length),
          totalCount: group.length,
        },
      };
    });
  });
}

/** The latest sample of each channel that says something else than what `told` remembers, which it becomes. */
export function changedSamples(taken: readonly TakenSample[], told: Map<string, SurveySample>): TakenSample[] {
  return byChannel(taken).flatMap((group) => {
    const latest = group.at(-1) as TakenSample;
    const before = told.get(latest.key);
    if (before && saysTheSame(before, latest.sample)) return [];
    told.delete(latest.key);
    told.set(latest.key, latest.sample);
    for (const key of told.keys()) {
      if (told.size <= statsLimits.surveyChannels) break;
      told.delete(key);
    }
    return [latest];
  });
}

function saysTheSame(a: SurveySample, b: SurveySample): boolean {
  const rest = (sample: SurveySample) => JSON.stringify({ ...sample, durationMs: 0, offsetMs: 0 });
  return rest(a) === rest(b);
}

/** In the order in which channels appear. */
function byChannel(taken: readonly TakenSample[]): TakenSample[][] {
  return [...Map.groupBy(taken, ({ key }) => key).values()];
}

function averageOf(group: readonly TakenSample[], of: (sample: SurveySample) => number | undefined): Average {
  let weighted = 0;
  let weight = 0;
  const values: number[] = [];
  for (const { sample } of group) {
    const value = of(sample);
    if (value === undefined) continue;
    values.push(value);
    weighted += value * sample.durationMs;
    weight += sample.durationMs;
  }
  if (values.length === 0) return { average: 0, least: 0, most: 0, samples: 0 };
  return {
    average: Math.round(weighted / weight),
    least: Math.min(...values),
    most: Math.max(...values),
    samples: values.length,
  };
}

function sharesBy<T>(of: (name: Share) => T): Record<Share, T> {
  return Object.fromEntries(shares.map((name) => [name, of(name)])) as Record<Share, T>;
}

function rank(percent: number, count: number): number {
  return Math.max(1, Math.ceil((percent / 100) * count));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
