/**
 * What access points ask of a client: transitions (802.11v) and measurements (802.11k), answered when it is awake and has made
 * up its mind; and what it asks of its own accord. One transition at a time: a later request replaces one that is not answered.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { SeededRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import {
  type BeaconAnswer,
  type BeaconRequest,
  type HeardBeacon,
  type MeasuredBss,
  measured,
  willMeasure,
} from "./beacon-measurement.ts";
import type { Candidate } from "./choice.ts";
import type { Device } from "./device.ts";
import type { Span } from "./device-class.ts";
import { maxMeasuredBsses, maxPendingMeasurements } from "./limits.ts";
import type { ServiceBook } from "./service-book.ts";
import { type Band, bands } from "./spectrum.ts";
import {
  planTransition,
  type TransitionAnswer,
  type TransitionCandidate,
  type TransitionRequest,
  transitionStatus,
} from "./transition.ts";

/** What a client sends to its access point beside data, as frames would say it. */
export type ClientMessage =
  | { readonly kind: "transition answer"; readonly answer: TransitionAnswer }
  | {
      readonly kind: "transition query";
      readonly token: number;
      /** Transition and query reason (IEEE 802.11-2020 table 9-198). */
      readonly reason: number;
      readonly candidates: readonly TransitionCandidate[];
    }
  | { readonly kind: "beacon report"; readonly request: BeaconRequest; readonly answer: BeaconAnswer }
  | { readonly kind: "neighbor request"; readonly token: number; readonly ssid: string };

/** The client as seen from here. */
export interface Asked {
  readonly clock: Clock;
  readonly device: Device;
  readonly random: SeededRandom;
  readonly book: ServiceBook;
  /** Its link and what else it could use; `null` without a link. */
  situation(): { readonly current: Candidate; readonly heard: readonly Candidate[] } | null;
  /** It is on its way to a BSS. */
  isMoving(): boolean;
  /** Milliseconds until it next hears what its access point holds for it. */
  wakeDelay(): number;
  hearAll(): readonly HeardBeacon[];
  move(bssid: Mac): void;
  tell(message: ClientMessage): void;
}

/** Reason of a query: low RSSI. */
const lowRssi = 16;

/** How long after it said yes a client is looked at, to see what it did. */
const pledgePeriod = 10_000;
const askDelay: Span = [200, 800];
const queryDelay: Span = [5, 30];

/** Channels of each band that a client looks at when it is told none. */
const channelCount: Readonly<Record<Band, number>> = { "2.4G": 11, "5G": 25, "6G": 15 };

export class Requests {
  readonly #asked: Asked;
  readonly #manners: SeededRandom;
  readonly #measuring: SeededRandom;
  readonly #measurements = new Set<Timer>();
  /** Of its own accord: at most one question of each kind. */
  readonly #questions = new Map<ClientMessage["kind"], Timer>();
  #transition: Timer | null = null;
  /** It has said yes to this one. */
  #pledge: { readonly target: Mac; timer: Timer | null } | null = null;
  #table: { readonly at: number; readonly beacons: readonly HeardBeacon[] } | null = null;
  #token = 0;
  #nextQuery = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#manners = asked.random.fork("manners");
    this.#measuring = asked.random.fork("measurements");
  }

  transition(request: TransitionRequest): void {
    const { clock, book, device } = this.#asked;
    book.transition("asked");
    const manners = device.transition;
    // Who is on its way does not hear its old access point.
    if (!manners || this.#asked.isMoving()) {
      book.transition(manners ? "lapsed" : "ignored");
      return;
    }
    this.#lapse();
    this.#settlePledge("stayed");
    const delay = within(manners.delay, this.#manners.next()) + this.#asked.wakeDelay();
    this.#transition = clock.setTimer(delay, () => {
      this.#transition = null;
      this.#decide(request);
    });
  }

  measure(request: BeaconRequest): void {
    const { clock, device } = this.#asked;
    const { measurement } = device;
    if (!measurement) return;
    const dice = () => this.#measuring.next();
    const outcome = willMeasure(measurement, request, dice);
    const busy = this.#measurements.size >= maxPendingMeasurements;
    const works = outcome === "measured" && !busy && request.mode !== "table";
    const delay = within(measurement.delay, dice()) + this.#asked.wakeDelay() + (works ? this.#airTime(request) : 0);
    // Beyond its bound it has no time for an answer either.
    if (this.#measurements.size >= 2 * maxPendingMeasurements) return;
    const timer = clock.setTimer(delay, () => {
      this.#measurements.delete(timer);
      const done = outcome === "measured" && busy ? "refused" : outcome;
      const bsses = done === "measured" ? this.#measured(request, measurement.accuracy) : [];
      this.#asked.tell({ kind: "beacon report", request, answer: { token: request.token, outcome: done, bsses } });
    });
    this.#measurements.add(timer);
  }

  /** What it has just heard, for those who ask for its table. */
  looked(): void {
    const { clock, device } = this.#asked;
    if (!device.measurement?.modes.includes("table")) return;
    const beacons = [...this.#asked.hearAll()].sort((a, b) => b.rssi - a.rssi).slice(0, maxMeasuredBsses);
    this.#table = { at: clock.now(), beacons };
  }

  associated(bssid: Mac, ssid: string): void {
    const { device } = this.#asked;
    if (this.#pledge) this.#settlePledge(this.#pledge.target === bssid ? "moved" : "elsewhere");
    if (!device.measurement?.asksNeighbors) return;
    this.#ask(askDelay, () => ({ kind: "neighbor request", token: this.#nextToken(), ssid }));
  }

  /** Its link has got weak. */
  weak(): void {
    const { clock, device } = this.#asked;
    if (!device.transition?.queries || clock.now() < this.#nextQuery) return;
    this.#nextQuery = clock.now() + device.habits.scanInterval * 1000;
    this.#ask(queryDelay, () => ({
      kind: "transition query",
      token: this.#nextToken(),
      reason: lowRssi,
      candidates: [],
    }));
  }

  /** The link is over, and with it what was asked on it. */
  parted(): void {
    this.#lapse();
    for (const timer of [...this.#measurements, ...this.#questions.values()]) timer.cancel();
    this.#measurements.clear();
    this.#questions.clear();
  }

  stop(): void {
    this.parted();
    this.#pledge?.timer?.cancel();
  }

  #decide(request: TransitionRequest): void {
    const { book, device, clock } = this.#asked;
    const situation = this.#asked.situation();
    const manners = device.transition;
    if (!situation || !manners || this.#asked.isMoving()) {
      book.transition("lapsed");
      return;
    }
    const plan = planTransition({ request, ...situation, manners, habits: device.habits }, () => this.#manners.next());
    const { answer } = plan;
    book.transition(outcomeOf(answer));
    if (!answer) return;
    this.#asked.tell({ kind: "transition answer", answer });
    if (answer.target === null) return;
    this.#pledge = { target: answer.target, timer: clock.setTimer(pledgePeriod, () => this.#judge()) };
    // Whoever heard the answer may have acted on it at once.
    if (plan.move && this.#asked.situation()) this.#asked.move(plan.move);
  }

  /** Without a link where it ends up is still open. */
  #judge(): void {
    if (this.#pledge) this.#pledge.timer = null;
    if (this.#asked.situation()) this.#settlePledge("stayed");
  }

  #settlePledge(outcome: "moved" | "elsewhere" | "stayed"): void {
    if (!this.#pledge) return;
    this.#pledge.timer?.cancel();
    this.#pledge = null;
    this.#asked.book.transition(outcome);
  }

  #lapse(): void {
    if (!this.#transition) return;
    this.#transition.cancel();
    this.#transition = null;
    this.#asked.book.transition("lapsed");
  }

  #measured(request: BeaconRequest, accuracy: number): MeasuredBss[] {
    const dice = () => this.#measuring.next();
    const now = this.#asked.clock.now();
    if (request.mode !== "table") return measured(this.#asked.hearAll(), request, accuracy, now, dice);
    const table = this.#table;
    return table ? measured(table.beacons, request, accuracy, table.at, dice) : [];
  }

  #airTime({ band, controls, duration }: BeaconRequest): number {
    const all = band === null ? bands : [band];
    const count = controls?.length ?? all.reduce((sum, each) => sum + channelCount[each], 0);
    return count * duration;
  }

  #ask(span: Span, message: () => ClientMessage): void {
    const asked = message();
    if (this.#questions.has(asked.kind)) return;
    const timer = this.#asked.clock.setTimer(within(span, this.#manners.next()), () => {
      this.#questions.delete(asked.kind);
      this.#asked.tell(asked);
    });
    this.#questions.set(asked.kind, timer);
  }

  /** 1 to 255. */
  #nextToken(): number {
    this.#token = (this.#token % 255) + 1;
    return this.#token;
  }
}

function outcomeOf(answer: TransitionAnswer | null): "ignored" | "accepted" | "rejected" {
  if (!answer) return "ignored";
  return answer.status === transitionStatus.accept ? "accepted" : "rejected";
}

function within([least, most]: Span, at: number): number {
  return least + at * (most - least);
}
