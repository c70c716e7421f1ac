/** One subscriber of the bus: when it is due, from where its next report starts, and what waits for it. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { BoundedQueue } from "@opensync-ts/base/queue";
import { limits } from "../limits.ts";
import type { StatsRecord, StatsSubscriber } from "./contract.ts";
import type { StatsName } from "./definitions.ts";
import type { DropLog } from "./drop-log.ts";
import { nextOnGrid } from "./schedule.ts";
import { type Mark, noMark, type Tracker } from "./tracker.ts";

interface SubscriptionOptions {
  readonly subscriber: StatsSubscriber;
  readonly clock: Clock;
  readonly log: Log;
  readonly drops: DropLog;
}

export class Subscription {
  readonly stats: readonly StatsName[];
  /** Its report is due and waits for answers of drivers. */
  held = false;
  putOff = 0;
  failed = 0;
  readonly #options: SubscriptionOptions;
  readonly #since: number;
  readonly #marks = new Map<Tracker, Mark>();
  readonly #waiting = new BoundedQueue<readonly StatsRecord[]>(limits.statsReports);
  #nextPoll: number;
  #nextReport: number;
  #turn: Timer | null = null;
  #busy = false;
  #stopped = false;

  constructor(options: SubscriptionOptions) {
    const { subscriber, clock } = options;
    this.#options = options;
    this.#since = clock.now();
    this.stats = [...new Set(subscriber.stats)];
    this.#nextReport = nextOnGrid(this.#since, subscriber.reportPeriod);
    this.#nextPoll = this.#pollAfter(this.#since);
  }

  get name(): string {
    return this.#options.subscriber.name;
  }

  /** Monotonic ms. */
  get nextDue(): number {
    return Math.min(this.#nextPoll, this.#nextReport);
  }

  /** True once for each time it falls due, as `reportIsDue`. */
  pollIsDue(now: number): boolean {
    if (now < this.#nextPoll) return false;
    this.#nextPoll = this.#pollAfter(now);
    return true;
  }

  reportIsDue(now: number): boolean {
    if (now < this.#nextReport) return false;
    this.#nextReport = nextOnGrid(now, this.#options.subscriber.reportPeriod);
    return true;
  }

  /** What `tracker` has counted so far was before this subscriber's time. */
  startFrom(tracker: Tracker): void {
    this.#marks.set(tracker, tracker.mark);
  }

  hasReported(tracker: Tracker): boolean {
    return this.#markOf(tracker).sequence >= tracker.mark.sequence;
  }

  forget(tracker: Tracker): void {
    this.#marks.delete(tracker);
  }

  /** Sends what came since the last time, or leaves it for the next when the subscriber is too slow. */
  flush(trackers: Iterable<Tracker>, also: (record: StatsRecord) => StatsRecord): void {
    if (this.#waiting.size >= limits.statsReports) {
      this.putOff++;
      this.#options.drops.dropped(
        `reports to ${this.name} put off: it has not taken ${limits.statsReports} earlier ones`,
      );
      return;
    }
    const records: StatsRecord[] = [];
    for (const tracker of trackers) {
      const record = tracker.recordSince(this.#markOf(tracker), also);
      if (!record) continue;
      records.push(record);
      this.#marks.set(tracker, tracker.mark);
    }
    if (records.length === 0) return;
    this.#waiting.push(records);
    if (!this.#busy) this.#turn ??= this.#options.clock.setTimer(0, () => void this.#deliver());
  }

  stop(): void {
    this.#stopped = true;
    this.#turn?.cancel();
  }

  async #deliver(): Promise<void> {
    this.#turn = null;
    this.#busy = true;
    for (let next = this.#waiting.shift(); next && !this.#stopped; next = this.#waiting.shift()) {
      try {
        await this.#options.subscriber.report(next);
      } catch (error) {
        this.failed++;
        this.#options.log.error(`osw: stats: ${this.name}: a report failed in its subscriber: ${messageOf(error)}`);
      }
    }
    this.#busy = false;
  }

  /** Counters that began before the subscription, for all one knows, have counted what others were told. */
  #markOf(tracker: Tracker): Mark {
    const mark = this.#marks.get(tracker);
    if (mark) return mark;
    const older = tracker.since === null || tracker.since < this.#since;
    return older && tracker.countsFromZero ? tracker.opening : noMark;
  }

  #pollAfter(now: number): number {
    const { pollPeriod } = this.#options.subscriber;
    return pollPeriod === undefined ? Number.POSITIVE_INFINITY : nextOnGrid(now, pollPeriod);
  }
}
