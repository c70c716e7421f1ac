/**
 * Does steering do good? Figures over a stretch of time, from what nodes report and what the cloud has asked for. Pure.
 * What cannot be told yet (a move whose five minutes are not over) is left out, and said how often; where nothing can be told a figure is null.
 */

import type { Mac } from "@opensync-ts/base/units";
import { parseMac } from "@opensync-ts/base/units";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import * as limits from "../limits.ts";
import { type AskedMove, type JudgedMove, judgeMove, type Stay, type Throughput } from "./judge.ts";

export type { AskedMove, Stay, Throughput } from "./judge.ts";

/** Times are ms since 1970. */
export interface SteeringRecord {
  readonly at: number;
  readonly mac: Mac;
  readonly event: SteeringEvent;
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
  const judged = moves.map((move) => judgeMove(move, stays.get(move.mac) ?? [], series.get(move.mac) ?? [], to));
  const events = input.events.filter(within).slice(0, limits.indicatorEvents);
  const clientDays = (new Set(clients).size * (to - from)) / 86_400_000;
  return {
    ...moveFigures(judged),
    btmAcceptance: acceptance(events, input.classOf),
    forcedDeauthsPerClientDay:
      clientDays > 0 ? events.filter(({ event }) => isForced(event)).length / clientDays : null,
  };
}

/** What can be said of moves that have been judged one by one. */
export function moveFigures(
  judged: readonly JudgedMove[],
): Omit<Indicators, "btmAcceptance" | "forcedDeauthsPerClientDay"> {
  const took = judged.flatMap(({ tookMs }) => (tookMs === null ? [] : [tookMs])).sort((a, b) => a - b);
  const offline = judged.flatMap(({ offlineMs }) => (offlineMs === null ? [] : [offlineMs]));
  return {
    moves: judged.length,
    success: share(judged.map(({ success }) => success)),
    harm: share(judged.map(({ harm }) => harm)),
    pingPong: share(judged.map(({ pingPong }) => pingPong)),
    convergenceMs: took.length > 0 ? { median: percentile(took, 0.5), p90: percentile(took, 0.9) } : null,
    offlineSecondsPerMove: offline.length > 0 ? offline.reduce((sum, ms) => sum + ms, 0) / offline.length / 1000 : null,
  };
}

/** A client was thrown out. */
export function isForced({ type }: SteeringEvent): boolean {
  return forced.has(type);
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

export function share(cases: readonly (boolean | null)[]): Share {
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
