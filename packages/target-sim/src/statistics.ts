/** The counters of a simulated radio: of its stations since they came, of its channels since it was built. */

import type { Mac, Mhz } from "@opensync-ts/base/units";
import type { ChannelSurvey, StationStatistics } from "@opensync-ts/target/driver";
import { noiseFloor } from "@opensync-ts/world/spectrum";
import type { Volume } from "@opensync-ts/world/traffic";
import type { World } from "@opensync-ts/world/world";
import { maxCountedStations } from "./limits.ts";
import type { SimRadio } from "./sim-radio.ts";
import type { airChannel } from "./sim-vif.ts";

/** Bytes of user data in one frame. */
const frameSize = 1400;

interface SurveyTotals {
  active: number;
  busy: number;
  tx: number;
  rx: number;
  rxSelf: number;
}

export class StationCounters {
  readonly #world: World;
  /** What a client had moved when it came, by BSSID and MAC. */
  readonly #start = new Map<string, Volume>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A station has come or gone: its counters begin anew. */
  restart(bssid: Mac, station: Mac): void {
    const key = `${bssid} ${station}`;
    this.#start.delete(key);
    const client = this.#world.client(station);
    if (client?.association?.bssid !== bssid || this.#start.size >= maxCountedStations) return;
    client.account();
    this.#start.set(key, client.delivered);
  }

  /** All counters begin anew, as after a restart of the driver. */
  clear(): void {
    for (const key of [...this.#start.keys()]) {
      const [bssid, station] = key.split(" ") as [Mac, Mac];
      this.restart(bssid, station);
    }
  }

  of(radio: SimRadio): StationStatistics[] {
    const statistics: StationStatistics[] = [];
    const bssids = new Map([...radio.vifs.values()].map(({ mac, name }) => [mac, name]));
    for (const { mac, link, delivered } of this.#world.snapshot().clients) {
      const vif = link && bssids.get(link.bssid);
      if (!link || vif === undefined || vif === null) continue;
      const start = this.#start.get(`${link.bssid} ${mac}`) ?? { down: 0, up: 0 };
      const txBytes = Math.round(delivered.down - start.down);
      const rxBytes = Math.round(delivered.up - start.up);
      const txFrames = Math.ceil(txBytes / frameSize);
      const rxFrames = Math.ceil(rxBytes / frameSize);
      statistics.push({
        vif,
        station: mac,
        snr: Math.round(link.snr),
        txBytes,
        rxBytes,
        txFrames,
        rxFrames,
        txRetries: Math.floor(txFrames * lossAt(link.snr)),
        txErrors: Math.floor(txFrames * lossAt(link.snr) ** 4),
        rxRetries: Math.floor(rxFrames * lossAt(link.snr)),
        rxErrors: Math.floor(rxFrames * lossAt(link.snr) ** 4),
        txRate: link.rate,
        rxRate: link.rate,
      });
    }
    return statistics;
  }
}

/** Time spent on channels; a radio counts on the one that it is on, and on others while it scans them. */
export class SurveyCounters {
  readonly #world: World;
  readonly #site: string;
  readonly #totals = new Map<Mhz, SurveyTotals>();

  constructor(world: World, site: string) {
    this.#world = world;
    this.#site = site;
  }

  /** Milliseconds that the radio has been on `channel`; what is on the air now stands for all of them. */
  count(channel: ReturnType<typeof airChannel>, ms: number): void {
    if (ms <= 0) return;
    const { busy, tx, rx, rxSelf } = this.#world.occupancy(this.#site, channel);
    let totals = this.#totals.get(channel.control);
    if (!totals) {
      totals = { active: 0, busy: 0, tx: 0, rx: 0, rxSelf: 0 };
      this.#totals.set(channel.control, totals);
    }
    totals.active += ms;
    totals.busy += busy * ms;
    totals.tx += tx * ms;
    totals.rx += rx * ms;
    totals.rxSelf += rxSelf * ms;
  }

  clear(): void {
    this.#totals.clear();
  }

  /** By frequency, ascending. */
  list(): ChannelSurvey[] {
    const whole = ({ active, busy, tx, rx, rxSelf }: SurveyTotals) => ({
      active: Math.round(active),
      busy: Math.round(busy),
      tx: Math.round(tx),
      rx: Math.round(rx),
      rxSelf: Math.round(rxSelf),
    });
    return [...this.#totals]
      .sort(([a], [b]) => a - b)
      .map(([control, totals]) => ({ control, ...whole(totals), noise: noiseFloor }));
  }
}

/** Share of frames that are sent again: little on a good link, half of them where it is about to break. */
function lossAt(snr: number): number {
  return Math.min(0.5, 0.01 + 0.5 * Math.exp(-Math.max(0, snr) / 8));
}
