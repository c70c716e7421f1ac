/** What was dropped for want of room, or because nobody took it: counted by kind, told at once and then once a while. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { statsLimits } from "./limits.ts";

/** By kind, with what to do about it. */
const advice = {
  "survey samples": "let the row report more often, or sample less often",
  neighbors: "let the row report more often",
  "client records": "let the row report more often",
  "rssi samples": "let the row report more often, or sample less often",
  "capacity samples": "let the row report more often, or sample less often",
  "thermal records": "let the row report more often, or sample less often",
  "authentication failures": "let the row report more often",
  "queued reports": "QM does not take them (Node_Services, service qm) or rows report too much",
  "oversized elements": "they are larger than a payload may be; the driver reports nonsense",
  "refused payloads": "QM does not accept them",
} as const;

export type DropKind = keyof typeof advice;

export class Drops {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #kinds = new Map<DropKind, { total: number; untold: number; toldAt: number }>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** How many of each kind so far. */
  get counters(): ReadonlyMap<DropKind, number> {
    return new Map([...this.#kinds].map(([kind, { total }]) => [kind, total]));
  }

  /** `where` names the row, or the reason. */
  count(kind: DropKind, where: string, count = 1): void {
    const now = this.#clock.now();
    const entry = this.#kinds.get(kind) ?? { total: 0, untold: 0, toldAt: Number.NEGATIVE_INFINITY };
    this.#kinds.set(kind, entry);
    entry.total += count;
    entry.untold += count;
    if (now - entry.toldAt < statsLimits.dropSilence) return;
    this.#log.warning(`ow: stats: ${where}: ${entry.untold} ${kind} dropped: ${advice[kind]}`);
    entry.untold = 0;
    entry.toldAt = now;
  }
}
