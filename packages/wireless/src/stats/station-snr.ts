/**
 * The signal of stations, smoothed (`osw_sta_snr`). Drivers are polled only while somebody observes.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Db, Mac } from "@opensync-ts/base/units";
import { limits } from "../limits.ts";
import type { StatsBus, StatsRecord } from "./contract.ts";

export interface SnrObserver {
  readonly station: Mac;
  /** Only where the station's access point has this name or this address; default: anywhere. */
  readonly vif?: { readonly name?: string; readonly address?: Mac };
  /** Without news for so many ms, the signal is taken to be gone; default: never. */
  readonly ageOut?: number;
  /** The first value, and whenever the whole decibels change; null when it is gone. */
  readonly changed: (snr: Db | null) => void;
}

/** Between polls, and the time in which half of a change shows, ms. */
const period = 500;
/** Drivers that do not know report nonsense above it. */
const highest = 255;

export class StationSnr {
  readonly #stats: StatsBus;
  readonly #clock: Clock;
  readonly #byStation = new Map<Mac, Set<Observed>>();
  #count = 0;
  #unsubscribe: (() => void) | null = null;

  constructor(options: { readonly stats: StatsBus; readonly clock: Clock }) {
    this.#stats = options.stats;
    this.#clock = options.clock;
  }

  /** Until the result is called. Throws a `RangeError` where there are too many already. */
  observe(observer: SnrObserver): () => void {
    if (this.#count >= limits.snrObservers) {
      throw new RangeError(`osw_sta_snr: there are ${limits.snrObservers} observers already`);
    }
    this.#unsubscribe ??= this.#stats.subscribe({
      name: "osw_sta_snr",
      stats: ["STA"],
      pollPeriod: period,
      reportPeriod: period,
      report: (records) => this.#take(records),
    });
    const observed = new Observed(observer, this.#clock);
    const { station } = observer;
    const others = this.#byStation.get(station);
    if (others) others.add(observed);
    else this.#byStation.set(station, new Set([observed]));
    this.#count++;
    return () => this.#remove(station, observed);
  }

  #remove(station: Mac, observed: Observed): void {
    const all = this.#byStation.get(station);
    if (!all?.delete(observed)) return;
    observed.stop();
    if (all.size === 0) this.#byStation.delete(station);
    this.#count--;
    if (this.#count > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  #take(records: readonly StatsRecord[]): void {
    for (const record of records) {
      if (record.stats !== "STA") continue;
      const { mac_address: station, snr_db: snr } = record.data;
      const all = station && this.#byStation.get(station);
      if (!all || snr === undefined) continue;
      for (const observed of [...all])
        if (all.has(observed) && observed.matches(record.data)) observed.take(snr, record.at);
    }
  }
}

class Observed {
  readonly #observer: SnrObserver;
  readonly #clock: Clock;
  #smooth: { readonly snr: number; readonly at: number } | null = null;
  #ageOut: Timer | null = null;

  constructor(observer: SnrObserver, clock: Clock) {
    this.#observer = observer;
    this.#clock = clock;
  }

  matches(data: Extract<StatsRecord, { stats: "STA" }>["data"]): boolean {
    const { vif = {} } = this.#observer;
    if (vif.name === undefined && vif.address === undefined) return true;
    return (
      (vif.name !== undefined && data.vif_name === vif.name) ||
      (vif.address !== undefined && data.vif_address === vif.address)
    );
  }

  /** `at`: when it was sampled. */
  take(sample: Db, at: number): void {
    const { ageOut, changed } = this.#observer;
    const before = this.#smooth;
    this.#smooth = { snr: smoothed(before, Math.min(highest, sample), at), at };
    this.#ageOut?.cancel();
    if (ageOut !== undefined) this.#ageOut = this.#clock.setTimer(ageOut, () => this.#lose());
    const whole = Math.trunc(this.#smooth.snr);
    if (!before || Math.trunc(before.snr) !== whole) changed(whole);
  }

  stop(): void {
    this.#ageOut?.cancel();
  }

  #lose(): void {
    this.#smooth = null;
    this.#observer.changed(null);
  }
}

/** An exponential average whose weight follows from the time between samples: after `period`, half. */
function smoothed(before: { readonly snr: number; readonly at: number } | null, sample: number, at: number): number {
  if (!before) return sample;
  const elapsed = Math.max(0, at - before.at);
  const weight = elapsed / (period + elapsed);
  return (1 - weight) * before.snr + weight * sample;
}
