/** Time that a radio has spent on channels, and what they were used for. */

import type { Mhz } from "@opensync-ts/base/units";
import type { ChannelSurvey } from "@opensync-ts/target/driver";
import { type AirChannel, noiseFloor } from "@opensync-ts/world/spectrum";
import type { World } from "@opensync-ts/world/world";

interface SurveyTotals {
  readonly since: number;
  active: number;
  busy: number;
  tx: number;
  rx: number;
  rxSelf: number;
}

export class SurveyCounters {
  readonly #world: World;
  readonly #site: string;
  readonly #totals = new Map<Mhz, SurveyTotals>();

  constructor(world: World, site: string) {
    this.#world = world;
    this.#site = site;
  }

  /**
   * The radio has been on `channel` from `from` to `to`, clock ms; what is on the air now stands for all of it. `away`: it is not
   * its own channel.
   */
  count(channel: AirChannel, from: number, to: number, away: boolean): void {
    const ms = to - from;
    const totals = this.#totals.get(channel.control) ?? this.#begin(channel.control, from);
    if (ms <= 0) return;
    const { busy, tx, rx, rxSelf } = this.#world.occupancy(this.#site, channel, away ? "silent" : "on air");
    totals.active += ms;
    totals.busy += busy * ms;
    totals.tx += tx * ms;
    totals.rx += rx * ms;
    totals.rxSelf += rxSelf * ms;
  }

  /** As after a restart of the driver. */
  clear(): void {
    this.#totals.clear();
  }

  /** Everything is zero, and nobody is told that it began anew. */
  reset(): void {
    for (const [control, { since }] of this.#totals) this.#begin(control, since);
  }

  /** By frequency, ascending; `of`: of these channels only. */
  list(of?: readonly Mhz[]): ChannelSurvey[] {
    return [...this.#totals]
      .filter(([control]) => of?.includes(control) ?? true)
      .sort(([a], [b]) => a - b)
      .map(([control, { since, active, busy, tx, rx, rxSelf }]) => ({
        control,
        since,
        active: Math.round(active),
        busy: Math.round(busy),
        tx: Math.round(tx),
        rx: Math.round(rx),
        rxSelf: Math.round(rxSelf),
        noise: noiseFloor,
      }));
  }

  #begin(control: Mhz, since: number): SurveyTotals {
    const totals = { since, active: 0, busy: 0, tx: 0, rx: 0, rxSelf: 0 };
    this.#totals.set(control, totals);
    return totals;
  }
}
