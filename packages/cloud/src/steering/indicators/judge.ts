/** What became of a move that the cloud has asked for, from where the client was and what it moved. Pure. */

import type { Mac } from "@opensync-ts/base/units";

/** Times are ms since 1970. */
export interface AskedMove {
  readonly at: number;
  readonly mac: Mac;
  readonly from: Mac;
  readonly to: Mac;
}

/** That a client was on an access point. */
export interface Stay {
  readonly mac: Mac;
  readonly bssid: Mac;
  readonly from: number;
  /** Null: it still is. */
  readonly to: number | null;
}

/** What went over a client's link on average until `at`, since the sample before. */
export interface Throughput {
  readonly at: number;
  readonly mac: Mac;
  readonly mbps: number;
}

const arrivalMs = 10_000;
export const stayMs = 300_000;
export const returnMs = 600_000;
/** Who comes later has not come because it was asked. */
export const latestMs = 600_000;
/** Below that a client is not in use: it has nothing to lose. */
const inUseMbps = 0.1;
const harmed = 0.9;

/** Null: cannot be told. */
export interface JudgedMove {
  readonly success: boolean | null;
  readonly harm: boolean | null;
  readonly pingPong: boolean | null;
  readonly tookMs: number | null;
  readonly offlineMs: number | null;
}

/** `stays` and `series` are of this client, in order of time. What has not happened until `now` is not known. */
export function judgeMove(
  move: AskedMove,
  stays: readonly Stay[],
  series: readonly Throughput[],
  now: number,
): JudgedMove {
  const { at, from, to } = move;
  const until = (stay: Stay) => stay.to ?? now;
  const arrival = stays.find((stay) => stay.bssid === to && stay.from >= at && stay.from - at <= latestMs);
  const arrivedAt = arrival?.from;
  const next = stays.find((stay) => stay.from > at && stay.from - at <= latestMs);
  const before = stays.findLast((stay) => stay.from <= at);
  // Links of which the old one ends after the new one has begun cost no time.
  const offlineMs = next && before ? Math.max(0, next.from - Math.max(at, until(before))) : null;
  const back =
    arrivedAt === undefined
      ? undefined
      : stays.find((stay) => stay.bssid === from && stay.from > arrivedAt && stay.from - arrivedAt <= returnMs);
  const inTime = arrivedAt !== undefined && arrivedAt - at <= arrivalMs;
  const decided = arrivedAt === undefined || !inTime ? now - at >= arrivalMs : now - arrivedAt >= stayMs;
  const stayed = arrival !== undefined && until(arrival) - arrival.from >= stayMs;
  return {
    success: inTime && arrival && !stayed && arrival.to !== null ? false : decided ? inTime && stayed : null,
    harm: arrivedAt === undefined ? null : harm(series, at, arrivedAt, now),
    pingPong: back ? true : arrivedAt === undefined || now - arrivedAt < returnMs ? null : false,
    tookMs: arrivedAt === undefined ? null : arrivedAt - at,
    offlineMs,
  };
}

function harm(series: readonly Throughput[], askedAt: number, arrivedAt: number, now: number): boolean | null {
  if (now - arrivedAt < stayMs) return null;
  const mean = (from: number, to: number) => {
    const part = series.filter(({ at }) => at > from && at <= to);
    return part.length > 0 ? part.reduce((sum, { mbps }) => sum + mbps, 0) / part.length : null;
  };
  const before = mean(askedAt - stayMs, askedAt);
  const after = mean(arrivedAt, arrivedAt + stayMs);
  return before === null || after === null || before < inUseMbps ? null : after < before * harmed;
}
