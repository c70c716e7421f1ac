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
import type { Channel, PhyState, RadarDetection, RegulatoryDomain } from "@opensync-ts/target/radio";
import { type CacDurations, cacDuration, DfsTable } from "./dfs.ts";
import { modesOf, type RadioModel } from "./models.ts";
import type { Regulation } from "./regulatory.ts";

export interface SimPhyOptions {
  readonly model: RadioModel;
  readonly mac: Mac;
  readonly clock: Clock;
  readonly regulation: Regulation;
  readonly cac: CacDurations;
  /** A check or a non-occupancy period has ended. */
  readonly onChange: () => void;
}

export class SimPhy {
  readonly model: RadioModel;
  readonly mac: Mac;
  enabled = true;
  radarNextChannel: Channel | null = null;
  regDomain: RegulatoryDomain;
  readonly #options: SimPhyOptions;
  readonly #dfs: DfsTable;
  readonly #frequencies: readonly number[];
  #chainmask: number;
  #radar: RadarDetection;
  #channel: Channel;
  #cac: Timer | null = null;
  #nol: Timer | null = null;

  constructor(options: SimPhyOptions) {
    const { model, regulation } = options;
    this.#options = options;
    this.model = model;
    this.mac = options.mac;
    this.regDomain = regulation.domain;
    const [first, last] = model.range;
    this.#frequencies = regulation.channels[model.band]
      .filter((number) => number >= first && number <= last)
      .map((number) => channelFrequency(model.band, number) ?? 0);
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

  accepts(channel: Channel): boolean {
    const { model } = this;
    if (!model.widths.includes(channel.width) || (channel.puncture !== 0 && !this.punctureSupported)) return false;
    return isUsable(channel, this.#dfs.list(this.#now()));
  }

  /** Changes the channel; false where the radio cannot, or is on it already. */
  tune(channel: Channel): boolean {
    if (sameChannel(channel, this.#channel) || !this.accepts(channel)) return false;
    this.#abandon();
    this.#channel = channel;
    return true;
  }

  /**
   * Whether its access points may transmit, if they want to: not while the availability check of the channel runs,
   * which this starts where it is needed.
   */
  mayTransmit(wanted: boolean): boolean {
    if (!wanted) {
      this.#abandon();
      return false;
    }
    if (this.#cac) return false;
    const states = this.#dfs.list(this.#now());
    if (this.#radar === "enabled" && intersects(this.#channel, states, "nol")) return false;
    if (this.#radar !== "enabled" || !intersects(this.#channel, states, "cac_possible")) return true;
    const channel = this.#channel;
    this.#dfs.turn(channel, "cac_possible", "cac_in_progress");
    const duration = cacDuration(channel, this.regDomain.dfs, this.#options.cac);
    this.#cac = this.#options.clock.setTimer(duration, () => {
      this.#cac = null;
      this.#dfs.turn(channel, "cac_in_progress", "cac_completed");
      this.#options.onChange();
    });
    return false;
  }

  /**
   * Radar is heard on a 20 MHz channel. Returns whether that concerns the channel in use; the radio has then moved to
   * the next channel it was told, or to the first it may use at once.
   */
  hearRadar(frequency: number): boolean {
    if (this.#radar !== "enabled") return false;
    if (!this.#dfs.strike(frequency, this.#now())) return false;
    this.#watchNol();
    if (!segments20(this.#channel).includes(frequency)) return false;
    this.#abandon();
    const refuge = [this.radarNextChannel, ...this.#frequencies.map((control) => plain(control))].find(
      (channel) =>
        channel && this.accepts(channel) && !intersects(channel, this.#dfs.list(this.#now()), "cac_possible"),
    );
    if (refuge) this.#channel = refuge;
    return true;
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
      regDomain: this.regDomain,
      zeroWaitDfs: "unsupported",
      channelStates: this.#dfs.list(this.#now()),
      punctureSupported: this.punctureSupported,
      capabilities: {
        band: model.band,
        widths: model.widths,
        modes: modesOf(model),
        chains: model.chains,
        maxTxPower: model.maxTxPower,
        ...(model.aclLimit === undefined ? {} : { aclLimit: model.aclLimit }),
        ...(model.pskLimit === undefined ? {} : { pskLimit: model.pskLimit }),
      },
    };
  }

  stop(): void {
    this.#cac?.cancel();
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

  /** Leaves the channel: a check under way is broken off, and in FCC land one that was completed is void. */
  #abandon(): void {
    this.#cac?.cancel();
    this.#cac = null;
    this.#dfs.turn(this.#channel, "cac_in_progress", "cac_possible");
    if (this.regDomain.dfs !== "etsi") this.#dfs.turn(this.#channel, "cac_completed", "cac_possible");
  }

  #watchNol(): void {
    this.#nol?.cancel();
    const next = this.#dfs.expire(this.#now());
    if (next === null) return;
    this.#nol = this.#options.clock.setTimer(next - this.#now(), () => {
      this.#watchNol();
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
