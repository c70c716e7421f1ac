/** Scans from end to end: a world with neighbours, a simulated radio, the wireless core, and what its subscribers are told. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { channelOf } from "@opensync-ts/target/channels";
import { openWpa } from "@opensync-ts/target/plain-ap";
import { FaultSwitch } from "@opensync-ts/target-sim/faults";
import { interfaceMac } from "@opensync-ts/target-sim/identity";
import { deviceModel } from "@opensync-ts/target-sim/models";
import { SimRadioDriver } from "@opensync-ts/target-sim/radio-driver";
import { regulationOf } from "@opensync-ts/target-sim/regulatory";
import type { ScanSchedule } from "@opensync-ts/wireless/contract";
import type { StatsName } from "@opensync-ts/wireless/stats/definitions";
import { startWireless } from "@opensync-ts/wireless/wireless";
import type { InterfererSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";

const second = 1_000;

const neighbours: readonly InterfererSpec[] = [
  { control: 2412, last: 1, airtime: 0.3 },
  { control: 2462, last: 2, airtime: 0.1 },
].map(({ control, last, airtime }) => ({
  name: `neighbour ${last}`,
  place: { x: 8, y: last },
  band: "2.4G",
  segments: [control],
  power: 20,
  airtime,
  bssid: `02:00:00:00:0a:0${last}`,
  ssid: `neighbour ${last}`,
}));

/** A gateway on channel 6, in a house where somebody types a wrong key. */
async function home() {
  const clock = new VirtualClock();
  const stranger = {
    name: "stranger",
    mac: "02:00:00:00:00:09",
    place: { x: 3, y: 0 },
    networks: [{ ssid: "home", psk: "wrong horse" }],
  };
  const world = new World({ clock, seed: 1, spec: { interferers: neighbours, clients: [stranger] } });
  world.addSite("gw", { x: 0, y: 0 });
  const faults = new FaultSwitch({ random: new SeededRandom("faults"), clock });
  const driver = new SimRadioDriver({
    ...{ world, clock, faults, site: "gw" },
    radios: deviceModel("gateway").radios,
    macOf: (index) => interfaceMac("gw", index),
    regulation: regulationOf("US"),
  });
  const ring = new LogRing(2_000);
  const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => clock.wallTime() });
  const wireless = startWireless({ drivers: [driver], clock, log });
  const refused: string[] = [];
  wireless.state.events.on("authFailed", ({ phy, vif, station, invalidPsk }) =>
    refused.push([phy, vif, station, invalidPsk].join(" ")),
  );
  const wpa = { ...openWpa, rsn: true, akm: ["psk" as const], pairwise: ["ccmp" as const] };
  wireless.overrides.setVif("wifi0", "home-ap-24", {
    enabled: true,
    ap: { ssid: "home", wpa, psks: [{ keyId: 1, psk: "correct horse" }] },
  });
  await clock.advance(second / 2);
  const schedule = (more: Partial<ScanSchedule> = {}) =>
    wireless.startScanSchedule({
      name: "test",
      phy: "wifi0",
      channels: [2412, 2437, 2462],
      period: 10 * second,
      offset: 9 * second,
      dwell: 50,
      mode: "round robin",
      ...more,
    });
  /** `second what`, for each record about something else than the channel in use. */
  const heard: string[] = [];
  const listen = (stats: readonly StatsName[], poll = 10 * second) =>
    wireless.stats.subscribe({
      name: "test",
      stats,
      pollPeriod: poll,
      reportPeriod: 10 * second,
      report: (records) => {
        for (const record of records) {
          const at = clock.now() / second;
          if (record.stats === "BSS_SCAN") {
            const { ssid = [], freq_mhz, width_mhz, snr_db = 0 } = record.data;
            assert.ok(snr_db > 10 && snr_db < 70);
            heard.push(`${at} ${Buffer.from(ssid)} on ${freq_mhz}/${width_mhz}`);
          }
          if (record.stats === "CHAN" && record.data.freq_mhz !== 2437) {
            const { freq_mhz, active_msec, cnt_percent } = record.data;
            if (active_msec) heard.push(`${at} ${freq_mhz} ${active_msec} ms ${cnt_percent?.busy} %`);
          }
        }
      },
    });
  const logged = () => ring.records().map(({ text }) => text);
  return { clock, world, faults, driver, wireless, schedule, listen, heard, refused, logged };
}

describe("scans of a simulated home", () => {
  it("tell who is there and how busy the channels are, in time for the poll that follows", async () => {
    const { clock, schedule, listen, heard, wireless } = await home();
    listen(["CHAN", "BSS_SCAN"]);
    schedule();
    await clock.advance(40 * second);
    const wifi0 = heard.filter((line) => !line.includes(" 5180 ") && !line.includes(" 6135 "));
    assert.deepEqual(wifi0, [
      "10 2412 50 ms 30 %",
      "10 neighbour 1 on 2412/20",
      "20 2462 50 ms 10 %",
      "20 neighbour 2 on 2462/20",
      "30 2412 50 ms 30 %",
      "30 neighbour 1 on 2412/20",
      "40 2462 50 ms 10 %",
      "40 neighbour 2 on 2462/20",
    ]);
    assert.deepEqual({ ...wireless.scans }, { done: 4, failed: 0, aborted: 0, timedOut: 0, refused: 0 });
  });

  it("follow who comes and goes", async () => {
    const { clock, world, schedule, listen, heard } = await home();
    listen(["BSS_SCAN"]);
    schedule({ mode: "all" });
    await clock.advance(10 * second);
    world.setOnAir("neighbour 1", false);
    await clock.advance(10 * second);
    world.setOnAir("neighbour 1", true);
    await clock.advance(10 * second);
    assert.deepEqual(heard, [
      "10 neighbour 1 on 2412/20",
      "10 neighbour 2 on 2462/20",
      "20 neighbour 2 on 2462/20",
      "30 neighbour 1 on 2412/20",
      "30 neighbour 2 on 2462/20",
    ]);
  });

  it("are not needed for who is on the channel in use", async () => {
    const { clock, wireless, listen, heard } = await home();
    listen(["BSS_SCAN"]);
    wireless.overrides.setVif("wifi0", "home-ap-24", {
      enabled: true,
      ap: { ssid: "home", channel: channelOf({ band: "2.4G", number: 1, width: 20 }) },
    });
    await clock.advance(20 * second);
    assert.deepEqual(heard, ["10 neighbour 1 on 2412/20", "20 neighbour 1 on 2412/20"]);
  });

  it("go on when a driver has lost some, failed, or is late", async () => {
    const { clock, faults, schedule, listen, heard, wireless, logged } = await home();
    listen(["BSS_SCAN"]);
    schedule({ channels: [2412] });
    const during = async (fault: Parameters<FaultSwitch["set"]>[0]) => {
      heard.length = 0;
      faults.set(fault);
      await clock.advance(20 * second);
      faults.clear();
      return heard.length;
    };
    assert.equal(await during({ loseScans: 1 }), 0);
    assert.equal(await during({ failScans: 1 }), 0);
    assert.equal(await during({ scanDelay: 3 * second }), 1);
    assert.equal(await during({}), 2);
    const { timedOut, failed, done } = wireless.scans;
    assert.deepEqual([timedOut, failed, done], [2, 2, 4]);
    const said = logged().filter((line) => line.includes("osw: scan"));
    assert.equal(said.length, 2, said.join("\n"));
  });

  it("cost the network nothing, and refused stations are told meanwhile", async () => {
    const { clock, schedule, refused, wireless } = await home();
    schedule({ period: second, offset: 0, mode: "all", dwell: 100 });
    await clock.advance(30 * second);
    assert.equal(wireless.state.vifs.get("home-ap-24")?.status, "enabled");
    assert.deepEqual([...new Set(refused)], ["wifi0 home-ap-24 02:00:00:00:00:09 true"]);
  });
});
