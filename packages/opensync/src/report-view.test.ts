import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptyReport } from "@opensync-ts/telemetry/report";
import { latencyLines, timeEventLines } from "./payload-view.ts";
import { reportLines } from "./report-view.ts";

const timestampMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const sample = {
  channel: 36,
  durationMs: 1000,
  offsetMs: 0,
  busyPercent: 40,
  busyTxPercent: 10,
  busyRxPercent: 20,
  busySelfPercent: 0,
  busyExtPercent: 0,
};
const survey = { band: "5G", surveyType: "on-chan", timestampMs, reportType: "raw", samples: [sample] } as const;

describe("a decoded report", () => {
  it("names its node, then has a title and a table for each of its reports", () => {
    assert.deepEqual(reportLines({ ...emptyReport("gw"), surveys: [survey, survey], powerMode: "eco" }, 60), [
      "node gw, power mode eco",
      "",
      "survey 5G on-chan, raw, 2026-01-02T03:04:05.000Z",
      "CHANNEL  WIDTH  CENTER MHz  BUSY %  TX %  RX %  SELF %  EXT…",
      "     36                         40    10    20       0     …",
      "",
      "survey 5G on-chan, raw, 2026-01-02T03:04:05.000Z",
      "CHANNEL  WIDTH  CENTER MHz  BUSY %  TX %  RX %  SELF %  EXT…",
      "     36                         40    10    20       0     …",
    ]);
  });

  it("shows averages with what stands behind them", () => {
    const none = { average: 0, least: 0, most: 0, samples: 0 };
    const busy = { average: 30, least: 10, most: 50, samples: 5 };
    const averages = [
      { channel: 1, busy, busyTx: none, busyRx: none, busySelf: none, busyExt: none, noiseFloor: none },
    ];
    const [, , , , row] = reportLines(
      { ...emptyReport("gw"), surveys: [{ ...survey, reportType: "average", averages }] },
      200,
    );
    assert.match(row ?? "", /^ +1 {2}30 \(10 to 50, 5\) {2}0 /);
  });

  it("shows how many samples each of a histogram stands for", () => {
    const samples = [{ ...sample, sampleCount: 2, totalCount: 5 }];
    const surveys = [{ ...survey, reportType: "histogram", samples }] as const;
    const [, , , titles, row] = reportLines({ ...emptyReport("gw"), surveys }, 200);
    assert.match(titles ?? "", /SAMPLES$/);
    assert.match(row ?? "", / 2 of 5$/);
  });

  it("shows of a device what the node knows of it", () => {
    const nothing = { fileSystems: [], processesByCpu: [], processesByMemory: [], temperatures: [], thermal: [] };
    const devices = [
      { ...nothing, timestampMs, uptimeSeconds: 60, temperatures: [{ band: "5G", celsius: 51 }] },
    ] as const;
    assert.deepEqual(reportLines({ ...emptyReport("gw"), devices }, 80).slice(2), [
      "device, 2026-01-02T03:04:05.000Z",
      "uptime    60 s",
      "radio 5G  51 °C",
    ]);
  });

  it("shows what steering did in the order in which it happened", () => {
    const counts = {
      connected: true,
      rejects: 0,
      connects: 1,
      disconnects: 0,
      activityChanges: 0,
      steeringSuccesses: 0,
      steeringFailures: 0,
      steeringKicks: 0,
      stickyKicks: 0,
      broadcastProbes: 0,
    };
    const events = [
      { type: "CONNECT", offsetMs: 100, snrDb: 0 },
      { type: "PROBE", offsetMs: 900, snrDb: 28, broadcast: true, blocked: false },
      { type: "OVERRUN", offsetMs: 0 },
    ] as const;
    const clients = [
      { mac: "02:00:00:00:00:0C", bands: [{ band: "5G", ifName: "home-ap-50", ...counts, events }] },
    ] as const;
    const lines = reportLines({ ...emptyReport("gw"), steering: [{ timestampMs, clients }] }, 200);
    assert.deepEqual(lines.slice(-4), [
      "AGO ms  CLIENT             BAND  EVENT    DETAILS",
      "   900  02:00:00:00:00:0C  5G    PROBE    snr 28 dB, broadcast",
      "   100  02:00:00:00:00:0C  5G    CONNECT",
      "     0  02:00:00:00:00:0C  5G    OVERRUN",
    ]);
  });

  it("has no power over the terminal, whatever a stranger is named", () => {
    const bsses = [{ bssid: "02:00:00:00:00:0a", ssid: "\u001b[2J", channel: 1, width: "20MHz" }] as const;
    const neighbors = [{ band: "2.4G", scanType: "full", timestampMs: 2 ** 62, reportType: "raw", bsses }] as const;
    const lines = reportLines({ ...emptyReport("\u0007"), neighbors }, 80);
    assert.equal(lines[0], "node \\x07");
    assert.equal(lines[2], "neighbors 2.4G full, raw, 4611686018427388000 ms");
    assert.match(lines[4] ?? "", /\\x1b\[2J/);
  });

  it("may be as long as a payload allows", () => {
    const samples = new Array(300_000).fill(sample);
    assert.equal(reportLines({ ...emptyReport("gw"), surveys: [{ ...survey, samples }] }, 80).length, 300_004);
  });
});

describe("other payloads", () => {
  it("latency: a row for each sample of each host", () => {
    const hosts = [
      { ifName: "br-home", ifRole: "", mac: Uint8Array.of(2, 0, 0, 0, 0, 12), timestampMs, samples: [{ leastMs: 3 }] },
    ];
    assert.deepEqual(latencyLines({ nodeId: "gw", hosts }, 90), [
      "node gw, latency",
      "HOST               INTERFACE  ROLE  DSCP  TIME                      LEAST ms  AVERAGE ms …",
      "02:00:00:00:00:0c  br-home                2026-01-02T03:04:05.000Z         3",
    ]);
  });

  it("time events: on the wall clock", () => {
    const event = { monotonicMs: 500, category: "MANAGER", source: "OW", subject: "", step: "start", message: "" };
    const head = { nodeId: "gw", firmwareVersion: "7.0", locationId: "home", sequence: 3 };
    const report = { ...head, realTimeMs: timestampMs, monotonicMs: 1500, events: [event] };
    assert.deepEqual(timeEventLines(report, 90), [
      "node gw, firmware 7.0, location home, time events 3",
      "TIME                      SOURCE  CATEGORY  SUBJECT  STEP   MESSAGE",
      "2026-01-02T03:04:04.000Z  OW      MANAGER            start",
    ]);
  });
});
