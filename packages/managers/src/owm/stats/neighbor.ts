/** Neighbors: the access points that were heard. */

import type { Mhz } from "@opensync-ts/base/units";
import { channelNumber } from "@opensync-ts/target/channels";
import type { Width } from "@opensync-ts/telemetry/names";
import type { NeighborBss } from "@opensync-ts/telemetry/neighbor";
import type { StatsRecord } from "@opensync-ts/wireless/stats/contract";
import type { StatsValues } from "@opensync-ts/wireless/stats/definitions";
import { bandOf, type Collector, type CollectorContext, Feed, type ReportItem, type ReportTime } from "./collector.ts";
import { statsLimits } from "./limits.ts";
import { placementFor } from "./placement.ts";
import type { StatsPlan } from "./plan.ts";

/** What was heard of a BSS since the last report. */
interface Heard {
  readonly phy: string;
  readonly frequency: Mhz;
  readonly data: StatsValues<"BSS_SCAN">;
  readonly snr: { readonly sum: number; readonly samples: number };
}

interface Told {
  readonly heard: Heard;
  readonly bss: NeighborBss;
}

export class NeighborCollector implements Collector {
  readonly feed: Feed;
  readonly #plan: StatsPlan;
  readonly #context: CollectorContext;
  /** By radio and BSSID. */
  readonly #heard = new Map<string, Heard>();
  /** Radio and channel, where the radio listened since the last report. */
  readonly #listened = new Set<string>();
  /** Those that reports of differences have told of. */
  readonly #told = new Map<string, Told>();

  constructor(name: string, plan: StatsPlan, context: CollectorContext) {
    this.#plan = plan;
    this.#context = context;
    const wanted = plan.reportType === "diff" ? (["BSS_SCAN", "CHAN"] as const) : (["BSS_SCAN"] as const);
    this.feed = new Feed(name, context, plan, wanted, (records) => this.#collect(records));
  }

  stop(): void {
    this.feed.stop();
  }

  take({ wall }: ReportTime): readonly ReportItem[] {
    const { reportType, surveyType } = this.#plan;
    const bsses =
      reportType === "diff" ? this.#differences() : [...this.#heard.values()].map((heard) => this.#bssOf(heard));
    this.#heard.clear();
    this.#listened.clear();
    if (bsses.length === 0) return [];
    const message = {
      band: bandOf(this.#plan),
      scanType: surveyType ?? "on-chan",
      timestampMs: wall,
      reportType,
      bsses,
    };
    return [{ kind: "neighbors", message }];
  }

  /** Those that came, or are not what they were; then those that were not heard although the radio listened on their channel. */
  #differences(): NeighborBss[] {
    const differences: NeighborBss[] = [];
    for (const [key, heard] of this.#heard) {
      const bss = this.#bssOf(heard);
      const before = this.#told.get(key);
      this.#told.delete(key);
      this.#told.set(key, { heard, bss });
      if (!before || !isSameBss(before.bss, bss)) differences.push({ ...bss, status: "ADDED" });
    }
    for (const [key, { heard, bss }] of this.#told) {
      if (this.#heard.has(key)) continue;
      const surplus = this.#told.size > statsLimits.neighbors;
      if (!surplus && !this.#listened.has(channelKey(heard.phy, heard.frequency))) continue;
      this.#told.delete(key);
      differences.push({ ...bss, status: "REMOVED" });
    }
    return differences;
  }

  #collect(records: readonly StatsRecord[]): void {
    for (const record of records) {
      if (record.stats === "BSS_SCAN") this.#hear(record.data);
      if (record.stats === "CHAN" && record.data.active_msec) {
        const { phy_name: phy = "", freq_mhz: frequency = 0 } = record.data;
        if (this.#concerns(phy, frequency)) this.#listened.add(channelKey(phy, frequency));
      }
    }
  }

  #hear(data: StatsValues<"BSS_SCAN">): void {
    const { phy_name: phy, mac_address: bssid, freq_mhz: frequency, snr_db } = data;
    if (phy === undefined || bssid === undefined || frequency === undefined) return;
    if (channelNumber(frequency) === 0 || !this.#concerns(phy, frequency)) return;
    this.#listened.add(channelKey(phy, frequency));
    const key = `${phy} ${bssid}`;
    const before = this.#heard.get(key);
    if (!before && this.#heard.size >= statsLimits.neighbors) {
      this.#context.dropped("neighbors");
      return;
    }
    const { sum, samples } = before?.snr ?? { sum: 0, samples: 0 };
    const snr = snr_db === undefined ? { sum, samples } : { sum: sum + snr_db, samples: samples + 1 };
    this.#heard.set(key, { phy, frequency, data: { ...before?.data, ...data }, snr });
  }

  #concerns(phy: string, frequency: Mhz): boolean {
    return placementFor(this.#plan, this.#context.radios, phy, frequency) !== null;
  }

  #bssOf({ frequency, data, snr }: Heard): NeighborBss {
    const averaged = this.#plan.reportType === "average" && snr.samples > 0;
    const snrDb = averaged ? Math.round(snr.sum / snr.samples) : data.snr_db;
    return {
      bssid: data.mac_address ?? "",
      ssid: data.ssid ? decoder.decode(data.ssid) : "",
      channel: channelNumber(frequency),
      width: widthOf(data.width_mhz),
      ...(snrDb !== undefined && { snrDb }),
      ...(data.ies && { beaconIes: data.ies }),
    };
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const widthsByMhz: Readonly<Record<number, Width>> = {
  20: "20MHz",
  40: "40MHz",
  80: "80MHz",
  160: "160MHz",
  320: "320MHz",
  8080: "80+80MHz",
};

function widthOf(mhz: number | undefined): Width {
  return (mhz !== undefined && widthsByMhz[mhz]) || "unknown";
}

/** Signal and elements change all the time. */
function isSameBss(a: NeighborBss, b: NeighborBss): boolean {
  return a.ssid === b.ssid && a.channel === b.channel && a.width === b.width;
}

function channelKey(phy: string, frequency: Mhz): string {
  return `${phy} ${frequency}`;
}
