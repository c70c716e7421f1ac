import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { Bench } from "../../testing/bench.ts";
import { owm } from "../owm.ts";
import type { Radios } from "../testing/device.ts";
import { offered, phyState } from "../testing/rows.ts";
import { client50, phone, ReportingDevice, radiosUp, second, survey50 } from "./testing/reporting-device.ts";

let device = new ReportingDevice();

async function start(radios?: Radios): Promise<void> {
  device = new ReportingDevice(radios);
  await device.start();
  device.occupy("wifi1", 5180, { busy: 40, tx: 10, self: 5 });
}

const times = () => device.of("surveys").map(({ at }) => Math.floor(at / second));

describe("Wifi_Stats_Config", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
  });

  it("is acted on from the start, when it is there already", async () => {
    device = new ReportingDevice();
    await device.want(survey50);
    await device.start();
    device.occupy("wifi1", 5180, { busy: 40 });
    await device.until(61);
    assert.deepEqual(times(), [60]);
  });

  it("reports at multiples of the reporting interval, whenever the row came", async () => {
    await start();
    await device.until(35);
    await device.want(survey50);
    await device.until(185);
    assert.deepEqual(times(), [60, 120, 180]);
  });

  it("goes off with an interval of 0 and on again without", async () => {
    await start();
    const row = await device.want(survey50);
    await device.until(61);
    for (const column of ["sampling_interval", "reporting_interval"] as const) {
      const polls = device.driver.polls.length;
      const reports = times().length;
      await device.update("Wifi_Stats_Config", row, { [column]: 0 });
      const now = device.clock.now() / second;
      await device.until(now + 300);
      assert.equal(device.driver.polls.length, polls, `${column}: nothing is asked of drivers`);
      assert.equal(times().length, reports);
      assert.match(device.dump(), new RegExp(`off, ${column} is 0`));
      await device.update("Wifi_Stats_Config", row, { [column]: survey50[column] as number });
      await device.until(now + 460);
      assert.ok(times().length > reports);
    }
  });

  it("ends with the row", async () => {
    await start();
    const row = await device.want(survey50);
    await device.until(61);
    await device.delete("Wifi_Stats_Config", row);
    const polls = device.driver.polls.length;
    await device.until(600);
    assert.deepEqual(times(), [60]);
    assert.equal(device.driver.polls.length, polls);
    assert.doesNotMatch(device.dump(), /survey 5G/);
  });

  it("takes a row that says the same again for no news", async () => {
    await start();
    const row = await device.want(survey50);
    await device.until(55);
    await device.update("Wifi_Stats_Config", row, { if_name: ["x"] });
    await device.until(61);
    const [{ message } = assert.fail()] = device.of("surveys");
    assert.ok(message.reportType === "raw" && message.samples.length === 5, "what was collected is still there");
  });

  it("begins anew with a row that says something else", async () => {
    await start();
    const row = await device.want(survey50);
    await device.until(35);
    await device.update("Wifi_Stats_Config", row, { sampling_interval: 5 });
    await device.until(61);
    const [{ message } = assert.fail()] = device.of("surveys");
    assert.ok(message.reportType === "raw");
    assert.deepEqual(
      message.samples.map(({ offsetMs }) => Math.round(offsetMs / second)),
      [15, 10, 5, 0],
    );
  });

  it("ends after reporting_count reports, and goes on when the count is raised", async () => {
    await start();
    const row = await device.want({ ...survey50, reporting_interval: 20, reporting_count: 3 });
    await device.until(200);
    assert.deepEqual(times(), [20, 40, 60]);
    assert.match(device.dump(), /survey 5G on-chan [-0-9a-f]+: all its reports are made; 3 reports/);
    await device.update("Wifi_Stats_Config", row, { reporting_count: 2 });
    await device.until(300);
    assert.deepEqual(times(), [20, 40, 60]);
    await device.update("Wifi_Stats_Config", row, { reporting_count: 5 });
    await device.until(500);
    assert.deepEqual(times(), [20, 40, 60, 320, 340]);
  });

  it("reports twice where two rows ask for the same", async () => {
    await start();
    await device.want(survey50);
    await device.want(survey50);
    await device.until(61);
    assert.deepEqual(times(), [60, 60]);
    assert.equal(device.received.length, 1, "in one payload");
  });

  it("names rows that are wrong once, and serves the others", async () => {
    await start();
    await device.want({ ...survey50, survey_type: null });
    await device.want({ ...survey50, sampling_interval: -1 });
    await device.want({ stats_type: "quality", sampling_interval: 10, reporting_interval: 60 });
    await device.want(survey50);
    await device.until(301);
    assert.deepEqual(times(), [60, 120, 180, 240, 300]);
    const said = device.said("WARNING").filter((text) => text.includes("Wifi_Stats_Config"));
    assert.deepEqual(
      said.map((text) => text.replace(/ [-0-9a-f]{36}'/, "'")),
      [
        "ow: conf: Wifi_Stats_Config 'survey 5G': survey_type '': not set, it says whether to leave the operating channel; the row is ignored",
        "ow: conf: Wifi_Stats_Config 'survey 5G on-chan': sampling_interval '-1': negative; the row is ignored",
        "ow: conf: Wifi_Stats_Config 'quality': stats_type 'quality': reports have no message of this type, signal and rates are in reports of type client; nothing is reported",
      ],
    );
    for (const text of said) assert.ok(device.dump().includes(text.replace("ow: conf: ", "problem: ")));
  });

  it("says so on a device without any radio", async () => {
    const bench = new Bench();
    const manager = await bench.start(owm);
    await bench.client.transact((transaction) => transaction.insert("Wifi_Stats_Config", survey50));
    await bench.settle();
    assert.match(manager.dump(), /radio_type '5G': no radio is of this band \(there are none\)/);
    await manager.stop();
  });

  it("says that a radio is not there, and starts when it comes", async () => {
    await start();
    await device.want({ ...survey50, radio_type: "6G" });
    await device.until(61);
    assert.match(
      device.said("WARNING").join("\n"),
      /radio_type '6G': no radio is of this band \(there are 2.4G, 5G\); nothing is collected until one is/,
    );
    const { vifs } = radiosUp();
    const six = { control: 5975, width: 20, center0: 5975, center1: 0, puncture: 0 } as const;
    device.driver.setPhy(
      phyState({
        name: "wifi2",
        mac: mac("02:00:00:00:02:00"),
        channelStates: offered("6G", 5, 21),
        capabilities: { band: "6G" },
      }),
    );
    const [template] = vifs;
    assert.ok(template?.type === "ap");
    device.driver.setVif({
      ...template,
      name: "home-ap-60",
      phy: "wifi2",
      mac: mac("02:00:00:00:02:01"),
      ap: { ...template.ap, channel: six },
    });
    device.occupy("wifi2", 5975, { busy: 5 });
    await device.until(121);
    assert.deepEqual(
      device.of("surveys").map(({ message }) => message.band),
      ["6G"],
    );
    assert.doesNotMatch(device.dump(), /no radio is of this band/);
  });

  it("knows the halves of 5 GHz on devices that split it", async () => {
    const { phys, vifs } = radiosUp();
    const lower = phys.map((phy) =>
      phy.name === "wifi1" ? { ...phy, channelStates: offered("5G", 36, 40, 44, 48) } : phy,
    );
    await start({ phys: lower, vifs });
    await device.want({ ...survey50, radio_type: "5GL" });
    await device.want(survey50);
    await device.until(61);
    assert.deepEqual(
      device.of("surveys").map(({ message }) => message.band),
      ["5GL"],
    );
  });

  it("waits for drivers that are slow to answer", async () => {
    await start();
    device.driver.answerAfter = 400;
    await device.want(survey50);
    await device.until(61);
    const [{ at, message } = assert.fail()] = device.of("surveys");
    assert.ok(at >= 60.4 * second && at < 60.9 * second, `${at}`);
    assert.ok(message.reportType === "raw" && message.samples.length === 5);
  });

  for (const came of [3, 57, 59.9]) {
    it(`has the samples of its own time in each report, also when the row came at ${came} s`, async () => {
      await start();
      device.driver.answerAfter = 400;
      await device.until(came);
      await device.want({ ...survey50, sampling_interval: 60 });
      await device.until(190);
      const samples = device
        .of("surveys")
        .flatMap(({ message }) => (message.reportType === "raw" ? message.samples : []));
      assert.equal(samples.length, 2);
      for (const { offsetMs } of samples) assert.ok(offsetMs < second, `${offsetMs} ms`);
    });
  }

  it("reports what there is when drivers do not answer any more", async () => {
    await start();
    await device.want(survey50);
    await device.until(41);
    device.driver.answerAfter = null;
    await device.until(70);
    const [{ at, message } = assert.fail()] = device.of("surveys");
    assert.ok(at < 62 * second);
    assert.ok(message.reportType === "raw" && message.samples.length === 3);
    await device.until(300);
    assert.equal(times().length, 1);
  });

  it("keeps to the grid when the wall clock is set", async () => {
    await start();
    await device.want(survey50);
    await device.until(70);
    const wallTime = device.clock.wallTime.bind(device.clock);
    device.clock.wallTime = () => wallTime() - 86_400_000;
    await device.until(121);
    assert.deepEqual(times(), [60, 120]);
    const [first, second] = device.of("surveys").map(({ message }) => message);
    assert.ok(first && second && second.timestampMs < first.timestampMs);
    assert.ok(second.reportType === "raw" && second.samples.every(({ offsetMs }) => offsetMs <= 60_000));
  });

  it("withholds reports while the channel is quiet, loses nothing, and lets them go at once", async () => {
    await start();
    await device.want({ ...survey50, threshold: { util: 50, max_delay: 3_600 } });
    await device.until(250);
    assert.deepEqual(times(), []);
    assert.match(device.dump(), /withheld by threshold/);
    device.occupy("wifi1", 5180, { busy: 100 });
    await device.until(265);
    const [{ at, message } = assert.fail(), ...others] = device.of("surveys");
    assert.deepEqual(others, []);
    assert.ok(at >= 260 * second && at < 260.2 * second, "with the sample that crossed it");
    assert.ok(message.reportType === "raw");
    assert.equal(message.samples.length, 25);
    await device.until(301);
    assert.deepEqual(times(), [260, 300]);
  });

  it("withholds reports for max_delay at most", async () => {
    await start();
    await device.want({ ...survey50, threshold: { util: 50, max_delay: 100 } });
    await device.want({ ...client50, threshold: { util: 50, max_delay: 100 } });
    device.join(phone);
    await device.until(399);
    assert.deepEqual(times(), [160, 280]);
    const clients = device.of("clients").map(({ at }) => Math.floor(at / second));
    assert.deepEqual(clients, [160]);
  });

  it("holds off scans while the radio is in use, but not their reports", async () => {
    await start();
    await device.want({
      ...survey50,
      survey_type: "off-chan",
      survey_interval_ms: 50,
      channel_list: [44],
      threshold: { util: 15, max_delay: 25 },
    });
    await device.until(121);
    // In use by 15 %, as is known from 20 s on: each waits for 25 s at least.
    const scans = device.driver.scans.map(({ at }) => at / second);
    assert.deepEqual(scans, [8, 18, 58, 98]);
    assert.equal(times()[0], 60);
  });

  it("leaves nothing behind when OWM ends", async () => {
    await start();
    await device.want(survey50);
    await device.want({ ...client50, threshold: { util: 5, max_delay: 5 } });
    await device.until(61);
    const { length } = device.received;
    await device.stop();
    const polls = device.driver.polls.length;
    await device.until(600);
    assert.equal(device.received.length, length);
    assert.equal(device.driver.polls.length, polls);
  });
});
