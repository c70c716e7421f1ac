/**
 * The statistics bus under load: 256 stations on each of three radios, sampled every second, for a hundred subscribers that
 * report every second. Virtual time, real work: the CPU share is what a second of it takes of a real one.
 */

import { VirtualClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { Log } from "@opensync-ts/base/log";
import { mac } from "@opensync-ts/base/units";
import type { StationStatistics, StatisticsReport } from "@opensync-ts/target/driver";
import type { PhyState } from "@opensync-ts/target/radio";
import type { WirelessStateEvents } from "@opensync-ts/wireless/contract";
import { StatisticsBus } from "@opensync-ts/wireless/stats/bus";
import { decodeSamples, encodeSamples, noFaults, type Sample } from "@opensync-ts/wireless/stats/sample-codec";
import { type Figure, percentile, printFigures, processorTime } from "./figures.ts";

const radios = 3;
const stationsPerRadio = 256;
const subscribers = 100;
const seconds = 150;

export async function benchStatsBus(): Promise<readonly Figure[]> {
  const one = await share(1);
  const many = await share(subscribers);
  return [
    {
      name: `statistics bus: ${radios} × ${stationsPerRadio} stations at 1 s, 1 subscriber`,
      value: one.percent,
      unit: "% CPU",
    },
    {
      name: `statistics bus: the same, ${subscribers} subscribers`,
      value: many.percent,
      unit: "% CPU",
      reference: `1 subscriber ${one.percent.toFixed(2)}`,
      ratio: many.percent / one.percent,
    },
    { name: "statistics bus: records handed out in a second of it", value: many.records, unit: "records" },
    ...benchCodec(),
  ];
}

/** The median of the processor time that a second takes, in percent of a second. */
async function share(count: number): Promise<{ readonly percent: number; readonly records: number }> {
  const clock = new VirtualClock();
  const events = new Emitter<WirelessStateEvents>();
  const phys = new Map(Array.from({ length: radios }, (_, radio) => [`wifi${radio}`, {} as PhyState]));
  let records = 0;
  const bus = new StatisticsBus({
    clock,
    log: Log.create({ name: "OW", sink: () => {}, wallTime: () => clock.wallTime() }),
    state: { phys, vifs: new Map(), stations: new Map(), events },
    request: ({ phy }) => {
      clock.setTimer(1, () => events.emit("statistics", reportOf(phy, clock.now())));
      return true;
    },
  });
  for (let each = 0; each < count; each++) {
    bus.subscribe({
      name: `bench ${each}`,
      stats: ["STA", "CHAN"],
      pollPeriod: 1_000,
      reportPeriod: 1_000,
      report: (all) => {
        records += all.length;
      },
    });
  }
  const runs: number[] = [];
  for (let second = 0; second < seconds; second++) {
    runs.push(await processorTime(() => clock.advance(1_000)));
  }
  bus.stop();
  // The answers to the last poll come after the end.
  const expected = count * radios * (stationsPerRadio + 1) * (seconds - 1);
  if (records !== expected) throw new Error(`${records} records instead of ${expected}`);
  return { percent: percentile(runs.slice(50), 50) / 10, records: records / (seconds - 1) };
}

function benchCodec(): readonly Figure[] {
  const samples = reportOf("wifi0", 1_000).stations.map(
    ({ vif, station, snr, txBytes, rxBytes }): Sample => ({
      stats: "STA",
      values: {
        phy_name: "wifi0",
        vif_name: vif,
        mac_address: station,
        snr_db: snr,
        tx_bytes: txBytes,
        rx_bytes: rxBytes,
      },
    }),
  );
  const bytes = encodeSamples(samples);
  const rate = (step: () => void): number => {
    const runs: number[] = [];
    for (let run = 0; run < 60; run++) {
      const start = performance.now();
      step();
      runs.push(performance.now() - start);
    }
    return samples.length / percentile(runs.slice(20), 50);
  };
  return [
    { name: "statistics as TLV: written", value: rate(() => encodeSamples(samples)), unit: "samples/ms" },
    { name: "statistics as TLV: read", value: rate(() => decodeSamples(bytes, noFaults())), unit: "samples/ms" },
  ];
}

function reportOf(phy: string, at: number): StatisticsReport {
  const stations = Array.from(
    { length: stationsPerRadio },
    (_, index): StationStatistics => ({
      vif: `${phy}-ap`,
      station: mac(`02:00:00:00:${phy.slice(-1).padStart(2, "0")}:${index.toString(16).padStart(2, "0")}`),
      snr: 20 + (index % 40),
      txBytes: at * index,
      rxBytes: at * 10,
      txFrames: at,
      rxFrames: at,
      txRetries: 0,
      txErrors: 0,
      rxRetries: 0,
      rxErrors: 0,
      txRate: 400,
      rxRate: 300,
    }),
  );
  return {
    phy,
    at,
    stations,
    survey: [{ control: 5180, active: at, busy: at / 2, tx: at / 4, rx: at / 4, rxSelf: 0, noise: -95 }],
  };
}

if (import.meta.main) printFigures(await benchStatsBus());
