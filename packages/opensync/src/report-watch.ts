/** What a cloud has heard from its nodes, for the live view: fresh values only. */

import type { Clock } from "@opensync-ts/base/clock";
import type { Statistics } from "@opensync-ts/cloud/statistics/statistics";
import type { StatsSection } from "@opensync-ts/cloud/stats-section";
import { type Band, bands } from "@opensync-ts/telemetry/names";
import type { ReportedClient } from "./home-view.ts";

export interface ReportWatchOptions {
  readonly statistics: Pick<Statistics, "node">;
  readonly clock: Clock;
  /** How often nodes report. */
  readonly stats: StatsSection;
}

export class ReportWatch {
  readonly #options: ReportWatchOptions;

  constructor(options: ReportWatchOptions) {
    this.#options = options;
  }

  /** How long ago the node's last report came, in ms. */
  reportedMs(node: string): number | null {
    const { statistics, clock } = this.#options;
    const at = statistics.node(node)?.reportedAt;
    return at === undefined ? null : clock.now() - at;
  }

  /** How busy the radio's channel is; null where the last report is old, or of another channel. */
  busyPercent(node: string, band: string, channel: number | null): number | null {
    const { statistics, stats } = this.#options;
    if (!isBand(band)) return null;
    const radio = statistics.node(node)?.latest.radios.get(band);
    if (!radio || radio.channel !== channel || this.#isStale(radio.at, stats.survey.reporting)) return null;
    return radio.busyPercent;
  }

  /** `mac`: of the client, or of the whole of a multi-link client; lower case. */
  client(node: string, mac: string): ReportedClient | null {
    const { statistics, clock, stats } = this.#options;
    const client = statistics.node(node)?.latest.client(mac);
    if (!client?.connected || this.#isStale(client.at, stats.client.reporting)) return null;
    return {
      agoMs: clock.now() - client.at,
      snr: client.snrDb ?? null,
      downMbps: client.txMbps ?? null,
      upMbps: client.rxMbps ?? null,
    };
  }

  /** Two reports have not come. `reporting` in s. */
  #isStale(at: number, reporting: number): boolean {
    const { clock, stats } = this.#options;
    return clock.now() - at > 2 * (reporting + stats.publish) * 1000;
  }
}

function isBand(text: string): text is Band {
  return (bands.names as readonly string[]).includes(text);
}
