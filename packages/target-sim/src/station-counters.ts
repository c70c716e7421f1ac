/** What a simulated radio counts of its stations, since they came. */

import type { Mac } from "@opensync-ts/base/units";
import type { StationStatistics } from "@opensync-ts/target/driver";
import { noiseFloor, sensitivity } from "@opensync-ts/world/spectrum";
import type { Volume } from "@opensync-ts/world/traffic";
import type { World } from "@opensync-ts/world/world";
import { maxCountedStations } from "./limits.ts";
import type { SimRadio } from "./sim-radio.ts";

/** Bytes of user data in one frame. */
export const frameSize = 1400;

interface Count {
  /** What the client had moved when it came. */
  start: Volume;
  /** Clock ms. */
  readonly since: number;
  /** Its counters have 32 bits. */
  readonly narrow: boolean;
  /** Frames so far; what was lost of them, at the signal of the time. */
  tx: Lossy;
  rx: Lossy;
  /** As last seen. */
  snr: number;
  rate: number;
}

interface Lossy {
  readonly frames: number;
  readonly retries: number;
  readonly errors: number;
}

const nothing: Lossy = { frames: 0, retries: 0, errors: 0 };

export class StationCounters {
  readonly #world: World;
  /** By BSSID and MAC. */
  readonly #counts = new Map<string, Count>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A station has come. `narrow`: its counters go over at 2³². */
  begin(bssid: Mac, station: Mac, narrow: boolean): void {
    const client = this.#world.client(station);
    if (client?.association?.bssid !== bssid || this.#counts.size >= maxCountedStations) return;
    client.account();
    const { since } = client.association;
    const start = client.traffic.delivered;
    const snr = this.#snr(bssid, station) ?? 0;
    this.#counts.set(keyOf(bssid, station), { start, since, narrow, tx: nothing, rx: nothing, snr, rate: 0 });
  }

  /** A station has gone: its last counters, if it had any. */
  end(bssid: Mac, station: Mac, vif: string): StationStatistics | null {
    const key = keyOf(bssid, station);
    const count = this.#counts.get(key);
    const client = this.#world.client(station);
    this.#counts.delete(key);
    if (!count || !client) return null;
    count.snr = this.#snr(bssid, station) ?? count.snr;
    return counted(count, client.traffic.delivered, vif, station);
  }

  /** The counters of those at `bssids` are zero, and nobody is told that they began anew. */
  reset(bssids: ReadonlySet<Mac>): void {
    for (const [key, count] of this.#counts) {
      const [bssid, station] = key.split(" ") as [Mac, Mac];
      const client = this.#world.client(station);
      if (!bssids.has(bssid) || !client) continue;
      client.account();
      Object.assign(count, { start: client.traffic.delivered, tx: nothing, rx: nothing });
    }
  }

  of(radio: SimRadio): StationStatistics[] {
    const statistics: StationStatistics[] = [];
    const bssids = new Map([...radio.vifs.values()].map(({ mac, name }) => [mac, name]));
    for (const { mac, link, delivered } of this.#world.snapshot().clients) {
      const vif = link && bssids.get(link.bssid);
      const count = link && this.#counts.get(keyOf(link.bssid, mac));
      if (!link || !count || vif === undefined || vif === null) continue;
      Object.assign(count, { snr: link.snr, rate: link.rate });
      statistics.push(counted(count, delivered, vif, mac));
    }
    return statistics;
  }

  /** Null: it is not heard, or its access point has gone. */
  #snr(bssid: Mac, station: Mac): number | null {
    const rssi = this.#world.heardAt(bssid, station);
    return rssi === null || rssi < sensitivity ? null : rssi - noiseFloor;
  }
}

/** Brings `count` up to date. */
function counted(count: Count, delivered: Volume, vif: string, station: Mac): StationStatistics {
  const { start, since, narrow, snr, rate } = count;
  const txBytes = Math.round(delivered.down - start.down);
  const rxBytes = Math.round(delivered.up - start.up);
  count.tx = afterMore(count.tx, Math.ceil(txBytes / frameSize), snr);
  count.rx = afterMore(count.rx, Math.ceil(rxBytes / frameSize), snr);
  const shown = (value: number) => (narrow ? Math.floor(value) % 2 ** 32 : Math.floor(value));
  return {
    vif,
    station,
    since,
    snr: Math.round(snr),
    txBytes: shown(txBytes),
    rxBytes: shown(rxBytes),
    txFrames: shown(count.tx.frames),
    rxFrames: shown(count.rx.frames),
    txRetries: shown(count.tx.retries),
    txErrors: shown(count.tx.errors),
    rxRetries: shown(count.rx.retries),
    rxErrors: shown(count.rx.errors),
    txRate: rate,
    rxRate: rate,
  };
}

/** Of the frames since the last look, some were lost: a frame that fails four times in a row is given up. */
function afterMore({ frames, retries, errors }: Lossy, now: number, snr: number): Lossy {
  const more = now - frames;
  return { frames: now, retries: retries + more * lossAt(snr), errors: errors + more * lossAt(snr) ** 4 };
}

/** Share of frames that are sent again: little on a good link, half of them where it is about to break. */
export function lossAt(snr: number): number {
  return Math.min(0.5, 0.01 + 0.5 * Math.exp(-Math.max(0, snr) / 8));
}

function keyOf(bssid: Mac, station: Mac): string {
  return `${bssid} ${station}`;
}
