/** One radio: its channel and the checks that come with it, its antennas, what it can do. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import {
  channelFrequency,
  channelOf,
  intersects,
  isDfs,
  isUsable,
  sameChannel,
  segments20,
} from "@opensync-ts/target/channels";
import type {
  Channel,
  PhyCapabilities,
  PhyState,
  RadarDetection,
  RegulatoryDomain,
  ZeroWaitDfs,
} from "@opensync-ts/target/radio";
import { type CacDurations, cacDuration, DfsTable } from "./dfs.ts";
import { modesOf, type RadioModel, ratesOf } from "./models.ts";
import { knownRegulation, type Regulation } from "./regulatory.ts";

export interface SimPhyOptions {
  readonly model: RadioModel;
  readonly mac: Mac;
  readonly clock: Clock;
  readonly regulation: Regulation;
  readonly cac: CacDurations;
  /** False while a fault keeps availability checks from ending. */
  readonly checksEnd: () => boolean;
  /** A check or a non-occupancy period has ended. */
  readonly onChange: () => void;
}

/** A channel availability check under way. */
interface Check {
  readonly channel: Channel;
  timer: Timer | null;
  readonly done: () => void;
}

export class SimPhy {
  readonly model: RadioModel;
  readonly mac: Mac;
  enabled = true;
  radarNextChannel: Channel | null = null;
  readonly #options: SimPhyOptions;
  #regDomain: RegulatoryDomain;
  #dfs: DfsTable;
  #frequencies: readonly number[];
  #zeroWait: ZeroWaitDfs;
  #chainmask: number;
  #radar: RadarDetection;
  #channel: Channel;
  /** Of the channel in use, which is silent for it. */
  #cac: Check | null = null;
  /** Of the channel to go to next, while another is in use. */
  #background: Check | null = null;
  /** Of channels that may be wanted one day. */
  #ahead: Check | null = null;
  #nol: Timer | null = null;

  constructor(options: SimPhyOptions) {
    const { model, regulation } = options;
    this.#options = options;
    this.model = model;
    this.mac = options.mac;
    this.#regDomain = regulation.domain;
    this.#zeroWait = model.zeroWaitDfs ? "disable" : "unsupported";
    this.#frequencies = frequenciesOf(model, regulation);
    this.#dfs = new DfsTable(this.#frequencies);
    this.#chainmask = this.allChains;
    this.#radar = this.#frequencies.some(isDfs) ? "enabled" : "unsupported";
    this.#channel = this.#firstChannel();
  }

  get channel(): Channel {
    return this.#channel;
  }

  get chains(): number {
    return this.#chainmask.toString(2).replaceAll("0", "").length;
  }

  get allChains(): number {
    return (1 << this.model.chains) - 1;
  }

  get punctureSupported(): boolean {
    return this.model.generation === "be";
  }

  /** A mask without any antenna that exists has no effect. */
  useChains(mask: number): void {
    this.#chainmask = mask & this.allChains || this.#chainmask;
  }

  /** No effect on a radio without radar detection. */
  detectRadar(detection: RadarDetection): void {
    if (this.#radar !== "unsupported" && detection !== "unsupported") this.#radar = detection;
  }

  /** No effect on a radio that cannot. */
  useZeroWait(zeroWait: ZeroWaitDfs): void {
    if (this.#zeroWait === "unsupported" || zeroWait === "unsupported" || zeroWait === this.#zeroWait) return;
    this.#zeroWait = zeroWait;
    this.#abandonAhead();
    if (zeroWait === "disable") this.#abandonBackground();
    this.#checkAhead();
  }

  /**
   * Moves to another country. Returns whether the channel in use is none there, so that the radio has left it. No effect
   * with a country that is not known, or that has no channel for this radio.
   */
  moveTo(domain: RegulatoryDomain): boolean {
    const regulation = knownRegulation(domain.country);
    const frequencies = regulation ? frequenciesOf(this.model, regulation) : [];
    if (!regulation || frequencies.length === 0) return false;
    // The revision is a matter of what the driver has on file.
    this.#regDomain = { ...regulation.domain, revision: domain.revision };
    this.#abandon();
    this.#abandonBackground();
    this.#abandonAhead();
    const dfs = new DfsTable(frequencies);
    dfs.inherit(this.#dfs);
    this.#dfs = dfs;
    this.#frequencies = frequencies;
    this.#checkAhead();
    if (this.accepts(this.#channel)) return false;
    this.#channel = this.#firstChannel();
    return true;
  }

  /** The availability check of the channel in use runs: the radio must not leave it. */
  get checking(): boolean {
    return this.#cac !== null;
  }

  /** Whether it has a 20 MHz channel there. */
  lists(frequency: number): boolean {
    return this.#frequencies.includes(frequency);
  }

  accepts(channel: Channel): boolean {
    const { model } = this;
    if (!model.widths.includes(channel.width) || (channel.puncture !== 0 && !this.punctureSupported)) return false;
    return isUsable(channel, this.#dfs.list(this.#now()));
  }

  /** Whether a move would go unnoticed: the availability check of `channel` can run while another is in use. */
  canPrepare(channel: Channel): boolean {
    if (this.#zeroWait !== "enable" && this.#zeroWait !== "precac") return false;
    if (this.#background && sameChannel(this.#background.channel, channel)) return true;
    const states = this.#dfs.list(this.#now());
    return this.#radar === "enabled" && this.accepts(channel) && intersects(channel, states, "cac_possible");
  }

  /** Checks `channel` in the background; `ready` is called when it may be used. Asked for again, it goes on. */
  prepare(channel: Channel, ready: () => void): void {
    if (this.#background && sameChannel(this.#background.channel, channel)) return;
    this.#abandonBackground();
    this.#dfs.turn(channel, "cac_possible", "cac_in_progress");
    this.#background = this.#check(channel, () => {
      this.#background = null;
      this.#dfs.turn(channel, "cac_in_progress", "cac_completed");
      ready();
    });
  }

  /** Changes the channel; false where the radio cannot, or is on it already. What it was preparing for is off. */
  tune(channel: Channel): boolean {
    if (!this.accepts(channel)) return false;
    this.#abandonBackground();
    if (sameChannel(channel, this.#channel)) return false;
    this.#abandon(channel);
    this.#channel = channel;
    this.#checkAhead();
    return true;
  }

  /**
   * Whether its access points may transmit, if they want to: not while the availability check of the channel runs,
   * which this starts where it is needed.
   */
  mayTransmit(wanted: boolean): boolean {
    if (!wanted) {
      this.#abandon();
      this.#abandonBackground();
      return false;
    }
    if (this.#cac) return false;
    const states = this.#dfs.list(this.#now());
    if (this.#radar === "enabled" && intersects(this.#channel, states, "nol")) return false;
    if (this.#radar !== "enabled" || !intersects(this.#channel, states, "cac_possible")) return true;
    const channel = this.#channel;
    this.#abandonAhead();
    this.#dfs.turn(channel, "cac_possible", "cac_in_progress");
    this.#cac = this.#check(channel, () => {
      this.#cac = null;
      this.#dfs.turn(channel, "cac_in_progress", "cac_completed");
      this.#checkAhead();
      this.#options.onChange();
    });
    return false;
  }

  /** A fault has come or gone: checks that should have ended end now, if they may. */
  faultsChanged(): void {
    if (!this.#options.checksEnd()) return;
    for (const check of [this.#cac, this.#background, this.#ahead]) if (check?.timer === null) check.done();
  }

  /**
   * Radar is heard on a 20 MHz channel. Returns whether that concerns the channel in use; the radio has then moved to
   * the next channel it was told, or to the first it may use at once.
   */
  hearRadar(frequency: number): boolean {
    if (this.#radar !== "enabled") return false;
    if (!this.#dfs.strike(frequency, this.#now())) return false;
    this.#watchNol();
    for (const check of [this.#background, this.#ahead]) {
      if (check && segments20(check.channel).includes(frequency)) {
        this.#abandonBackground();
        this.#abandonAhead();
      }
    }
    if (!segments20(this.#channel).includes(frequency)) return false;
    this.#abandon();
    const refuge = [this.radarNextChannel, ...this.#frequencies.map((control) => plain(control))].find(
      (channel) =>
        channel && this.accepts(channel) && !intersects(channel, this.#dfs.list(this.#now()), "cac_possible"),
    );
    if (refuge) this.#channel = refuge;
    return true;
  }

  /** Also what it does not state. */
  get abilities(): PhyCapabilities {
    const { model } = this;
    return {
      band: model.band,
      widths: model.widths,
      modes: modesOf(model),
      chains: model.chains,
      maxTxPower: model.maxTxPower,
      rates: ratesOf(model),
      ...(model.unsupported === undefined ? {} : { unsupported: model.unsupported }),
      ...(model.aclLimit === undefined ? {} : { aclLimit: model.aclLimit }),
      ...(model.pskLimit === undefined ? {} : { pskLimit: model.pskLimit }),
      ...(model.neighborLimit === undefined ? {} : { neighborLimit: model.neighborLimit }),
      ...(model.radiusLimit === undefined ? {} : { radiusLimit: model.radiusLimit }),
    };
  }

  state(): PhyState {
    const { model } = this;
    return {
      name: model.phy,
      mac: this.mac,
      enabled: this.enabled,
      txChainmask: this.#chainmask,
      radar: this.#radar,
      radarNextChannel: this.radarNextChannel,
      regDomain: this.#regDomain,
      zeroWaitDfs: this.#zeroWait,
      channelStates: this.#dfs.list(this.#now()),
      punctureSupported: this.punctureSupported,
      capabilities: model.statesLimits === false ? { band: model.band } : this.abilities,
    };
  }

  stop(): void {
    for (const check of [this.#cac, this.#background, this.#ahead]) check?.timer?.cancel();
    this.#nol?.cancel();
  }

  /** The model's own channel where the country allows it, else the first that needs no availability check. */
  #firstChannel(): Channel {
    const { model } = this;
    const own = channelOf({ band: model.band, ...model.channel });
    if (own && isUsable(own, this.#dfs.list(0))) return own;
    const other = this.#frequencies.find((control) => !isDfs(control)) ?? this.#frequencies[0];
    if (other === undefined) throw new Error(`model '${model.phy}': the country allows none of its channels`);
    return plain(other);
  }

  #check(channel: Channel, done: () => void): Check {
    const { clock, cac, checksEnd } = this.#options;
    const check: Check = { channel, timer: null, done };
    check.timer = clock.setTimer(cacDuration(channel, this.#regDomain.dfs, cac), () => {
      check.timer = null;
      if (checksEnd()) done();
    });
    return check;
  }

  /**
   * Checks the next channel that was not, for later. That is not shown as a check in progress: nothing waits for it, and
   * nothing should.
   */
  #checkAhead(): void {
    if (this.#zeroWait !== "precac" || this.#ahead || this.#cac || this.#radar !== "enabled") return;
    const next = this.#dfs.list(this.#now()).find(({ dfs }) => dfs === "cac_possible");
    if (!next) return;
    const channel = plain(next.control);
    this.#ahead = this.#check(channel, () => {
      this.#ahead = null;
      this.#dfs.turn(channel, "cac_possible", "cac_completed");
      this.#checkAhead();
      this.#options.onChange();
    });
  }

  #abandonAhead(): void {
    this.#ahead?.timer?.cancel();
    this.#ahead = null;
  }

  #abandonBackground(): void {
    if (!this.#background) return;
    this.#background.timer?.cancel();
    this.#dfs.turn(this.#background.channel, "cac_in_progress", "cac_possible");
    this.#background = null;
  }

  /**
   * Leaves the channel, for `next` if any: a check under way is broken off, and in FCC land one that was completed is
   * void, but for what `next` goes on using.
   */
  #abandon(next: Channel | null = null): void {
    this.#cac?.timer?.cancel();
    if (this.#cac) this.#dfs.turn(this.#channel, "cac_in_progress", "cac_possible");
    this.#cac = null;
    if (this.#regDomain.dfs !== "etsi") this.#dfs.turn(this.#channel, "cac_completed", "cac_possible", next);
  }

  #watchNol(): void {
    this.#nol?.cancel();
    const next = this.#dfs.expire(this.#now());
    if (next === null) return;
    this.#nol = this.#options.clock.setTimer(next - this.#now(), () => {
      this.#watchNol();
      this.#checkAhead();
      this.#options.onChange();
    });
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

function plain(control: number): Channel {
  return { control, width: 20, center0: control, center1: 0, puncture: 0 };
}

function frequenciesOf({ band, range: [first, last] }: RadioModel, regulation: Regulation): readonly number[] {
  return regulation.channels[band]
    .filter((number) => number >= first && number <= last)
    .map((number) => channelFrequency(band, number) ?? 0);
}
