/** What service a client had since it came: how long it was served, interrupted and without, and how often it moved and why. */

/**
 * `waiting`: before its first association; `served`; `interrupted`: on its way from one BSS to another; `outage`: without any.
 */
export type ServicePhase = "waiting" | "served" | "interrupted" | "outage";

export interface ServiceView {
  /** Milliseconds in each phase; together they are its age. */
  readonly time: Readonly<Record<ServicePhase, number>>;
  readonly associations: number;
  /** Moves from one BSS to another without a time of no association between. */
  readonly roams: number;
  /** Of those, by fast BSS transition. */
  readonly fastRoams: number;
  /** Times that it was left without any BSS. */
  readonly outages: number;
  /** Of those, because an access point sent it away. */
  readonly sentAway: number;
  /** Attempts that were refused. */
  readonly refused: number;
  readonly transitions: TransitionCounts;
}

/** `asked` = `ignored` + `lapsed` + `rejected` + `accepted` + what is still open; `accepted` = `moved` + `elsewhere` + `stayed` + open. */
export interface TransitionCounts {
  readonly asked: number;
  /** Not answered: it does not understand, or does not want. */
  readonly ignored: number;
  /** It had left, or was asked again, before it answered. */
  readonly lapsed: number;
  readonly rejected: number;
  readonly accepted: number;
  /** To the BSS that it had named. */
  readonly moved: number;
  readonly elsewhere: number;
  readonly stayed: number;
}

const noTransitions = {
  asked: 0,
  ignored: 0,
  lapsed: 0,
  rejected: 0,
  accepted: 0,
  moved: 0,
  elsewhere: 0,
  stayed: 0,
};

type Counter = Exclude<keyof ServiceView, "time" | "transitions">;

export class ServiceBook {
  readonly #time: Record<ServicePhase, number> = { waiting: 0, served: 0, interrupted: 0, outage: 0 };
  readonly #counts: Record<Counter, number> = {
    associations: 0,
    roams: 0,
    fastRoams: 0,
    outages: 0,
    sentAway: 0,
    refused: 0,
  };
  readonly #transitions: Record<keyof TransitionCounts, number> = { ...noTransitions };
  #phase: ServicePhase = "waiting";
  #since: number;

  /** Times are clock ms. */
  constructor(now: number) {
    this.#since = now;
  }

  get phase(): ServicePhase {
    return this.#phase;
  }

  enter(phase: ServicePhase, now: number): void {
    this.#time[this.#phase] += now - this.#since;
    this.#since = now;
    if (phase === "outage" && this.#phase !== "outage") this.#counts.outages++;
    this.#phase = phase;
  }

  count(what: Exclude<Counter, "outages">): void {
    this.#counts[what]++;
  }

  transition(what: keyof TransitionCounts): void {
    this.#transitions[what]++;
  }

  view(now: number): ServiceView {
    const time = { ...this.#time };
    time[this.#phase] += now - this.#since;
    return { time, ...this.#counts, transitions: { ...this.#transitions } };
  }
}
