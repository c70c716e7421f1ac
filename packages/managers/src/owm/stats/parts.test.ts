import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReportItem } from "./collector.ts";
import { partsOf } from "./parts.ts";

const many = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));

const average = { average: 1, least: 1, most: 1, samples: 1 };
const stats = {
  rxBytes: 1e9,
  txBytes: 1e9,
  rxFrames: 1e6,
  txFrames: 1e6,
  rxRetries: 1,
  txRetries: 1,
  rxErrors: 1,
  txErrors: 1,
  rxRateMbps: 1,
  txRateMbps: 1,
  snrDb: 1,
  rxRatePerceivedMbps: 0,
  txRatePerceivedMbps: 0,
};

/** One of each kind, with a hundred elements that count themselves. */
const items: readonly ReportItem[] = [
  {
    kind: "surveys",
    message: {
      band: "5G",
      surveyType: "on-chan",
      timestampMs: 1,
      reportType: "raw",
      samples: many(100, (channel) => ({
        channel,
        durationMs: 1,
        offsetMs: 1,
        busyPercent: 1,
        busyTxPercent: 1,
        busyRxPercent: 1,
        busySelfPercent: 1,
        busyExtPercent: 1,
      })),
    },
  },
  {
    kind: "surveys",
    message: {
      band: "5G",
      surveyType: "on-chan",
      timestampMs: 1,
      reportType: "average",
      averages: many(100, (channel) => ({
        channel,
        busy: average,
        busyTx: average,
        busyRx: average,
        busySelf: average,
        busyExt: average,
        noiseFloor: average,
      })),
    },
  },
  {
    kind: "neighbors",
    message: {
      band: "5G",
      scanType: "full",
      timestampMs: 1,
      reportType: "diff",
      bsses: many(100, (channel) => ({ bssid: "", ssid: "a name", channel, width: "20MHz", status: "ADDED" })),
    },
  },
  {
    kind: "clients",
    message: {
      band: "5G",
      timestampMs: 1,
      channel: 1,
      uplinkType: "",
      uplinkChanged: false,
      clients: many(100, (connectCount) => ({
        mac: "",
        ssid: "",
        connected: true,
        connectCount,
        disconnectCount: 0,
        durationMs: 1,
        stats,
        rx: [],
        tx: [],
        tids: [],
        uapsd: 0,
      })),
    },
  },
  {
    kind: "devices",
    message: {
      timestampMs: 1,
      fileSystems: [],
      processesByCpu: [],
      processesByMemory: [],
      temperatures: [{ band: "5G", celsius: 60 }],
      thermal: many(100, (timestampMs) => ({ timestampMs, txChainmasks: [{ band: "5G", mask: 15 }], leds: [] })),
    },
  },
  {
    kind: "rssi",
    message: {
      band: "5G",
      reportType: "raw",
      timestampMs: 1,
      peers: [
        { mac: "", source: "CLIENT", samples: many(100, (snrDb) => ({ snrDb, offsetMs: 1 })), rxPpdus: 0, txPpdus: 0 },
      ],
    },
  },
  {
    kind: "capacities",
    message: {
      band: "5G",
      timestampMs: 1,
      samples: many(100, (bytesTx) => ({
        bytesTx,
        offsetMs: 1,
        busyTxPercent: 1,
        sampleCount: 1,
        vo: 0,
        vi: 0,
        be: 0,
        bk: 0,
        beacon: 0,
        cab: 0,
      })),
    },
  },
  {
    kind: "authFailures",
    message: {
      band: "5G",
      bsses: many(100, (index) => ({ ifName: `vif ${index}`, clients: [{ mac: "", authFails: 1, invalidPsk: 1 }] })),
    },
  },
  {
    kind: "steering",
    message: { timestampMs: 1, clients: many(100, (index) => ({ mac: `client ${index}`, bands: [] })) },
  },
];

/** What tells the elements apart, in order. */
function elements({ kind, message }: ReportItem): readonly unknown[] {
  switch (kind) {
    case "surveys":
      return (message.reportType === "average" ? message.averages : message.samples).map(({ channel }) => channel);
    case "neighbors":
      return message.bsses.map(({ channel }) => channel);
    case "clients":
      return message.clients.map(({ connectCount }) => connectCount);
    case "devices":
      return [...message.temperatures, ...message.thermal.map(({ timestampMs }) => timestampMs)];
    case "rssi":
      return message.peers.flatMap(({ samples }) => samples.map(({ snrDb }) => snrDb));
    case "capacities":
      return message.samples.map(({ bytesTx }) => bytesTx);
    case "authFailures":
      return message.bsses.map(({ ifName }) => ifName);
    case "steering":
      return message.clients.map(({ mac }) => mac);
  }
}

describe("a report that is too large", () => {
  for (const item of items) {
    const kind = "reportType" in item.message ? `${item.kind} (${item.message.reportType})` : item.kind;
    it(`of ${kind} is split into parts that fit and have all of it`, () => {
      const { parts, lost } = partsOf(item, 200);
      assert.equal(lost, 0);
      assert.ok(parts.length > 2);
      assert.ok(parts.every(({ bytes }) => bytes <= 200));
      assert.deepEqual(
        parts.flatMap((part) => elements(part.item)),
        elements(item),
      );
    });
  }

  it("stays whole when it fits", () => {
    for (const item of items)
      assert.deepEqual(
        partsOf(item, 100_000).parts.map((part) => part.item),
        [item],
      );
  });

  it("loses only the elements that fit nowhere", () => {
    for (const item of items) {
      const { parts, lost } = partsOf(item, 4);
      assert.deepEqual(parts, []);
      assert.equal(lost, 100);
    }
  });
});
