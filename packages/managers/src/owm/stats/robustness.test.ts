import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Write } from "@opensync-ts/schema/opensync";
import { managerLimits } from "../../limits.ts";
import { channel } from "../testing/rows.ts";
import { statsLimits } from "./limits.ts";
import { ReportingDevice, second, survey50 } from "./testing/reporting-device.ts";

const types = [
  "latency",
  "neighbor",
  "survey",
  "client",
  "capacity",
  "radio",
  "essid",
  "quality",
  "device",
  "rssi",
  "steering",
  "client_auth_fails",
  "radius_stats",
] as const;

/** A sound row, with up to three columns that may be anything that the schema admits. */
function anyRow(random: SeededRandom): Write<"Wifi_Stats_Config"> {
  const one = <T>(...values: readonly T[]): T => values[random.integer(values.length)] as T;
  const strange: Write<"Wifi_Stats_Config"> = {
    stats_type: one(...types),
    radio_type: one(null, "2.4G", "5GL", "5GU", "6G"),
    survey_type: one(null, "on-chan", "off-chan", "full"),
    report_type: one(null, "raw", "average", "histogram", "percentile", "diff"),
    sampling_interval: one(-1, 0, 3_600, 2_000_000_000),
    reporting_interval: one(-1, 0, 1, 2_000_000_000),
    reporting_count: one(-1, 0, 1, 2),
    survey_interval_ms: one(null, -1, 0, 900, 20_000),
    channel_list: one([], [1, 6, 233], [233]),
    threshold: one({}, { util: 10, max_delay: 5 }, { util: 101 }, { x: 1 }, { max_delay: -1, util: 5 }),
    if_name: one([], ["br-home"]),
  };
  const columns = Object.keys(strange) as (keyof typeof strange)[];
  const chosen = Array.from({ length: random.integer(4) }, () => one(...columns));
  return {
    stats_type: one("survey", "client", "neighbor", "device", "rssi", "capacity"),
    radio_type: one("5G", "2.4G"),
    survey_type: one("on-chan", "off-chan", "full"),
    sampling_interval: one(1, 2, 5),
    reporting_interval: one(2, 5, 10),
    reporting_count: 0,
    survey_interval_ms: 50,
    channel_list: [36, 44],
    threshold: {},
    if_name: [],
    ...Object.fromEntries(chosen.map((column) => [column, strange[column]])),
  };
}

function client(n: number): Mac {
  const byte = (value: number) => (value & 255).toString(16).padStart(2, "0");
  return mac(`02:00:00:01:${byte(n >> 8)}:${byte(n)}`);
}

describe("reports", () => {
  it("go on whatever rows come, change and go, and whatever radios do meanwhile", async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const random = new SeededRandom(seed);
      const device = new ReportingDevice();
      await device.start();
      device.occupy("wifi1", 5180, { busy: 40, tx: 20, self: 10 });
      device.occupy("wifi0", 2437, { busy: 5 });
      device.driver.temperatures.set("wifi0", 50);
      device.driver.air.push({ bssid: client(9), control: 5220, snr: 20 });
      const rows: Uuid[] = [];
      for (let round = 0; round < 150; round++) {
        const row = rows[random.integer(Math.max(1, rows.length))];
        const choice = random.integer(10);
        if (row === undefined || choice < 3) rows.push(await device.want(anyRow(random)));
        else if (choice < 5) await device.update("Wifi_Stats_Config", row, anyRow(random));
        else if (choice === 5) {
          await device.delete("Wifi_Stats_Config", row);
          rows.splice(rows.indexOf(row), 1);
        } else if (choice === 6)
          device.driver.changeAp("home-ap-50", { channel: channel(random.integer(2) ? 44 : 36) });
        else if (choice === 7) device.join(client(random.integer(5)), random.integer(2) ? "home-ap-50" : "home-ap-24");
        else if (choice === 8) device.driver.leave("home-ap-50", client(random.integer(5)));
        else device.answer = random.integer(3) === 0 ? "QUEUE" : "NONE";
        await device.clock.advance(random.integer(4_000));
      }
      device.answer = "NONE";
      await device.clock.advance(statsLimits.resend);
      const messages = device.received.reduce(
        (sum, { report }) => sum + report.surveys.length + report.clients.length + report.devices.length,
        0,
      );
      assert.ok(messages > 50, `seed ${seed}: ${messages} messages`);
      assert.match(device.dump(), /ow: stats:/);
      for (const row of rows) await device.delete("Wifi_Stats_Config", row);
      const { length: polls } = device.driver.polls;
      const { length: scans } = device.driver.scans;
      await device.clock.advance(600 * second);
      assert.deepEqual(
        [device.driver.polls.length, device.driver.scans.length],
        [polls, scans],
        "nothing is left behind",
      );
      assert.doesNotMatch(device.dump(), /Wifi_Stats_Config/);
      await device.stop();
      assert.deepEqual(device.failures, [], `seed ${seed}`);
    }
  });

  it("of as many rows as the table holds are all made", async () => {
    const device = new ReportingDevice();
    await device.start();
    device.occupy("wifi1", 5180, { busy: 40 });
    await device.client.transact((transaction) => {
      for (let n = 0; n < 256; n++)
        transaction.insert("Wifi_Stats_Config", { ...survey50, threshold: { util: 5, max_delay: 60 } });
    });
    await device.until(61);
    assert.equal(device.of("surveys").length, 256);
    assert.doesNotMatch(device.dump(), /dropped/);
    assert.deepEqual(device.said("ERR"), []);
    await device.stop();
  });

  it("are asked for by rows whose problems do not fill the log, and are all in the dump", async () => {
    const device = new ReportingDevice();
    await device.start();
    for (let round = 0; round < 3; round++) {
      await device.client.transact((transaction) => {
        transaction.delete("Wifi_Stats_Config", []);
        for (let n = 0; n < 100; n++) transaction.insert("Wifi_Stats_Config", { ...survey50, survey_type: null });
      });
      await device.clock.advance(second);
    }
    const told = device.said("WARNING").filter((text) => text.startsWith("ow: conf:"));
    assert.equal(told.length, managerLimits.complaintLines + 1);
    assert.match(told.at(-1) ?? "", /more problems are not logged for a while/);
    assert.equal(device.dump().match(/problem: Wifi_Stats_Config/g)?.length, 100);
    await device.stop();
  });

  it("keep within their bounds however long they are withheld, and tell what they dropped", async () => {
    const device = new ReportingDevice();
    await device.start();
    const quiet = device.occupy("wifi1", 5180, { busy: 1 });
    const threshold = { util: 90, max_delay: 100_000 };
    await device.want({ ...survey50, sampling_interval: 1, threshold });
    await device.until(statsLimits.surveySamples + 100);
    quiet();
    device.occupy("wifi1", 5180, { busy: 100 });
    await device.clock.advance(4 * second);
    const samples = device
      .of("surveys")
      .map(({ message }) => (message.reportType === "raw" ? message.samples.length : 0));
    assert.equal(
      samples.reduce((sum, each) => sum + each, 0),
      statsLimits.surveySamples,
    );
    assert.match(device.dump(), /dropped: \d+ survey samples/);
    assert.equal(device.said("WARNING").filter((text) => text.includes("survey samples dropped")).length, 2);
    await device.stop();
  });

  it("tell when scans cannot be scheduled, and are made without", async () => {
    const device = new ReportingDevice();
    await device.start();
    const row = { ...survey50, survey_type: "full", channel_list: [44], survey_interval_ms: 50 } as const;
    await device.want({ ...row, sampling_interval: 3_000_000, reporting_interval: 3_000_000 });
    assert.match(device.said("WARNING").join("\n"), /stats_type 'survey': .*a period of 3000000000 ms is not one of/);
    assert.match(device.dump(), /survey 5G full [-0-9a-f]+: sampled every 3000000 s/);
    await device.stop();
  });
});
