import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reading, SmBench } from "./testing/rig.ts";

const anyUuid = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

describe("SM", () => {
  it("has nothing to say to rows of others, and does nothing for them", async () => {
    const bench = new SmBench();
    await bench.boot(
      (["survey", "client", "neighbor", "steering", "rssi"] as const).map((stats_type) => ({
        stats_type,
        reporting_interval: 1,
        sampling_interval: 1,
        report_type: "percentile",
      })),
    );
    await bench.clock.advance(60_000);
    assert.deepEqual([bench.received, bench.warnings(), bench.system.reads, bench.latency.started], [[], [], 0, 0]);
  });

  it("names a bad row by type, uuid and what is wrong, once, and serves the others", async () => {
    const bench = new SmBench();
    await bench.boot([
      { stats_type: "device", reporting_interval: -7 },
      { stats_type: "device", reporting_interval: 60 },
    ]);
    await bench.client.transact((t) => t.update("AWLAN_Node", [], { mqtt_topics: { Latency: "other" } }));
    await bench.clock.advance(66_000);
    assert.equal(bench.takeDevices().length, 1);
    const [line, ...others] = bench.warnings();
    assert.equal(others.length, 0);
    assert.equal(
      line?.replace(anyUuid, "UUID"),
      "sm: Wifi_Stats_Config device UUID: reporting_interval -7 is negative; the row is off, use 0 for that or a number of seconds",
    );
    assert.match(line ?? "", new RegExp(bench.row("Wifi_Stats_Config", (row) => row.reporting_interval === -7)._uuid));
  });

  it("follows a row that changes its type", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => [reading()];
    await bench.boot([{ stats_type: "device", reporting_interval: 10, sampling_interval: 10 }]);
    await bench.clock.advance(15_000);
    assert.equal(bench.takeDevices().length, 1);
    await bench.modify("device", { stats_type: "latency" });
    await bench.clock.advance(13_000);
    assert.equal(bench.takeLatency().length, 1);
    await bench.modify("latency", { stats_type: "survey" });
    await bench.clock.advance(60_000);
    assert.equal(bench.received.length, 0);
    assert.equal(bench.latency.stopped, 1);
  });

  it("keeps reports while there is no QM, up to a bound", async () => {
    const bench = new SmBench();
    const running = await bench.boot([{ stats_type: "device", reporting_interval: 1 }]);
    bench.error = "CONNECT";
    await bench.clock.advance(50_000);
    assert.match(running.dump(), /30 waiting, 0 sent, 20 dropped/);
    bench.error = "NONE";
    await bench.clock.advance(1_000);
    assert.ok(bench.takeDevices().length >= 30);
  });

  it("ends without a timer, a read or a report after it", async () => {
    const bench = new SmBench();
    const running = await bench.boot([{ stats_type: "device", reporting_interval: 1 }]);
    await bench.clock.advance(1_500);
    await running.stop();
    const { reads } = bench.system;
    bench.received.length = 0;
    await bench.clock.advance(600_000);
    assert.deepEqual([bench.received, bench.system.reads], [[], reads]);
  });

  it("is told in its dump: system, queue, rows, problems", async () => {
    const bench = new SmBench();
    bench.system.answer = { uptimeSeconds: 5 };
    const running = await bench.boot([
      { stats_type: "device", reporting_interval: 60, report_type: "diff" },
      { stats_type: "latency", reporting_interval: 60, sampling_interval: 10 },
    ]);
    await bench.clock.advance(66_000);
    assert.equal(
      running.dump().replace(anyUuid, "UUID"),
      [
        "system: cpu uptimeSeconds",
        "wall clock: set 0 times",
        "outgoing: 0 waiting, 1 sent, 0 dropped, 0 refused, every 5000 ms",
        "complaints: 1",
        "rows:",
        "  Wifi_Stats_Config device UUID: every 60 s, 1 reports, 0 looks failed, 0 thermal samples (every 60 s, 0 dropped)",
        "  Wifi_Stats_Config latency UUID: polled every 10 s, merge, every 60 s, 0 reports, 6 polls, 0 failed, 0 readings of no sense, 0 hosts too many, 0 samples dropped",
        "problems:",
        "  Wifi_Stats_Config device UUID: report_type diff is not offered here; raw it is",
      ].join("\n"),
    );
  });

  it("survives whatever rows come and go while reports are under way", async () => {
    const bench = new SmBench();
    bench.latency.answer = () => [reading()];
    const running = await bench.boot();
    for (let step = 0; step < 300; step++) {
      const n = bench.random.integer(8);
      await bench.client.transact((transaction) => {
        if (n < 4) {
          transaction.insert("Wifi_Stats_Config", {
            stats_type: n % 2 ? "device" : "latency",
            reporting_interval: bench.random.integer(5) - 1,
            sampling_interval: bench.random.integer(4) - 1,
            reporting_count: bench.random.integer(4) - 1,
            threshold: { util: bench.random.integer(130) - 10, max_delay: bench.random.integer(5) - 1 },
          });
        } else if (n < 6) {
          const stats_type = n % 2 ? "device" : "latency";
          transaction.update("Wifi_Stats_Config", [], { stats_type, reporting_interval: bench.random.integer(4) });
        } else if (n === 6) {
          transaction.delete("Wifi_Stats_Config", [["reporting_interval", "==", bench.random.integer(4)]]);
        }
      });
      bench.clock.offset += (bench.random.integer(3) - 1) * 5_000;
      await bench.clock.advance(bench.random.integer(2_000));
    }
    assert.deepEqual(bench.failures, []);
    await bench.client.transact((transaction) => transaction.delete("Wifi_Stats_Config", []));
    await bench.clock.advance(10_000);
    bench.received.length = 0;
    await bench.clock.advance(100_000);
    assert.equal(bench.received.length, 0);
    assert.equal(bench.latency.started, bench.latency.stopped);
    assert.match(running.dump(), /outgoing: 0 waiting/);
  });
});
