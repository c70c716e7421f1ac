/** Asks the target about itself: one question at a time, whoever wants to know, and no waiting without end. */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import type { SystemReading, SystemStatistics, ThermalReading } from "@opensync-ts/target/system";
import { readDeadline } from "./limits.ts";

export class SystemReader {
  readonly #clock: Clock;
  readonly #system: SystemStatistics | undefined;
  #reading: Promise<SystemReading> | null = null;
  #cooling: Promise<ThermalReading> | null = null;
  #last: readonly string[] = [];

  constructor(clock: Clock, system: SystemStatistics | undefined) {
    this.#clock = clock;
    this.#system = system;
  }

  /** False: there is nobody to ask. */
  get offered(): boolean {
    return this.#system !== undefined;
  }

  get thermalOffered(): boolean {
    return this.#system?.readThermal !== undefined;
  }

  /** The parts that the last reading had, by name. */
  get parts(): readonly string[] {
    return this.#last;
  }

  /** Rejects when the target does, or does not answer in time. */
  async read(): Promise<SystemReading> {
    this.#reading ??= (async () => (await this.#system?.read()) ?? {})().finally(() => {
      this.#reading = null;
    });
    const reading = await withDeadline(this.#clock, this.#reading, readDeadline, "the system");
    this.#last = Object.keys(reading).sort();
    return reading;
  }

  async readThermal(): Promise<ThermalReading> {
    this.#cooling ??= (async () => (await this.#system?.readThermal?.()) ?? {})().finally(() => {
      this.#cooling = null;
    });
    return withDeadline(this.#clock, this.#cooling, readDeadline, "the cooling");
  }
}
