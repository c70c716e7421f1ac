/**
 * `Wifi_Stats_Config` in OWM (`ow_stats_conf`): rows to entries, and one worker that lets each of them act when it is due and sends
 * what they report.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Log } from "@opensync-ts/base/log";
import { channelNumber } from "@opensync-ts/target/channels";
import type { Wireless } from "@opensync-ts/wireless/contract";
import { LineBudget } from "../../line-budget.ts";
import type { OutboxService } from "../../outbox.ts";
import { namedEntries } from "../limits.ts";
import { Memo } from "../memo.ts";
import { type Problem, ProblemLog } from "../problems.ts";
import { Drops } from "./drops.ts";
import { Entry } from "./entry.ts";
import type { EntryContext } from "./entry-context.ts";
import { statsLimits } from "./limits.ts";
import { scans } from "./plan.ts";
import { Radios } from "./radios.ts";
import { ReportQueue } from "./report-queue.ts";
import { type ReadRow, readRow, type StatsConfigRow } from "./row.ts";
import { offeredOf } from "./scanning.ts";

export interface StatsConfigOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeId: string;
  /** Whether the device has radios at all, though none may have been reported yet. */
  readonly hasRadios: boolean;
  readonly wireless: Pick<Wireless, "state" | "stats" | "startScanSchedule">;
  readonly outbox: OutboxService;
}

interface Configured {
  readonly entry: Entry;
  read: ReadRow;
}

export class StatsConfig {
  readonly #clock: Clock;
  readonly #state: Wireless["state"];
  readonly #hasRadios: boolean;
  readonly #radios: Radios;
  readonly #drops: Drops;
  readonly #queue: ReportQueue;
  readonly #problems: ProblemLog;
  readonly #context: EntryContext;
  readonly #read = new Memo<ReadRow>();
  /** By the identity of their row. */
  readonly #entries = new Map<string, Configured>();
  readonly #unsubscribe: readonly Unsubscribe[];
  #timer: Timer | null = null;
  #stopped = false;

  constructor({ clock, log, nodeId, hasRadios, wireless, outbox }: StatsConfigOptions) {
    const { state, stats } = wireless;
    this.#clock = clock;
    this.#state = state;
    this.#hasRadios = hasRadios;
    this.#radios = new Radios(state);
    this.#drops = new Drops(clock, log);
    this.#queue = new ReportQueue({ clock, log, nodeId, outbox, drops: this.#drops });
    this.#problems = new ProblemLog(log, new LineBudget(clock));
    this.#context = {
      clock,
      log,
      stats,
      state,
      radios: this.#radios,
      drops: this.#drops,
      startScanSchedule: (schedule) => wireless.startScanSchedule(schedule),
      wake: () => this.#arm(),
    };
    this.#unsubscribe = [
      state.events.on("phy", () => this.#radiosChanged()),
      state.events.on("idle", (idle) => idle && this.#tellProblems()),
    ];
  }

  get problems(): readonly string[] {
    return this.#problems.current;
  }

  /** To be called after each change of `rows`, with all there are. */
  apply(rows: Iterable<StatsConfigRow>): void {
    const present = new Map([...rows].map((row) => [row._uuid as string, row]));
    for (const [uuid, row] of present) {
      const read = this.#read.get(uuid, [row], () => readRow(row));
      const known = this.#entries.get(uuid);
      const configured = known ?? { entry: new Entry(read.name, this.#context), read };
      configured.read = read;
      configured.entry.name = read.name;
      configured.entry.set(read.plan);
      if (!known) this.#entries.set(uuid, configured);
    }
    for (const [uuid, { entry }] of this.#entries) if (!present.has(uuid)) entry.reset();
    this.#read.retain(present);
    this.#run();
    for (const uuid of this.#entries.keys()) if (!present.has(uuid)) this.#entries.delete(uuid);
    this.#tellProblems();
  }

  /** Lines for the dump of OWM. */
  describe(): readonly string[] {
    const lines = [...this.#entries.values()].map(({ entry, read }) => entry.describe(read.why)).sort();
    const dropped = [...this.#drops.counters].map(([kind, count]) => `${count} ${kind}`);
    return [...lines, this.#queue.summary, ...(dropped.length > 0 ? [`dropped: ${dropped.join(", ")}`] : [])];
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const { entry } of this.#entries.values()) entry.stop();
    this.#radios.stop();
    this.#queue.stop();
  }

  #run(): void {
    this.#timer?.cancel();
    this.#timer = null;
    let reported = false;
    for (const { entry } of this.#entries.values()) {
      const items = entry.run();
      this.#queue.push(items, entry.name);
      reported ||= items.length > 0;
    }
    if (reported) this.#queue.drain();
    this.#arm();
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = null;
    const next = Math.min(...this.#entries.values().map(({ entry }) => entry.nextRun));
    if (!Number.isFinite(next)) return;
    const wait = Math.min(next - this.#clock.now(), statsLimits.longestWait);
    this.#timer = this.#clock.setTimer(wait, () => this.#run());
  }

  #radiosChanged(): void {
    for (const { entry } of this.#entries.values()) entry.radiosChanged();
    this.#tellProblems();
  }

  /** Before drivers have had their say, a radio that is not there is no news. */
  #tellProblems(): void {
    const settled = !this.#hasRadios || (this.#state.idle && this.#state.phys.size > 0);
    const problems = [...this.#entries.values()].flatMap(({ entry, read }) => [
      ...read.problems,
      ...(entry.failure === null ? [] : [problemOf(read, "stats_type", read.plan?.statsType ?? "", entry.failure)]),
      ...(settled ? this.#absent(read) : []),
    ]);
    this.#problems.update(problems);
  }

  #absent(read: ReadRow): readonly Problem[] {
    const { plan } = read;
    if (plan === null || plan.band === null) return [];
    const phy = this.#radios.firstOf(plan.band);
    if (!phy) {
      const bands = new Set(this.#radios.namesOf(null).map((name) => this.#radios.bandOf(name)));
      const there = [...bands].join(", ") || "none";
      const reason = `no radio is of this band (there are ${there}); nothing is collected until one is`;
      return [problemOf(read, "radio_type", plan.band, reason)];
    }
    if (!scans(plan)) return [];
    const offered = offeredOf(plan.channels, phy);
    const missing = plan.channels.filter((channel) => !offered.includes(channel)).map(channelNumber);
    if (missing.length === 0) return [];
    const more = missing.length > namedEntries ? ` and ${missing.length - namedEntries} more` : "";
    const named = `${missing.slice(0, namedEntries).join(", ")}${more}`;
    return [{ ...problemOf(read, "channel_list", named, `not offered by ${phy.name}; not scanned`), inert: true }];
  }
}

function problemOf({ name }: ReadRow, column: string, value: string, reason: string): Problem {
  return { table: "Wifi_Stats_Config", row: name, column, value, reason };
}
