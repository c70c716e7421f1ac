/** Reports on their way: read from the hardware after a while, delivered then, or as late and as often as faults have it. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { FaultSwitch, Faults } from "./faults.ts";
import { maxPendingReports } from "./limits.ts";

export class ReportQueue {
  readonly #clock: Clock;
  readonly #faults: FaultSwitch;
  readonly #latency: number;
  /** By what they are about: asking twice before the answer gives one answer. */
  readonly #pending = new Map<string, Timer>();
  readonly #duplicates = new Set<Timer>();

  /** `latency`: milliseconds. */
  constructor(clock: Clock, faults: FaultSwitch, latency: number) {
    this.#clock = clock;
    this.#faults = faults;
    this.#latency = latency;
  }

  /** `read` is called when the hardware is looked at, and gives what delivers the report. */
  ask(about: string, faultsNow: () => Faults, read: () => () => void): void {
    if (this.#pending.has(about) || this.#pending.size >= maxPendingReports) return;
    const timer = this.#clock.setTimer(this.#latency, () => {
      const deliver = read();
      const faults = faultsNow();
      const delay = faults.reportDelay + this.#faults.upTo(faults.reportJitter);
      if (delay > 0) {
        const late = this.#clock.setTimer(delay, () => this.#deliver(about, faultsNow(), deliver));
        this.#pending.set(about, late);
      } else {
        this.#deliver(about, faults, deliver);
      }
    });
    this.#pending.set(about, timer);
  }

  clear(): void {
    for (const timer of [...this.#pending.values(), ...this.#duplicates]) timer.cancel();
    this.#pending.clear();
    this.#duplicates.clear();
  }

  #deliver(about: string, faults: Faults, deliver: () => void): void {
    this.#pending.delete(about);
    if (this.#faults.strikes(faults.loseReports)) return;
    if (this.#faults.strikes(faults.duplicateReports)) {
      const again = this.#clock.setTimer(0, () => {
        this.#duplicates.delete(again);
        deliver();
      });
      this.#duplicates.add(again);
    }
    deliver();
  }
}
