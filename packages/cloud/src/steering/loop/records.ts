/**
 * What is good for saying later whether steering helps: each move that was asked for and what it came to, and counts for each day.
 * Moves are judged when all that could become of them has; those during which the cloud was away cannot be.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { SteeringEvent } from "@opensync-ts/telemetry/steering-event";
import { isForced } from "../indicators/indicators.ts";
import { type AskedMove, type JudgedMove, judgeMove, latestMs, returnMs } from "../indicators/judge.ts";
import * as limits from "../limits.ts";
import type { Presence } from "./presence.ts";

export interface RecordedMove extends AskedMove {
  readonly class: string;
}

export interface JudgedRecord {
  readonly move: RecordedMove;
  readonly judged: JudgedMove | null;
}

/** Of one day (UTC). */
export interface DayCounts {
  readonly clients: readonly Mac[];
  readonly forced: number;
  /** By class: answers to BTM requests, and those that accepted. */
  readonly btm: Readonly<Record<string, readonly [number, number]>>;
}

const noCounts: DayCounts = { clients: [], forced: 0, btm: {} };

export class Records {
  readonly #open: RecordedMove[] = [];
  #day = "";
  #clients = new Set<Mac>();
  #forced = 0;
  #btm = new Map<string, [number, number]>();
  /** A day that has ended and is not written yet. */
  #ended: { readonly day: string; readonly counts: DayCounts } | undefined;

  restore(open: readonly RecordedMove[], day: string, counts: DayCounts): void {
    this.#open.push(...open.slice(-limits.openMoves));
    this.#day = day;
    this.#clients = new Set(counts.clients);
    this.#forced = counts.forced;
    this.#btm = new Map(Object.entries(counts.btm).map(([name, [all, accepted]]) => [name, [all, accepted]]));
  }

  asked(move: RecordedMove): void {
    this.#open.push(move);
    if (this.#open.length > limits.openMoves) this.#open.shift();
  }

  connected(mac: Mac, now: number): void {
    this.#turn(now);
    if (this.#clients.size < limits.clients) this.#clients.add(mac);
  }

  happened(event: SteeringEvent, className: string, now: number): void {
    this.#turn(now);
    if (isForced(event)) this.#forced++;
    if (event.type !== "CLIENT_BTM_STATUS") return;
    const [all, accepted] = this.#btm.get(className) ?? [0, 0];
    this.#btm.set(className, [all + 1, accepted + Number(event.status === 0)]);
  }

  /** Those that are over, with what they came to; null where the cloud was not there. */
  over(presence: Presence, now: number): readonly JudgedRecord[] {
    const isOver = ({ at }: RecordedMove) => now - at > latestMs + returnMs || at > now;
    return this.#open.filter(isOver).map((move) => ({ move, judged: judged(move, presence, now) }));
  }

  /** They are written. */
  done(moves: readonly JudgedRecord[]): void {
    for (const { move } of moves) {
      const index = this.#open.indexOf(move);
      if (index >= 0) this.#open.splice(index, 1);
    }
  }

  /** As far as can be said now. */
  open(presence: Presence, now: number): readonly JudgedRecord[] {
    return this.#open.map((move) => ({ move, judged: judged(move, presence, now) }));
  }

  /** What is to be written of the days. */
  days(now: number): readonly { readonly day: string; readonly counts: DayCounts }[] {
    this.#turn(now);
    return [...(this.#ended ? [this.#ended] : []), { day: this.#day, counts: this.#counts() }];
  }

  /** The day that has ended is written. */
  written(day: string): void {
    if (this.#ended?.day === day) this.#ended = undefined;
  }

  #counts(): DayCounts {
    return { clients: [...this.#clients], forced: this.#forced, btm: Object.fromEntries(this.#btm) };
  }

  #turn(now: number): void {
    const day = dayText(now);
    if (day <= this.#day) return;
    if (this.#day !== "") this.#ended = { day: this.#day, counts: this.#counts() };
    this.#day = day;
    this.#clients = new Set(noCounts.clients);
    this.#forced = 0;
    this.#btm = new Map();
  }
}

export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function judged(move: AskedMove, presence: Presence, now: number): JudgedMove | null {
  if (presence.since > move.at) return null;
  return judgeMove(move, presence.stays(move.mac), presence.throughput(move.mac), now);
}
