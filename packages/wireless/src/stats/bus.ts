/**
 * The statistics bus (`osw_stats`): drivers are polled for what subscribers want, samples come in whenever they come, and each
 * subscriber gets its reports at its own times. Publishers and subscribers never meet on one call stack.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Log } from "@opensync-ts/base/log";
import { BoundedQueue } from "@opensync-ts/base/queue";
import type { Mac } from "@opensync-ts/base/units";
import { sameChannel } from "@opensync-ts/target/channels";
import type { ScanResults, StatisticsReport, StatisticsRequest } from "@opensync-ts/target/driver";
import type { WirelessState, WirelessStateEvents } from "../contract.ts";
import { channelInUse } from "../home-channel.ts";
import { limits } from "../limits.ts";
import type { StatsBus, StatsCounters, StatsRecord, StatsSubscriber } from "./contract.ts";
import { definitionOf, type StatsName, statsNames } from "./definitions.ts";
import { samplesOf, samplesOfBsses } from "./driver-samples.ts";
import { DropLog } from "./drop-log.ts";
import { finishRecord } from "./finish-record.ts";
import { Polls } from "./polls.ts";
import { decodeSamples, noFaults, type Sample } from "./sample-codec.ts";
import { Subscription } from "./subscription.ts";
import { Tracker } from "./tracker.ts";

interface StatisticsBusOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: Pick<WirelessState, "phys" | "vifs" | "stations" | "events">;
  /** False: the driver of that phy has no statistics. */
  readonly request: (request: StatisticsRequest) => boolean;
}

type Delivery =
  | { readonly report: StatisticsReport }
  | { readonly scan: ScanResults }
  | { readonly bytes: Uint8Array; readonly at: number };

export class StatisticsBus implements StatsBus {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #state: StatisticsBusOptions["state"];
  readonly #drops: DropLog;
  readonly #polls: Polls;
  readonly #subscriptions = new Set<Subscription>();
  readonly #trackers = new Map<StatsName, Map<string, Tracker>>(statsNames.map((stats) => [stats, new Map()]));
  readonly #deliveries = new BoundedQueue<Delivery>(limits.statsDeliveries);
  readonly #listeners: readonly Unsubscribe[];
  readonly #faults = noFaults();
  readonly #counted = { samples: 0, stale: 0, refused: 0, dropped: 0 };
  /** Of subscribers that have gone. */
  readonly #ended = { putOff: 0, failed: 0 };
  #turn: Timer | null = null;
  #timer: Timer | null = null;
  #sweptAt: number;
  #stopped = false;

  constructor(options: StatisticsBusOptions) {
    const { clock, log, state, request } = options;
    this.#clock = clock;
    this.#log = log;
    this.#state = state;
    this.#drops = new DropLog(clock, log);
    this.#polls = new Polls({ clock, phys: () => state.phys.keys(), request, settled: () => this.#reportHeld() });
    this.#sweptAt = clock.now();
    this.#listeners = [
      state.events.on("statistics", (report) => this.#deliver({ report })),
      state.events.on("scanResults", (scan) => this.#deliver({ scan })),
      state.events.on("vif", (event) => this.#vifChanged(event)),
      state.events.on("station", (event) => this.#stationChanged(event)),
    ];
  }

  get counters(): StatsCounters {
    const { putOff, failed } = this.#ended;
    return {
      ...this.#counted,
      ...this.#faults,
      putOff: this.#subscriptions.values().reduce((sum, each) => sum + each.putOff, putOff),
      failed: this.#subscriptions.values().reduce((sum, each) => sum + each.failed, failed),
    };
  }

  subscribe(subscriber: StatsSubscriber): () => void {
    for (const period of [subscriber.reportPeriod, subscriber.pollPeriod ?? subscriber.reportPeriod]) {
      if (Number.isFinite(period) && period >= limits.statsShortestPeriod) continue;
      throw new RangeError(
        `${subscriber.name}: a period of ${period} ms is not one of ${limits.statsShortestPeriod} ms or more`,
      );
    }
    if (this.#subscriptions.size >= limits.statsSubscribers) {
      throw new RangeError(
        `${subscriber.name}: there are ${limits.statsSubscribers} subscribers to statistics already`,
      );
    }
    const subscription = new Subscription({ subscriber, clock: this.#clock, log: this.#log, drops: this.#drops });
    for (const tracker of this.#trackersOf(subscription)) subscription.startFrom(tracker);
    this.#subscriptions.add(subscription);
    this.#arm();
    return () => this.#unsubscribe(subscription);
  }

  publish(bytes: Uint8Array, at = this.#clock.now()): void {
    if (bytes.length > limits.statsBytes) {
      this.#counted.dropped++;
      this.#drops.dropped(`delivery of TLVs dropped: more than ${limits.statsBytes} bytes, send them in parts`);
      return;
    }
    this.#deliver({ bytes: bytes.slice(), at });
  }

  stop(): void {
    this.#stopped = true;
    for (const unsubscribe of this.#listeners) unsubscribe();
    for (const subscription of [...this.#subscriptions]) this.#unsubscribe(subscription);
    this.#turn?.cancel();
    this.#timer?.cancel();
    this.#polls.stop();
  }

  #unsubscribe(subscription: Subscription): void {
    if (!this.#subscriptions.delete(subscription)) return;
    subscription.stop();
    this.#ended.putOff += subscription.putOff;
    this.#ended.failed += subscription.failed;
    for (const stats of subscription.stats) if (!this.#isWanted(stats)) this.#trackers.get(stats)?.clear();
    this.#arm();
  }

  #deliver(delivery: Delivery): void {
    if (!this.#deliveries.push(delivery)) {
      this.#counted.dropped++;
      this.#drops.dropped("deliveries of statistics dropped: they come faster than they are taken");
      return;
    }
    this.#turn ??= this.#clock.setTimer(0, () => this.#takeDeliveries());
  }

  #takeDeliveries(): void {
    this.#turn?.cancel();
    this.#turn = null;
    const before = { ...this.#faults };
    for (let next = this.#deliveries.shift(); next; next = this.#deliveries.shift()) {
      if ("report" in next) {
        const at = this.#past(next.report.at);
        this.#takeAll(samplesOf(next.report, this.#faults), at);
        this.#polls.answered(next.report, at);
      } else if ("scan" in next) {
        const { phy, bsses, at } = next.scan;
        this.#takeAll(samplesOfBsses(phy, bsses, this.#faults), this.#past(at));
      } else {
        this.#takeAll(decodeSamples(next.bytes, this.#faults), this.#past(next.at));
      }
    }
    for (const [kind, text] of faultTexts) {
      const count = this.#faults[kind] - before[kind];
      if (count > 0) this.#drops.dropped(text, count);
    }
  }

  #takeAll(samples: readonly Sample[], at: number): void {
    if (samples.length > limits.statsSamples) {
      this.#refuse("samples dropped: too many in one delivery", samples.length - limits.statsSamples);
    }
    const anew: string[] = [];
    for (const sample of samples.slice(0, limits.statsSamples)) {
      if (this.#isWanted(sample.stats)) this.#take(sample, at, anew);
    }
    if (anew.length === 0) return;
    const more = anew.length > limits.namedEntries ? ` and ${anew.length - limits.namedEntries} more` : "";
    this.#log.info(`osw: stats: counters begin anew: ${anew.slice(0, limits.namedEntries).join(", ")}${more}`);
  }

  /** A sample from the future would make those of the present stale. */
  #past(at: number): number {
    const now = this.#clock.now();
    return at < now ? at : now;
  }

  /** Who began anew is added to `anew`. */
  #take(sample: Sample, at: number, anew: string[]): void {
    const { stats, values } = sample;
    const definition = definitionOf(stats);
    const parts = definition.key.map((name) => values[name]);
    if (parts.includes(undefined)) {
      this.#refuse(`${stats} samples dropped: they lack one of ${definition.key.join(", ")}`);
      return;
    }
    const key = parts.join(separator);
    const trackers = this.#trackers.get(stats);
    let tracker = trackers?.get(key);
    if (!tracker) {
      if (!trackers || trackers.size >= limits.statsObjects) {
        this.#refuse(`${stats} samples dropped: more than ${limits.statsObjects} objects`);
        return;
      }
      tracker = new Tracker(stats, definition);
      tracker.since = sample.since ?? (stats === "STA" ? this.#connectedAt(parts) : null);
      trackers.set(key, tracker);
    }
    const outcome = tracker.take(sample, at);
    this.#counted[outcome === "stale" ? "stale" : "samples"]++;
    if (outcome === "anew") anew.push(parts.join(" "));
  }

  #refuse(reason: string, count = 1): void {
    this.#counted.refused += count;
    this.#drops.dropped(reason, count);
  }

  /** Of a link, by the parts of its key; null where the state has no such station. */
  #connectedAt([, vif, mac]: readonly unknown[]): number | null {
    return this.#state.stations.get(String(vif))?.get(mac as Mac)?.connectedAt ?? null;
  }

  /** Counters belong to an association; a sample from before its end may still be on its way. */
  #stationChanged({ mac, vif, old, new: now }: WirelessStateEvents["station"]): void {
    if (old && now) return;
    this.#takeDeliveries();
    const { phy, connectedAt = null } = now ?? old ?? {};
    const tracker = this.#trackers.get("STA")?.get([phy, vif, mac].join(separator));
    if (!tracker) return;
    tracker.beginsAnew(now ? now.connectedAt : this.#clock.now());
    // Of one that has gone before its last counters were taken, too.
    tracker.since ??= connectedAt;
  }

  /** Who knows what a radio does to its survey when it moves? A driver that says since when it counts. */
  #vifChanged({ phy, old, new: now }: WirelessStateEvents["vif"]): void {
    const [from, to] = [old && channelInUse(old), now && channelInUse(now)];
    if (!from || !to || sameChannel(from, to)) return;
    this.#takeDeliveries();
    for (const [key, tracker] of this.#trackers.get("CHAN") ?? []) {
      if (tracker.since === null && key.startsWith(`${phy}${separator}`)) tracker.comparesAnew();
    }
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#stopped) return;
    const next = Math.min(...this.#subscriptions.values().map(({ nextDue }) => nextDue));
    if (!Number.isFinite(next)) return;
    // Timers of Node.js end at 25 days.
    const wait = Math.min(next - this.#clock.now(), limits.statsSweep);
    this.#timer = this.#clock.setTimer(wait, () => this.#run());
  }

  /** What falls due at one time is asked for at once, whoever wants it. */
  #run(): void {
    const now = this.#clock.now();
    const wanted = new Set<StatsName>();
    for (const each of this.#subscriptions) if (each.pollIsDue(now)) for (const stats of each.stats) wanted.add(stats);
    for (const each of this.#subscriptions) {
      if (!each.reportIsDue(now)) continue;
      if (each.held) {
        this.#drops.dropped(`reports to ${each.name} sent without answers: drivers take longer than its period`);
        this.#report(each);
      }
      each.held = true;
    }
    if (wanted.size > 0) this.#polls.poll(wanted);
    this.#reportHeld();
    if (now - this.#sweptAt >= limits.statsSweep) this.#sweep(now);
    this.#arm();
  }

  #reportHeld(): void {
    for (const each of this.#subscriptions) {
      if (!each.held || this.#polls.concern(each.stats)) continue;
      each.held = false;
      this.#report(each);
    }
  }

  #report(subscription: Subscription): void {
    const also = (record: StatsRecord) => finishRecord(record, (vif) => this.#state.vifs.get(vif)?.mac);
    subscription.flush(this.#trackersOf(subscription), also);
  }

  *#trackersOf({ stats }: Subscription): Generator<Tracker> {
    for (const name of stats) yield* this.#trackers.get(name)?.values() ?? [];
  }

  #isWanted(stats: StatsName): boolean {
    return this.#subscriptions.values().some((each) => each.stats.includes(stats));
  }

  /** A link is forgotten only when its station has gone: its counters would otherwise seem to begin. */
  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [stats, trackers] of this.#trackers) {
      for (const [key, tracker] of trackers) {
        if (now - tracker.lastAt < limits.statsForget) continue;
        if (stats === "STA" && this.#connectedAt(key.split(separator)) !== null) continue;
        const subscribers = [...this.#subscriptions].filter((each) => each.stats.includes(stats));
        if (!subscribers.every((each) => each.hasReported(tracker))) continue;
        trackers.delete(key);
        for (const each of subscribers) each.forget(tracker);
      }
    }
  }
}

const separator = "\n";

const faultTexts = [
  ["unknown", "TLVs dropped: no definition has their id"],
  ["malformed", "values dropped: they are not of the type that their definition says"],
  ["truncated", "deliveries of TLVs cut short: what follows the last whole element was dropped"],
] as const;
