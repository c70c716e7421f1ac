/**
 * What a radio knows of its channels: which must be listened to before use (channel availability check), which have
 * been, and which saw radar and must not be used for half an hour (ETSI EN 301 893, FCC 15.407).
 */

import type { Mhz } from "@opensync-ts/base/units";
import { isDfs, segments20 } from "@opensync-ts/target/channels";
import type { Channel, ChannelState, DfsState } from "@opensync-ts/target/radio";

export const nonOccupancyMs = 30 * 60_000;

/** How long a channel availability check takes, ms. */
export interface CacDurations {
  readonly ordinary: number;
  /** Where a channel touches the weather radars' range, 5600–5650 MHz (ETSI). */
  readonly weather: number;
}

export const standardCac: CacDurations = { ordinary: 60_000, weather: 600_000 };

export function cacDuration(channel: Channel, domain: "undefined" | "fcc" | "etsi", durations: CacDurations): number {
  const weather = domain === "etsi" && segments20(channel).some((segment) => segment >= 5600 && segment <= 5650);
  return weather ? durations.weather : durations.ordinary;
}

export class DfsTable {
  readonly #channels = new Map<Mhz, { dfs: DfsState; nolUntil: number }>();

  /** `frequencies`: of all 20 MHz channels the radio may use, ascending. */
  constructor(frequencies: readonly Mhz[]) {
    for (const frequency of frequencies) {
      this.#channels.set(frequency, { dfs: isDfs(frequency) ? "cac_possible" : "non_dfs", nolUntil: 0 });
    }
  }

  list(now: number): readonly ChannelState[] {
    return [...this.#channels].map(([control, { dfs, nolUntil }]) => ({
      control,
      dfs,
      nolRemaining: dfs === "nol" ? Math.max(0, Math.ceil((nolUntil - now) / 1000)) : 0,
    }));
  }

  /** What was learnt of channels that are in this table, too. */
  inherit(other: DfsTable): void {
    for (const [frequency, known] of other.#channels) {
      if (this.#channels.has(frequency)) this.#channels.set(frequency, known);
    }
  }

  /** Turns the segments of `channel` that are in state `from` to state `to`, but for those of `except`. */
  turn(channel: Channel, from: DfsState, to: DfsState, except: Channel | null = null): void {
    const spared = except ? segments20(except) : [];
    for (const segment of segments20(channel)) {
      const entry = this.#channels.get(segment);
      if (entry?.dfs === from && !spared.includes(segment)) entry.dfs = to;
    }
  }

  /** Radar on a 20 MHz channel; false where it needs no guarding or is out of use already. */
  strike(frequency: Mhz, now: number): boolean {
    const entry = this.#channels.get(frequency);
    if (!entry || entry.dfs === "non_dfs" || entry.dfs === "nol") return false;
    entry.dfs = "nol";
    entry.nolUntil = now + nonOccupancyMs;
    return true;
  }

  /** Frees channels whose half hour is over. Returns when the next is due, or `null`. */
  expire(now: number): number | null {
    let next: number | null = null;
    for (const entry of this.#channels.values()) {
      if (entry.dfs !== "nol") continue;
      if (entry.nolUntil <= now) entry.dfs = "cac_possible";
      else next = Math.min(next ?? entry.nolUntil, entry.nolUntil);
    }
    return next;
  }
}
