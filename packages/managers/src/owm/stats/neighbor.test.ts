import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Write } from "@opensync-ts/schema/opensync";
import type { HeardBss } from "@opensync-ts/target/driver";
import { ReportingDevice, second } from "./testing/reporting-device.ts";

let device = new ReportingDevice();

async function start(row: Write<"Wifi_Stats_Config">): Promise<void> {
  device = new ReportingDevice();
  await device.start();
  await device.want({ ...neighbor50, ...row });
}

const neighbor50: Write<"Wifi_Stats_Config"> = {
  stats_type: "neighbor",
  radio_type: "5G",
  survey_type: "on-chan",
  sampling_interval: 10,
  reporting_interval: 60,
};
const scanning = { survey_type: "off-chan", survey_interval_ms: 50, channel_list: [44, 48] } as const;

function bss(number: number, control: number, more: Partial<HeardBss> = {}): HeardBss {
  const ssid = new TextEncoder().encode(`net ${number}`);
  return { bssid: mac(`0A:00:00:00:00:0${number}`), control, width: 20, snr: 20 + number, ssid, ...more };
}

/** Of each report: when, and whom it names. */
function told(): readonly (readonly [number, ...string[]])[] {
  return device
    .of("neighbors")
    .map(({ at, message }) => [
      Math.floor(at / second),
      ...message.bsses.map(({ ssid, channel, status }) => `${ssid} ${channel}${status ? ` ${status}` : ""}`),
    ]);
}

describe("neighbor reports", () => {
  afterEach(async () => {
    await device.stop();
    assert.deepEqual(device.failures, []);
  });

  it("name who is heard on the operating channel, without any scan", async () => {
    await start({});
    const beacon = Uint8Array.of(0, 2, 104, 105);
    device.driver.air.push(bss(1, 5180, { width: 80, ies: beacon }), bss(2, 5220));
    await device.until(61);
    const [{ message } = assert.fail()] = device.of("neighbors");
    const { band, scanType, reportType, timestampMs } = message;
    assert.deepEqual({ band, scanType, reportType }, { band: "5G", scanType: "on-chan", reportType: "raw" });
    assert.ok(Math.abs(timestampMs - device.clock.wallTime()) < 2 * second);
    assert.deepEqual(message.bsses, [
      { bssid: "0a:00:00:00:00:01", ssid: "net 1", channel: 36, width: "80MHz", snrDb: 21, beaconIes: beacon },
    ]);
    assert.deepEqual(device.driver.scans, []);
  });

  it("name who is heard on the channels that are scanned", async () => {
    await start(scanning);
    device.driver.air.push(bss(1, 5180), bss(2, 5220), bss(3, 5240, { width: "80p80" }), bss(4, 5745));
    await device.until(61);
    assert.deepEqual(told(), [[60, "net 2 44", "net 3 48"]]);
    assert.equal(device.of("neighbors")[0]?.message.bsses[1]?.width, "80+80MHz");
  });

  it("of both kinds at once are one report", async () => {
    await start({ ...scanning, survey_type: "full" });
    device.driver.air.push(bss(1, 5180), bss(2, 5220));
    await device.until(61);
    const [, , ...others] = told();
    assert.deepEqual(others, []);
    assert.deepEqual([...(told()[0] ?? [])].sort(), [60, "net 1 36", "net 2 44"]);
    assert.equal(device.of("neighbors")[0]?.message.scanType, "full");
  });

  it("show hidden networks without a name, and what is no UTF-8 as well as can be", async () => {
    await start({});
    device.driver.air.push(bss(1, 5180, { ssid: new Uint8Array() }), bss(2, 5180, { ssid: Uint8Array.of(0xff, 0x41) }));
    await device.until(61);
    const names = device.of("neighbors")[0]?.message.bsses.map(({ ssid }) => ssid);
    assert.deepEqual(names, ["", "\ufffdA"]);
  });

  it("can have the average signal of a reporting interval", async () => {
    await start({ report_type: "average" });
    for (let sample = 1; sample <= 6; sample++) {
      await device.until(sample * 10 - 5);
      device.driver.air.splice(0, 1, bss(1, 5180, { snr: 10 * sample }));
    }
    await device.until(61);
    const [{ message } = assert.fail()] = device.of("neighbors");
    assert.equal(message.reportType, "average");
    assert.equal(message.bsses[0]?.snrDb, 35);
  });

  it("can be differences: who came, changed, or was not heard where the radio listened", async () => {
    await start({ ...scanning, report_type: "diff" });
    device.driver.air.push(bss(1, 5220), bss(2, 5240));
    await device.until(121);
    assert.deepEqual(told(), [[60, "net 1 44 ADDED", "net 2 48 ADDED"]]);
    device.driver.air.splice(1, 1, bss(3, 5240));
    await device.until(181);
    assert.deepEqual(told().at(-1), [180, "net 3 48 ADDED", "net 2 48 REMOVED"]);
    device.driver.air.splice(0, 1, bss(1, 5240));
    await device.until(241);
    assert.deepEqual(told().at(-1), [240, "net 1 48 ADDED"]);
    await device.until(301);
    assert.equal(told().length, 3);
  });

  it("of differences take nobody for gone whose channel was not listened to", async () => {
    await start({ ...scanning, report_type: "diff", sampling_interval: 50 });
    device.driver.air.push(bss(1, 5220), bss(2, 5240));
    // One channel each 50 s: in some reporting intervals only one of the two.
    await device.until(600);
    const all = told().flatMap(([, ...names]) => names);
    assert.deepEqual(all.sort(), ["net 1 44 ADDED", "net 2 48 ADDED"]);
  });

  it("are silent when nobody is heard", async () => {
    await start({});
    await device.until(200);
    assert.deepEqual(told(), []);
  });
});
