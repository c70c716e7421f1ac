/**
 * What a simulated driver measures: its stations, the use of its channels, its temperature, and what it hears, in scans and
 * besides. It says what is true of the world, unless a fault has it otherwise.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type {
  HeardBss,
  RadioDriverEvents,
  ScanRequest,
  StatisticsReport,
  StatisticsRequest,
} from "@opensync-ts/target/driver";
import type { World } from "@opensync-ts/world/world";
import { airChannel } from "./air-channel.ts";
import { ChannelTime } from "./channel-time.ts";
import type { FaultSwitch } from "./faults.ts";
import { heardBss } from "./heard-bss.ts";
import { maxScanAnswers } from "./limits.ts";
import type { SimRadio } from "./sim-radio.ts";
import { StationCounters } from "./station-counters.ts";
import { SurveyCounters } from "./survey-counters.ts";
import { Thermometer } from "./temperature.ts";

export interface MeasurementsOptions {
  readonly world: World;
  readonly clock: Clock;
  readonly site: string;
  readonly faults: FaultSwitch;
  /** None while the driver is down. */
  readonly radio: (phy: string) => SimRadio | undefined;
  /** Who listens now, if anybody. */
  readonly events: () => RadioDriverEvents | null;
  /** Of the fan that cools the radios. */
  readonly fanRpm: () => number;
}

interface Instruments {
  readonly time: ChannelTime;
  readonly thermometer: Thermometer;
}

export class Measurements {
  readonly #options: MeasurementsOptions;
  readonly #counters: StationCounters;
  readonly #instruments = new Map<string, Instruments>();
  /** Answers to scans on their way. */
  readonly #answers = new Set<Timer>();

  constructor(options: MeasurementsOptions) {
    this.#options = options;
    this.#counters = new StationCounters(options.world);
  }

  /** A radio is there, at first or once more. */
  install(radio: SimRadio): void {
    const { world, clock, site } = this.#options;
    const home = radio.phy.channel;
    const known = this.#instruments.get(radio.model.phy);
    if (known) {
      known.time.resume(home);
      return;
    }
    const survey = new SurveyCounters(world, site);
    const time = new ChannelTime({ clock, survey, home, hear: (control) => this.#hear(control) });
    this.#instruments.set(radio.model.phy, { time, thermometer: new Thermometer(clock.now()) });
  }

  read({ phy, stations, survey, temperature = false, bsses = false }: StatisticsRequest): StatisticsReport {
    const { clock, radio: radioOf } = this.#options;
    const radio = radioOf(phy);
    const instruments = this.#instruments.get(phy);
    const report = { phy, at: clock.now() };
    if (!radio || !instruments) return { ...report, stations: [], survey: [] };
    const { time } = instruments;
    time.book(radio.phy.channel);
    return {
      ...report,
      stations: stations ? this.#counters.of(radio) : [],
      survey: survey ? time.survey.list() : [],
      ...(temperature && { temperature: this.#temperature(radio, instruments.thermometer) }),
      ...(bsses && { bsses: this.#heardAtHome(radio, time) }),
    };
  }

  /** °C; `null` where there is no such radio now. */
  temperature(phy: string): number | null {
    const radio = this.#options.radio(phy);
    const thermometer = this.#instruments.get(phy)?.thermometer;
    return radio && thermometer ? this.#temperature(radio, thermometer) : null;
  }

  /** The radio has changed, or is about to: what it did until now is booked, and a scan that this breaks off is told. */
  follow(radio: SimRadio): void {
    const { phy } = radio.model;
    const time = this.#instruments.get(phy)?.time;
    if (!time) return;
    const broken = !time.isHome(radio.phy.channel) && time.book(radio.phy.channel);
    const vif = time.scanning;
    if (vif !== null && (broken || !radio.mayScan(vif))) this.#aborted(phy, time.abortScan());
  }

  /** Everything up to now is booked to the channel that the radio is on. */
  book(phy: string): void {
    this.#instruments.get(phy)?.time.book();
  }

  scan(phy: string, vif: string, request: ScanRequest): void {
    const { radio: radioOf, faults } = this.#options;
    const radio = radioOf(phy);
    const time = this.#instruments.get(phy)?.time;
    const able = radio?.mayScan(vif) === true && request.channels.every((control) => radio.phy.lists(control));
    if (able && time && !faults.strikes(faults.of(phy, vif).failScans)) {
      if (time.scan(vif, request, (heard) => this.#scanned(phy, vif, request, heard))) return;
    }
    // The answer is the caller's next turn, not its stack.
    this.#answer(0, () => this.#options.events()?.scanCompleted(phy, vif, "failed"));
  }

  stationCame(phy: string, vif: string, bssid: Mac, station: Mac): void {
    this.#counters.begin(bssid, station, this.#options.faults.of(phy, vif).narrowCounters);
  }

  /** Its last counters are pushed: nobody could ask for them later. */
  stationLeft(phy: string, vif: string, bssid: Mac, station: Mac): void {
    const last = this.#counters.end(bssid, station, vif);
    if (last) this.#push({ phy, stations: [last], survey: [] });
  }

  /** The driver ends: what it has counted is pushed and forgotten. `resume` follows. */
  pause(phy: string): void {
    const time = this.#instruments.get(phy)?.time;
    if (!time) return;
    this.#aborted(phy, time.pause());
    this.#push({ phy, stations: [], survey: time.survey.list() });
    time.survey.clear();
  }

  resume(radio: SimRadio): void {
    this.#instruments.get(radio.model.phy)?.time.resume(radio.phy.channel);
  }

  /** The counters of a radio and its stations are zero all at once, and it does not know. */
  resetCounters(radio: SimRadio): void {
    this.book(radio.model.phy);
    this.#instruments.get(radio.model.phy)?.time.survey.reset();
    this.#counters.reset(new Set([...radio.vifs.values()].map(({ mac }) => mac)));
  }

  /** Nobody listens any more. */
  stop(): void {
    for (const { time } of this.#instruments.values()) time.abortScan();
    for (const timer of this.#answers) timer.cancel();
    this.#answers.clear();
  }

  #aborted(phy: string, vif: string | null): void {
    if (vif !== null) this.#options.events()?.scanCompleted(phy, vif, "aborted");
  }

  #scanned(phy: string, vif: string, { channels }: ScanRequest, bsses: readonly HeardBss[]): void {
    const { clock, faults } = this.#options;
    const at = clock.now();
    const { loseScans, scanDelay } = faults.of(phy, vif);
    if (faults.strikes(loseScans)) return;
    const survey = this.#instruments.get(phy)?.time.survey.list(channels) ?? [];
    this.#answer(scanDelay, () => {
      const events = this.#options.events();
      events?.scanResults({ phy, vif, at, bsses });
      events?.statistics({ phy, at, stations: [], survey, pushed: true });
      events?.scanCompleted(phy, vif, "done");
    });
  }

  #answer(delay: number, answer: () => void): void {
    if (this.#answers.size >= maxScanAnswers) return;
    const timer = this.#options.clock.setTimer(delay, () => {
      this.#answers.delete(timer);
      answer();
    });
    this.#answers.add(timer);
  }

  #push(report: Pick<StatisticsReport, "phy" | "stations" | "survey">): void {
    this.#options.events()?.statistics({ ...report, at: this.#options.clock.now(), pushed: true });
  }

  #hear(control: number): HeardBss[] {
    const { world, site } = this.#options;
    return world.heardNetworks(site, control).flatMap((network) => heardBss(network) ?? []);
  }

  /** A radio that is on hears the beacons on its own channel, unless it is away. */
  #heardAtHome(radio: SimRadio, time: ChannelTime): HeardBss[] {
    const listens = radio.phy.enabled && time.scanning === null && [...radio.vifs.values()].some((vif) => vif.enabled);
    return listens ? this.#hear(radio.phy.channel.control) : [];
  }

  #temperature(radio: SimRadio, thermometer: Thermometer): number {
    const { world, clock, site, faults, fanRpm } = this.#options;
    const { phy } = radio;
    const { tx, rx } = world.occupancy(site, airChannel(phy.channel));
    const load = { enabled: phy.enabled, chains: phy.chains, power: radio.powerOnAir, tx, rx };
    const surroundings = { fanRpm: fanRpm(), overheat: faults.of(radio.model.phy).overheat };
    return Math.round(thermometer.read(clock.now(), load, surroundings) * 10) / 10;
  }
}
