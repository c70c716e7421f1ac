/**
 * The device, as far as its radios are concerned: transmit chains in use on each tick of the sampling grid, and the temperature of
 * each radio. The rest of a device report is SM's.
 */

import type { DeviceReport } from "@opensync-ts/telemetry/device";
import type { Band } from "@opensync-ts/telemetry/names";
import type { StatsRecord } from "@opensync-ts/wireless/stats/contract";
import { nextOnGrid } from "@opensync-ts/wireless/stats/schedule";
import {
  type Collector,
  type CollectorContext,
  dropOldest,
  Feed,
  type ReportItem,
  type ReportTime,
} from "./collector.ts";
import { statsLimits } from "./limits.ts";
import type { StatsPlan } from "./plan.ts";

interface Tick {
  readonly at: number;
  readonly txChainmasks: readonly { readonly band: Band; readonly mask: number }[];
}

export class DeviceCollector implements Collector {
  readonly feed: Feed;
  nextTick: number;
  readonly #plan: StatsPlan;
  readonly #context: CollectorContext;
  readonly #ticks: Tick[] = [];
  /** By radio, °C since the last report. */
  readonly #temperatures = new Map<string, number>();

  constructor(name: string, plan: StatsPlan, context: CollectorContext) {
    this.#plan = plan;
    this.#context = context;
    this.nextTick = nextOnGrid(context.clock.now(), plan.sampling);
    this.feed = new Feed(name, context, plan, ["PHY"], (records) => this.#collect(records));
  }

  stop(): void {
    this.feed.stop();
  }

  tick(now: number): void {
    this.nextTick = nextOnGrid(now, this.#plan.sampling);
    const { radios, state } = this.#context;
    const txChainmasks = radios.namesOf(this.#plan.band).flatMap((name) => {
      const phy = state.phys.get(name);
      const band = radios.bandOf(name);
      return phy && band ? [{ band, mask: phy.enabled ? phy.txChainmask : 0 }] : [];
    });
    this.#ticks.push({ at: now, txChainmasks });
    const dropped = dropOldest(this.#ticks, statsLimits.thermalRecords);
    if (dropped > 0) this.#context.dropped("thermal records", dropped);
  }

  take({ now, wall }: ReportTime): readonly ReportItem[] {
    const { radios } = this.#context;
    const temperatures = [...this.#temperatures].flatMap(([phy, celsius]) => {
      const band = radios.bandOf(phy);
      return band ? [{ band, celsius: Math.round(celsius) }] : [];
    });
    this.#temperatures.clear();
    const message: DeviceReport = {
      timestampMs: wall,
      fileSystems: [],
      processesByCpu: [],
      processesByMemory: [],
      temperatures,
      thermal: this.#ticks.splice(0).map(({ at, txChainmasks }) => ({
        timestampMs: Math.round(wall - (now - at)),
        txChainmasks,
        leds: [],
      })),
    };
    return [{ kind: "devices", message }];
  }

  #collect(records: readonly StatsRecord[]): void {
    const { radios } = this.#context;
    for (const record of records) {
      if (record.stats !== "PHY") continue;
      const { phy_name: phy, temperature_celsius: celsius } = record.data;
      if (phy === undefined || celsius === undefined) continue;
      const band = radios.bandOf(phy);
      if (band !== null && (this.#plan.band === null || band === this.#plan.band)) this.#temperatures.set(phy, celsius);
    }
  }
}
