/**
 * The life cycle of an object (phy, vif, station) that a driver reports: it is known to have changed, is requested,
 * reported, and processed. Only an object that was requested takes a report, so that a driver's answers may be late
 * or doubled without an old one passing for a new one unnoticed.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { limits } from "./limits.ts";

export type LifeCycle = "INVALID" | "REQUESTED" | "REQUESTED_AND_INVALIDATED" | "VALID" | "PROCESSED";

/** `changed`: the driver says so, or a poll does; `requested`: it is asked for; `reported`: the answer. */
export type LifeEvent = "changed" | "requested" | "reported" | "processed";

const transitions: Readonly<Record<LifeCycle, Readonly<Partial<Record<LifeEvent, LifeCycle>>>>> = {
  INVALID: { changed: "INVALID", requested: "REQUESTED" },
  REQUESTED: { changed: "REQUESTED_AND_INVALIDATED", requested: "REQUESTED", reported: "VALID" },
  REQUESTED_AND_INVALIDATED: { changed: "REQUESTED_AND_INVALIDATED", requested: "REQUESTED", reported: "VALID" },
  VALID: { changed: "INVALID", processed: "PROCESSED" },
  PROCESSED: { changed: "INVALID" },
};

/** The state after `event`; null where it means nothing: a report nobody asked for. */
export function nextLife(life: LifeCycle, event: LifeEvent): LifeCycle | null {
  return transitions[life][event] ?? null;
}

/** An object whose reports are waited for. */
export interface LiveObject {
  /** For logs: `phy wifi0`. */
  readonly label: string;
  /** Asks the driver, which may answer at once; false while what the object belongs to is not there yet. */
  readonly request: () => boolean;
  life: LifeCycle;
  /** Monotonic milliseconds. */
  requestedAt: number;
  /** Monotonic milliseconds of the last report; null before the first. */
  reportedAt: number | null;
}

/** Moves objects through their lives, and asks again for the reports that do not come. */
export class Lives {
  readonly #clock: Clock;
  readonly #log: Log;
  /** Everything that is not PROCESSED. */
  readonly #busy = new Set<LiveObject>();
  /** Runs an overdue check; the owner wraps it as it wraps any event. */
  readonly #turn: (step: () => void) => void;
  /** When the next check is due, monotonic milliseconds. */
  #overdue: { readonly at: number; readonly timer: Timer } | null = null;

  constructor(options: { clock: Clock; log: Log; turn: (step: () => void) => void }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#turn = options.turn;
  }

  /** Nothing asked of a driver is unanswered. */
  get idle(): boolean {
    return this.#busy.size === 0;
  }

  stop(): void {
    this.#overdue?.timer.cancel();
  }

  /** What is known of the object is out of date: it is asked for, now or after the report under way. */
  changed(object: LiveObject): void {
    this.#move(object, "changed");
    if (object.life === "INVALID") this.request(object);
  }

  request(object: LiveObject): void {
    const before = object.life;
    this.#busy.add(object);
    object.requestedAt = this.#clock.now();
    this.#move(object, "requested");
    this.#log.trace(() => `osw: state: ${object.label}: asked for`);
    if (object.request()) this.#watch(object.requestedAt + limits.reportOverdue);
    else object.life = before;
  }

  /** Whether a report of `object` is waited for; `label` names it where it is not known at all. */
  expects<Known extends LiveObject>(object: Known | undefined, label: string): object is Known {
    if (object && nextLife(object.life, "reported") !== null) return true;
    this.#log.debug(() => `osw: state: ${label}: a report nobody asked for is dropped`);
    return false;
  }

  /** Takes an expected report; `process` compares it and tells observers. `outdated`: the object has changed since. */
  report(object: LiveObject, process: (outdated: boolean) => void): void {
    const again = object.life === "REQUESTED_AND_INVALIDATED";
    this.#move(object, "reported");
    object.reportedAt = this.#clock.now();
    this.#log.trace(() => `osw: state: ${object.label}: reported${again ? ", and has changed since" : ""}`);
    process(again);
    // An observer may have had it asked for again already.
    if (object.life !== "VALID") return;
    this.#move(object, "processed");
    this.#busy.delete(object);
    if (again) this.changed(object);
  }

  /** The object is gone; nothing is waited for. */
  forget(object: LiveObject): void {
    this.#busy.delete(object);
  }

  #move(object: LiveObject, event: LifeEvent): void {
    object.life = nextLife(object.life, event) ?? object.life;
  }

  /** The earliest counts. */
  #watch(at: number): void {
    if (this.#overdue !== null && this.#overdue.at <= at) return;
    this.#overdue?.timer.cancel();
    const timer = this.#clock.setTimer(at - this.#clock.now(), () => {
      this.#overdue = null;
      this.#turn(() => this.#requestOverdue());
    });
    this.#overdue = { at, timer };
  }

  #requestOverdue(): void {
    const now = this.#clock.now();
    for (const object of [...this.#busy]) {
      if (nextLife(object.life, "reported") === null) continue;
      const due = object.requestedAt + limits.reportOverdue;
      if (due <= now) {
        this.#log.notice(`osw: state: ${object.label}: no report in ${limits.reportOverdue / 1000} s, asking again`);
        this.request(object);
      } else {
        this.#watch(due);
      }
    }
  }
}
