/** Series as a chart draws them, and as a few figures for who does not look at it. Pure. */

import { momentText } from "./time.ts";

export type Values = readonly (number | null)[];

/** Each on top of those before it; what is unknown adds nothing, and where all are unknown there is nothing. */
export function stacked(series: readonly Values[]): (number | null)[][] {
  const sums: number[] = [];
  const known = series[0]?.map((_, index) => series.some((values) => values[index] != null)) ?? [];
  return series.map((values) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return known[index] ? (sums[index] ?? null) : null;
    }),
  );
}

/** Where a chart begins (ms since 1970): at `from`, unless more than half of it would be empty as there is nothing so old. */
export function beginOf(times: readonly number[], from: number, to: number): number {
  const first = times[0] === undefined ? from : times[0] * 1000;
  if (first - from <= (to - from) / 2) return from;
  return Math.max(from, to - Math.max(600_000, (to - first) * 1.2));
}

/** That it begins later than it might: `known since 14:05`; undefined: it does not. */
export function shortText(times: readonly number[], from: number, to: number): string | undefined {
  const [first] = times;
  if (first === undefined || beginOf(times, from, to) === from) return undefined;
  return `known since ${momentText(first * 1000, to)}`;
}

export interface Spread {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
  readonly last: number;
  /** How many are known. */
  readonly count: number;
}

/** Undefined: nothing is known. */
export function spreadOf(values: Values): Spread | undefined {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const last = known.at(-1);
  if (last === undefined) return undefined;
  let [least, most, sum] = [last, last, 0];
  for (const value of known) {
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
  }
  return { least, mean: sum / known.length, most, last, count: known.length };
}

/** `2 to 7, on average 4`; of one value, that it is the only one. */
export function spreadText(values: Values): string {
  const spread = spreadOf(values);
  if (!spread) return "–";
  const [least, most] = [shown(spread.least), shown(spread.most)];
  if (spread.count === 1) return `${least}, the only value so far`;
  return least === most ? `${least} throughout` : `${least} to ${most}, on average ${shown(spread.mean)}`;
}

export function shown(value: number): string {
  return Math.abs(value) >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

/** Where an axis ends that reaches to `top` at the least: a line on the edge itself would be seen by half. */
export function headRoom(bottom: number, highest: number, top: number): number {
  const room = 0.06;
  const end = Math.max(top, highest);
  return end - highest >= (end - bottom) * room ? end : highest + (end - bottom) * room;
}

export interface Point {
  readonly at: string;
  readonly values: Readonly<Record<string, number | null>>;
}

/** One column of values for each reader, at all times of `step` seconds from the first point to the last: a gap stays a gap. */
export function columns<P extends Point>(
  points: readonly P[],
  step: number,
  readers: readonly ((points: readonly P[]) => number | null)[],
  most = 2000,
): { readonly times: number[]; readonly values: (number | null)[][] } {
  const byTime = new Map<number, P[]>();
  for (const point of points) {
    const at = Math.floor(Date.parse(point.at) / 1000);
    const there = byTime.get(at);
    if (there) there.push(point);
    else byTime.set(at, [point]);
  }
  const present = [...byTime.keys()].filter(Number.isFinite).sort((a, b) => a - b);
  const times: number[] = [];
  for (const at of present) {
    const before = times.at(-1);
    // One empty place is enough for a gap to be seen.
    if (before !== undefined && at - before > step * 1.5) times.push(before + step);
    times.push(at);
  }
  const shown = times.slice(-most);
  return { times: shown, values: readers.map((read) => shown.map((at) => read(byTime.get(at) ?? []))) };
}
