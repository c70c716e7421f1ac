/** Polls of the drivers, and whose answers are still to come. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { StatisticsReport, StatisticsRequest } from "@opensync-ts/target/driver";
import { limits } from "../limits.ts";
import type { StatsName } from "./definitions.ts";

interface PollsOptions {
  readonly clock: Clock;
  readonly phys: () => Iterable<string>;
  readonly request: (request: StatisticsRequest) => boolean;
  /** All have answered, or had their time. */
  readonly settled: () => void;
}

export class Polls {
  readonly #options: PollsOptions;
  readonly #awaited = new Set<string>();
  readonly #wanted = new Set<StatsName>();
  #deadline: Timer | null = null;
  #polledAt = 0;

  constructor(options: PollsOptions) {
    this.#options = options;
  }

  /** Scans are no polls: of BSSs a driver is asked for what it hears anyway. */
  poll(wanted: ReadonlySet<StatsName>): void {
    const asked = {
      stations: wanted.has("STA"),
      survey: wanted.has("CHAN"),
      ...(wanted.has("PHY") && { temperature: true }),
      ...(wanted.has("BSS_SCAN") && { bsses: true }),
    };
    const { clock, phys, request } = this.#options;
    for (const stats of wanted) this.#wanted.add(stats);
    this.#polledAt = clock.now();
    for (const phy of phys()) {
      // A driver may answer before the call returns.
      this.#awaited.add(phy);
      if (!request({ phy, ...asked })) this.#awaited.delete(phy);
    }
    this.#deadline?.cancel();
    this.#deadline = clock.setTimer(limits.statsAnswers, () => this.#settle());
    if (this.#awaited.size === 0) this.stop();
  }

  /** What was read at `at`, before the poll, is no answer to it, nor is what nobody has asked for. */
  answered({ phy, pushed = false }: Pick<StatisticsReport, "phy" | "pushed">, at: number): void {
    if (pushed || at < this.#polledAt) return;
    if (this.#awaited.delete(phy) && this.#awaited.size === 0) this.#settle();
  }

  /** Whether answers about any of these are to come. */
  concern(stats: readonly StatsName[]): boolean {
    return this.#awaited.size > 0 && stats.some((each) => this.#wanted.has(each));
  }

  stop(): void {
    this.#deadline?.cancel();
    this.#deadline = null;
    this.#awaited.clear();
    this.#wanted.clear();
  }

  #settle(): void {
    this.stop();
    this.#options.settled();
  }
}
