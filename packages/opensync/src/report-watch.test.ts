import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { Statistics } from "@opensync-ts/cloud/statistics/statistics";
import { statsSection } from "@opensync-ts/cloud/stats-section";
import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { ReportWatch } from "./report-watch.ts";

const mac = "02:00:00:00:01:01";
const stats = statsSection.parse({
  client: { sampling: 1, reporting: 5 },
  survey: { sampling: 1, reporting: 5 },
  publish: 5,
});

function report(connected: boolean): StatsReport {
  const counts = { rxFrames: 0, txFrames: 0, rxRetries: 0, txRetries: 0, rxErrors: 0, txErrors: 0 };
  const rates = { rxRateMbps: 300, txRateMbps: 866, rxRatePerceivedMbps: 0, txRatePerceivedMbps: 0, snrDb: 41 };
  const record = { ssid: "Home", connected, connectCount: 0, disconnectCount: 0, durationMs: 5000, uapsd: 0 };
  const head = { band: "5G", timestampMs: 0 } as const;
  const percents = { busyPercent: 37, busyTxPercent: 1, busyRxPercent: 1, busySelfPercent: 1, busyExtPercent: 0 };
  return {
    ...emptyReport("gateway"),
    surveys: [
      {
        ...head,
        surveyType: "on-chan",
        reportType: "raw",
        samples: [{ channel: 36, durationMs: 1000, offsetMs: 0, ...percents }],
      },
    ],
    clients: [
      {
        ...{ ...head, channel: 36, uplinkType: "", uplinkChanged: false },
        clients: [
          {
            ...{ ...record, mac: mac.toUpperCase(), rx: [], tx: [], tids: [] },
            stats: { rxBytes: 625_000, txBytes: 6_250_000, ...counts, ...rates },
          },
        ],
      },
    ],
  };
}

function bench() {
  const clock = new VirtualClock();
  const statistics = new Statistics({
    clock,
    log: Log.create({ name: "CLOUD", sink: nullSink, wallTime: () => 0 }),
  });
  const watch = new ReportWatch({ statistics, clock, stats });
  const take = (connected = true) =>
    statistics.take("gateway", "gateway", "stats", "topic", encodeReport(report(connected)));
  return { clock, watch, take };
}

describe("what the live view has from reports", () => {
  it("is nothing before the first report", () => {
    const { watch } = bench();
    assert.equal(watch.reportedMs("gateway"), null);
    assert.equal(watch.busyPercent("gateway", "5G", 36), null);
    assert.equal(watch.client("gateway", mac), null);
  });

  it("is the SNR and the rates of a client, and how busy the channel is, with their age", async () => {
    const { clock, watch, take } = bench();
    take();
    await clock.advance(2000);
    assert.deepEqual(watch.client("gateway", mac), { agoMs: 2000, snr: 41, downMbps: 10, upMbps: 1 });
    assert.equal(watch.busyPercent("gateway", "5G", 36), 37);
    assert.equal(watch.reportedMs("gateway"), 2000);
  });

  it("is not what was on another channel, of another node, or of a client that has left", () => {
    const { watch, take } = bench();
    take();
    assert.equal(watch.busyPercent("gateway", "5G", 44), null);
    assert.equal(watch.busyPercent("gateway", "nonsense", 36), null);
    assert.equal(watch.client("extender", mac), null);
    take(false);
    assert.equal(watch.client("gateway", mac), null);
  });

  it("goes when two reports have not come", async () => {
    const { clock, watch, take } = bench();
    take();
    await clock.advance(20_000);
    assert.notEqual(watch.client("gateway", mac), null);
    await clock.advance(1);
    assert.equal(watch.client("gateway", mac), null);
    assert.equal(watch.busyPercent("gateway", "5G", 36), null);
    assert.equal(watch.reportedMs("gateway"), 20_001);
  });
});
