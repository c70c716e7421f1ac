/**
 * What one radio does with its time: it stays on its channel, and while it scans it is away on others, one after the other. Every
 * moment belongs to one channel.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import { sameChannel } from "@opensync-ts/target/channels";
import type { HeardBss, ScanRequest } from "@opensync-ts/target/driver";
import type { Channel } from "@opensync-ts/target/radio";
import { airChannel } from "./air-channel.ts";
import { maxScanChannels, maxScanDwell } from "./limits.ts";
import type { SurveyCounters } from "./survey-counters.ts";

export interface ChannelTimeOptions {
  readonly clock: Clock;
  readonly survey: SurveyCounters;
  readonly home: Channel;
  /** What is heard on a 20 MHz channel now. */
  readonly hear: (control: number) => readonly HeardBss[];
}

/** A scan under way. */
interface Scan {
  readonly vif: string;
  readonly channels: readonly number[];
  readonly dwell: number;
  readonly heard: Map<Mac, HeardBss>;
  readonly done: (heard: readonly HeardBss[]) => void;
  /** Of the channel that it is on. */
  index: number;
  timer: Timer;
}

export class ChannelTime {
  readonly survey: SurveyCounters;
  readonly #clock: Clock;
  readonly #hear: ChannelTimeOptions["hear"];
  #home: Channel;
  /** Since when it is where it is; null: it is off. */
  #since: number | null;
  #scan: Scan | null = null;

  constructor({ clock, survey, home, hear }: ChannelTimeOptions) {
    this.survey = survey;
    this.#clock = clock;
    this.#hear = hear;
    this.#home = home;
    this.#since = clock.now();
  }

  /** The vif that scans. */
  get scanning(): string | null {
    return this.#scan?.vif ?? null;
  }

  /** Books the time up to now; from now on `home` is its own channel. True where that ends a scan, which is to be broken off. */
  book(home: Channel = this.#home): boolean {
    const now = this.#clock.now();
    const away = this.#scan?.channels[this.#scan.index];
    const on = away === undefined ? this.#home : plain(away);
    if (this.#since !== null) {
      this.survey.count(airChannel(on), this.#since, now, away !== undefined);
      this.#since = now;
    }
    const moved = !sameChannel(this.#home, home);
    this.#home = home;
    return moved && this.#scan !== null;
  }

  /** Whether `book` would say anything new of the channel. */
  isHome(channel: Channel): boolean {
    return sameChannel(this.#home, channel);
  }

  /** The radio is off: time passes uncounted until `resume`. Its scan is broken off. */
  pause(): string | null {
    const vif = this.abortScan();
    this.book();
    this.#since = null;
    return vif;
  }

  resume(home: Channel): void {
    this.#since ??= this.#clock.now();
    this.#home = home;
  }

  /** False where it scans already, or what it is told makes no scan. */
  scan(vif: string, { channels, dwell }: ScanRequest, done: Scan["done"]): boolean {
    if (this.#scan || channels.length === 0 || channels.length > maxScanChannels) return false;
    if (!(dwell > 0 && dwell <= maxScanDwell)) return false;
    this.book();
    const timer = this.#clock.setTimer(dwell, () => this.#nextChannel());
    this.#scan = { vif, channels, dwell, heard: new Map(), done, index: 0, timer };
    // So that the channel shows as counted from now on.
    this.book();
    return true;
  }

  /** Breaks its scan off. Returns whose it was. */
  abortScan(): string | null {
    const scan = this.#scan;
    if (!scan) return null;
    this.book();
    scan.timer.cancel();
    this.#scan = null;
    return scan.vif;
  }

  #nextChannel(): void {
    const scan = this.#scan;
    if (!scan) return;
    this.book();
    for (const bss of this.#hear(scan.channels[scan.index] ?? 0)) scan.heard.set(bss.bssid, bss);
    if (++scan.index < scan.channels.length) {
      scan.timer = this.#clock.setTimer(scan.dwell, () => this.#nextChannel());
      this.book();
      return;
    }
    this.#scan = null;
    scan.done([...scan.heard.values()]);
  }
}

function plain(control: number): Channel {
  return { control, width: 20, center0: control, center1: 0, puncture: 0 };
}
