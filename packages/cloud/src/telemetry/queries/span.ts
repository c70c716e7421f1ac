/** Which rows answer a question about a stretch of time: fine ones for short stretches, as far back as there are any. Pure. */

import { StoreRefusal } from "../../store/errors.ts";
import type { TelemetryPolicy } from "../policy.ts";
import { type Step, startOf, steps } from "../rollup/rollups.ts";

export interface Span {
  /** ms since 1970; `to` is not included. */
  readonly from: number;
  readonly to: number;
  /** In s; left out: chosen by the span. */
  readonly step?: number | undefined;
}

export interface Resolved {
  readonly from: number;
  readonly to: number;
  readonly step: Step;
}

/** Of one thing. */
export const pointsPerSeries = 1_500;
const wantedPoints = 750;

/** Throws a `StoreRefusal`. `from` of the result is where its first bucket begins. */
export function resolve(span: Span, now: number, policy: TelemetryPolicy): Resolved {
  const { from, to } = span;
  if (!Number.isFinite(from) || !Number.isFinite(to) || from >= to || from < 0) {
    throw new StoreRefusal("invalid", "from, to: are no stretch of time; give two times, the earlier first");
  }
  const step = span.step === undefined ? chosen(from, to, now, policy) : steps.find((each) => each === span.step);
  if (step === undefined) {
    throw new StoreRefusal(
      "invalid",
      `step: there are no rows of ${span.step} s; use ${steps.join(", ")} or leave it out`,
    );
  }
  if ((to - from) / (step * 1000) > pointsPerSeries) {
    throw new StoreRefusal("invalid", `step: more than ${pointsPerSeries} points; use a longer step or a shorter time`);
  }
  return { from: startOf(from, step), to, step };
}

function chosen(from: number, to: number, now: number, policy: TelemetryPolicy): Step | undefined {
  const hour = 3_600_000;
  const keptMs: Readonly<Record<Step, number>> = {
    60: policy.minuteHours * hour,
    900: policy.quarterHourDays * 24 * hour,
    3600: policy.hourDays * 24 * hour,
    86400: Number.POSITIVE_INFINITY,
  };
  const fitting = steps.filter((step) => (to - from) / (step * 1000) <= wantedPoints);
  return fitting.find((step) => from >= now - keptMs[step]) ?? steps.at(-1);
}
