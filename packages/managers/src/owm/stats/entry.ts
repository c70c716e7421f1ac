/**
 * One row of `Wifi_Stats_Config` at work: collects, scans, and makes a report whenever one is due. It acts when its worker lets
 * it (`run`), and says when that is to be.
 */

import { messageOf } from "@opensync-ts/base/errors";
import { nextOnGrid } from "@opensync-ts/wireless/stats/schedule";
import { bandOf, type Collector, type ReportItem } from "./collector.ts";
import { startCollector } from "./collectors.ts";
import type { EntryContext } from "./entry-context.ts";
import { type StatsPlan, samePlan, scans } from "./plan.ts";
import { Scanning } from "./scanning.ts";
import { nextStep, type Step, waitForSamples, withheldUntil } from "./steps.ts";
import { UtilisationMeter } from "./utilisation.ts";

/** What there is while something is collected. */
interface Running {
  readonly plan: StatsPlan;
  readonly collector: Collector;
  readonly meter: UtilisationMeter | null;
  readonly scanning: Scanning | null;
  /** The time of the next report, on the grid. */
  due: number;
  /** When it was to be looked at: `due`, or later, while it is withheld. */
  look: number;
  /** When it is looked at: `look`, or a little later, when samples are on their way. */
  reportAt: number;
  withheld: boolean;
  underruns: number;
}

export class Entry {
  /** Of its row, for people. */
  name: string;
  readonly #context: EntryContext;
  #valid = true;
  #next: StatsPlan | null = null;
  #current: StatsPlan | null = null;
  #running: Running | null = null;
  #reports = 0;
  #failure: string | null = null;

  constructor(name: string, context: EntryContext) {
    this.name = name;
    this.#context = context;
  }

  /** Why nothing is collected, or nothing scanned, though it could be; null: nothing is wrong. */
  get failure(): string | null {
    return this.#failure ?? this.#running?.scanning?.failure ?? null;
  }

  /** What the row asks for from now on; null: nothing that can be collected. */
  set(plan: StatsPlan | null): void {
    this.#next = plan;
  }

  /** The row has gone. */
  reset(): void {
    this.#next = null;
    this.#valid = false;
  }

  /** Monotonic ms. */
  get nextRun(): number {
    const running = this.#running;
    if (!running) return Number.POSITIVE_INFINITY;
    return Math.min(running.reportAt, running.collector.nextTick ?? Number.POSITIVE_INFINITY);
  }

  /** Follows the row, then makes what is due. */
  run(): readonly ReportItem[] {
    const step = this.#step();
    if (step === "FREE" || step === "STOP" || step === "START") this.#stop();
    if (step === "START" && this.#next) this.#start(this.#next);
    const running = this.#running;
    if (!running) return [];
    const now = this.#context.clock.now();
    if (now >= (running.collector.nextTick ?? Number.POSITIVE_INFINITY)) running.collector.tick?.(now);
    return now >= running.reportAt ? this.#report(running, now) : [];
  }

  /** To be called when radios came, went, or changed what they offer. */
  radiosChanged(): void {
    this.#running?.scanning?.update();
  }

  stop(): void {
    this.#stop();
  }

  describe(why: string): string {
    const running = this.#running;
    const reports = `${this.#reports} reports`;
    if (!running) return `${this.name}: ${this.#failure ?? (why || "all its reports are made")}; ${reports}`;
    const { plan, scanning, withheld, reportAt } = running;
    const seconds = (ms: number) => `${ms / 1_000} s`;
    const next = seconds(Math.max(0, Math.round(reportAt - this.#context.clock.now())));
    const parts = [
      `sampled every ${seconds(plan.sampling)}`,
      `reported every ${seconds(plan.reporting)} as ${plan.reportType}`,
      ...(scanning ? [scanning.summary] : []),
      ...(withheld ? ["withheld by threshold"] : []),
      `next in ${next}`,
      plan.limit > 0 ? `${this.#reports} of ${plan.limit} reports` : reports,
    ];
    return `${this.name}: ${parts.join(", ")}`;
  }

  #step(): Step {
    const changed = !samePlan(this.#next, this.#current);
    this.#current = this.#next;
    const step = nextStep({
      valid: this.#valid,
      planned: this.#current !== null,
      changed,
      running: this.#running !== null,
      reports: this.#reports,
      limit: this.#current?.limit ?? 0,
    });
    if (step !== "NOP")
      this.#context.log.debug(() => `ow: stats: ${this.name}: ${step} after ${this.#reports} reports`);
    return step;
  }

  #start(plan: StatsPlan): void {
    const { clock, stats, radios, drops } = this.#context;
    const now = clock.now();
    this.#failure = null;
    const { threshold } = plan;
    let meter: UtilisationMeter | null = null;
    try {
      if (threshold) {
        const changed = () => this.#utilisationChanged();
        const [name, period, band] = [this.name, plan.sampling, bandOf(plan)];
        meter = new UtilisationMeter({ name, clock, stats, radios, band, period, changed });
      }
      const collector = startCollector(this.name, plan, {
        ...this.#context,
        dropped: (kind, count) => drops.count(kind, this.name, count),
      });
      const due = nextOnGrid(now, plan.reporting);
      const scanning = scans(plan) ? new Scanning(this.name, plan, meter, this.#context) : null;
      const common = { plan, collector, meter, scanning };
      this.#running = { ...common, due, look: due, reportAt: due, withheld: false, underruns: 0 };
    } catch (error) {
      meter?.stop();
      this.#failure = messageOf(error);
    }
  }

  #stop(): void {
    const running = this.#running;
    this.#running = null;
    running?.scanning?.stop();
    running?.meter?.stop();
    running?.collector.stop();
  }

  #report(running: Running, now: number): readonly ReportItem[] {
    const { plan, collector, meter, due } = running;
    const { feed } = collector;
    const waiting =
      feed &&
      waitForSamples({
        now,
        look: running.look,
        deliveredAt: feed.deliveredAt,
        period: plan.sampling,
        underruns: running.underruns,
      });
    if (waiting) {
      running.reportAt = now + waiting.wait;
      running.underruns = waiting.underruns;
      return [];
    }
    running.underruns = 0;
    // Off the channel it is the scans that wait, not the report of what they found.
    const threshold = plan.surveyType === "off-chan" ? null : plan.threshold;
    const busy = meter?.value?.busy ?? null;
    const until = withheldUntil(threshold, { now, due, reporting: plan.reporting, busy });
    running.withheld = until !== null;
    if (until !== null) {
      running.look = until;
      running.reportAt = until;
      return [];
    }
    running.due = nextOnGrid(now, plan.reporting);
    running.look = running.due;
    running.reportAt = running.due;
    const items = collector.take({ now, wall: this.#context.clock.wallTime() });
    if (items.length > 0) this.#countReport(plan);
    return items;
  }

  /** The last one that the row wants ends it. */
  #countReport({ limit }: StatsPlan): void {
    this.#reports++;
    if (limit !== 0 && this.#reports >= limit) this.#stop();
  }

  /** What it was withheld for is over. */
  #utilisationChanged(): void {
    const running = this.#running;
    if (!running?.withheld || (running.meter?.value?.busy ?? 0) < (running.plan.threshold?.util ?? 0)) return;
    running.look = this.#context.clock.now();
    running.reportAt = running.look;
    this.#context.wake();
  }
}
