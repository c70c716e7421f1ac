/** For tests: a simulated device in a world on virtual time, and somebody who asks for the state of all that changes. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Mac } from "@opensync-ts/base/units";
import { channelOf } from "@opensync-ts/target/channels";
import type {
  PhyRequest,
  ProbeRequest,
  RadioDriver,
  ScanResults,
  StatisticsReport,
  VifRequest,
} from "@opensync-ts/target/driver";
import type {
  ApState,
  Band,
  Channel,
  ChannelWidth,
  PhyState,
  StationState,
  VifState,
  Wpa,
} from "@opensync-ts/target/radio";
import type { ClientSpec, InterfererSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import { FaultSwitch, type Faults } from "../faults.ts";
import { interfaceMac } from "../identity.ts";
import { deviceModel, type RadioModel } from "../models.ts";
import { type Latency, SimRadioDriver } from "../radio-driver.ts";
import { regulationOf } from "../regulatory.ts";

export class Observer {
  readonly phys = new Map<string, PhyState | null>();
  readonly vifs = new Map<string, VifState | null>();
  readonly stations = new Map<string, StationState>();
  /** Every call of the driver, in order. */
  readonly log: string[] = [];
  onStatistics: (report: StatisticsReport) => void = () => {};
  onProbe: (vif: string, probe: ProbeRequest) => void = () => {};
  onFrame: (vif: string, frame: Uint8Array) => void = () => {};
  onScan: (results: ScanResults) => void = () => {};

  constructor(driver: RadioDriver, started = true) {
    if (!started) return;
    driver.start({
      phyChanged: (phy) => {
        this.log.push(`phyChanged ${phy}`);
        driver.requestPhyState(phy);
      },
      phyState: (phy, state) => {
        this.log.push(`phyState ${phy}`);
        this.phys.set(phy, state);
      },
      vifChanged: (phy, vif) => {
        this.log.push(`vifChanged ${vif}`);
        driver.requestVifState(phy, vif);
      },
      vifState: (_, vif, state) => {
        this.log.push(`vifState ${vif}`);
        this.vifs.set(vif, state);
      },
      stationChanged: (phy, vif, station) => {
        this.log.push(`stationChanged ${vif} ${station}`);
        driver.requestStationState(phy, vif, station);
      },
      stationState: (_, vif, station, state) => {
        this.log.push(`stationState ${vif} ${station}`);
        if (state) this.stations.set(`${vif} ${station}`, state);
        else this.stations.delete(`${vif} ${station}`);
      },
      channelSwitchStarted: (_, vif) => this.log.push(`channelSwitchStarted ${vif}`),
      channelSwitchHeard: (_, vif) => this.log.push(`channelSwitchHeard ${vif}`),
      wps: (_, vif, outcome) => this.log.push(`wps ${vif} ${outcome}`),
      probeRequest: (_, vif, probe) => {
        this.log.push(`probeRequest ${vif} ${probe.station}`);
        this.onProbe(vif, probe);
      },
      frameReceived: (_, vif, frame) => {
        this.log.push(`frameReceived ${vif}`);
        this.onFrame(vif, frame);
      },
      frameTransmitted: (token, result) => this.log.push(`frameTransmitted ${token} ${result}`),
      scanResults: (results) => {
        this.log.push(`scanResults ${results.vif}`);
        this.onScan(results);
      },
      scanCompleted: (_, vif, reason) => this.log.push(`scanCompleted ${vif} ${reason}`),
      authFailed: (_, vif, { station, invalidPsk }) =>
        this.log.push(`authFailed ${vif} ${station}${invalidPsk ? " wrong key" : ""}`),
      statistics: (report) => {
        this.log.push(`statistics ${report.phy}${report.pushed ? " pushed" : ""}`);
        this.onStatistics(report);
      },
      overrun: () => this.log.push("overrun"),
    });
  }

  ap(vif: string): ApState {
    const state = this.vifs.get(vif);
    if (state?.type !== "ap") throw new Error(`no state of an access point '${vif}' was reported`);
    return state.ap;
  }

  status(vif: string): string {
    return this.vifs.get(vif)?.status ?? "absent";
  }

  station(vif: string, mac: Mac): StationState | undefined {
    return this.stations.get(`${vif} ${mac}`);
  }
}

export interface BenchOptions {
  readonly clients?: readonly ClientSpec[];
  readonly interferers?: readonly InterfererSpec[];
  readonly latency?: Latency;
  readonly faults?: Partial<Faults>;
  readonly model?: string;
  readonly country?: string;
  /** Instead of what the model says of its radios, or of one of them. */
  readonly radio?: Partial<RadioModel>;
  readonly radioOf?: string;
  /** False: nobody listens yet. */
  readonly started?: boolean;
}

export function bench(options: BenchOptions = {}) {
  const {
    clients = [],
    interferers = [],
    latency,
    model = "gateway",
    country = "US",
    radio = {},
    radioOf,
    started = true,
  } = options;
  const clock = new VirtualClock();
  const world = new World({ clock, seed: "bench", spec: { clients, interferers } });
  world.addSite("gw", { x: 0, y: 0 });
  const faults = new FaultSwitch({
    random: new SeededRandom("faults"),
    clock,
    ...(options.faults ? { faults: options.faults } : {}),
  });
  const driver = new SimRadioDriver({
    world,
    clock,
    site: "gw",
    radios: deviceModel(model).radios.map((each) =>
      radioOf === undefined || each.phy === radioOf ? { ...each, ...radio } : each,
    ),
    macOf: (index) => interfaceMac("gw", index),
    regulation: regulationOf(country),
    faults,
    ...(latency ? { latency } : {}),
  });
  const observer = new Observer(driver, started);
  const request = (phy: string, vifs: readonly VifRequest[], rest: Partial<PhyRequest> = {}) =>
    driver.requestConfig({ phys: [{ name: phy, ...rest, vifs }] });
  return { clock, world, faults, driver, observer, request };
}

export const wpa2: Wpa = {
  wpa: false,
  rsn: true,
  akm: ["psk"],
  pairwise: ["ccmp"],
  pmf: "disabled",
  beaconProtection: false,
  groupRekey: -1,
};

/** Switches an access point on with the network that `phone` knows. */
export const homeNetwork: VifRequest & { readonly ap: NonNullable<VifRequest["ap"]> } = {
  name: "home-ap-24",
  enabled: true,
  ap: {
    ssid: "home",
    wpa: wpa2,
    psks: [
      { keyId: 1, psk: "correct-horse" },
      { keyId: 2, psk: "battery-staple" },
    ],
  },
};

export const phone: ClientSpec = {
  name: "phone",
  mac: "02:00:00:00:00:01",
  place: { x: 3, y: 0 },
  networks: [{ ssid: "home", psk: "battery-staple" }],
};

/** A neighbour on channel 1, 20 MHz wide; WPA2. */
export const neighbour = {
  name: "next door",
  place: { x: 12, y: 0 },
  band: "2.4G",
  segments: [2412],
  power: 20,
  airtime: 0.1,
  bssid: "02:00:00:00:0a:01",
  ssid: "Next Door",
} as const satisfies InterfererSpec;

export function channel(band: Band, number: number, width: ChannelWidth): Channel {
  const made = channelOf({ band, number, width });
  if (!made) throw new Error(`no channel ${band} ${number}/${width}`);
  return made;
}
