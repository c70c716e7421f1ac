/** Radar heard since OWM started, by radio: what `Wifi_Radio_State.radar` tells. */

import type { Clock } from "@opensync-ts/base/clock";
import { channelNumber } from "@opensync-ts/target/channels";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import { coversChannel } from "./radio-channel.ts";

export interface RadarRecord {
  /** Number of the channel on which it was heard last. */
  readonly lastChannel: number;
  readonly detected: number;
  /** Seconds since 1970 of the last time. */
  readonly time: number;
}

export class RadarHistory {
  readonly #clock: Clock;
  readonly #records = new Map<string, RadarRecord>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(phy: string): RadarRecord | null {
    return this.#records.get(phy) ?? null;
  }

  /**
   * To be called with each two reports of a radio that follow one another. Channels that enter the non-occupancy list
   * together are one event. `vifs`: of that radio; radar where one is in use counts before that of other channels.
   */
  observe(old: PhyState | null, now: PhyState, vifs: Iterable<VifState>): void {
    if (!old) return;
    const before = new Map(old.channelStates.map(({ control, dfs }) => [control, dfs]));
    const struck = now.channelStates
      .filter(({ control, dfs }) => dfs === "nol" && before.has(control) && before.get(control) !== "nol")
      .map(({ control }) => control)
      .sort((a, b) => a - b);
    const [first] = struck;
    if (first === undefined) return;
    const inUse = [...vifs].flatMap((vif) => (vif.type === "ap" && vif.ap.channel ? [vif.ap.channel] : []));
    const primary = inUse.find(({ control }) => struck.includes(control))?.control;
    const covered = struck.find((control) => inUse.some((channel) => coversChannel(channel, control)));
    this.#records.set(now.name, {
      lastChannel: channelNumber(primary ?? covered ?? first),
      detected: (this.#records.get(now.name)?.detected ?? 0) + 1,
      time: Math.floor(this.#clock.wallTime() / 1000),
    });
  }
}

/** Texts, as the column holds them. */
export function radarColumn(record: RadarRecord | null): ReadonlyMap<string, string> {
  if (!record) return new Map();
  return new Map([
    ["last_channel", String(record.lastChannel)],
    ["num_detected", String(record.detected)],
    ["time", String(record.time)],
  ]);
}
