/** Clients: who came and went, and what each sent and received. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import { channelNumber } from "@opensync-ts/target/channels";
import type { WirelessStateEvents } from "@opensync-ts/wireless/contract";
import type { StatsRecord } from "@opensync-ts/wireless/stats/contract";
import { bandOf, type Collector, type CollectorContext, Feed, type ReportItem, type ReportTime } from "./collector.ts";
import { statsLimits } from "./limits.ts";
import { Link } from "./link.ts";
import type { StatsPlan } from "./plan.ts";

export class ClientCollector implements Collector {
  readonly feed: Feed;
  readonly #plan: StatsPlan;
  readonly #context: CollectorContext;
  readonly #startedAt: number;
  /** By vif and address. */
  readonly #links = new Map<string, Link>();
  readonly #unsubscribe: Unsubscribe;

  constructor(name: string, plan: StatsPlan, context: CollectorContext) {
    const { clock, state } = context;
    this.#plan = plan;
    this.#context = context;
    this.#startedAt = clock.now();
    this.feed = new Feed(name, context, plan, ["STA"], (records) => this.#collect(records));
    this.#unsubscribe = state.events.on("station", (event) => this.#stationChanged(event));
    // Those that are there already connect now, as deployed devices tell it.
    for (const [vif, stations] of state.stations) {
      for (const [mac, station] of stations) this.#stationChanged({ mac, vif, old: null, new: station });
    }
  }

  stop(): void {
    this.#unsubscribe();
    this.feed.stop();
  }

  take({ now, wall }: ReportTime): readonly ReportItem[] {
    const { reportType } = this.#plan;
    const band = bandOf(this.#plan);
    const clients = [];
    for (const [key, link] of this.#links) {
      if (reportType === "diff" ? link.hasChanged : link.hasNews) {
        clients.push(link.record(now, reportType === "average" ? "average" : "latest"));
      }
      if (!link.connected) this.#links.delete(key);
    }
    if (clients.length === 0) return [];
    const { radios } = this.#context;
    const phy = radios.firstOf(band);
    const channel = phy && radios.operatingChannel(phy.name);
    const message = {
      band,
      timestampMs: wall,
      channel: channel ? channelNumber(channel.control) : 0,
      uplinkType: "",
      uplinkChanged: false,
      clients,
    };
    return [{ kind: "clients", message }];
  }

  #stationChanged({ mac, vif, old, new: station }: WirelessStateEvents["station"]): void {
    const phy = (station ?? old)?.phy;
    if (phy === undefined || this.#context.radios.bandOf(phy) !== this.#plan.band) return;
    const now = this.#context.clock.now();
    if (station === null) this.#links.get(keyOf(vif, mac))?.disconnect(now);
    else if (old === null) this.#link(vif, mac)?.connect(station, now, this.#startedAt);
  }

  /** What a client did last may come when its record was made already: it is part of one more. */
  #collect(records: readonly StatsRecord[]): void {
    for (const record of records) {
      if (record.stats !== "STA") continue;
      const { phy_name: phy, vif_name: vif, mac_address: mac } = record.data;
      if (phy === undefined || vif === undefined || mac === undefined) continue;
      if (this.#context.radios.bandOf(phy) === this.#plan.band) this.#link(vif, mac)?.add(record.data);
    }
  }

  #link(vif: string, mac: Mac): Link | null {
    const key = keyOf(vif, mac);
    const known = this.#links.get(key);
    if (known) return known;
    if (this.#links.size >= statsLimits.clients) {
      this.#context.dropped("client records");
      return null;
    }
    const on = this.#context.state.vifs.get(vif);
    const link = new Link(mac, on?.type === "ap" ? on.ap.ssid : "");
    this.#links.set(key, link);
    return link;
  }
}

function keyOf(vif: string, mac: Mac): string {
  return `${vif} ${mac}`;
}
