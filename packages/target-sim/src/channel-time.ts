/** What one radio does with its time: it stays on its channel, and looks at others when it is told to scan. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { ScanRequest } from "@opensync-ts/target/driver";
import type { Channel } from "@opensync-ts/target/radio";
import { maxScanChannels, maxScanDwell } from "./limits.ts";
import { airChannel } from "./sim-vif.ts";
import type { SurveyCounters } from "./statistics.ts";

export class ChannelTime {
  readonly survey: SurveyCounters;
  readonly #clock: Clock;
  readonly #scans = new Map<string, Timer>();
  #since: number;

  constructor(clock: Clock, survey: SurveyCounters) {
    this.#clock = clock;
    this.survey = survey;
    this.#since = clock.now();
  }

  /** Books the time up to now to `channel`; to be called before the radio leaves it. */
  book(channel: Channel): void {
    const now = this.#clock.now();
    this.survey.count(airChannel(channel), now - this.#since);
    this.#since = now;
  }

  /** False where a vif scans already, or what it is told makes no scan. */
  scan(vif: string, { channels, dwell }: ScanRequest, done: () => void): boolean {
    if (this.#scans.has(vif) || channels.length === 0 || channels.length > maxScanChannels) return false;
    if (!(dwell > 0 && dwell <= maxScanDwell)) return false;
    const timer = this.#clock.setTimer(channels.length * dwell, () => {
      this.#scans.delete(vif);
      // Most of a scan is not spent on the channel in use.
      for (const control of channels) {
        this.survey.count(airChannel({ control, width: 20, center0: control, center1: 0, puncture: 0 }), dwell);
      }
      done();
    });
    this.#scans.set(vif, timer);
    return true;
  }

  /** Breaks all scans off. Returns whose they were. */
  abortScans(): string[] {
    const vifs = [...this.#scans.keys()];
    for (const timer of this.#scans.values()) timer.cancel();
    this.#scans.clear();
    return vifs;
  }
}
