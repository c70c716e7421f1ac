/** How busy the operating channel of a band's first radio is, for rows with a threshold. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Band } from "@opensync-ts/telemetry/names";
import type { StatsBus, StatsRecord } from "@opensync-ts/wireless/stats/contract";
import type { Radios } from "./radios.ts";

/** Percent of the time. */
export interface Utilisation {
  /** By anybody. */
  readonly busy: number;
  /** By the radio itself: what it sent, and what it received within its BSS. */
  readonly own: number;
}

interface MeterOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly stats: StatsBus;
  readonly radios: Radios;
  readonly band: Band;
  readonly period: number;
  readonly changed: () => void;
}

/** A value that old says nothing any more, in periods. */
const oldest = 3;

export class UtilisationMeter {
  readonly #options: MeterOptions;
  readonly #unsubscribe: () => void;
  #last: { readonly at: number; readonly value: Utilisation } | null = null;

  /** Throws a `RangeError` where there are too many subscribers already. */
  constructor(options: MeterOptions) {
    const { name, stats, period } = options;
    this.#options = options;
    this.#unsubscribe = stats.subscribe({
      name: `${name}: threshold`,
      stats: ["CHAN"],
      pollPeriod: period,
      reportPeriod: period,
      report: (records) => this.#take(records),
    });
  }

  /** null: not known. */
  get value(): Utilisation | null {
    const { clock, period } = this.#options;
    return this.#last && clock.now() - this.#last.at <= oldest * period ? this.#last.value : null;
  }

  stop(): void {
    this.#unsubscribe();
  }

  #take(records: readonly StatsRecord[]): void {
    const { radios, band, clock, changed } = this.#options;
    const phy = radios.firstOf(band)?.name;
    const channel = phy === undefined ? null : radios.operatingChannel(phy);
    for (const record of records) {
      if (record.stats !== "CHAN") continue;
      const { phy_name, freq_mhz, cnt_percent: percent } = record.data;
      if (phy_name !== phy || freq_mhz !== channel?.control || !percent) continue;
      const { tx = 0, rx_inbss = 0, busy = 0 } = percent;
      const own = Math.min(100, tx + rx_inbss);
      this.#last = { at: clock.now(), value: { busy: Math.max(busy, own), own } };
      changed();
    }
  }
}
