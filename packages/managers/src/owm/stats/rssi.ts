/** RSSI: how well associated clients are heard, sample by sample or on average. */

import type { Mac } from "@opensync-ts/base/units";
import type { Average } from "@opensync-ts/telemetry/average";
import type { PeerRssi } from "@opensync-ts/telemetry/rssi";
import type { StatsRecord } from "@opensync-ts/wireless/stats/contract";
import { bandOf, type Collector, type CollectorContext, Feed, type ReportItem, type ReportTime } from "./collector.ts";
import { statsLimits } from "./limits.ts";
import type { StatsPlan } from "./plan.ts";

interface Heard {
  readonly mac: Mac;
  readonly at: number;
  readonly snrDb: number;
}

export class RssiCollector implements Collector {
  readonly feed: Feed;
  readonly #plan: StatsPlan;
  readonly #context: CollectorContext;
  /** The oldest first. */
  #samples: Heard[] = [];

  constructor(name: string, plan: StatsPlan, context: CollectorContext) {
    this.#plan = plan;
    this.#context = context;
    this.feed = new Feed(name, context, plan, ["STA"], (records) => this.#collect(records));
  }

  stop(): void {
    this.feed.stop();
  }

  take({ now, wall }: ReportTime): readonly ReportItem[] {
    const byPeer = Map.groupBy(this.#samples, ({ mac }) => mac);
    this.#samples = [];
    if (byPeer.size === 0) return [];
    const reportType = this.#plan.reportType === "average" ? "average" : "raw";
    const peers = [...byPeer].map(([mac, heard]): PeerRssi => {
      const head = { mac, source: "CLIENT" as const, rxPpdus: 0, txPpdus: 0 };
      if (reportType === "average") return { ...head, samples: [], averageDb: averageOf(heard) };
      return { ...head, samples: heard.map(({ snrDb, at }) => ({ snrDb, offsetMs: Math.round(now - at) })) };
    });
    return [{ kind: "rssi", message: { band: bandOf(this.#plan), reportType, timestampMs: wall, peers } }];
  }

  #collect(records: readonly StatsRecord[]): void {
    for (const record of records) {
      if (record.stats !== "STA") continue;
      const { phy_name: phy, mac_address: mac, snr_db: snrDb } = record.data;
      if (phy === undefined || mac === undefined || snrDb === undefined) continue;
      if (this.#context.radios.bandOf(phy) === this.#plan.band) this.#samples.push({ mac, at: record.at, snrDb });
    }
    const surplus = this.#samples.length - statsLimits.rssiSamples;
    if (surplus <= 0) return;
    this.#samples = this.#samples.slice(surplus);
    this.#context.dropped("rssi samples", surplus);
  }
}

function averageOf(heard: readonly Heard[]): Average {
  const values = heard.map(({ snrDb }) => snrDb);
  return {
    average: Math.round(values.reduce((sum, value) => sum + value, 0) / values.length),
    least: values.reduce((least, value) => Math.min(least, value)),
    most: values.reduce((most, value) => Math.max(most, value)),
    samples: values.length,
  };
}
