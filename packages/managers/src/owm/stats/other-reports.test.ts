import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Write } from "@opensync-ts/schema/opensync";
import { statsLimits } from "./limits.ts";
import { laptop, phone, ReportingDevice, radiosUp, second } from "./testing/reporting-device.ts";

let device = new ReportingDevice();

async function start(row: Write<"Wifi_Stats_Config">): Promise<void> {
  device = new ReportingDevice();
  await device.start();
  await device.want({ radio_type: "5G", sampling_interval: 10, reporting_interval: 60, ...row });
}

async function end(): Promise<void> {
  await device.stop();
  assert.deepEqual(device.failures, []);
}

describe("device reports", () => {
  afterEach(end);

  it("have the temperature of every radio, and its transmit chains at each sample", async () => {
    device = new ReportingDevice();
    await device.start();
    await device.want({ stats_type: "device", sampling_interval: 20, reporting_interval: 60 });
    device.driver.temperatures.set("wifi0", 51.4).set("wifi1", 63.6);
    await device.until(30);
    const [wifi0 = assert.fail()] = radiosUp().phys;
    device.driver.setPhy({ ...wifi0, enabled: false });
    await device.until(61);
    const [{ at, message } = assert.fail()] = device.of("devices");
    assert.deepEqual(message.temperatures, [
      { band: "2.4G", celsius: 51 },
      { band: "5G", celsius: 64 },
    ]);
    const chains = message.thermal.map(({ txChainmasks }) => txChainmasks.map(({ mask }) => mask));
    assert.equal(chains.length, 3);
    assert.ok((chains[0]?.[0] ?? 0) > 0);
    assert.equal(chains[2]?.[0], 0, "a radio that is off sends with none");
    const epoch = device.clock.wallTime() - device.clock.now();
    assert.equal(message.timestampMs, epoch + at);
    assert.deepEqual(
      message.thermal.map(({ timestampMs }) => Math.round((timestampMs - epoch) / second)),
      [20, 40, 60],
    );
  });

  it("can be of one radio, and end after reporting_count", async () => {
    await start({ stats_type: "device", reporting_count: 2 });
    device.driver.temperatures.set("wifi0", 51).set("wifi1", 63);
    await device.until(600);
    const reports = device.of("devices").map(({ message }) => message);
    assert.equal(reports.length, 2);
    for (const { temperatures, thermal } of reports) {
      assert.deepEqual(temperatures, [{ band: "5G", celsius: 63 }]);
      assert.ok(thermal.every(({ txChainmasks }) => txChainmasks.length === 1));
    }
  });

  it("go without temperatures where the driver has none", async () => {
    await start({ stats_type: "device" });
    await device.until(190);
    const reports = device.of("devices");
    assert.equal(reports.length, 3);
    assert.ok(reports.every(({ at, message }) => at % (60 * second) < 2 * second && message.temperatures.length === 0));
  });
});

describe("rssi reports", () => {
  afterEach(end);

  const hear = async () => {
    for (const each of [phone, laptop]) device.join(each);
    for (let sample = 1; sample <= 6; sample++) {
      await device.until(sample * 10 - 5);
      device.driver.count("home-ap-50", phone, { snr: 30 + sample });
      device.driver.count("home-ap-50", laptop, { snr: 10 });
    }
    await device.until(61);
  };

  it("have the signal of each client, sample by sample", async () => {
    await start({ stats_type: "rssi" });
    await hear();
    const [{ message } = assert.fail()] = device.of("rssi");
    const { band, reportType, peers } = message;
    assert.deepEqual({ band, reportType }, { band: "5G", reportType: "raw" });
    const [first] = peers;
    assert.equal(first?.mac, "02:00:00:00:0A:01");
    assert.equal(first?.source, "CLIENT");
    assert.deepEqual(
      first?.samples.map(({ snrDb, offsetMs = 0 }) => [snrDb, Math.round(offsetMs / second)]),
      [
        [31, 50],
        [32, 40],
        [33, 30],
        [34, 20],
        [35, 10],
        [36, 0],
      ],
    );
  });

  it("can be averages", async () => {
    await start({ stats_type: "rssi", report_type: "average" });
    await hear();
    const averages = device.of("rssi")[0]?.message.peers.map(({ averageDb }) => averageDb);
    assert.deepEqual(averages, [
      { average: 34, least: 31, most: 36, samples: 6 },
      { average: 10, least: 10, most: 10, samples: 6 },
    ]);
  });
});

describe("capacity reports", () => {
  afterEach(end);

  const send = async () => {
    device.occupy("wifi1", 5180, { busy: 50, tx: 30 });
    device.join(phone);
    for (let sample = 1; sample <= 6; sample++) {
      await device.until(sample * 10 - 5);
      device.driver.count("home-ap-50", phone, { txBytes: 1_000 });
    }
    await device.until(61);
  };

  it("have the share of the time that the radio sent in each sample, and how much", async () => {
    await start({ stats_type: "capacity" });
    await send();
    const [{ message } = assert.fail()] = device.of("capacities");
    assert.equal(message.band, "5G");
    const { samples } = message;
    assert.equal(samples.length, 5);
    assert.equal(
      samples.reduce((sum, { bytesTx }) => sum + bytesTx, 0),
      6_000,
    );
    assert.ok(
      samples.every(({ busyTxPercent, sampleCount, be }) => busyTxPercent === 30 && sampleCount === 1 && be === 0),
    );
  });

  it("can be one average", async () => {
    await start({ stats_type: "capacity", report_type: "average" });
    await send();
    const [{ message } = assert.fail()] = device.of("capacities");
    const [sample, ...others] = message.samples;
    assert.deepEqual(others, []);
    assert.deepEqual([sample?.busyTxPercent, sample?.bytesTx, sample?.sampleCount], [30, 6_000, 5]);
  });
});

describe("reports of authentication failures", () => {
  afterEach(end);

  it("count them by client, and those for a wrong passphrase", async () => {
    await start({ stats_type: "client_auth_fails" });
    device.driver.refuse("home-ap-50", phone, true);
    device.driver.refuse("home-ap-50", phone, false);
    device.driver.refuse("bhaul-ap-50", laptop, true);
    device.driver.refuse("home-ap-24", laptop, true);
    await device.until(61);
    const [{ message } = assert.fail()] = device.of("authFailures");
    assert.deepEqual(message, {
      band: "5G",
      bsses: [
        { ifName: "home-ap-50", clients: [{ mac: "02:00:00:00:0A:01", authFails: 2, invalidPsk: 1 }] },
        { ifName: "bhaul-ap-50", clients: [{ mac: "02:00:00:00:0A:02", authFails: 1, invalidPsk: 1 }] },
      ],
    });
    await device.until(121);
    assert.equal(device.of("authFailures").length, 1, "nothing new, nothing told");
    device.driver.refuse("home-ap-50", phone, true);
    await device.until(181);
    assert.equal(device.of("authFailures")[1]?.message.bsses[0]?.clients[0]?.authFails, 1);
  });

  it("do not grow with the number of strangers who try", async () => {
    await start({ stats_type: "client_auth_fails" });
    for (let n = 0; n < statsLimits.authFailsPerVif + 50; n++) {
      const address = `02:00:00:01:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`;
      device.driver.refuse("home-ap-50", address as typeof phone, true);
    }
    await device.until(61);
    assert.equal(device.of("authFailures")[0]?.message.bsses[0]?.clients.length, statsLimits.authFailsPerVif);
    assert.match(device.dump(), /dropped: 50 authentication failures/);
    const told = device.said("WARNING").filter((text) => text.includes("authentication failures dropped"));
    assert.equal(told.length, 1);
  });
});
