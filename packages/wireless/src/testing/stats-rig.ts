/** A statistics bus on a virtual clock, between a state that tests write and drivers that they play. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { Log, LogRing } from "@opensync-ts/base/log";
import { type Mac, mac } from "@opensync-ts/base/units";
import type {
  ChannelSurvey,
  HeardBss,
  StationStatistics,
  StatisticsReport,
  StatisticsRequest,
} from "@opensync-ts/target/driver";
import type { Channel, PhyState, StationState, VifState } from "@opensync-ts/target/radio";
import type { WirelessStateEvents } from "../contract.ts";
import { StatisticsBus } from "../stats/bus.ts";
import type { StatsRecord, StatsSubscriber } from "../stats/contract.ts";
import { apVif, macNumber, phyState, station } from "./fixtures.ts";

export const phone = macNumber(1);

/** Counters that have not moved. */
export const idleStation: StationStatistics = {
  vif: "home-ap-24",
  station: phone,
  snr: 40,
  txBytes: 0,
  rxBytes: 0,
  txFrames: 0,
  rxFrames: 0,
  txRetries: 0,
  txErrors: 0,
  rxRetries: 0,
  rxErrors: 0,
  txRate: 100,
  rxRate: 50,
};

export const quietChannel: ChannelSurvey = { control: 2412, active: 0, busy: 0, tx: 0, rx: 0, rxSelf: 0, noise: -95 };

interface StatsRig {
  readonly clock: VirtualClock;
  readonly bus: StatisticsBus;
  /** `seconds phy STA CHAN PHY BSS_SCAN`, oldest first. */
  readonly requests: string[];
  /** What drivers answer; null: nothing. */
  answer: ((request: StatisticsRequest) => Answer) | null;
  /** Whether drivers have statistics at all. */
  offered: boolean;
  /** ms. */
  latency: number;
  readonly logger: Log;
  log(): string[];
  /** A driver reports, asked or not. */
  push(answer: Answer, at?: number): void;
  /** A scan has heard these. */
  scanned(bsses: readonly HeardBss[], at?: number): void;
  /** The access point of wifi0 changes its channel. */
  move(channel: Channel): void;
  /** With what the state says of it. */
  associate(vif?: string, address?: Mac, connectedAt?: number): void;
  disassociate(vif?: string, address?: Mac): void;
  /** Subscribes, and keeps what is reported: `seconds` of the clock and the records. */
  collect(subscriber: Partial<StatsSubscriber>): { readonly at: number; readonly records: readonly StatsRecord[] }[];
}

interface Answer {
  readonly stations?: readonly StationStatistics[];
  readonly survey?: readonly ChannelSurvey[];
  readonly temperature?: number;
  readonly bsses?: readonly HeardBss[];
  readonly pushed?: boolean;
}

export function statsRig(options: { readonly phys?: readonly string[] } = {}): StatsRig {
  const { phys = ["wifi0"] } = options;
  const clock = new VirtualClock();
  const ring = new LogRing(1_000);
  const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => clock.wallTime() });
  const stations = new Map<string, Map<Mac, StationState>>();
  const state = {
    phys: new Map<string, PhyState>(phys.map((name) => [name, phyState(name)])),
    vifs: new Map<string, VifState>([
      ["home-ap-24", apVif("wifi0", "home-ap-24")],
      ["guest-ap-24", apVif("wifi0", "guest-ap-24", {}, { mac: mac("02:00:00:00:01:02") })],
    ]),
    stations,
    events: new Emitter<WirelessStateEvents>(),
  };
  const seconds = () => clock.now() / 1_000;
  const rig: StatsRig = {
    clock,
    requests: [],
    answer: () => ({}),
    offered: true,
    latency: 1,
    bus: new StatisticsBus({
      clock,
      log,
      state,
      request: (request) => {
        const { phy, stations: sta, survey, temperature, bsses } = request;
        const wanted = [sta && "STA", survey && "CHAN", temperature && "PHY", bsses && "BSS_SCAN"].filter(Boolean);
        rig.requests.push([seconds(), phy, ...wanted].join(" "));
        const { answer } = rig;
        const at = clock.now();
        if (rig.offered && answer) {
          const { stations = [], survey: channels = [], ...more } = answer(request);
          const report: StatisticsReport = {
            ...more,
            ...{ phy, at, stations: sta ? stations : [], survey: survey ? channels : [] },
          };
          clock.setTimer(rig.latency, () => state.events.emit("statistics", report));
        }
        return rig.offered;
      },
    }),
    logger: log,
    log: () => ring.records().map(({ severity, text }) => `${severity} ${text}`),
    push: ({ stations = [], survey = [], ...more }, at = clock.now()) =>
      state.events.emit("statistics", { phy: "wifi0", at, stations, survey, ...more }),
    scanned: (bsses, at = clock.now()) =>
      state.events.emit("scanResults", { phy: "wifi0", vif: "home-ap-24", at, bsses }),
    move: (channel) => {
      const old = state.vifs.get("home-ap-24") ?? null;
      const moved = apVif("wifi0", "home-ap-24", { channel });
      state.vifs.set("home-ap-24", moved);
      state.events.emit("vif", { name: "home-ap-24", phy: "wifi0", old, new: moved });
    },
    associate: (vif = "home-ap-24", address = phone, connectedAt = clock.now()) => {
      const now = station("wifi0", vif, { mac: address, connectedAt });
      stations.set(vif, new Map([...(stations.get(vif) ?? []), [address, now]]));
      state.events.emit("station", { mac: address, vif, old: null, new: now });
    },
    disassociate: (vif = "home-ap-24", address = phone) => {
      const old = stations.get(vif)?.get(address) ?? null;
      stations.get(vif)?.delete(address);
      state.events.emit("station", { mac: address, vif, old, new: null });
    },
    collect: (subscriber) => {
      const reports: { at: number; records: readonly StatsRecord[] }[] = [];
      rig.bus.subscribe({
        name: "test",
        stats: ["STA"],
        reportPeriod: 1_000,
        report: (records) => void reports.push({ at: seconds(), records }),
        ...subscriber,
      });
      return reports;
    },
  };
  return rig;
}
