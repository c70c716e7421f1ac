/** SM in a test: a machine and a measurement to play with, a wall clock that can be set, and a QM that keeps what it gets. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Write } from "@opensync-ts/schema/opensync";
import type { LatencyMeter, LatencyReading, LatencyRequest, LatencySource } from "@opensync-ts/target/latency";
import type { SystemReading, SystemStatistics, ThermalReading } from "@opensync-ts/target/system";
import type { Target } from "@opensync-ts/target/target";
import type { DeviceReport } from "@opensync-ts/telemetry/device";
import { decodeLatency, type LatencyReport } from "@opensync-ts/telemetry/latency";
import { decodeReport } from "@opensync-ts/telemetry/report";
import type { RunningManager } from "../../manager.ts";
import type { OutboxError, OutboxMessage } from "../../outbox.ts";
import { Bench } from "../../testing/bench.ts";
import { sm } from "../sm.ts";

/** Somebody may set the wall clock. */
export class SetClock extends VirtualClock {
  offset = 0;

  override wallTime(): number {
    return super.wallTime() + this.offset;
  }
}

export class FakeSystem implements SystemStatistics {
  readonly #clock: VirtualClock;
  /** What the processors do from now on, percent. */
  use = 20;
  /** What it answers besides its processors; an error is thrown, `null`: it does not answer. */
  answer: SystemReading | Error | null = {};
  thermal: ThermalReading = { fanRpm: 2_000 };
  readThermal?: () => Promise<ThermalReading> = async () => this.thermal;
  reads = 0;
  #at = 0;
  #busy = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Books the time so far and works with `use` percent from now on. */
  work(use: number): void {
    this.#book();
    this.use = use;
  }

  async read(): Promise<SystemReading> {
    this.reads++;
    if (this.answer instanceof Error) throw this.answer;
    if (this.answer === null) return new Promise(() => {});
    this.#book();
    return { cpu: { busy: this.#busy, total: this.#at }, ...this.answer };
  }

  #book(): void {
    const now = this.#clock.now();
    this.#busy += ((now - this.#at) * this.use) / 100;
    this.#at = now;
  }
}

export class FakeLatency implements LatencySource {
  /** What each poll of each meter gives. */
  answer: (request: LatencyRequest) => readonly LatencyReading[] | Promise<readonly LatencyReading[]> = () => [];
  started = 0;
  stopped = 0;

  start(request: LatencyRequest): LatencyMeter {
    this.started++;
    return { poll: async () => this.answer(request), stop: () => this.stopped++ };
  }
}

export class SmBench extends Bench {
  override readonly clock = new SetClock();
  readonly system = new FakeSystem(this.clock);
  readonly latency = new FakeLatency();
  /** What the target has. */
  parts: Partial<Pick<Target, "system" | "latency">> = { system: this.system, latency: this.latency };
  /** What QM answers. */
  error: OutboxError = "NONE";
  readonly received: { readonly at: number; readonly message: OutboxMessage }[] = [];

  override get target(): Target {
    return { ...super.target, ...this.parts };
  }

  async boot(rows: readonly Write<"Wifi_Stats_Config">[] = []): Promise<RunningManager> {
    this.outbox.serve({
      send: (message) => {
        if (this.error === "NONE") this.received.push({ at: this.clock.now() / 1000, message });
        return this.error;
      },
    });
    await this.client.transact((transaction) => {
      for (const row of rows) transaction.insert("Wifi_Stats_Config", row);
      transaction.insert("AWLAN_Node", { mqtt_topics: { Latency: "lat/1" } });
    });
    const running = await this.start(sm);
    await this.settle();
    return running;
  }

  async modify(type: Write<"Wifi_Stats_Config">["stats_type"], change: Write<"Wifi_Stats_Config">): Promise<void> {
    await this.client.transact((transaction) => {
      transaction.update("Wifi_Stats_Config", [["stats_type", "==", type ?? "device"]], change);
    });
    await this.settle();
  }

  /** Reports about the device that QM got, since the last call. */
  takeDevices(): readonly DeviceReport[] {
    return this.received.splice(0).flatMap(({ message }) => decodeReport(message.data).devices);
  }

  takeLatency(): readonly LatencyReport[] {
    return this.received.splice(0).map(({ message }) => decodeLatency(message.data));
  }

  /** What was logged as a warning. */
  warnings(): readonly string[] {
    return this.ring
      .records()
      .filter(({ severity }) => severity === "WARNING")
      .map(({ text }) => text);
  }
}

export const host: Mac = mac("02:00:00:00:00:0a");

export function reading(rest: Partial<LatencyReading> = {}): LatencyReading {
  return { ifName: "home-ap-24", mac: host, least: 1, most: 9, average: 4, last: 5, packets: 10, ...rest };
}
