/** The reports of one row about latency: polls and reports at multiples of their intervals on the wall clock. */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { LatencyMeter, LatencyReading, LatencySource } from "@opensync-ts/target/latency";
import type { Complaints } from "../complaints.ts";
import { type FlowSamples, type LatencyBook, latencyBook } from "./latency-book.ts";
import { accept, type Interfaces } from "./latency-report.ts";
import { hostsPerPoll, readDeadline } from "./limits.ts";
import type { LatencyConfig } from "./row-config.ts";
import { WallGrid } from "./timers.ts";

export interface LatencyStreamOptions {
  readonly clock: Clock;
  readonly source: LatencySource;
  readonly interfaces: Interfaces;
  readonly complaints: Complaints;
  /** Of the row, for complaints. */
  readonly name: string;
  /** Never called without flows. `timestamp`: wall clock, ms since 1970. */
  readonly send: (timestamp: number, flows: readonly FlowSamples[]) => void;
}

type Answer = { readonly readings: readonly LatencyReading[] } | { readonly error: unknown };

export class LatencyStream {
  readonly config: LatencyConfig;
  readonly #options: LatencyStreamOptions;
  readonly #meter: LatencyMeter | undefined;
  readonly #book: LatencyBook;
  readonly #grid: WallGrid | undefined;
  /** A poll that has not been answered; its data will count when it is. */
  #polling: Promise<Answer> | null = null;
  #pollDue = false;
  #reportDue = false;
  #running = false;
  #stopped = false;
  #polls = 0;
  #failed = 0;
  #bad = 0;
  #surplus = 0;
  #reports = 0;

  constructor(config: LatencyConfig, options: LatencyStreamOptions) {
    this.config = config;
    this.#options = options;
    this.#book = latencyBook(config.policy);
    try {
      this.#meter = options.source.start({ perDscp: config.perDscp });
    } catch (error) {
      options.complaints.say(`${options.name}: latency cannot be measured: ${messageOf(error)}; the row is off`);
      return;
    }
    this.#grid = new WallGrid(options.clock, [config.sampling, config.reporting], ([poll = false, report = false]) => {
      this.#pollDue ||= poll;
      this.#reportDue ||= report;
      if (!this.#running) void this.#run();
    });
  }

  /** All reports that were asked for have been sent. */
  get over(): boolean {
    return this.config.count > 0 && this.#reports >= this.config.count;
  }

  stop(): void {
    this.#stopped = true;
    this.#grid?.stop();
    this.#meter?.stop();
  }

  dump(): string {
    const { sampling, reporting, policy, count } = this.config;
    return [
      `polled every ${sampling / 1000} s, ${policy}, every ${reporting / 1000} s${this.over ? " (over)" : ""}`,
      `${this.#reports} reports${count > 0 ? ` of ${count}` : ""}`,
      `${this.#polls} polls, ${this.#failed} failed`,
      `${this.#bad} readings of no sense, ${this.#surplus} hosts too many, ${this.#book.dropped} samples dropped`,
    ].join(", ");
  }

  /** A poll comes before the report that is due with it. */
  async #run(): Promise<void> {
    this.#running = true;
    while ((this.#pollDue || this.#reportDue) && !this.#stopped) {
      if (this.#pollDue) {
        this.#pollDue = false;
        await this.#poll();
      }
      if (this.#reportDue && !this.#stopped) {
        this.#reportDue = false;
        this.#report();
      }
    }
    this.#running = false;
  }

  async #poll(): Promise<void> {
    const { clock, complaints, name, interfaces } = this.#options;
    try {
      this.#polling ??= this.#ask();
      const answer = await withDeadline(clock, this.#polling, readDeadline, "latency");
      this.#polling = null;
      if (this.#stopped) return;
      if ("error" in answer) throw answer.error;
      const { measured, bad, surplus } = accept(answer.readings, this.config, interfaces);
      this.#polls++;
      this.#bad += bad;
      this.#surplus += surplus;
      this.#book.add(clock.wallTime(), measured);
      if (bad > 0) complaints.say(`${name}: readings that make no sense are left out; see the target's measurement`);
      if (surplus > 0) complaints.say(`${name}: more than ${hostsPerPoll} hosts in a poll; use if_name to choose`);
    } catch (error) {
      if (this.#stopped) return;
      this.#failed++;
      complaints.say(`${name}: ${messageOf(error)}; a poll is left out`);
    }
  }

  async #ask(): Promise<Answer> {
    try {
      return { readings: (await this.#meter?.poll()) ?? [] };
    } catch (error) {
      return { error };
    }
  }

  #report(): void {
    const flows = this.#book.take();
    if (flows.length === 0) return;
    this.#reports++;
    if (this.over) this.stop();
    this.#options.send(this.#options.clock.wallTime(), flows);
  }
}
