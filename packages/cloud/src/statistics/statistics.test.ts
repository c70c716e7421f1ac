import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import type { ClientRecord, ClientStats } from "@opensync-ts/telemetry/clients";
import { encodeLatency } from "@opensync-ts/telemetry/latency";
import { compress } from "@opensync-ts/telemetry/payload";
import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { encodeTimeEvents } from "@opensync-ts/telemetry/time-events";
import fc from "fast-check";
import * as limits from "../limits.ts";
import { type Publication, Statistics } from "./statistics.ts";

const noStats: ClientStats = {
  rxBytes: 0,
  txBytes: 0,
  rxFrames: 0,
  txFrames: 0,
  rxRetries: 0,
  txRetries: 0,
  rxErrors: 0,
  txErrors: 0,
  rxRateMbps: 0,
  txRateMbps: 0,
  snrDb: 0,
  rxRatePerceivedMbps: 0,
  txRatePerceivedMbps: 0,
};

function clientRecord(mac: string, stats: Partial<ClientStats>, rest: Partial<ClientRecord> = {}): ClientRecord {
  const counts = { connected: true, connectCount: 0, disconnectCount: 0, durationMs: 10_000, uapsd: 0 };
  return { mac, ssid: "Home", ...counts, rx: [], tx: [], tids: [], ...rest, stats: { ...noStats, ...stats } };
}

function clientsReport(clients: readonly ClientRecord[], rest: Partial<StatsReport["clients"][number]> = {}) {
  const head = { band: "5G", timestampMs: 1000, channel: 36, uplinkType: "", uplinkChanged: false } as const;
  return { ...head, ...rest, clients };
}

class Bench {
  readonly clock = new VirtualClock();
  readonly ring = new LogRing(1000);
  readonly statistics = new Statistics({
    clock: this.clock,
    log: Log.create({ name: "CLOUD", sink: this.ring.sink, wallTime: () => 0 }),
  });
  readonly heard: Publication[] = [];

  constructor() {
    this.statistics.onPublication((publication) => this.heard.push(publication));
  }

  take(payload: Uint8Array, kind: Publication["kind"] = "stats", id = "gw"): void {
    this.statistics.take("gateway", id, kind, "topic", payload);
  }

  report(parts: Partial<StatsReport>): void {
    this.take(compress(encodeReport({ ...emptyReport("gw"), ...parts })));
  }

  get node() {
    const node = this.statistics.node("gateway");
    assert.ok(node);
    return node;
  }

  told(pattern: RegExp): number {
    return this.ring.records().filter(({ text }) => pattern.test(text)).length;
  }
}

const sample = {
  durationMs: 1000,
  busyTxPercent: 10,
  busyRxPercent: 20,
  busySelfPercent: 5,
  busyExtPercent: 0,
  noiseFloorDbm: -95,
};

describe("the latest values of a node", () => {
  it("are those of its reports, compressed or not, with the time they came", async () => {
    const bench = new Bench();
    await bench.clock.advance(5000);
    bench.report({
      surveys: [
        {
          band: "5G",
          surveyType: "on-chan",
          timestampMs: 1000,
          reportType: "raw",
          samples: [
            { ...sample, channel: 36, offsetMs: 0, busyPercent: 40 },
            { ...sample, channel: 36, offsetMs: 1000, busyPercent: 30 },
          ],
        },
        {
          band: "5G",
          surveyType: "off-chan",
          timestampMs: 1000,
          reportType: "raw",
          samples: [{ ...sample, channel: 100, offsetMs: 0, busyPercent: 7 }],
        },
      ],
      neighbors: [
        {
          band: "5G",
          scanType: "off-chan",
          timestampMs: 1000,
          reportType: "raw",
          bsses: [{ bssid: "02:00:00:00:00:99", ssid: "Next door", channel: 100, width: "20MHz", snrDb: 12 }],
        },
      ],
    });
    const { latest, reportedAt } = bench.node;
    assert.equal(reportedAt, 5000);
    assert.deepEqual(latest.radios.get("5G"), {
      at: 5000,
      channel: 36,
      busyPercent: 40,
      txPercent: 10,
      rxPercent: 20,
      selfPercent: 5,
      noiseFloorDbm: -95,
    });
    assert.equal(latest.channels.get("5G")?.get(100)?.busyPercent, 7);
    assert.equal(latest.neighbors.get("5G 02:00:00:00:00:99")?.ssid, "Next door");
    assert.equal(bench.heard.length, 1);
  });

  it("have rates of clients: the sums of bytes over the time they were connected", () => {
    const bench = new Bench();
    const stats = { rxBytes: 1_250_000, txBytes: 12_500_000, rxRateMbps: 300, txRateMbps: 866, snrDb: 41 };
    bench.report({ clients: [clientsReport([clientRecord("02:00:00:00:00:0A", stats)])] });
    const client = bench.node.latest.client("02:00:00:00:00:0a");
    assert.deepEqual(
      [client?.rxMbps, client?.txMbps, client?.rxLinkMbps, client?.txLinkMbps, client?.snrDb, client?.channel],
      [1, 10, 300, 866, 41, 36],
    );
  });

  it("have rates over the time between two reports where the node tells no duration, and none before the second", () => {
    const bench = new Bench();
    const record = clientRecord("02:00:00:00:00:0a", { txBytes: 1_250_000 }, { durationMs: 0 });
    bench.report({ clients: [clientsReport([record], { timestampMs: 1000 })] });
    assert.equal(bench.node.latest.client(record.mac)?.txMbps, undefined);
    bench.report({ clients: [clientsReport([record], { timestampMs: 6000 })] });
    assert.equal(bench.node.latest.client(record.mac)?.txMbps, 2);
  });

  it("have no rate that the link cannot have: sums from before the interval are in it", () => {
    const bench = new Bench();
    const stats = { txBytes: 10_000_000_000, txRateMbps: 866, rxBytes: 1250 };
    bench.report({ clients: [clientsReport([clientRecord("02:00:00:00:00:0a", stats)])] });
    const client = bench.node.latest.client("02:00:00:00:00:0a");
    assert.deepEqual([client?.txMbps, client?.rxMbps], [undefined, 0.001]);
  });

  it("take the reports that QM merged in the order of their time", () => {
    const bench = new Bench();
    const of = (snrDb: number, timestampMs: number) =>
      clientsReport([clientRecord("02:00:00:00:00:0a", { snrDb })], { timestampMs });
    bench.report({ clients: [of(30, 3000), of(10, 1000), of(20, 2000)] });
    assert.equal(bench.node.latest.client("02:00:00:00:00:0a")?.snrDb, 30);
  });

  it("keep a client that went to another band where it is, and find one by the address of all its links", () => {
    const bench = new Bench();
    const mac = "02:00:00:00:00:0a";
    bench.report({
      clients: [
        clientsReport([clientRecord(mac, { snrDb: 30 }, { mldMac: "02:00:00:00:00:ff" })], { timestampMs: 1000 }),
        clientsReport([clientRecord(mac, {}, { connected: false })], { band: "2.4G", timestampMs: 1001 }),
      ],
    });
    assert.equal(bench.node.latest.client(mac)?.band, "5G");
    assert.equal(bench.node.latest.client("02:00:00:00:00:ff")?.mac, mac);
  });

  it("keep what SM told of the device when OWM tells temperatures alone", () => {
    const bench = new Bench();
    const nothing = { fileSystems: [], processesByCpu: [], processesByMemory: [], temperatures: [], thermal: [] };
    const memory = { total: 100, used: 50, swapTotal: 0, swapUsed: 0 };
    bench.report({ devices: [{ ...nothing, timestampMs: 1000, memory }] });
    bench.report({ devices: [{ ...nothing, timestampMs: 2000, temperatures: [{ band: "6G", celsius: 55 }] }] });
    assert.equal(bench.node.latest.device?.report.memory?.used, 50);
    assert.equal(bench.node.latest.temperatures.get("6G")?.celsius, 55);
  });

  it("are of what has an address, and keep no SSID that is longer than one can be", () => {
    const bench = new Bench();
    const mac = "02:00:00:00:00:0a";
    const long = clientRecord(mac, {}, { ssid: "x".repeat(100_000) });
    bench.report({ clients: [clientsReport([clientRecord("x".repeat(100_000), {}), long])] });
    assert.equal(bench.node.latest.clients.size, 1);
    assert.equal(bench.node.latest.client(mac)?.ssid, "");
  });

  it("stay within their bounds, and old ones are forgotten", async () => {
    const bench = new Bench();
    const mac = (n: number) =>
      `02:00:00:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`;
    const many = Array.from({ length: limits.latestClients + 100 }, (_, n) => clientRecord(mac(n), {}));
    bench.report({ clients: [clientsReport(many)] });
    assert.equal(bench.node.latest.clients.size, limits.latestClients);
    assert.equal(bench.node.latest.client(mac(0)), undefined);
    await bench.clock.advance(limits.latestLifeMs + 1);
    bench.report({ clients: [clientsReport([clientRecord(mac(1), {})])] });
    assert.equal(bench.node.latest.clients.size, 1);
  });
});

describe("what nodes publish", () => {
  it("is decoded by its topic: latency, time events, log lines, and bytes of other services", () => {
    const bench = new Bench();
    bench.take(encodeLatency({ nodeId: "gw", hosts: [] }), "latency");
    const about = { firmwareVersion: "7.0", locationId: "home", sequence: 0, realTimeMs: 1, monotonicMs: 1 };
    bench.take(encodeTimeEvents({ nodeId: "gw", ...about, events: [] }), "time events");
    bench.take(Buffer.from("one\ntwo\n"), "log");
    bench.take(Buffer.from("{}"), "other");
    assert.deepEqual(
      bench.heard.map(({ kind }) => kind),
      ["latency", "time events", "log", "other"],
    );
    assert.deepEqual(bench.heard[2]?.kind === "log" && bench.heard[2].lines, ["one", "two"]);
    assert.equal(bench.node.reportedAt, undefined, "none of it is a report");
  });

  it("is refused and counted where it says that it is another node's, in one line", () => {
    const bench = new Bench();
    for (let n = 0; n < 3; n++) bench.take(encodeReport(emptyReport("extender")));
    assert.deepEqual([bench.node.counters.mismatched, bench.node.counters.payloads, bench.heard.length], [3, 0, 0]);
    assert.equal(bench.told(/it says it is of node 'extender', but 'gw' has published it/), 1);
  });

  it("may be anything: it is counted, told at most once a minute, and costs nothing else", async () => {
    const bench = new Bench();
    for (let n = 0; n < 5; n++) bench.take(Buffer.from("garbage"));
    assert.equal(bench.node.counters.malformed, 5);
    assert.equal(bench.told(/gateway: topic: not understood: no sts\.Report/), 1);
    await bench.clock.advance(limits.troubleSilenceMs);
    bench.take(Buffer.from("garbage"));
    assert.equal(bench.told(/and 4 times more/), 1);
    bench.report({});
    assert.equal(bench.node.counters.payloads, 1);
  });

  it("never throws, whatever the bytes", () => {
    const bench = new Bench();
    const good = Buffer.from(encodeReport({ ...emptyReport("gw"), clients: [clientsReport([clientRecord("x", {})])] }));
    fc.assert(
      fc.property(
        fc.constantFrom("stats", "latency", "time events", "log", "other" as const),
        fc.oneof(
          fc.uint8Array({ maxLength: 64 }),
          fc.tuple(fc.nat(good.length), fc.nat(255)).map(([at, value]) => {
            const damaged = Buffer.from(good);
            damaged[at] = value;
            return damaged;
          }),
        ),
        fc.boolean(),
        (kind, bytes, packed) => bench.take(packed ? compress(bytes) : bytes, kind as Publication["kind"]),
      ),
    );
  });

  it("is not unpacked beyond what a payload may have, and a node that sends bombs is soon not read any more", async () => {
    const bench = new Bench();
    const bomb = compress(new Uint8Array(16 * 1024 * 1024));
    for (let n = 0; n < 100; n++) bench.take(bomb);
    const { malformed, dropped } = bench.node.counters;
    assert.ok(malformed < 40, `${malformed} bombs were unpacked`);
    assert.equal(malformed + dropped, 100);
    assert.equal(
      bench.told(/sends more than 1024 KiB\/s, or what takes more than 50 ms\/s to read: payloads are dropped/),
      1,
    );
    await bench.clock.advance(limits.troubleSilenceMs);
    bench.report({});
    assert.equal(bench.node.counters.payloads, 1, "heard again after a while");
  });

  it("is soon not read any more where it takes long to read, however small it is", () => {
    const clock = new VirtualClock();
    let now = 0;
    clock.now = () => {
      now += 50;
      return now;
    };
    const statistics = new Statistics({ clock, log: Log.create({ name: "CLOUD", sink: () => {}, wallTime: () => 0 }) });
    for (let n = 0; n < 100; n++) statistics.take("gateway", "gw", "stats", "topic", encodeReport(emptyReport("gw")));
    const { payloads = 0, dropped = 0 } = statistics.node("gateway")?.counters ?? {};
    assert.ok(payloads > 5 && payloads < 60, `${payloads} payloads were read`);
    assert.equal(payloads + dropped, 100);
  });

  it("reaches every follower, also when one of them fails", () => {
    const bench = new Bench();
    bench.statistics.onPublication(() => {
      throw new Error("broken");
    });
    let later = 0;
    bench.statistics.onPublication(() => later++);
    bench.report({});
    assert.equal(later, 1);
    assert.equal(bench.told(/a follower of the statistics failed: broken/), 1);
  });

  it("is forgotten with its node", () => {
    const bench = new Bench();
    bench.report({});
    bench.statistics.retain((node) => node === "extender");
    assert.equal(bench.statistics.node("gateway"), undefined);
  });
});
