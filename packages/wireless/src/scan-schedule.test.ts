import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RadioDriver, ScanRequest } from "@opensync-ts/target/driver";
import type { VifState } from "@opensync-ts/target/radio";
import type { ScanSchedule } from "./contract.ts";
import { limits } from "./limits.ts";
import { apVif, channel, linkDown, phyState, staVif, wpa2 } from "./testing/fixtures.ts";
import { startRig } from "./testing/rig.ts";

/** A radio on channel 6 whose scans take as long as they should, less `cut`. */
async function scanning(vifs: readonly VifState[] = [apVif("wifi0", "home-ap-24", { channel: channel("2.4G", 6) })]) {
  const scans: string[] = [];
  const outcome = { silent: false };
  const rig = await startRig({
    phys: [phyState("wifi0")],
    vifs,
    prepare: (driver) => {
      const requestScan = (phy: string, vif: string, { channels, dwell, passive }: ScanRequest) => {
        scans.push(`${rig.clock.now() / 1_000} ${vif} ${channels.join()}${passive ? "" : " active"}`);
        if (outcome.silent) return;
        rig.clock.setTimer(channels.length * dwell, () => driver.events.scanCompleted(phy, vif, "done"));
      };
      Object.assign(driver, { requestScan } satisfies Partial<RadioDriver>);
    },
  });
  const start = (schedule: Partial<ScanSchedule> = {}) =>
    rig.wireless.startScanSchedule({
      name: "test",
      phy: "wifi0",
      channels: [2412, 2437, 2462],
      period: 10_000,
      offset: 9_000,
      dwell: 50,
      mode: "round robin",
      ...schedule,
    });
  return { ...rig, scans, outcome, start };
}

describe("a schedule of scans", () => {
  it("takes one channel each time, at multiples of its period and its offset later, not the one in use", async () => {
    const { clock, scans, start } = await scanning();
    start();
    await clock.advance(49_000);
    assert.deepEqual(scans, [
      "9 home-ap-24 2412",
      "19 home-ap-24 2462",
      "29 home-ap-24 2412",
      "39 home-ap-24 2462",
      "49 home-ap-24 2412",
    ]);
  });

  it("takes all channels each time, if told so", async () => {
    const { clock, scans, start } = await scanning();
    start({ mode: "all", offset: 0 });
    await clock.advance(20_000);
    assert.deepEqual(scans, ["10 home-ap-24 2412,2462", "20 home-ap-24 2412,2462"]);
  });

  it("goes on where it would have been when a time was not allowed", async () => {
    const { clock, scans, start } = await scanning();
    let allowed = true;
    start({ channels: [2412, 2417, 2422], allow: () => allowed });
    await clock.advance(9_000);
    allowed = false;
    await clock.advance(20_000);
    allowed = true;
    await clock.advance(20_000);
    assert.deepEqual(scans, ["9 home-ap-24 2412", "39 home-ap-24 2417", "49 home-ap-24 2422"]);
  });

  it("skips a time of which it cannot be told, and says so", async () => {
    const { clock, scans, start, log } = await scanning();
    start({
      allow: () => {
        throw new Error("no idea");
      },
    });
    await clock.advance(30_000);
    assert.deepEqual(scans, []);
    assert.match(log().join("\n"), /scans for test left out: whether they are allowed could not be told: no idea/);
  });

  it("scans with the first AP or STA that is on at the time, and not without one", async () => {
    const vifs = [
      apVif("wifi0", "a-ap", { channel: channel("2.4G", 6) }, { status: "disabled" }),
      staVif("wifi0", "b-sta"),
      apVif("wifi0", "c-ap", { channel: channel("2.4G", 6) }),
    ];
    const { clock, scans, start, driver, settle } = await scanning(vifs);
    start({ channels: [2412] });
    await clock.advance(9_000);
    for (const vif of vifs.slice(1)) driver.setVif({ ...vif, status: "disabled" });
    await settle();
    await clock.advance(9_000);
    driver.setVif({ ...(vifs[2] as VifState), status: "enabled" });
    await clock.advance(11_000);
    assert.deepEqual(scans, ["9 b-sta 2412", "29 c-ap 2412"]);
  });

  it("skips the channel of a STA's link", async () => {
    const network = { ssid: "up", psk: "correct horse", wpa: wpa2, bridge: "", multiAp: false };
    const link = { ...linkDown, ...network, status: "connected" as const, channel: channel("2.4G", 1) };
    const linked = staVif("wifi0", "sta", { link, networks: [{ ...network, bssid: null, priority: 0 }] });
    const { clock, scans, start } = await scanning([linked]);
    start({ mode: "all" });
    await clock.advance(9_000);
    assert.deepEqual(scans, ["9 sta 2437,2462"]);
  });

  it("skips the channel that an access point has moved to", async () => {
    const { clock, scans, start, driver } = await scanning();
    start({ mode: "all" });
    await clock.advance(9_000);
    driver.setVif(apVif("wifi0", "home-ap-24", { channel: channel("2.4G", 11) }));
    await clock.advance(10_000);
    assert.deepEqual(scans, ["9 home-ap-24 2412,2462", "19 home-ap-24 2412,2437"]);
  });

  it("leaves out channels that the radio has not, and says so once", async () => {
    const { clock, scans, start, log } = await scanning();
    start({ mode: "all", channels: [2412, 2484, 5180] });
    await clock.advance(49_000);
    assert.equal(scans.at(-1), "49 home-ap-24 2412");
    assert.deepEqual(
      log().filter((line) => line.includes("scan")),
      ["WARNING osw: scan: 1 scans for test without 2484, 5180 MHz: wifi0 has no such channel"],
    );
  });

  it("does not pile up scans that take longer than its period", async () => {
    const { clock, scans, start, outcome, log } = await scanning();
    outcome.silent = true;
    start({ period: 1_000, offset: 0 });
    await clock.advance(5_500);
    assert.equal(scans.length, 1);
    assert.match(log().join("\n"), /scans of wifi0 for test left out: the one before has not ended/);
    outcome.silent = false;
    await clock.advance(limits.scanGrace);
    assert.ok(scans.length > 3);
  });

  it("shares the radio with others", async () => {
    const { clock, scans, start } = await scanning();
    start({ dwell: 500, channels: [2412] });
    start({ dwell: 500, channels: [2462], name: "other" });
    await clock.advance(12_000);
    assert.deepEqual(scans, ["9 home-ap-24 2412", "9.5 home-ap-24 2462"]);
  });

  it("holds its offset within its period, and ends when it is stopped", async () => {
    const { clock, scans, start } = await scanning();
    const stops = [start({ offset: 25_000, channels: [2412] }), start({ offset: -3_000, channels: [2462] })];
    await clock.advance(20_000);
    assert.deepEqual(scans, [
      "9.999 home-ap-24 2412",
      "10.049 home-ap-24 2462",
      "19.999 home-ap-24 2412",
      "20.049 home-ap-24 2462",
    ]);
    for (const stop of stops) stop();
    await clock.advance(60_000);
    assert.equal(scans.length, 4);
  });

  it("may have a period of weeks", async () => {
    const { clock, scans, start } = await scanning();
    const week = 7 * 24 * 3_600_000;
    start({ period: 4 * week, offset: 0 });
    await clock.advance(4 * week);
    assert.equal(scans.length, 1);
  });

  it("that makes no sense is refused, and so are too many", async () => {
    const { start } = await scanning();
    const refused: readonly (readonly [Partial<ScanSchedule>, RegExp])[] = [
      [{ period: 0 }, /test: a period of 0 ms is not one of 100 ms to 30 days/],
      [{ period: Number.NaN }, /a period of NaN/],
      [{ period: Number.POSITIVE_INFINITY }, /a period of Infinity/],
      [{ offset: Number.NaN }, /test: the offset of scans is not a number/],
      [{ dwell: 0 }, /test: a dwell of 0 ms is not 1 to 10000 ms/],
      [{ channels: [] }, /test: 0 channels to scan are not 1 to 256/],
    ];
    for (const [schedule, message] of refused) assert.throws(() => start(schedule), message);
    for (let i = 0; i < limits.scanSchedules; i++) start();
    assert.throws(() => start(), /test: there are 1024 schedules of scans already/);
  });
});

describe("a single scan", () => {
  it("is refused by a driver that has none, and otherwise counted", async () => {
    const bare = await startRig({ phys: [phyState("wifi0")], vifs: [apVif("wifi0", "home-ap-24")] });
    assert.equal(bare.wireless.scan("wifi0", "home-ap-24", { channels: [2412], dwell: 50, passive: true }), false);
    const { clock, wireless, outcome } = await scanning();
    outcome.silent = true;
    assert.ok(wireless.scan("wifi0", "home-ap-24", { channels: [2412], dwell: 50, passive: true }));
    await clock.advance(10_000);
    assert.equal(wireless.scans.timedOut, 1);
    assert.match(wireless.dump(), /^scans not done:\n {4}timedOut: 1$/m);
  });
});
