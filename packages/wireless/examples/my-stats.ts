/**
 * A statistics module, complete: it logs the SNR of every client each ten seconds. Without `pollPeriod` it would get what others
 * poll and drivers push, and poll nobody itself.
 *
 *     startWireless({ drivers, clock, log, statsModules: [myStats] });
 */

import type { Log } from "@opensync-ts/base/log";
import type { StatsRecord, StatsSubscriber } from "@opensync-ts/wireless/stats/contract";
import { defineStatsModule } from "@opensync-ts/wireless/stats/module";

export const myStats = defineStatsModule({
  name: "my_stats",
  /** Builds what the module needs; nothing is connected yet. */
  init: ({ log }): StatsSubscriber => {
    log.info("my_stats: initialized");
    return {
      name: "my_stats",
      stats: ["STA"],
      pollPeriod: 10_000,
      reportPeriod: 10_000,
      report: (records) => {
        for (const record of records) logSnr(log, record);
      },
    };
  },
  /** Connects it to the outside world; what it returns takes it off again. */
  attach: (subscriber, stats) => stats.subscribe(subscriber),
});

/** Drivers say as much as they know: any field may be missing. */
function logSnr(log: Log, record: StatsRecord): void {
  if (record.stats !== "STA") return;
  const { mac_address: station, snr_db: snr } = record.data;
  if (station === undefined || snr === undefined) return;
  log.info(`my_stats: client: ${station} snr=${snr}`);
}
