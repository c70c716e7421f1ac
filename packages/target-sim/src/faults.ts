/** What can go wrong in a driver, switched on and off while it runs: everywhere, or on one radio or vif, for good or for a while. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import type { Random } from "@opensync-ts/base/random";
import type { ApAttributeName, ApAttributes } from "@opensync-ts/target/radio";
import { maxActiveFaults } from "./limits.ts";

/** Probabilities are 0 to 1, times milliseconds. */
export interface Faults {
  /** Keeps only so many ACL entries per vif, reports those, and says nothing of it in its capabilities. */
  readonly aclLimit: number | null;
  /** Probability that a configuration request has no effect. */
  readonly ignoreRequests: number;
  /** By which requests take effect later. */
  readonly applyDelay: number;
  /** Attributes of access points that requests do not change. */
  readonly unsupported: readonly ApAttributeName[];
  /** Access points that are switched on do not come up. */
  readonly neverUp: boolean;
  /** Probability that a state that was asked for is never reported. */
  readonly loseReports: number;
  /** Probability that a change of state is not told, so that nobody asks. */
  readonly loseChanges: number;
  /** Probability that a report comes a second time, unasked. */
  readonly duplicateReports: number;
  /** By which reports come later; they say what was true when they were due. */
  readonly reportDelay: number;
  /** Up to so much later again, by chance, so that reports overtake each other. */
  readonly reportJitter: number;
  /** Reported for every access point instead of the truth. */
  readonly wrong: Partial<ApAttributes>;
  /** Reports that name another object, or hold values that cannot be. */
  readonly malformed: "none" | "name" | "values";
  /** Reports in which nothing is filled in: zero, false, empty. */
  readonly blank: boolean;
  /** Reports that are right but spelled and ordered otherwise than asked for. */
  readonly respelled: boolean;
  /** Vifs are reported as broken. */
  readonly broken: boolean;
  /** Channel availability checks do not end. */
  readonly endlessCac: boolean;
  /** Probability that a scan is never completed, nor its results told. */
  readonly loseScans: number;
  /** Probability that a scan fails at once. */
  readonly failScans: number;
  /** By which the results of scans come later than the radio is back. */
  readonly scanDelay: number;
  /** Counters of stations that come while it is on have 32 bits, and begin at zero again beyond. */
  readonly narrowCounters: boolean;
  /** By how much radios are hotter than their load explains, °C. */
  readonly overheat: number;
  /** The fan stands still, whatever it is told. */
  readonly fanStuck: boolean;
}

export const noFaults: Faults = {
  aclLimit: null,
  ignoreRequests: 0,
  applyDelay: 0,
  unsupported: [],
  neverUp: false,
  loseReports: 0,
  loseChanges: 0,
  duplicateReports: 0,
  reportDelay: 0,
  reportJitter: 0,
  wrong: {},
  malformed: "none",
  blank: false,
  respelled: false,
  broken: false,
  endlessCac: false,
  loseScans: 0,
  failScans: 0,
  scanDelay: 0,
  narrowCounters: false,
  overheat: 0,
  fanStuck: false,
};

/** What a fault is limited to; nothing given: it is everywhere. Of a phy: of its vifs, too. */
export interface FaultScope {
  readonly phy?: string;
  readonly vif?: string;
}

export interface FaultOrder extends FaultScope {
  /** For people: the scenario that it comes from. */
  readonly name: string;
  readonly faults: Partial<Faults>;
  /** Milliseconds after which it ends by itself; absent: never. */
  readonly duration?: number;
}

export interface ActiveFault extends FaultOrder {
  readonly id: number;
  /** Clock time, ms; null = until switched off. */
  readonly until: number | null;
}

export interface FaultSwitchOptions {
  readonly random: Random;
  readonly clock: Clock;
  readonly faults?: Partial<Faults>;
}

export class FaultSwitch {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #events = new Emitter<{ change: undefined }>();
  readonly #active = new Map<number, { readonly fault: ActiveFault; readonly timer: Timer | null }>();
  /** By phy and vif; forgotten with each change. */
  readonly #effective = new Map<string, Faults>();
  #base: Faults;
  #lastId = 0;

  constructor({ random, clock, faults = {} }: FaultSwitchOptions) {
    this.#random = random;
    this.#clock = clock;
    this.#base = { ...noFaults, ...faults };
  }

  /** What is wrong with a phy, or with a vif on it; where several faults set the same thing, the last one counts. */
  of(phy: string, vif?: string): Faults {
    if (this.#active.size === 0) return this.#base;
    const key = `${phy} ${vif ?? ""}`;
    const known = this.#effective.get(key);
    if (known) return known;
    const fitting = [...this.#active.values()].filter(({ fault }) => concerns(fault, phy, vif));
    const effective = Object.assign({ ...this.#base }, ...fitting.map(({ fault }) => fault.faults)) as Faults;
    this.#effective.set(key, effective);
    return effective;
  }

  /** What is wrong with the device as a whole: faults that are not limited to a radio. */
  ofDevice(): Faults {
    return this.of("");
  }

  /** Switches these faults everywhere; the others stay as they are. */
  set(faults: Partial<Faults>): void {
    this.#base = { ...this.#base, ...faults };
    this.#changed();
  }

  /** Throws a `UserError` where too many are on already. */
  switchOn(order: FaultOrder): ActiveFault {
    if (this.#active.size >= maxActiveFaults) {
      throw new UserError(`${maxActiveFaults} faults are on already; clear them first`);
    }
    const id = ++this.#lastId;
    const { duration } = order;
    const fault: ActiveFault = { ...order, id, until: duration === undefined ? null : this.#clock.now() + duration };
    const timer = duration === undefined ? null : this.#clock.setTimer(duration, () => this.switchOff(id));
    this.#active.set(id, { fault, timer });
    this.#changed();
    return fault;
  }

  /** False where it is off already. */
  switchOff(id: number): boolean {
    const entry = this.#active.get(id);
    if (!entry) return false;
    entry.timer?.cancel();
    this.#active.delete(id);
    this.#changed();
    return true;
  }

  /** Those switched on and not yet off, first come first. */
  active(): readonly ActiveFault[] {
    return [...this.#active.values()].map(({ fault }) => fault);
  }

  /** Everything works again. */
  clear(): void {
    for (const { timer } of this.#active.values()) timer?.cancel();
    this.#active.clear();
    this.set(noFaults);
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#events.on("change", listener);
  }

  /** Draws whether something of this probability happens now; certain and impossible things draw nothing. */
  strikes(probability: number): boolean {
    if (probability <= 0) return false;
    return probability >= 1 || this.#random.next() < probability;
  }

  /** A number from 0 to below `bound`; nothing is drawn of nothing. */
  upTo(bound: number): number {
    return bound <= 0 ? 0 : this.#random.next() * bound;
  }

  #changed(): void {
    this.#effective.clear();
    this.#events.emit("change", undefined);
  }
}

function concerns(scope: FaultScope, phy: string, vif: string | undefined): boolean {
  return (scope.phy === undefined || scope.phy === phy) && (scope.vif === undefined || scope.vif === vif);
}
