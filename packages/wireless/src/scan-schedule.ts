/**
 * Scans off the channel in use, again and again (`osw_scan_sched`): at multiples of a period on the clock, one channel after the
 * other or all at once. The channel in use is skipped; who is on it hears it all the time.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Mhz } from "@opensync-ts/base/units";
import type { VifState } from "@opensync-ts/target/radio";
import type { ScanSchedule, WirelessState } from "./contract.ts";
import { homeChannels } from "./home-channel.ts";
import { limits } from "./limits.ts";
import type { ScanOrder, ScanQueue } from "./scan-queue.ts";
import { DropLog } from "./stats/drop-log.ts";
import { nextOnGrid } from "./stats/schedule.ts";

interface ScanSchedulesOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: Pick<WirelessState, "phys" | "vifs">;
  readonly queue: ScanQueue;
}

export class ScanSchedules {
  readonly #options: ScanSchedulesOptions;
  readonly #drops: DropLog;
  readonly #running = new Set<Running>();

  constructor(options: ScanSchedulesOptions) {
    this.#options = options;
    this.#drops = new DropLog(options.clock, options.log, "scan");
  }

  start(schedule: ScanSchedule): () => void {
    checkSchedule(schedule);
    if (this.#running.size >= limits.scanSchedules) {
      throw new RangeError(`${schedule.name}: there are ${limits.scanSchedules} schedules of scans already`);
    }
    const running = new Running(schedule, this.#options, this.#drops);
    this.#running.add(running);
    return () => {
      if (this.#running.delete(running)) running.stop();
    };
  }

  stop(): void {
    for (const each of this.#running) each.stop();
    this.#running.clear();
  }
}

/** The first AP or STA that is on, by name. */
export function scanningVif(phy: string, vifs: Iterable<VifState>): string | null {
  let first: string | null = null;
  for (const { name, phy: own, type, status } of vifs) {
    if (own !== phy || type === "ap_vlan" || status !== "enabled") continue;
    if (first === null || name < first) first = name;
  }
  return first;
}

class Running {
  readonly #schedule: ScanSchedule;
  readonly #options: ScanSchedulesOptions;
  readonly #drops: DropLog;
  readonly #offset: number;
  #timer: Timer | null = null;
  /** Of the channels: where the next round goes on. */
  #position = 0;
  #pending: ScanOrder | null = null;
  #stopped = false;

  constructor(schedule: ScanSchedule, options: ScanSchedulesOptions, drops: DropLog) {
    this.#schedule = schedule;
    this.#options = options;
    this.#drops = drops;
    const { offset, period } = schedule;
    this.#offset = Math.min(Math.max(0, offset), period - 1);
    this.#arm(this.#nextAfter(options.clock.now()));
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    if (this.#pending) this.#options.queue.cancel(this.#pending);
  }

  #nextAfter(now: number): number {
    return nextOnGrid(now - this.#offset, this.#schedule.period) + this.#offset;
  }

  #arm(at: number): void {
    const { clock } = this.#options;
    const wait = Math.min(at - clock.now(), limits.scanWait);
    this.#timer = clock.setTimer(wait, () => {
      const now = clock.now();
      if (now < at) return this.#arm(at);
      this.#tick();
      if (!this.#stopped) this.#arm(this.#nextAfter(now));
    });
  }

  #tick(): void {
    const { name, phy, dwell } = this.#schedule;
    const { state, queue } = this.#options;
    if (!this.#isAllowed()) return;
    const vif = scanningVif(phy, state.vifs.values());
    if (vif === null) return;
    if (this.#pending) {
      this.#drops.dropped(`scans of ${phy} for ${name} left out: the one before has not ended, scan less often`);
      return;
    }
    const round = this.#nextRound();
    if (!round) return;
    const order: ScanOrder = {
      name,
      phy,
      vif,
      scan: { channels: round.channels, dwell, passive: true },
      done: () => {
        this.#pending = null;
      },
    };
    this.#pending = order;
    if (!queue.add(order)) this.#pending = null;
    else this.#position = round.position;
  }

  #isAllowed(): boolean {
    const { name, allow } = this.#schedule;
    try {
      return allow?.() ?? true;
    } catch (error) {
      this.#drops.dropped(
        `scans for ${name} left out: whether they are allowed could not be told: ${messageOf(error)}`,
      );
      return false;
    }
  }

  /** The channels of this tick, and where the next one goes on; null where there are none. */
  #nextRound(): { readonly channels: readonly Mhz[]; readonly position: number } | null {
    const { channels, mode } = this.#schedule;
    const usable = this.#usable();
    if (mode === "all") {
      const all = channels.filter((each) => usable.has(each));
      return all.length > 0 ? { channels: all, position: 0 } : null;
    }
    for (let step = 0; step < channels.length; step++) {
      const index = (this.#position + step) % channels.length;
      const channel = channels[index];
      if (channel !== undefined && usable.has(channel)) return { channels: [channel], position: index + 1 };
    }
    return null;
  }

  /** Those that are not in use, and that the radio has. */
  #usable(): ReadonlySet<Mhz> {
    const { name, phy, channels } = this.#schedule;
    const { phys, vifs } = this.#options.state;
    const home = homeChannels(phy, vifs.values());
    const states = phys.get(phy)?.channelStates ?? [];
    // A driver that lists none has not said that it has none.
    const unknown = states.length > 0 ? channels.filter((each) => !states.some(({ control }) => control === each)) : [];
    if (unknown.length > 0) {
      this.#drops.dropped(
        `scans for ${name} without ${unknown.slice(0, limits.namedEntries).join(", ")} MHz: ${phy} has no such channel`,
      );
    }
    return new Set(channels.filter((each) => !home.has(each) && !unknown.includes(each)));
  }
}

function checkSchedule({ name, channels, period, offset, dwell }: ScanSchedule): void {
  const within = (value: number, least: number, most: number) => value >= least && value <= most;
  const { scanShortestPeriod, scanLongestPeriod, scanDwell, scanChannels } = limits;
  if (!within(period, scanShortestPeriod, scanLongestPeriod)) {
    throw new RangeError(`${name}: a period of ${period} ms is not one of ${scanShortestPeriod} ms to 30 days`);
  }
  if (Number.isNaN(offset)) throw new RangeError(`${name}: the offset of scans is not a number`);
  if (!within(dwell, 1, scanDwell)) throw new RangeError(`${name}: a dwell of ${dwell} ms is not 1 to ${scanDwell} ms`);
  if (!within(channels.length, 1, scanChannels)) {
    throw new RangeError(`${name}: ${channels.length} channels to scan are not 1 to ${scanChannels}`);
  }
}
