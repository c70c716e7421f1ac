/** The reports of one row about the device: when one is due, whether it waits, and when there are enough. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { SystemReading, ThermalReading } from "@opensync-ts/target/system";
import type { DeviceReport } from "@opensync-ts/telemetry/device";
import type { Complaints } from "../complaints.ts";
import { type CpuLook, cpuLook, cpuPercent } from "./cpu-use.ts";
import { deviceReport } from "./device-report.ts";
import { thermalSamples } from "./limits.ts";
import type { ReportTime } from "./report-time.ts";
import type { DeviceConfig } from "./row-config.ts";
import type { SystemReader } from "./system-reader.ts";
import { setLongTimer } from "./timers.ts";

export interface DeviceStreamOptions {
  readonly clock: Clock;
  readonly time: ReportTime;
  readonly reader: SystemReader;
  readonly complaints: Complaints;
  /** Of the row, for complaints. */
  readonly name: string;
  readonly send: (report: DeviceReport) => void;
}

export class DeviceStream {
  readonly #options: DeviceStreamOptions;
  #config: DeviceConfig;
  #reportTimer: Timer | undefined;
  #thermalTimer: Timer | undefined;
  /** When the next report is due, on the monotonic clock. */
  #due = 0;
  #looking = false;
  #stopped = false;
  /** At the last report, and at the last look, which may have led to none. */
  #reported: CpuLook = cpuLook({});
  #looked: CpuLook = this.#reported;
  /** Since when a report has been waiting. */
  #heldSince: number | null = null;
  #thermal: { readonly at: number; readonly reading: ThermalReading }[] = [];
  /** Reports since the count was set. */
  #counted = 0;
  #reports = 0;
  #held = 0;
  #missed = 0;
  #thermalDropped = 0;

  constructor(config: DeviceConfig, options: DeviceStreamOptions) {
    this.#options = options;
    this.#config = config;
    this.#sample();
    this.#begin();
    void this.#firstLook();
  }

  /** Only what has changed begins anew. */
  update(config: DeviceConfig): void {
    const before = this.#config;
    const wasOver = this.over;
    this.#config = config;
    if (config.count !== before.count) this.#counted = 0;
    const revived = wasOver && !this.over;
    if (config.sampling !== before.sampling || revived) this.#sample();
    if (config.reporting !== before.reporting || revived) this.#begin();
    if (revived) void this.#firstLook();
    if (!config.hold) this.#heldSince = null;
  }

  /** All reports that were asked for have been sent. */
  get over(): boolean {
    return this.#config.count > 0 && this.#counted >= this.#config.count;
  }

  get config(): DeviceConfig {
    return this.#config;
  }

  stop(): void {
    this.#stopped = true;
    this.#reportTimer?.cancel();
    this.#thermalTimer?.cancel();
  }

  dump(): string {
    const { reporting, sampling, count, hold } = this.#config;
    return [
      `every ${reporting / 1000} s${this.over ? " (over)" : ""}`,
      `${this.#reports} reports${count > 0 ? ` (${this.#counted} of ${count})` : ""}`,
      ...(hold ? [`held back ${this.#held} times below ${hold.util} %, ${hold.maxDelay / 1000} s at most`] : []),
      `${this.#missed} looks failed`,
      ...(this.#options.reader.thermalOffered
        ? [`${this.#thermal.length} thermal samples (every ${sampling / 1000} s, ${this.#thermalDropped} dropped)`]
        : []),
    ].join(", ");
  }

  #begin(): void {
    this.#reportTimer?.cancel();
    this.#due = this.#options.clock.now() + this.#config.reporting;
    this.#armReport(this.#due);
  }

  #armReport(at: number): void {
    this.#reportTimer?.cancel();
    if (this.#stopped || this.over) return;
    const { clock } = this.#options;
    this.#reportTimer = setLongTimer(clock, at - clock.now(), () => this.#tick());
  }

  #tick(): void {
    const now = this.#options.clock.now();
    if (now >= this.#due) {
      const { reporting } = this.#config;
      this.#due += (Math.floor((now - this.#due) / reporting) + 1) * reporting;
    }
    this.#armReport(this.#due);
    void this.#look();
  }

  /** Reports begin with what is used from now on. */
  async #firstLook(): Promise<void> {
    const reading = await this.#read();
    if (!reading) return;
    this.#looked = cpuLook(reading);
    this.#reported = this.#looked;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    const reading = await this.#read();
    if (!reading || this.over) return;
    const since = this.#looked;
    this.#looked = cpuLook(reading);
    if (this.#holdsBack(cpuPercent(since.cpu, reading.cpu))) return;
    const { time, send } = this.#options;
    // The time first: samples are dated by it.
    const timestamp = time.now();
    const thermal = this.#thermal.map(({ at, reading: each }) => ({ timestamp: time.at(at), reading: each }));
    const report = deviceReport({ timestamp, reading, before: this.#reported, thermal });
    this.#reported = this.#looked;
    this.#thermal = [];
    this.#heldSince = null;
    this.#reports++;
    this.#counted++;
    if (this.over) {
      this.#reportTimer?.cancel();
      this.#thermalTimer?.cancel();
    }
    send(report);
  }

  async #read(): Promise<SystemReading | undefined> {
    const { reader, complaints, name } = this.#options;
    this.#looking = true;
    try {
      const reading = await reader.read();
      return this.#stopped ? undefined : reading;
    } catch (error) {
      if (this.#stopped) return undefined;
      this.#missed++;
      complaints.say(`${name}: ${messageOf(error)}; a report is left out`);
      return undefined;
    } finally {
      this.#looking = false;
    }
  }

  /** `percent` since the look before; what is unknown holds nothing back. */
  #holdsBack(percent: number | undefined): boolean {
    const { hold } = this.#config;
    if (!hold || percent === undefined || percent >= hold.util) return false;
    const now = this.#options.clock.now();
    this.#heldSince ??= now;
    const until = this.#heldSince + hold.maxDelay;
    if (now >= until) return false;
    this.#held++;
    if (until < this.#due) this.#armReport(until);
    return true;
  }

  #sample(): void {
    this.#thermalTimer?.cancel();
    const { clock, reader } = this.#options;
    if (!reader.thermalOffered || this.over) return;
    const arm = () => {
      this.#thermalTimer = setLongTimer(clock, this.#config.sampling, () => {
        arm();
        void this.#sampleOnce();
      });
    };
    arm();
  }

  async #sampleOnce(): Promise<void> {
    const { clock, reader, complaints, name } = this.#options;
    const at = clock.now();
    try {
      const reading = await reader.readThermal();
      if (this.#stopped || this.over) return;
      this.#thermal.push({ at, reading });
      if (this.#thermal.length > thermalSamples) {
        this.#thermal.shift();
        this.#thermalDropped++;
      }
    } catch (error) {
      if (!this.#stopped) complaints.say(`${name}: ${messageOf(error)}; a thermal sample is left out`);
    }
  }
}
