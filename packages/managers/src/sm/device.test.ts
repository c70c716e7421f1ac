import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SystemReading } from "@opensync-ts/target/system";
import { decodeReport } from "@opensync-ts/telemetry/report";
import { SmBench } from "./testing/rig.ts";

const everyMinute = { stats_type: "device", reporting_interval: 60 } as const;

describe("a device row", () => {
  it("reports at its interval what the machine tells, as its node", async () => {
    const bench = new SmBench();
    const machine: SystemReading = {
      load: { one: 0.5, five: 0.25, fifteen: 0.125 },
      uptimeSeconds: 77.9,
      memory: { total: 1000, used: 600, swapTotal: 10, swapUsed: 1 },
      processes: [{ pid: 7, command: "owm", started: 1, cpuTime: 0, memory: 50 }],
      fileSystems: [{ type: "rootfs", total: 10, used: 5 }],
      power: { supply: "ac", consumption: 9000 },
      fileHandles: { used: 3, total: 9 },
    };
    bench.system.answer = machine;
    delete bench.system.readThermal;
    await bench.boot([everyMinute]);
    bench.system.answer = {
      ...machine,
      processes: [{ pid: 7, command: "owm", started: 1, cpuTime: 6000, memory: 50 }],
    };
    await bench.clock.advance(66_000);
    const [{ message, at } = { message: null, at: 0 }] = bench.received;
    assert.deepEqual([message?.sender, message?.dataType, message?.topic], ["SM", "STATS", undefined]);
    assert.ok(at > 60 && at <= 65, `handed in at ${at} s`);
    const report = decodeReport(message?.data ?? new Uint8Array());
    assert.equal(report.nodeId, "0123456789AB");
    assert.deepEqual(report.devices, [
      {
        timestampMs: Date.UTC(2026, 0, 1) + 60_000,
        load: machine.load,
        uptimeSeconds: 77,
        memory: machine.memory,
        fileSystems: machine.fileSystems,
        cpuPercent: 20,
        processesByCpu: [{ pid: 7, command: "owm", use: 10 }],
        processesByMemory: [{ pid: 7, command: "owm", use: 50 }],
        power: { supply: "ac", consumption: 9000, batteryLevel: 0 },
        usedFileHandles: 3,
        totalFileHandles: 9,
        temperatures: [],
        thermal: [],
      },
    ]);
  });

  it("leaves out what the machine does not have", async () => {
    const bench = new SmBench();
    bench.parts = { system: { read: async () => ({}) } };
    await bench.boot([everyMinute]);
    await bench.clock.advance(66_000);
    assert.deepEqual(bench.takeDevices(), [
      {
        timestampMs: Date.UTC(2026, 0, 1) + 60_000,
        fileSystems: [],
        processesByCpu: [],
        processesByMemory: [],
        temperatures: [],
        thermal: [],
      },
    ]);
  });

  it("tells the use of the processors since the report before, the first since the row came", async () => {
    const bench = new SmBench();
    bench.system.work(90);
    await bench.clock.advance(100_000);
    await bench.boot();
    bench.system.work(10);
    await bench.client.transact((transaction) => transaction.insert("Wifi_Stats_Config", everyMinute));
    await bench.clock.advance(60_000);
    bench.system.work(50);
    await bench.clock.advance(66_000);
    assert.deepEqual(
      bench.takeDevices().map(({ cpuPercent }) => cpuPercent),
      [10, 50],
    );
  });

  it("is off with an interval of 0, also when it is set later, and on again with another", async () => {
    const bench = new SmBench();
    await bench.boot([{ ...everyMinute, reporting_interval: 0 }]);
    await bench.clock.advance(300_000);
    assert.equal(bench.takeDevices().length, 0);
    await bench.modify("device", { reporting_interval: 60 });
    await bench.clock.advance(126_000);
    assert.equal(bench.takeDevices().length, 2);
    await bench.modify("device", { reporting_interval: 0 });
    await bench.clock.advance(300_000);
    assert.equal(bench.takeDevices().length, 0);
    assert.deepEqual(bench.warnings(), []);
  });

  it("ends with its row", async () => {
    const bench = new SmBench();
    await bench.boot([everyMinute]);
    await bench.clock.advance(66_000);
    await bench.client.transact((transaction) => transaction.delete("Wifi_Stats_Config", []));
    bench.takeDevices();
    await bench.clock.advance(300_000);
    assert.equal(bench.takeDevices().length, 0);
  });

  it("keeps to its interval when something else of it changes", async () => {
    const bench = new SmBench();
    await bench.boot([everyMinute]);
    for (let times = 1; times <= 9; times++) {
      await bench.clock.advance(10_000);
      await bench.modify("device", { threshold: { util: 1, max_delay: times } });
    }
    assert.equal(bench.takeDevices().length, 1);
  });

  it("stops after reporting_count reports, and goes on when that is raised", async () => {
    const bench = new SmBench();
    const running = await bench.boot([{ ...everyMinute, reporting_count: 3 }]);
    await bench.clock.advance(600_000);
    assert.equal(bench.takeDevices().length, 3);
    assert.match(running.dump(), /\(over\), 3 reports \(3 of 3\)/);
    bench.system.work(70);
    await bench.modify("device", { reporting_count: 1 });
    await bench.clock.advance(600_000);
    const [report, ...others] = bench.takeDevices();
    assert.equal(others.length, 0);
    // Samples are taken again, too; what was used in between is not of this report.
    assert.deepEqual([report?.thermal.length, report?.cpuPercent], [1, 70]);
  });

  it("is not the only one: each reports", async () => {
    const bench = new SmBench();
    await bench.boot([everyMinute, { ...everyMinute, reporting_interval: 20 }, { ...everyMinute, radio_type: "5G" }]);
    await bench.clock.advance(66_000);
    assert.equal(bench.takeDevices().length, 3 + 1 + 1);
  });

  it("hands in within a tenth of the shortest interval", async () => {
    const bench = new SmBench();
    await bench.boot([
      { ...everyMinute, reporting_interval: 10 },
      { ...everyMinute, reporting_interval: 3_600 },
    ]);
    await bench.clock.advance(11_000);
    assert.deepEqual(
      bench.received.map(({ at }) => at),
      [11],
    );
  });
});

describe("the threshold of a device row", () => {
  const row = { ...everyMinute, reporting_interval: 10, threshold: { util: 30, max_delay: 25 } } as const;

  it("holds reports back while the processors are used less, for max_delay at most", async () => {
    const bench = new SmBench();
    await bench.boot([row]);
    await bench.clock.advance(80_000);
    // Held at 10, 20, 30, sent at 35; held at 40, 50, 60, sent at 65.
    assert.deepEqual(
      bench.takeDevices().map(({ timestampMs, cpuPercent }) => [timestampMs - Date.UTC(2026, 0, 1), cpuPercent]),
      [
        [35_000, 20],
        [65_000, 20],
      ],
    );
  });

  it("lets them go as soon as the processors are used more", async () => {
    const bench = new SmBench();
    await bench.boot([row]);
    await bench.clock.advance(10_000);
    bench.system.work(40);
    await bench.clock.advance(21_000);
    assert.deepEqual(
      bench.takeDevices().map(({ timestampMs, cpuPercent }) => [timestampMs - Date.UTC(2026, 0, 1), cpuPercent]),
      [
        [20_000, 30],
        [30_000, 40],
      ],
    );
  });

  it("holds nothing back where the use is not known", async () => {
    const bench = new SmBench();
    bench.parts = { system: { read: async () => ({ uptimeSeconds: 1 }) } };
    await bench.boot([row]);
    await bench.clock.advance(21_000);
    assert.equal(bench.takeDevices().length, 2);
  });
});

describe("thermal samples of a device row", () => {
  it("come every sampling_interval, a minute without, and go with the next report", async () => {
    const bench = new SmBench();
    bench.system.thermal = { fanRpm: 1_500, fanDutyCyclePercent: 30, leds: [{ position: 1, value: 2 }] };
    await bench.boot([{ ...everyMinute, reporting_interval: 150, sampling_interval: 20 }]);
    await bench.clock.advance(160_000);
    const [report] = bench.takeDevices();
    const epoch = Date.UTC(2026, 0, 1);
    assert.deepEqual(
      report?.thermal.map(({ timestampMs }) => timestampMs - epoch),
      [20_000, 40_000, 60_000, 80_000, 100_000, 120_000, 140_000],
    );
    assert.deepEqual(report?.thermal[0], {
      timestampMs: epoch + 20_000,
      fanRpm: 1_500,
      fanDutyCyclePercent: 30,
      txChainmasks: [],
      leds: [{ position: 1, value: 2 }],
    });
    await bench.modify("device", { sampling_interval: 0 });
    await bench.clock.advance(150_000);
    // One more of those before, then one a minute.
    assert.ok([2, 3].includes(bench.takeDevices()[0]?.thermal.length ?? 0));
  });

  it("are kept up to a bound, the newest", async () => {
    const bench = new SmBench();
    const running = await bench.boot([{ ...everyMinute, reporting_interval: 1_000, sampling_interval: 1 }]);
    await bench.clock.advance(1_006_000);
    const [report] = bench.takeDevices();
    assert.equal(report?.thermal.length, 256);
    assert.ok((report?.thermal[0]?.timestampMs ?? 0) > (report?.timestampMs ?? 0) - 260_000);
    assert.match(running.dump(), /74[34] dropped/);
  });
});

describe("time stamps of reports", () => {
  const stamps = (bench: SmBench) => bench.takeDevices().map(({ timestampMs }) => timestampMs - Date.UTC(2026, 0, 1));

  it("do not follow a clock that is adjusted a little", async () => {
    const bench = new SmBench();
    await bench.boot([everyMinute]);
    bench.clock.offset = 1_900;
    await bench.clock.advance(66_000);
    assert.deepEqual(stamps(bench), [60_000]);
  });

  it("follow a clock that is set, in both directions, with the samples of before", async () => {
    const bench = new SmBench();
    const running = await bench.boot([{ ...everyMinute, sampling_interval: 45 }]);
    await bench.clock.advance(50_000);
    bench.clock.offset = 3_600_000;
    await bench.clock.advance(16_000);
    const [report] = bench.takeDevices();
    assert.equal((report?.timestampMs ?? 0) - Date.UTC(2026, 0, 1), 3_660_000);
    assert.equal((report?.timestampMs ?? 0) - (report?.thermal[0]?.timestampMs ?? 0), 15_000);
    bench.clock.offset = -3_600_000;
    await bench.clock.advance(60_000);
    assert.deepEqual(stamps(bench), [120_000 - 3_600_000]);
    assert.match(running.dump(), /wall clock: set 2 times/);
  });

  it("stay reports: a clock that was set delays none and repeats none", async () => {
    const bench = new SmBench();
    await bench.boot([everyMinute]);
    for (const offset of [86_400_000, -86_400_000, 0, 5_000]) {
      bench.clock.offset = offset;
      await bench.clock.advance(60_000);
    }
    await bench.clock.advance(6_000);
    assert.equal(bench.takeDevices().length, 4);
  });
});

describe("a machine that cannot be read", () => {
  it("costs a report, one line a minute, and nothing else", async () => {
    const bench = new SmBench();
    const running = await bench.boot([{ ...everyMinute, reporting_interval: 10 }]);
    bench.system.answer = new Error("no /proc");
    await bench.clock.advance(60_000);
    bench.system.answer = {};
    await bench.clock.advance(16_000);
    assert.equal(bench.takeDevices().length, 1);
    assert.equal(bench.warnings().length, 1);
    assert.match(
      bench.warnings()[0] ?? "",
      /^sm: Wifi_Stats_Config device [0-9a-f-]{36}: no \/proc; a report is left out$/,
    );
    assert.match(running.dump(), /6 looks failed/);
    assert.deepEqual(bench.failures, []);
  });

  it("is not asked again while it does not answer", async () => {
    const bench = new SmBench();
    bench.system.answer = null;
    await bench.boot([
      { ...everyMinute, reporting_interval: 1 },
      { ...everyMinute, reporting_interval: 1 },
    ]);
    await bench.clock.advance(100_000);
    assert.equal(bench.system.reads, 1);
    assert.equal(bench.takeDevices().length, 0);
    assert.match(bench.warnings()[0] ?? "", /no answer within 5000 ms/);
  });

  it("and one that there is not is said once, for all rows", async () => {
    const bench = new SmBench();
    bench.parts = {};
    await bench.boot([everyMinute, { ...everyMinute, reporting_interval: 5 }]);
    await bench.clock.advance(300_000);
    assert.deepEqual(bench.warnings(), ["sm: target fake tells nothing of its machine: no device reports"]);
    assert.equal(bench.takeDevices().length, 0);
  });
});
