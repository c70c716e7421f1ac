import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLogLevels } from "@opensync-ts/base/log";
import { compress, decompress, isCompressed } from "@opensync-ts/telemetry/payload";
import { decodeReport, emptyReport, encodeReport } from "@opensync-ts/telemetry/report";
import { channelsOf, QmBench, settings, survey, texts } from "./testing/qm-bench.ts";

/** Bytes that no compression makes smaller. */
function noise(size: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

describe("QM publishes", () => {
  it("as the unit, with TLS, on port 8883, unless told otherwise", async () => {
    const bench = await QmBench.start();
    assert.deepEqual(bench.broker.attempts, [
      { address: { host: "broker.example.com", port: 8883, tls: true }, clientId: "0123456789AB" },
    ]);
    assert.equal(bench.dumped("connection"), "CONNECTED");
  });

  it("all statistics of an interval as one report, before the other messages", async () => {
    const bench = await QmBench.start();
    for (const channel of [1, 6]) assert.equal(bench.send({ dataType: "STATS", data: survey(channel) }), "NONE");
    bench.send({ topic: "other", data: Buffer.from("raw") });
    bench.send({ dataType: "STATS", data: survey(11, "another") });
    await bench.clock.advance(9_999);
    assert.equal(bench.broker.received.length, 0);
    await bench.clock.advance(1);
    const [report, other, ...more] = bench.broker.received;
    assert.deepEqual([report?.topic, report?.qos, other?.topic, more], ["stats/gw", 0, "other", []]);
    assert.deepEqual(channelsOf(report?.payload), [1, 6, 11]);
    assert.equal(decodeReport(report?.payload ?? new Uint8Array()).nodeId, "gw");
    assert.equal(bench.dumped("queue"), "0 messages, 0 bytes, 0 dropped");
    assert.deepEqual([bench.counter("sent"), bench.counter("accepted")], [2, 4]);
  });

  it("every 60 s where no interval is set, and by a new one as soon as it is set", async () => {
    const bench = await QmBench.start({ broker: "b", topics: "t" });
    bench.send();
    await bench.clock.advance(59_999);
    assert.equal(bench.broker.received.length, 0);
    await bench.clock.advance(1);
    assert.equal(bench.broker.received.length, 1);
    bench.send();
    await bench.configure({ broker: "b", topics: "t", agg_stats_interval: "5" });
    await bench.clock.advance(5_000);
    assert.equal(bench.broker.received.length, 2);
  });

  it("with the configured QoS and compression, and with those of a message that has its own", async () => {
    const bench = await QmBench.start({ ...settings, qos: "1", compress: "zlib" });
    bench.send({ data: Buffer.from("as configured") });
    bench.send({ data: Buffer.from("plain"), compression: "disable", qos: 2 });
    bench.send({ dataType: "STATS", data: survey(1) });
    bench.send({ dataType: "STATS", data: survey(6), qos: 2 });
    await bench.clock.advance(10_000);
    const shown = bench.broker.received.map(({ payload, qos }) => [qos, isCompressed(payload)]);
    assert.deepEqual(shown, [
      [1, true],
      [2, true],
      [1, true],
      [2, false],
    ]);
    assert.equal(
      Buffer.from(decompress(bench.broker.received[2]?.payload ?? new Uint8Array())).toString(),
      "as configured",
    );
    await bench.configure(settings);
    bench.send({ data: Buffer.from("squeezed"), compression: "force" });
    await bench.clock.advance(10_000);
    assert.deepEqual(bench.broker.received.at(-1)?.payload, compress(Buffer.from("squeezed")));
  });

  it("the power mode that Node_Config says", async () => {
    const bench = await QmBench.start();
    const row = { module: "QM", key: "power_mode", value: "battery" };
    await bench.client.transact((transaction) => transaction.insert("Node_Config", row));
    await bench.client.transact((transaction) =>
      transaction.insert("Node_Config", { ...row, module: "SM", value: "x" }),
    );
    bench.send({ dataType: "STATS", data: survey(1) });
    await bench.clock.advance(10_000);
    const [sent] = bench.broker.received;
    assert.equal(decodeReport(sent?.payload ?? new Uint8Array()).powerMode, "battery");
  });

  it("the node's name of mqtt_headers in reports, and both headers in JSON objects that lack them", async () => {
    const bench = await QmBench.start();
    const headers = { nodeId: "N1", locationId: 'L"1' };
    await bench.client.transact((transaction) => transaction.update("AWLAN_Node", [], { mqtt_headers: headers }));
    bench.send({ dataType: "STATS", data: survey(1) });
    for (const text of ['{ "a": 1 }', "{}", '{"nodeId":"own","locationId":"own"}', "[1]", "no JSON {", "{broken"]) {
      bench.send({ dataType: "TEXT", data: Buffer.from(text) });
    }
    bench.send({ dataType: "RAW", data: Buffer.from("{}") });
    await bench.clock.advance(10_000);
    const [report, ...others] = texts(bench);
    assert.ok(report?.includes("N1"));
    assert.deepEqual(others, [
      '{"nodeId":"N1","locationId":"L\\"1","a": 1 }',
      '{"nodeId":"N1","locationId":"L\\"1"}',
      '{"nodeId":"own","locationId":"own"}',
      "[1]",
      "no JSON {",
      "{broken",
      "{}",
    ]);
  });

  it("a report of 200 KiB in parts that brokers take", async () => {
    const bench = await QmBench.start();
    const neighbors = Array.from({ length: 100 }, (_, index) => ({
      bssid: `00:00:00:00:00:${index}`,
      ssid: "",
      channel: 1,
      width: "20MHz" as const,
      beaconIes: noise(2_048),
    }));
    const data = encodeReport({
      ...emptyReport("gw"),
      neighbors: [{ band: "2.4G", scanType: "on-chan", timestampMs: 1, reportType: "raw", bsses: neighbors }],
    });
    assert.ok(data.length > 200 * 1024);
    assert.equal(bench.send({ dataType: "STATS", data }), "NONE");
    await bench.clock.advance(10_000);
    const parts = bench.broker.received.map(({ payload }) => payload);
    assert.equal(parts.length, 2);
    assert.ok(parts.every((part) => part.length <= 128 * 1024));
    const found = parts.flatMap((part) => decodeReport(part).neighbors.flatMap(({ bsses }) => bsses));
    assert.equal(found.length, 100);
  });

  it("not what is no report, nor a record that no broker takes: counted, and told once", async () => {
    const bench = await QmBench.start();
    const beacon = {
      bssid: "00:00:00:00:00:01",
      ssid: "",
      channel: 1,
      width: "20MHz" as const,
      beaconIes: noise(150_000),
    };
    const data = encodeReport({
      ...emptyReport("gw"),
      neighbors: [{ band: "2.4G", scanType: "on-chan", timestampMs: 1, reportType: "raw", bsses: [beacon] }],
    });
    bench.send({ dataType: "STATS", data });
    for (let count = 0; count < 3; count++) bench.send({ dataType: "STATS", data: Buffer.from("garbage") });
    await bench.clock.advance(10_000);
    assert.deepEqual(
      [bench.counter("undecodable"), bench.counter("oversized"), bench.broker.received.length],
      [3, 1, 0],
    );
    assert.equal(bench.logged(/report of 'test' dropped: no sts.Report/).length, 1);
    assert.equal(bench.logged(/record of 'neighbors' is dropped: 150\d+ bytes.* compress to zlib/).length, 1);
    await bench.clock.advance(60_000);
    bench.send({ dataType: "STATS", data: Buffer.from("garbage") });
    await bench.clock.advance(10_000);
    assert.match(bench.logged(/no sts.Report/)[1] ?? "", /\(and 2 times since the line before\)/);
  });
});

describe("the settings", () => {
  it("reconnect at once when the broker changes, and not when something else does", async () => {
    const bench = await QmBench.start();
    await bench.configure({ ...settings, qos: "1", compress: "zlib" });
    assert.equal(bench.broker.attempts.length, 1);
    await bench.configure({ ...settings, broker: "other" });
    await bench.configure({ ...settings, broker: "other", port: "9883" });
    assert.deepEqual(
      bench.broker.attempts.map(({ address: { host, port } }) => `${host}:${port}`),
      ["broker.example.com:8883", "other:8883", "other:9883"],
    );
    await bench.configure({});
    assert.equal(bench.dumped("connection"), "NO_CONF");
    assert.ok(!bench.broker.isConnected);
  });

  it("that are wrong are told once each, and again only after they were right", async () => {
    const bench = await QmBench.start({ ...settings, qos: "9" });
    await bench.configure({ ...settings, qos: "9", remote_log: "5" });
    assert.equal(bench.logged(/qos '9'/).length, 1);
    await bench.configure(settings);
    await bench.configure({ ...settings, qos: "9" });
    assert.equal(bench.logged(/qos '9'/).length, 2);
    assert.match(bench.qm.dump(), /mqtt_settings: qos '9'/);
  });

  it("without TLS are warned of at each connection", async () => {
    const bench = await QmBench.start({ ...settings, tls: "false", port: "1883" });
    assert.deepEqual(bench.broker.attempts[0]?.address, { host: "broker.example.com", port: 1883, tls: false });
    assert.equal(bench.logged(/tcp:broker.example.com:1883: without TLS: whoever is on the way/).length, 1);
  });

  it("that end with the row end the connection", async () => {
    const bench = await QmBench.start();
    await bench.client.transact((transaction) => transaction.delete("AWLAN_Node", []));
    await bench.settle();
    assert.equal(bench.dumped("connection"), "NO_CONF");
  });
});

describe("the remote log", () => {
  const line = (bench: QmBench, text: string) =>
    bench.remoteLog.sink({ time: 0, severity: "INFO", name: "OW", module: "MAIN", text });

  it("goes to log/ID every remote_log seconds, uncompressed, with QoS 0", async () => {
    const bench = await QmBench.start({ ...settings, remote_log: "4", qos: "1", compress: "zlib" });
    line(bench, "first\nline");
    line(bench, "second");
    assert.equal(bench.send({ dataType: "LOG", data: Buffer.from("of a process\n\0") }), "NONE");
    await bench.clock.advance(4_000);
    const [sent] = bench.broker.received;
    assert.deepEqual([sent?.topic, sent?.qos], ["log/0123456789AB", 0]);
    assert.equal(
      texts(bench)[0],
      "[    0] 1970-01-01 00:00:00.000 OW: MAIN: first\\nline\n[    0] 1970-01-01 00:00:00.000 OW: MAIN: second\nof a process",
    );
    await bench.clock.advance(8_000);
    assert.equal(bench.broker.received.length, 1);
  });

  it("has no lines about its own publication, which would never end", async () => {
    const bench = await QmBench.start({ ...settings, remote_log: "4" });
    bench.log.setRemoteLevels(parseLogLevels("TRACE"));
    bench.log.setLevels(parseLogLevels("TRACE"));
    const before = bench.logged(/./).length;
    line(bench, "something");
    await bench.clock.advance(4_000);
    assert.deepEqual([bench.broker.received.length, bench.logged(/./).length], [1, before]);
  });

  it("ends when it is switched off, and goes on when it is switched on again with the same interval", async () => {
    const bench = await QmBench.start({ ...settings, remote_log: "4" });
    await bench.configure(settings);
    line(bench, "off");
    await bench.clock.advance(8_000);
    await bench.configure({ ...settings, remote_log: "4" });
    line(bench, "on");
    await bench.clock.advance(4_000);
    assert.deepEqual([texts(bench).length, texts(bench)[0]?.endsWith(": on")], [1, true]);
    assert.equal(bench.dumped("log"), "0 bytes, 1 lines dropped");
  });

  it("keeps its lines over a broken connection, and has at most 1023 characters in one", async () => {
    const bench = await QmBench.start({ ...settings, remote_log: "4" });
    bench.broker.confirms = false;
    line(bench, "x".repeat(5_000));
    await bench.clock.advance(4_000);
    bench.broker.hangUp();
    bench.broker.confirms = true;
    await bench.clock.advance(10_000);
    assert.deepEqual([texts(bench).length, texts(bench)[0]?.length], [1, 1_022]);
  });
});

describe("a QM that stops", () => {
  it("leaves the broker, says what is left, and takes nothing more", async () => {
    const bench = await QmBench.start();
    bench.send();
    await bench.qm.stop();
    assert.ok(!bench.broker.isConnected);
    assert.equal(bench.send(), "CONNECT");
    assert.equal(bench.logged(/1 messages that were not published end with QM/).length, 1);
    bench.remoteLog.sink({ time: 0, severity: "INFO", name: "OW", module: "MAIN", text: "nowhere" });
    await bench.clock.advance(60 * 60_000);
    assert.deepEqual([bench.broker.attempts.length, bench.broker.received.length, bench.failures], [1, 0, []]);
  });
});
