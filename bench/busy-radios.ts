/** A driver with three radios full of stations that are always busy. It answers at once, and does as little as it can for it. */

import type { Clock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import { channelFrequency, channelNumbers, channelOf } from "@opensync-ts/target/channels";
import type { RadioDriver, RadioDriverEvents, StationStatistics, StatisticsRequest } from "@opensync-ts/target/driver";
import { openWpa, plainAp } from "@opensync-ts/target/plain-ap";
import type { Band, PhyState, StationState, VifState } from "@opensync-ts/target/radio";

export const stationsPerRadio = 256;

export const busyRadios = [
  { phy: "wifi0", band: "2.4G", channel: 6 },
  { phy: "wifi1", band: "5G", channel: 36 },
  { phy: "wifi2", band: "6G", channel: 37 },
] as const;

export class BusyRadios implements RadioDriver {
  readonly name = "busy";
  readonly #clock: Clock;
  readonly #phys = new Map<string, PhyState>();
  readonly #vifs = new Map<string, VifState>();
  readonly #stations = new Map<string, readonly StationState[]>();
  readonly #random = new SeededRandom("busy radios");
  /** By phy, as of the last look. */
  readonly #counters = new Map<string, readonly StationStatistics[]>();
  #events: RadioDriverEvents | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    for (const [index, { phy, band, channel }] of busyRadios.entries()) {
      this.#phys.set(phy, phyOf(phy, band, index));
      this.#vifs.set(phy, vifOf(phy, band, channel, index));
      this.#stations.set(
        phy,
        Array.from({ length: stationsPerRadio }, (_, station) => stationOf(phy, index, station)),
      );
    }
  }

  start(events: RadioDriverEvents): void {
    this.#events = events;
    for (const phy of this.#phys.keys()) events.phyChanged(phy);
    for (const { phy, name } of this.#vifs.values()) events.vifChanged(phy, name);
    for (const { phy, vif, mac: station } of [...this.#stations.values()].flat()) {
      events.stationChanged(phy, vif, station);
    }
  }

  stop(): void {
    this.#events = null;
  }

  requestPhyState(phy: string): void {
    this.#answer((events) => events.phyState(phy, this.#phys.get(phy) ?? null));
  }

  requestVifState(phy: string, vif: string): void {
    this.#answer((events) => events.vifState(phy, vif, this.#vifs.get(phy) ?? null));
  }

  requestStationState(phy: string, vif: string, station: Mac): void {
    const found = this.#stations.get(phy)?.find((each) => each.mac === station) ?? null;
    this.#answer((events) => events.stationState(phy, vif, station, found));
  }

  requestConfig(): void {}

  requestDeauth(): void {}

  requestStatistics({ phy, stations, survey }: StatisticsRequest): void {
    const at = this.#clock.now();
    const channel = busyRadios.find((radio) => radio.phy === phy);
    const control = channel ? (channelFrequency(channel.band, channel.channel) ?? 0) : 0;
    this.#answer((events) =>
      events.statistics({
        phy,
        at,
        stations: stations ? this.#count(phy) : [],
        survey: survey
          ? [{ control, active: at, busy: at / 2, tx: at / 4, rx: at / 8, rxSelf: at / 16, noise: -95 }]
          : [],
        temperature: 60,
      }),
    );
  }

  /** What has come since the last look is random, as it is on the air, where no two clients are alike. */
  #count(phy: string): readonly StationStatistics[] {
    const random = this.#random;
    const before = this.#counters.get(phy);
    const counters = (this.#stations.get(phy) ?? []).map(({ vif, mac: station }, index): StationStatistics => {
      const known = before?.[index] ?? { ...nothing, vif, station };
      const [txFrames, rxFrames] = [random.integer(5_000), random.integer(2_000)];
      return {
        ...known,
        snr: 10 + random.integer(50),
        txBytes: known.txBytes + txFrames * 1_400 + random.integer(1_400),
        rxBytes: known.rxBytes + rxFrames * 200 + random.integer(200),
        txFrames: known.txFrames + txFrames,
        rxFrames: known.rxFrames + rxFrames,
        txRetries: known.txRetries + random.integer(1 + txFrames / 10),
        rxRetries: known.rxRetries + random.integer(1 + rxFrames / 10),
        txErrors: known.txErrors + random.integer(3),
        rxErrors: known.rxErrors + random.integer(3),
        txRate: 6 + random.integer(1_200),
        rxRate: 6 + random.integer(1_200),
      };
    });
    this.#counters.set(phy, counters);
    return counters;
  }

  #answer(answer: (events: RadioDriverEvents) => void): void {
    this.#clock.setTimer(0, () => {
      if (this.#events) answer(this.#events);
    });
  }
}

const nothing = {
  since: 0,
  txBytes: 0,
  rxBytes: 0,
  txFrames: 0,
  rxFrames: 0,
  txRetries: 0,
  rxRetries: 0,
  txErrors: 0,
  rxErrors: 0,
};

function phyOf(name: string, band: Band, index: number): PhyState {
  return {
    name,
    mac: mac(`02:00:00:0${index}:00:00`),
    enabled: true,
    txChainmask: 15,
    radar: "unsupported",
    radarNextChannel: null,
    regDomain: null,
    zeroWaitDfs: "unsupported",
    channelStates: channelNumbers[band].map((number) => ({
      control: channelFrequency(band, number) ?? 0,
      dfs: "non_dfs",
      nolRemaining: 0,
    })),
    punctureSupported: false,
    capabilities: { band },
  };
}

function vifOf(phy: string, band: Band, number: number, index: number): VifState {
  const channel = channelOf({ band, number, width: 20 });
  if (!channel) throw new RangeError(`no channel ${number}`);
  return {
    name: `${phy}-ap`,
    phy,
    mac: mac(`02:00:00:0${index}:00:01`),
    status: "enabled",
    txPower: 20,
    type: "ap",
    ap: { ...plainAp, ssid: "busy", wpa: openWpa, channel, mld: null },
  };
}

function stationOf(phy: string, radio: number, index: number): StationState {
  return {
    mac: mac(`0a:00:00:0${radio}:00:${index.toString(16).padStart(2, "0")}`),
    vif: `${phy}-ap`,
    phy,
    connectedAt: 0,
    keyId: null,
    pmf: false,
    akm: null,
    pairwise: null,
    snr: 40,
    mldAddr: null,
  };
}
