/**
 * On which channels stations have shown that they work (`osw_sta_chan_cap`): by links, by probe requests, and by what they say
 * when they associate. What is known only grows, until a station has been away for long.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { every } from "@opensync-ts/base/clock";
import type { Mac, Mhz } from "@opensync-ts/base/units";
import { bandOf } from "@opensync-ts/target/channels";
import type { Band } from "@opensync-ts/target/radio";
import { steeringLimits } from "./limits.ts";
import type { ChannelKnowledge } from "./model.ts";

interface Known {
  readonly bands: Set<Band>;
  readonly listed: Set<Mhz>;
  readonly listedBands: Set<Band>;
  connected: boolean;
  links: number;
  /** Last sign of it, monotonic ms. */
  at: number;
  /** What is told of it, until it changes. */
  told: ChannelKnowledge | null;
}

export const nothingKnown: ChannelKnowledge = { bands: [], listed: [], listedBands: [] };

export class ChannelKnowledgeBase {
  readonly #clock: Clock;
  /** By address, the one heard last at the end. */
  readonly #stations = new Map<Mac, Known>();
  readonly #sweep: Timer;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sweep = every(clock, steeringLimits.knownSweep, () => this.#forget());
  }

  /** True where something is new. */
  heard(station: Mac, frequency: Mhz): boolean {
    const band = bandOf(frequency);
    if (band === null) return false;
    const known = this.#touch(station);
    if (known.bands.has(band)) return false;
    known.bands.add(band);
    known.told = null;
    return true;
  }

  /** What it says of itself: control frequencies of the bands that it gives account of. */
  listed(station: Mac, frequencies: readonly Mhz[]): boolean {
    const known = this.#touch(station);
    const before = known.listed.size;
    for (const frequency of frequencies) {
      const band = bandOf(frequency);
      if (band === null) continue;
      known.listed.add(frequency);
      known.listedBands.add(band);
    }
    known.told = null;
    return known.listed.size > before;
  }

  connected(station: Mac, frequency: Mhz | null): void {
    const known = this.#touch(station);
    known.connected = true;
    known.links++;
    if (frequency !== null) this.heard(station, frequency);
    if (frequency !== null && known.listedBands.size > 0) this.listed(station, [frequency]);
  }

  disconnected(station: Mac): void {
    const known = this.#touch(station);
    known.links = Math.max(0, known.links - 1);
  }

  /** Of a device, which may be known by several addresses. */
  of(stations: readonly Mac[]): ChannelKnowledge {
    const found = [...new Set(stations)].flatMap((station) => this.#stations.get(station) ?? []);
    const [first, ...more] = found.map(tell);
    if (first === undefined) return nothingKnown;
    return more.reduce(
      (all, one) => ({
        bands: union(all.bands, one.bands),
        listed: union(all.listed, one.listed),
        listedBands: union(all.listedBands, one.listedBands),
      }),
      first,
    );
  }

  stop(): void {
    this.#sweep.cancel();
  }

  #touch(station: Mac): Known {
    const known = this.#stations.get(station) ?? {
      ...{ bands: new Set<Band>(), listed: new Set<Mhz>(), listedBands: new Set<Band>() },
      ...{ connected: false, links: 0, at: 0, told: null },
    };
    known.at = this.#clock.now();
    this.#stations.delete(station);
    this.#stations.set(station, known);
    if (this.#stations.size > steeringLimits.knownStations) this.#dropOldest();
    return known;
  }

  /** Of those that are not connected, if there are any. */
  #dropOldest(): void {
    for (const [station, { links }] of this.#stations) {
      if (links > 0) continue;
      this.#stations.delete(station);
      return;
    }
    const [first] = this.#stations.keys();
    if (first !== undefined) this.#stations.delete(first);
  }

  #forget(): void {
    const now = this.#clock.now();
    for (const [station, { connected, links, at }] of this.#stations) {
      const age = connected ? steeringLimits.knownConnected : steeringLimits.knownHeard;
      if (links === 0 && now - at >= age) this.#stations.delete(station);
    }
  }
}

function tell(known: Known): ChannelKnowledge {
  known.told ??= {
    bands: [...known.bands].sort(),
    listed: [...known.listed].sort((a, b) => a - b),
    listedBands: [...known.listedBands].sort(),
  };
  return known.told;
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return [...new Set([...a, ...b])].sort();
}
