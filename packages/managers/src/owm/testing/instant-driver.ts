/** A radio driver that does at once, and exactly, what it is asked; tests can make it ignore, stall and change by itself. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Mac, Mhz } from "@opensync-ts/base/units";
import type {
  ChannelSurvey,
  ConfigRequest,
  HeardBss,
  RadioDriver,
  RadioDriverEvents,
  ScanRequest,
  StationStatistics,
  StatisticsRequest,
  VifRequest,
  WpsOutcome,
} from "@opensync-ts/target/driver";
import type { ApState, Channel, PhyState, StationState, VifState } from "@opensync-ts/target/radio";

export class InstantDriver implements RadioDriver {
  readonly name = "instant";
  /** Every configuration request so far. */
  readonly requests: ConfigRequest[] = [];
  /** Requests have no effect. */
  deaf = false;
  /** What counters say when asked, by vif and station, and by phy and channel. */
  readonly counters = new Map<string, StationStatistics>();
  readonly surveys = new Map<string, ChannelSurvey & { readonly phy: string }>();
  /** °C, by phy. */
  readonly temperatures = new Map<string, number>();
  /** What is on the air, for radios that listen there: on their own channel when asked, elsewhere in scans. */
  readonly air: HeardBss[] = [];
  readonly polls: StatisticsRequest[] = [];
  readonly scans: { readonly at: number; readonly phy: string; readonly vif: string; readonly scan: ScanRequest }[] =
    [];
  /** Milliseconds until a question about statistics is answered; null: never. */
  answerAfter: number | null = 0;
  /** Reports are owed, and given when this ends. */
  #stalled: (() => void)[] | null = null;
  readonly #clock: Clock;
  readonly #phys = new Map<string, PhyState>();
  readonly #vifs = new Map<string, VifState>();
  readonly #stations = new Map<string, StationState>();
  #events: RadioDriverEvents | null = null;

  constructor(clock: Clock, phys: readonly PhyState[], vifs: readonly VifState[]) {
    this.#clock = clock;
    for (const phy of phys) this.#phys.set(phy.name, phy);
    for (const vif of vifs) this.#vifs.set(vif.name, vif);
  }

  start(events: RadioDriverEvents): void {
    this.#events = events;
    for (const name of this.#phys.keys()) events.phyChanged(name);
    for (const { name, phy } of this.#vifs.values()) events.vifChanged(phy, name);
    for (const { mac, vif, phy } of this.#stations.values()) events.stationChanged(phy, vif, mac);
  }

  stop(): void {
    this.#events = null;
  }

  requestPhyState(phy: string): void {
    this.#soon(() => this.#events?.phyState(phy, this.#phys.get(phy) ?? null));
  }

  requestVifState(phy: string, vif: string): void {
    this.#soon(() => this.#events?.vifState(phy, vif, this.#vifs.get(vif) ?? null));
  }

  requestStationState(phy: string, vif: string, station: Mac): void {
    this.#soon(() => this.#events?.stationState(phy, vif, station, this.#stations.get(`${vif} ${station}`) ?? null));
  }

  requestConfig(request: ConfigRequest): void {
    this.requests.push(request);
    if (this.deaf) return;
    for (const { name, vifs, ...asked } of request.phys) {
      const phy = this.#phys.get(name);
      if (phy && Object.keys(asked).length > 0) this.setPhy({ ...phy, ...asked });
      for (const vif of vifs) this.#configureVif(vif);
    }
  }

  requestDeauth(_phy: string, vif: string, station: Mac): void {
    this.leave(vif, station);
  }

  requestStatistics(request: StatisticsRequest): void {
    this.polls.push(request);
    if (this.answerAfter !== null) this.#clock.setTimer(this.answerAfter, () => this.#answer(request));
  }

  requestScan(phy: string, vif: string, scan: ScanRequest): void {
    this.scans.push({ at: this.#clock.now(), phy, vif, scan });
    this.#soon(() => {
      const at = this.#clock.now();
      for (const control of scan.channels) {
        this.survey(phy, control, { active: scan.dwell });
        const bsses = this.air.filter((bss) => bss.control === control);
        this.#events?.scanResults({ phy, vif, at, bsses });
      }
      const isScanned = (each: ChannelSurvey & { readonly phy: string }) =>
        each.phy === phy && scan.channels.includes(each.control);
      const survey = [...this.surveys.values()].filter(isScanned);
      this.#events?.statistics({ phy, at, stations: [], survey, pushed: true });
      this.#events?.scanCompleted(phy, vif, "done");
    });
  }

  /** Adds to the counters of a station; what is momentary is replaced. */
  count(vif: string, station: Mac, added: Partial<StationStatistics>): void {
    const key = `${vif} ${station}`;
    const before = this.counters.get(key) ?? { ...noCounters, vif, station, since: this.#clock.now() };
    const sum = (name: keyof typeof noCounters) => before[name] + (added[name] ?? 0);
    this.counters.set(key, {
      ...before,
      txBytes: sum("txBytes"),
      rxBytes: sum("rxBytes"),
      txFrames: sum("txFrames"),
      rxFrames: sum("rxFrames"),
      txRetries: sum("txRetries"),
      rxRetries: sum("rxRetries"),
      txErrors: sum("txErrors"),
      rxErrors: sum("rxErrors"),
      snr: added.snr ?? before.snr,
      txRate: added.txRate ?? before.txRate,
      rxRate: added.rxRate ?? before.rxRate,
    });
  }

  /** Adds to what a radio has spent on a channel. */
  survey(phy: string, control: Mhz, added: Partial<ChannelSurvey>): void {
    const key = `${phy} ${control}`;
    const before = this.surveys.get(key) ?? { phy, control, active: 0, busy: 0, tx: 0, rx: 0, rxSelf: 0, noise: -95 };
    const sum = (name: "active" | "busy" | "tx" | "rx" | "rxSelf") => before[name] + (added[name] ?? 0);
    this.surveys.set(key, {
      ...before,
      active: sum("active"),
      busy: sum("busy"),
      tx: sum("tx"),
      rx: sum("rx"),
      rxSelf: sum("rxSelf"),
      noise: added.noise ?? before.noise,
    });
  }

  /** What it has counted of a station that is about to leave. */
  pushCounters(vif: string, station: Mac): void {
    const last = this.counters.get(`${vif} ${station}`);
    const { phy } = this.vif(vif);
    if (last) this.#events?.statistics({ phy, at: this.#clock.now(), stations: [last], survey: [], pushed: true });
  }

  refuse(vif: string, station: Mac, invalidPsk: boolean): void {
    this.#events?.authFailed(this.vif(vif).phy, vif, { station, invalidPsk });
  }

  vif(name: string): VifState {
    const vif = this.#vifs.get(name);
    if (!vif) throw new RangeError(`no vif ${name}`);
    return vif;
  }

  ap(name: string): ApState {
    const vif = this.vif(name);
    if (vif.type !== "ap") throw new RangeError(`${name} is no AP`);
    return vif.ap;
  }

  setPhy(phy: PhyState): void {
    this.#phys.set(phy.name, phy);
    this.#events?.phyChanged(phy.name);
  }

  setVif(vif: VifState): void {
    this.#vifs.set(vif.name, vif);
    this.#events?.vifChanged(vif.phy, vif.name);
  }

  changeAp(name: string, change: Partial<ApState>): void {
    const vif = this.vif(name);
    if (vif.type === "ap") this.setVif({ ...vif, ap: { ...vif.ap, ...change } });
  }

  removeVif(name: string): void {
    const { phy } = this.vif(name);
    this.#vifs.delete(name);
    this.#events?.vifChanged(phy, name);
  }

  join(station: StationState): void {
    this.#stations.set(`${station.vif} ${station.mac}`, station);
    this.#events?.stationChanged(station.phy, station.vif, station.mac);
  }

  leave(vif: string, station: Mac): void {
    const { phy } = this.vif(vif);
    this.#stations.delete(`${vif} ${station}`);
    this.#events?.stationChanged(phy, vif, station);
  }

  hearWps(vif: string, outcome: WpsOutcome): void {
    this.#events?.wps(this.vif(vif).phy, vif, outcome);
  }

  hearSwitch(vif: string, channel: Channel): void {
    this.#events?.channelSwitchHeard(this.vif(vif).phy, vif, channel);
  }

  /** From now on reports are kept back; the result gives them. */
  stall(): () => void {
    const owed: (() => void)[] = [];
    this.#stalled = owed;
    return () => {
      this.#stalled = null;
      for (const report of owed) report();
    };
  }

  #configureVif({ name, enabled, txPower, ap, sta }: VifRequest): void {
    const vif = this.#vifs.get(name);
    if (!vif) return;
    const common = {
      ...(enabled === undefined ? {} : { status: enabled ? ("enabled" as const) : ("disabled" as const) }),
      ...(txPower === undefined ? {} : { txPower }),
    };
    if (vif.type === "ap") {
      const { csaRequired: _, ...attributes } = ap ?? {};
      this.setVif({ ...vif, ...common, ap: { ...vif.ap, ...attributes } });
    } else if (vif.type === "sta") {
      const networks = sta?.networks ?? vif.sta.networks;
      this.setVif({ ...vif, ...common, sta: { ...vif.sta, networks } });
    } else this.setVif({ ...vif, ...common });
  }

  #answer({ phy, stations, survey, temperature, bsses }: StatisticsRequest): void {
    const celsius = this.temperatures.get(phy);
    const on = [...this.#vifs.values()].flatMap((vif) =>
      vif.type === "ap" && vif.phy === phy && vif.status === "enabled" && vif.ap.channel
        ? [vif.ap.channel.control]
        : [],
    );
    this.#events?.statistics({
      phy,
      at: this.#clock.now(),
      stations: stations ? [...this.counters.values()].filter(({ vif }) => this.#vifs.get(vif)?.phy === phy) : [],
      survey: survey ? [...this.surveys.values()].filter((each) => each.phy === phy) : [],
      ...(temperature && celsius !== undefined && { temperature: celsius }),
      ...(bsses && { bsses: this.air.filter(({ control }) => control !== undefined && on.includes(control)) }),
    });
  }

  #soon(report: () => void): void {
    this.#clock.setTimer(0, () => {
      if (this.#stalled) this.#stalled.push(report);
      else report();
    });
  }
}

const noCounters = {
  snr: 0,
  txBytes: 0,
  rxBytes: 0,
  txFrames: 0,
  rxFrames: 0,
  txRetries: 0,
  rxRetries: 0,
  txErrors: 0,
  rxErrors: 0,
  txRate: 0,
  rxRate: 0,
};
