import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Write } from "@opensync-ts/schema/opensync";
import { channel } from "../testing/rows.ts";
import { ReportingDevice, second, survey50 } from "./testing/reporting-device.ts";

let device = new ReportingDevice();

async function start(...rows: readonly Write<"Wifi_Stats_Config">[]): Promise<void> {
  device = new ReportingDevice();
  await device.start();
  for (const row of rows) await device.want(row);
}

const off50: Write<"Wifi_Stats_Config"> = {
  ...survey50,
  survey_type: "off-chan",
  survey_interval_ms: 50,
  channel_list: [36, 44, 48],
};

describe("survey reports", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
  });

  it("have every sample of the operating channel, and their times", async () => {
    await start(survey50);
    device.occupy("wifi1", 5180, { busy: 40, tx: 10, rx: 25, self: 5 });
    await device.until(61);
    const [{ at, message } = assert.fail()] = device.of("surveys");
    assert.ok(at >= 60 * second && at < 60.1 * second);
    const { band, surveyType, reportType, timestampMs } = message;
    assert.deepEqual({ band, surveyType, reportType }, { band: "5G", surveyType: "on-chan", reportType: "raw" });
    assert.equal(timestampMs, device.clock.wallTime() - device.clock.now() + at);
    assert.ok(message.reportType !== "average");
    // The first sample has nothing to be compared with.
    assert.equal(message.samples.length, 5);
    const last = message.samples.at(-1);
    assert.deepEqual(last, {
      channel: 36,
      durationMs: 10_000,
      offsetMs: at - 60 * second,
      busyPercent: 40,
      busyTxPercent: 10,
      busyRxPercent: 25,
      busySelfPercent: 5,
      busyExtPercent: 0,
      noiseFloorDbm: -95,
      width: "80MHz",
      center0FreqMhz: 5210,
    });
    assert.deepEqual(
      message.samples.map(({ offsetMs }) => Math.round(offsetMs / second)),
      [40, 30, 20, 10, 0],
    );
    await device.until(121);
    const [, next] = device.of("surveys");
    assert.ok(next?.message.reportType === "raw" && next.message.samples.length === 6);
  });

  it("are of the radio that the row names, and of no other", async () => {
    await start(survey50, { ...survey50, radio_type: "2.4G" });
    device.occupy("wifi0", 2437, { busy: 70 });
    device.occupy("wifi1", 5180, { busy: 40 });
    await device.until(61);
    const seen = device.of("surveys").map(({ message }) => {
      assert.ok(message.reportType !== "average");
      return [message.band, ...new Set(message.samples.map((sample) => `${sample.channel} ${sample.busyPercent}`))];
    });
    assert.deepEqual(seen.sort(), [
      ["2.4G", "6 70"],
      ["5G", "36 40"],
    ]);
  });

  it("follow the operating channel", async () => {
    await start(survey50);
    device.occupy("wifi1", 5180, { busy: 40 });
    device.occupy("wifi1", 5745, { busy: 10 });
    await device.until(25);
    for (const vif of ["home-ap-50", "bhaul-ap-50"]) device.driver.changeAp(vif, { channel: channel(149, 20) });
    await device.until(61);
    const [{ message } = assert.fail()] = device.of("surveys");
    assert.ok(message.reportType !== "average");
    assert.deepEqual(
      message.samples.map(({ channel, width }) => `${channel} ${width}`),
      ["36 80MHz", "149 20MHz", "149 20MHz", "149 20MHz"],
    );
    assert.ok(message.samples.every(({ center0FreqMhz }, index) => (center0FreqMhz === undefined) === index > 0));
  });

  it("off the channel scan the list, one channel each time, but not the one in use", async () => {
    await start(off50);
    device.occupy("wifi1", 5180, { busy: 40 });
    await device.until(121);
    const scanned = device.driver.scans.map(({ at, scan }) => [
      at / second,
      ...scan.channels,
      scan.dwell,
      scan.passive,
    ]);
    assert.deepEqual(scanned.slice(0, 4), [
      [8, 5220, 50, true],
      [18, 5240, 50, true],
      [28, 5220, 50, true],
      [38, 5240, 50, true],
    ]);
    const reports = device.of("surveys").map(({ message }) => {
      assert.ok(message.reportType === "raw" && message.surveyType === "off-chan");
      return message.samples.map(({ channel, durationMs, width }) => `${channel} ${durationMs} ${width}`);
    });
    const [a, b] = ["44 50 undefined", "48 50 undefined"];
    assert.deepEqual(reports, [
      [a, b, a, b],
      [a, b, a, b, a, b],
    ]);
  });

  it("of both kinds at once are one report", async () => {
    await start({ ...off50, survey_type: "full", channel_list: [44] });
    device.occupy("wifi1", 5180, { busy: 40 });
    await device.until(61);
    const [{ message } = assert.fail(), ...others] = device.of("surveys");
    assert.deepEqual(others, []);
    assert.ok(message.reportType === "raw");
    assert.equal(message.surveyType, "full");
    assert.deepEqual([...new Set(message.samples.map(({ channel }) => channel))].sort(), [36, 44]);
  });

  it("can be averages, with what is behind them", async () => {
    await start({ ...survey50, report_type: "average" });
    const stop = device.occupy("wifi1", 5180, { busy: 40, tx: 20 });
    await device.until(30);
    stop();
    device.occupy("wifi1", 5180, { busy: 80, tx: 20 });
    await device.until(61);
    const [{ message } = assert.fail()] = device.of("surveys");
    assert.ok(message.reportType === "average");
    const [{ channel, busy, busyTx, noiseFloor } = assert.fail()] = message.averages;
    assert.deepEqual(busyTx, { average: 20, least: 20, most: 20, samples: 5 });
    assert.deepEqual(noiseFloor, { average: -95, least: -95, most: -95, samples: 5 });
    assert.equal(channel, 36);
    assert.ok(busy.least === 40 && busy.most === 80 && busy.samples === 5 && busy.average > 60, JSON.stringify(busy));
  });

  it("can be only what has changed", async () => {
    await start({ ...survey50, report_type: "diff" });
    const stop = device.occupy("wifi1", 5180, { busy: 40 });
    await device.until(150);
    assert.equal(device.of("surveys").length, 1, "nothing new at 120 s");
    stop();
    device.occupy("wifi1", 5180, { busy: 60 });
    await device.until(241);
    const busy = device
      .of("surveys")
      .map(({ message }) => message.reportType === "diff" && message.samples[0]?.busyPercent);
    assert.deepEqual(busy, [40, 60]);
  });

  it("have no sample without time spent on the channel", async () => {
    await start(survey50);
    device.driver.survey("wifi1", 5180, { active: 100, busy: 100 });
    await device.until(200);
    assert.deepEqual(device.of("surveys"), []);
  });
});
