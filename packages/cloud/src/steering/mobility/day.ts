/**
 * One day of a client's signals, as they come in: not the signals themselves are kept, but how they were spread and how often
 * they were on the move. Its size is bounded whatever is reported. It is plain JSON, so that it outlives a restart.
 */

import type { Mac } from "@opensync-ts/base/units";
import * as limits from "../limits.ts";

/** How well a client was heard, and where. */
export interface Sample {
  /** ms since 1970. */
  readonly at: number;
  readonly bssid: Mac;
  readonly node: string;
  readonly snrDb: number;
}

/** Samples of so many ms in a row are looked at together. */
const windowMs = 300_000;
/** Fewer than this say nothing of movement. */
const windowSamples = 3;
/** A client whose signal changes by this within a window is on the move, dB. */
const movingDb = 12;
/** Longer without a sample: a gap. */
const gapMs = 180_000;
const binDb = 2;
const bins = 45;

export interface Day {
  /** Windows that could be judged, and those in which it was on the move. */
  readonly windows: number;
  readonly moving: number;
  /** ms in which it was heard. */
  readonly heardMs: number;
  /** Changes from one node to another that nobody asked for. */
  readonly wanderings: number;
  /** Windows by mean signal, in steps of 2 dB, for each access point; the one heard least goes first. */
  readonly spread: readonly { readonly bssid: Mac; readonly counts: readonly number[] }[];
  readonly open: Window | null;
  readonly last: Sample | null;
}

interface Window {
  readonly bssid: Mac;
  readonly from: number;
  readonly count: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
}

export const emptyDay: Day = { windows: 0, moving: 0, heardMs: 0, wanderings: 0, spread: [], open: null, last: null };

/** `asked`: the cloud or a node has asked it to go where it is now. Samples that are older than the last one are left out. */
export function addSample(day: Day, sample: Sample, asked = false): Day {
  const { last } = day;
  if (!Number.isFinite(sample.snrDb) || (last && sample.at <= last.at)) return day;
  const pause = last ? sample.at - last.at : Number.POSITIVE_INFINITY;
  const isGap = pause > gapMs;
  const wandered = last !== null && !isGap && !asked && last.node !== sample.node;
  const { open } = day;
  const goesOn = open !== null && !isGap && open.bssid === sample.bssid && sample.at - open.from < windowMs;
  const base = goesOn ? day : closeWindow(day);
  const { snrDb } = sample;
  return {
    ...base,
    heardMs: base.heardMs + (isGap ? 0 : pause),
    wanderings: base.wanderings + Number(wandered),
    last: sample,
    open: goesOn
      ? {
          ...open,
          ...{ count: open.count + 1, sum: open.sum + snrDb },
          ...{ least: Math.min(open.least, snrDb), most: Math.max(open.most, snrDb) },
        }
      : { bssid: sample.bssid, from: sample.at, count: 1, sum: snrDb, least: snrDb, most: snrDb },
  };
}

function closeWindow(day: Day): Day {
  const { open } = day;
  if (!open || open.count < windowSamples) return { ...day, open: null };
  return {
    ...day,
    open: null,
    windows: day.windows + 1,
    moving: day.moving + Number(open.most - open.least >= movingDb),
    spread: count(day.spread, open),
  };
}

function count(spread: Day["spread"], { bssid, sum, count }: Window): Day["spread"] {
  const bin = Math.min(bins - 1, Math.max(0, Math.floor(sum / count / binDb)));
  const known = spread.find((each) => each.bssid === bssid);
  if (known)
    return spread.map((each) =>
      each === known ? { bssid, counts: each.counts.with(bin, (each.counts[bin] ?? 0) + 1) } : each,
    );
  const added = { bssid, counts: new Array<number>(bins).fill(0).with(bin, 1) };
  if (spread.length < limits.bssesPerDay) return [...spread, added];
  const least = spread.toSorted((a, b) => total(a.counts) - total(b.counts))[0];
  return [...spread.filter((each) => each !== least), added];
}

/** What a whole day was like. */
export interface Summary {
  readonly verdict: "static" | "mobile" | "unknown";
  readonly heardMinutes: number;
  /** Share of the windows in which it was on the move. */
  readonly moving: number;
  /** dB between the weakest and the strongest tenth where it was most, and on average of all its access points. */
  readonly spreadDb: number;
  readonly wanderings: number;
}

/** Less than this says nothing of a day. */
const leastWindows = 12;
/** Who is on the move for longer, is spread wider, or changes nodes more often does not stay in a place. */
const mostMoving = 0.03;
const mostSpreadDb = 8;
const mostWanderings = 1;

export function summarise(day: Day): Summary {
  const { windows, moving, heardMs, wanderings, spread } = closeWindow(day);
  const share = windows > 0 ? moving / windows : 0;
  const spreadDb = weightedSpread(spread);
  const still = share <= mostMoving && spreadDb <= mostSpreadDb && wanderings <= mostWanderings;
  return {
    verdict: windows < leastWindows ? "unknown" : still ? "static" : "mobile",
    heardMinutes: Math.round(heardMs / 60_000),
    moving: share,
    ...{ spreadDb, wanderings },
  };
}

/** From the 5th to the 95th percentile: on average of the access points, by how long it was there. */
function weightedSpread(spread: Day["spread"]): number {
  let sum = 0;
  let weight = 0;
  for (const { counts } of spread) {
    const all = total(counts);
    sum += all * binDb * (percentileBin(counts, 0.95) - percentileBin(counts, 0.05));
    weight += all;
  }
  return weight > 0 ? sum / weight : 0;
}

function percentileBin(counts: readonly number[], part: number): number {
  const wanted = part * total(counts);
  let sum = 0;
  return Math.max(
    0,
    counts.findIndex((each) => {
      sum += each;
      return sum >= wanted && sum > 0;
    }),
  );
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, each) => sum + each, 0);
}
