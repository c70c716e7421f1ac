import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DeviceReport } from "@opensync-ts/telemetry/device";
import { emptyReport, type StatsReport } from "@opensync-ts/telemetry/report";
import type { SurveyReport } from "@opensync-ts/telemetry/survey";
import * as limits from "../limits.ts";
import { clientRecord, clientsReport, surveyReport } from "../testing/served.ts";
import { Accumulator, type PendingRow } from "./accumulator.ts";
import { NodeMeter } from "./node-meter.ts";
import type { RollupName } from "./rollups.ts";

const minute = 60_000;
const now = Date.UTC(2026, 5, 1, 12);
const tv = "02:00:00:00:00:01";

class Bench {
  readonly meter = new NodeMeter("gw");
  readonly accumulator = new Accumulator();
  repeated = 0;
  dropped = 0;
  reboots = 0;

  take(parts: Partial<StatsReport>, arrivedAt = now): this {
    const { contributions, repeated, dropped, rebooted } = this.meter.take(
      { ...emptyReport("gw"), ...parts },
      arrivedAt,
    );
    for (const contribution of contributions) this.accumulator.add("home", contribution);
    this.repeated += repeated;
    this.dropped += dropped;
    if (rebooted) this.reboots++;
    return this;
  }

  rows(rollup: RollupName): readonly PendingRow[] {
    return this.accumulator.take(1e6).find((each) => each.rollup === rollup)?.rows ?? [];
  }
}

describe("clients", () => {
  it("are counted in the minute that a report ends", () => {
    const stats = { rxBytes: 1_000, txBytes: 9_000_000, snrDb: 30, txRateMbps: 400, txFrames: 100, txRetries: 10 };
    const [row, ...others] = new Bench()
      .take({ clients: [clientsReport(now, [clientRecord(tv, stats)])] })
      .rows("clients");
    assert.equal(others.length, 0);
    assert.deepEqual(
      [row?.at, row?.step, row?.location_id, row?.mac, row?.node_id, row?.band],
      [...[now - minute, 60, "home", tv, "gw", "5G"]],
    );
    assert.deepEqual(
      [row?.rx_bytes, row?.tx_bytes, row?.connected_ms, row?.tx_mbps_max],
      [1_000, 9_000_000, 60_000, 1.2],
    );
    assert.deepEqual(
      [row?.snr_min, row?.snr_sum, row?.snr_count, row?.tx_link_sum, row?.rx_link_count],
      [30, 30, 1, 400, 0],
    );
  });

  it("count once, however often and in which order reports come", () => {
    const report = (ago: number, snrDb: number) =>
      clientsReport(now - ago * minute, [clientRecord(tv, { rxBytes: 100, snrDb })]);
    const reports = [report(2, 20), report(0, 30), report(1, 25), report(0, 30), report(2, 20), report(1, 25)];
    const bench = new Bench();
    for (const each of reports) bench.take({ clients: [each] });
    assert.equal(bench.repeated, 3);
    const rows = bench.rows("clients");
    assert.deepEqual(
      rows.map(({ rx_bytes }) => rx_bytes),
      [100, 100, 100],
    );
    assert.deepEqual(rows.map(({ at }) => (now - Number(at)) / minute).sort(), [1, 2, 3]);
  });

  it("of two halves of a report count both", () => {
    const half = (mac: string) => clientsReport(now, [clientRecord(mac, { rxBytes: 5 })]);
    const bench = new Bench().take({ clients: [half(tv)] }).take({ clients: [half("02:00:00:00:00:02")] });
    assert.equal(bench.rows("clients").length, 2);
  });

  it("do not count what no link can have carried: counters that began anew tell all they ever counted", () => {
    const stats = { rxBytes: 50_000_000_000, txBytes: 100, rxRateMbps: 100, txRateMbps: 100 };
    const [row] = new Bench().take({ clients: [clientsReport(now, [clientRecord(tv, stats)])] }).rows("clients");
    assert.deepEqual([row?.rx_bytes, row?.tx_bytes, row?.doubtful, row?.connected_ms], [0, 0, 1, 60_000]);
    assert.equal(row?.rx_mbps_max, null);
  });

  it("tell no nonsense of drivers on", () => {
    const stats = { rxRateMbps: Number.NaN, txRateMbps: Number.POSITIVE_INFINITY, snrDb: 4_000_000_000 };
    const [row, none] = new Bench()
      .take({ clients: [clientsReport(now, [clientRecord(tv, stats), clientRecord("nonsense")])] })
      .rows("clients");
    assert.deepEqual([row?.rx_link_sum, row?.tx_link_sum, row?.snr_max, none], [0, 0, null, undefined]);
  });

  it("with several links are one client on each band", () => {
    const link = (mac: string) => clientRecord(mac, { rxBytes: 1 }, { mldMac: tv.toUpperCase() });
    const rows = new Bench()
      .take({
        clients: [
          clientsReport(now, [link("02:aa:00:00:00:01")]),
          clientsReport(now, [link("02:bb:00:00:00:01")], { band: "6G" }),
        ],
      })
      .rows("clients");
    assert.deepEqual(
      rows.map(({ mac, band }) => [mac, band]),
      [
        [tv, "5G"],
        [tv, "6G"],
      ],
    );
  });

  it("are so many in a minute, and no more", () => {
    const mac = (number: number) =>
      `02:00:00:00:${(number >> 8).toString(16).padStart(2, "0")}:${(number & 255).toString(16).padStart(2, "0")}`;
    const all = Array.from({ length: limits.clientsPerNode + 10 }, (_, number) => clientRecord(mac(number)));
    const bench = new Bench()
      .take({ clients: [clientsReport(now, all)] })
      .take({ clients: [clientsReport(now + 1, all)] });
    assert.equal(bench.dropped, all.length + 10);
    assert.equal(bench.rows("clients").length, limits.clientsPerNode);
  });
});

describe("times", () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ["a node that does not know its time tells of now", 0, now],
    ["a report that waited an hour is of then", now - 60 * minute, now - 60 * minute],
    ["a clock that is years behind is not believed", Date.UTC(1970, 0, 2), now],
    ["a clock that is ahead is not believed", now + 10 * minute, now],
  ];
  for (const [what, timestampMs, expected] of cases) {
    it(what, () => {
      const [row] = new Bench().take({ clients: [clientsReport(timestampMs, [clientRecord(tv)])] }).rows("clients");
      assert.equal(row?.at, expected - minute);
    });
  }
});

describe("radios and channels", () => {
  it("add up by the time that was listened", () => {
    const bench = new Bench()
      .take({ surveys: [surveyReport(now - 1_000, { busyPercent: 80, durationMs: 30_000, noiseFloorDbm: -95 })] })
      .take({ surveys: [surveyReport(now, { busyPercent: 20, durationMs: 10_000 })] })
      .take({ surveys: [surveyReport(now, { channel: 149, busyPercent: 50 }, "off-chan")] })
      .take({ clients: [clientsReport(now, [clientRecord(tv)])] });
    const all = bench.accumulator.take(1e6);
    const radio = all.find(({ rollup }) => rollup === "radios")?.rows[0];
    assert.deepEqual([radio?.listen_ms, radio?.busy_ms, radio?.busy_max, radio?.channel], [40_000, 26_000, 80, 36]);
    assert.deepEqual([radio?.noise_sum, radio?.noise_count, radio?.clients_max], [-95, 1, 1]);
    const channel = all.find(({ rollup }) => rollup === "channels")?.rows;
    assert.deepEqual(
      channel?.map((row) => [row.channel, row.busy_ms]),
      [[149, 5_000]],
    );
  });

  it("are the same in every form of report", () => {
    const average = { average: 40, least: 10, most: 70, samples: 6 };
    const none = { average: 0, least: 0, most: 0, samples: 0 };
    const rest = { busyTx: none, busyRx: none, busySelf: none, busyExt: none, noiseFloor: none };
    const head = { band: "5G", surveyType: "on-chan", timestampMs: now } as const;
    const one = surveyReport(now, {});
    const sample = one.reportType === "raw" ? one.samples[0] : undefined;
    const percentiles = [10, 40, 90].map((busyPercent, each) => ({
      ...{ ...sample, busyPercent, durationMs: 6_000, sampleCount: each + 1, totalCount: 3 },
    }));
    const forms = [
      { ...head, reportType: "average", averages: [{ channel: 36, busy: average, ...rest }] },
      { ...head, reportType: "percentile", samples: percentiles },
    ] as unknown as SurveyReport[];
    for (const survey of forms) {
      const [row] = new Bench().take({ surveys: [survey] }).rows("radios");
      assert.deepEqual([row?.listen_ms, row?.busy_ms], [6_000, 2_400], survey.reportType);
    }
  });
});

describe("a node", () => {
  const device = (timestampMs: number, uptimeSeconds: number): DeviceReport => ({
    ...{ timestampMs, uptimeSeconds, load: { one: 0.5, five: 1, fifteen: 2 } },
    ...{ memory: { total: 1_000, used: 400, swapTotal: 0, swapUsed: 0 }, cpuPercent: 20 },
    ...{ fileSystems: [], processesByCpu: [], processesByMemory: [], thermal: [] },
    temperatures: [
      { band: "2.4G", celsius: 50 },
      { band: "5G", celsius: 70 },
    ],
  });

  it("has load, memory and the temperature of its hottest radio", () => {
    const [row] = new Bench().take({ devices: [device(now, 1_000)] }).rows("nodes");
    assert.deepEqual(
      [row?.load_sum, row?.memory_used_sum, row?.memory_total, row?.celsius_max, row?.uptime_s, row?.reboots],
      [0.5, 400, 1_000, 70, 1_000, 0],
    );
  });

  it("has started anew when its uptime has", () => {
    const bench = new Bench();
    bench.take({ devices: [device(now, 1_000)] }).take({ devices: [device(now + minute, 1_060)] }, now + minute);
    assert.equal(bench.reboots, 0);
    bench.take({ devices: [device(now + 4 * minute, 30)] }, now + 4 * minute);
    assert.equal(bench.reboots, 1);
    // One that had waited.
    bench.take({ devices: [device(now + 2 * minute, 1_120)] }, now + 5 * minute);
    assert.equal(bench.reboots, 1);
  });
});
