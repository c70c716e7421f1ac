/**
 * Does steering do good? Figures over a stretch of time, from what nodes report and what the cloud has asked for. Pure.
 * What cannot be told yet (a move whose five minutes are not over) is left out, and said how often; where nothing can be told a figure is null.
 */

import type { Mac } from "@opensync-ts/base/units";
import { parseMac } from "@opensync-ts/base/units";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import * as limits from "../limits.ts";

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

export interface SteeringRecord {
  readonly at: number;
  readonly mac: Mac;
  readonly event: SteeringEvent;
}

/** What went over a client's link on average until `at`, since the sample before. */
export interface Throughput {
  readonly at: number;
  readonly mac: Mac;
  readonly mbps: number;
}

export interface IndicatorInput {
  readonly from: number;
  readonly to: number;
  /** Clients that were connected in this time. */
  readonly clients: readonly Mac[];
  readonly moves: readonly AskedMove[];
  readonly stays: readonly Stay[];
  readonly events: readonly SteeringRecord[];
  readonly throughput: readonly Throughput[];
  readonly classOf: (mac: Mac) => string;
}

/** `of`: cases that could be judged. `share`: of them, 0 to 1; null where there are none. */
export interface Share {
  readonly of: number;
  readonly share: number | null;
}

export interface Indicators {
  readonly moves: number;
  /** There within 10 s, and still after 5 minutes. */
  readonly success: Share;
  /** Moves that left a client that was in use with less in the 5 minutes after than in those before. */
  readonly harm: Share;
  /** Moves after which the client was back where it came from within 10 minutes. */
  readonly pingPong: Share;
  /** From asking to being there, ms, of those who came at all. */
  readonly convergenceMs: { readonly median: number; readonly p90: number } | null;
  /** Of BTM requests, by class of device. */
  readonly btmAcceptance: ReadonlyMap<string, Share>;
  readonly forcedDeauthsPerClientDay: number | null;
  /** Between leaving one access point and being on another, on average of the moves that took a client anywhere. */
  readonly offlineSecondsPerMove: number | null;
}

const arrivalMs = 10_000;
const stayMs = 300_000;
const returnMs = 600_000;
/** Who comes later has not come because it was asked. */
const latestMs = 600_000;
/** Below that a client is not in use: it has nothing to lose. */
const inUseMbps = 0.1;
const harmed = 0.9;

const forced: ReadonlySet<SteeringEvent["type"]> = new Set([
  "CLIENT_KICKED",
  "CLIENT_BS_KICK",
  "CLIENT_STICKY_KICK",
  "CLIENT_SPECULATIVE_KICK",
  "CLIENT_DIRECTED_KICK",
  "CLIENT_GHOST_DEVICE_KICK",
] as const);

export function indicators(input: IndicatorInput): Indicators {
  const { from, to, clients } = input;
  const within = ({ at }: { readonly at: number }) => at >= from && at < to;
  const moves = input.moves.filter(within).slice(0, limits.indicatorEvents);
  const stays = grouped(input.stays);
  const series = grouped(input.throughput);
  const judged = moves.map((move) => judge(move, stays.get(move.mac) ?? [], series.get(move.mac) ?? [], to));
  const events = input.events.filter(within).slice(0, limits.indicatorEvents);
  const took = judged.flatMap(({ tookMs }) => (tookMs === null ? [] : [tookMs])).sort((a, b) => a - b);
  const offline = judged.flatMap(({ offlineMs }) => (offlineMs === null ? [] : [offlineMs]));
  const clientDays = (new Set(clients).size * (to - from)) / 86_400_000;
  return {
    moves: moves.length,
    success: share(judged.map(({ success }) => success)),
    harm: share(judged.map(({ harm }) => harm)),
    pingPong: share(judged.map(({ pingPong }) => pingPong)),
    convergenceMs: took.length > 0 ? { median: percentile(took, 0.5), p90: percentile(took, 0.9) } : null,
    btmAcceptance: acceptance(events, input.classOf),
    forcedDeauthsPerClientDay:
      clientDays > 0 ? events.filter(({ event }) => forced.has(event.type)).length / clientDays : null,
    offlineSecondsPerMove: offline.length > 0 ? offline.reduce((sum, ms) => sum + ms, 0) / offline.length / 1000 : null,
  };
}

/** Null: cannot be told. */
interface Judged {
  readonly success: boolean | null;
  readonly harm: boolean | null;
  readonly pingPong: boolean | null;
  readonly tookMs: number | null;
  readonly offlineMs: number | null;
}

function judge(move: AskedMove, stays: readonly Stay[], series: readonly Throughput[], now: number): Judged {
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

function acceptance(events: readonly SteeringRecord[], classOf: (mac: Mac) => string): ReadonlyMap<string, Share> {
  const answers = new Map<string, boolean[]>();
  for (const { mac, event } of events) {
    if (event.type !== "CLIENT_BTM_STATUS") continue;
    const name = classOf(mac);
    const known = answers.get(name) ?? [];
    known.push(event.status === 0);
    answers.set(name, known);
  }
  return new Map([...answers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, all]) => [name, share(all)]));
}

function share(cases: readonly (boolean | null)[]): Share {
  const judged = cases.filter((each) => each !== null);
  return { of: judged.length, share: judged.length > 0 ? judged.filter((each) => each).length / judged.length : null };
}

/** Of a list that is sorted. */
function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** By client, in order of time. */
function grouped<T extends { readonly mac: Mac } & ({ readonly at: number } | { readonly from: number })>(
  list: readonly T[],
): ReadonlyMap<Mac, readonly T[]> {
  const time = (each: T) => ("at" in each ? each.at : each.from);
  const all = new Map<Mac, T[]>();
  for (const each of list.slice(0, limits.indicatorEvents)) {
    const known = all.get(each.mac);
    if (known) known.push(each);
    else all.set(each.mac, [each]);
  }
  for (const known of all.values()) known.sort((a, b) => time(a) - time(b));
  return all;
}

/** The events of a report with times of their own. Records without an address are left out. */
export function recordsOf({ timestampMs, clients }: SteeringReport): SteeringRecord[] {
  return clients.flatMap(({ mac: text, bands }) => {
    const mac = parseMac(text);
    if (mac === undefined) return [];
    return bands.flatMap(({ events }) => events.map((event) => ({ at: timestampMs - event.offsetMs, mac, event })));
  });
}
