import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { limits } from "./limits.ts";
import { Mux } from "./mux.ts";
import { ObservedState } from "./state.ts";
import { DummyDriver } from "./testing/dummy-driver.ts";
import { apVif, channel, macNumber, phyState, station } from "./testing/fixtures.ts";

function rig(prepare: (driver: DummyDriver) => void = () => {}) {
  const clock = new VirtualClock();
  const ring = new LogRing(1_000);
  const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => 0 });
  const driver = new DummyDriver({ clock });
  prepare(driver);
  const mux = new Mux([driver], log);
  const state = new ObservedState({ clock, log, source: mux });
  const events: string[] = [];
  const sign = (old: unknown, now: unknown) => (old === null ? "+" : now === null ? "-" : "~");
  state.events.on("phy", ({ name, old, new: now }) => events.push(`${sign(old, now)}${name}`));
  state.events.on("vif", ({ name, old, new: now }) => events.push(`${sign(old, now)}${name}`));
  state.events.on("station", ({ mac, old, new: now }) => events.push(`${sign(old, now)}${mac}`));
  state.events.on("idle", (idle) => events.push(idle ? "idle" : "busy"));
  mux.start(state);
  /** The events since the last look. */
  const seen = () => events.splice(0);
  const warnings = () =>
    ring
      .records()
      .filter(({ severity }) => severity === "WARNING")
      .map(({ text }) => text);
  return { clock, driver, state, seen, warnings };
}

const sta = macNumber(1);

function home(driver: DummyDriver): void {
  driver.setPhy(phyState("wifi0"));
  driver.setVif(apVif("wifi0", "home-ap-24"));
  driver.setStation(station("wifi0", "home-ap-24"));
}

async function settledHome() {
  const all = rig(home);
  await all.clock.advance(100);
  all.seen();
  return all;
}

describe("observed state", () => {
  it("announces parents before children, and says when all is known", async () => {
    const { clock, seen, state } = rig(home);
    assert.deepEqual(seen(), ["busy"]);
    await clock.advance(100);
    assert.deepEqual(seen(), ["+wifi0", "+home-ap-24", `+${sta}`, "idle"]);
    assert.equal(state.vifs.get("home-ap-24")?.phy, "wifi0");
    assert.equal(state.stations.get("home-ap-24")?.size, 1);
  });

  it("orders them even when the driver announces them backwards", async () => {
    const { clock, driver, seen } = rig();
    driver.setStation(station("wifi0", "home-ap-24"));
    driver.setVif(apVif("wifi0", "home-ap-24"));
    driver.setPhy(phyState("wifi0"));
    await clock.advance(100);
    assert.deepEqual(
      seen().filter((event) => event.startsWith("+")),
      ["+wifi0", "+home-ap-24", `+${sta}`],
    );
  });

  it("takes children away before their parent", async () => {
    const { clock, driver, seen, state } = await settledHome();
    driver.removePhy("wifi0");
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", `-${sta}`, "-home-ap-24", "-wifi0", "idle"]);
    assert.equal(state.phys.size + state.vifs.size + state.stations.size, 0);
  });

  it("tells of a report that says something new, and of no other", async () => {
    const { clock, driver, seen } = await settledHome();
    driver.setVif(apVif("wifi0", "home-ap-24"));
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", "idle"]);
    driver.setVif(apVif("wifi0", "home-ap-24", { ssid: "other" }));
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", "~home-ap-24", "idle"]);
  });

  it("sees an ACL as a set", async () => {
    const { clock, driver, seen } = await settledHome();
    driver.setVif(apVif("wifi0", "home-ap-24", { acl: [macNumber(1), macNumber(2)] }));
    await clock.advance(100);
    seen();
    driver.setVif(apVif("wifi0", "home-ap-24", { acl: [macNumber(2), macNumber(1), macNumber(1)] }));
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", "idle"]);
  });

  it("drops a report nobody asked for", async () => {
    const { clock, driver, seen, state } = await settledHome();
    driver.events.vifState("wifi0", "home-ap-24", apVif("wifi0", "home-ap-24", { ssid: "forged" }));
    await clock.advance(100);
    assert.deepEqual(seen(), []);
    const vif = state.vifs.get("home-ap-24");
    assert.equal(vif?.type === "ap" && vif.ap.ssid, "home");
  });

  it("ignores a report about something else, and asks again", async () => {
    const { clock, driver, state, warnings } = await settledHome();
    driver.answers = false;
    driver.setVif(apVif("wifi0", "home-ap-24", { ssid: "new" }));
    driver.events.vifState("wifi0", "home-ap-24", apVif("wifi0", "home-ap-50"));
    assert.match(warnings()[0] ?? "", /vif wifi0\/home-ap-24: report ignored, it is about 'wifi0\/home-ap-50'/);
    driver.answers = true;
    await clock.advance(limits.reportOverdue + 100);
    const vif = state.vifs.get("home-ap-24");
    assert.equal(vif?.type === "ap" && vif.ap.ssid, "new");
  });

  it("takes a late report, and asks a silent driver again", async () => {
    const { clock, driver, seen } = await settledHome();
    driver.reportDelay = limits.reportOverdue + 5_000;
    driver.setVif(apVif("wifi0", "home-ap-24", { ssid: "late" }));
    await clock.advance(limits.reportOverdue + 6_000);
    assert.equal(driver.asked.get("wifi0/home-ap-24"), 3);
    assert.deepEqual(seen(), ["busy", "~home-ap-24", "idle"]);
  });

  it("believes a driver that answers before it returns", async () => {
    const { clock, driver, seen } = rig((driver) => {
      driver.reportDelay = null;
      home(driver);
    });
    await clock.advance(0);
    driver.removeVif("wifi0", "home-ap-24");
    assert.deepEqual(seen(), ["+wifi0", "+home-ap-24", `+${sta}`, `-${sta}`, "-home-ap-24"]);
  });

  it("keeps the first of two vifs with one name, and takes the other when it goes", async () => {
    const { clock, driver, seen, state, warnings } = await settledHome();
    driver.setPhy(phyState("wifi1", { band: "5G" }));
    driver.setVif(apVif("wifi1", "home-ap-24", { channel: channel("5G", 36) }));
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", "+wifi1", "idle"]);
    assert.match(warnings()[0] ?? "", /wifi0 has a vif home-ap-24, the one on wifi1 is ignored/);
    driver.removeVif("wifi0", "home-ap-24");
    await clock.advance(100);
    assert.equal(state.vifs.get("home-ap-24")?.phy, "wifi1");
  });

  it("refuses more vifs than it has room for", async () => {
    const { clock, driver, state, warnings } = rig((driver) => driver.setPhy(phyState("wifi0")));
    for (let n = 0; n <= limits.vifsPerPhy; n++) driver.setVif(apVif("wifi0", `vif-${n}`));
    await clock.advance(100);
    assert.equal(state.vifs.size, limits.vifsPerPhy);
    assert.equal(warnings().length, 1);
  });
});

describe("station reports", () => {
  it("a station that came back since the last report left and came", async () => {
    const { clock, driver, seen } = await settledHome();
    driver.setStation(station("wifi0", "home-ap-24", { connectedAt: 60_000 }));
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", `-${sta}`, `+${sta}`, "idle"]);
  });

  it("signal strength and rounding of the connected time are no change, a key is", async () => {
    const { clock, driver, seen, state } = await settledHome();
    driver.setStation(station("wifi0", "home-ap-24", { snr: 12, connectedAt: 900 }));
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", "idle"]);
    assert.equal(state.stations.get("home-ap-24")?.get(sta)?.snr, 12);
    driver.setStation(station("wifi0", "home-ap-24", { keyId: 2 }));
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", `~${sta}`, "idle"]);
  });

  it("a station that leaves is gone", async () => {
    const { clock, driver, seen, state } = await settledHome();
    driver.removeStation("wifi0", "home-ap-24", sta);
    await clock.advance(100);
    assert.deepEqual(seen(), ["busy", `-${sta}`, "idle"]);
    assert.equal(state.stations.size, 0);
  });
});

describe("looking again without being told", () => {
  it("asks for all vifs of a phy 3 s after one of them changed", async () => {
    const { clock, driver } = await settledHome();
    driver.setVif(apVif("wifi0", "guest-ap-24"));
    await clock.advance(10_000);
    const before = driver.asked.get("wifi0/guest-ap-24") ?? 0;
    driver.setVif(apVif("wifi0", "home-ap-24", { ssid: "x" }));
    await clock.advance(limits.vifResync + 100);
    assert.equal(driver.asked.get("wifi0/guest-ap-24"), before + 1);
    await clock.advance(60_000);
    assert.equal(driver.asked.get("wifi0/guest-ap-24"), before + 1);
  });

  it("asks for all vifs of a phy 5 s after its channel was configured", async () => {
    const { clock, driver, state } = await settledHome();
    const before = driver.asked.get("wifi0/home-ap-24") ?? 0;
    state.channelConfigured("wifi0");
    await clock.advance(limits.channelResync + 100);
    assert.equal(driver.asked.get("wifi0/home-ap-24"), before + 1);
  });

  it("knows again what came back before its absence was reported", async () => {
    const { clock, driver, state, seen } = await settledHome();
    driver.answers = false;
    driver.events.phyChanged("wifi0");
    // Gone and back again: a driver that is slow to answer tells of the absence afterwards.
    driver.events.phyChanged("wifi0");
    driver.events.vifChanged("wifi0", "home-ap-24");
    driver.events.stationChanged("wifi0", "home-ap-24", sta);
    driver.answers = true;
    driver.events.phyState("wifi0", null);
    await clock.advance(100);
    assert.deepEqual(
      seen().filter((event) => !/idle|busy/.test(event)),
      [`-${sta}`, "-home-ap-24", "-wifi0", "+wifi0", "+home-ap-24", `+${sta}`],
    );
    assert.equal(state.idle, true);
  });

  it("knows again what came back and was reported before its absence was", async () => {
    const { clock, driver, state } = await settledHome();
    driver.answers = false;
    driver.events.phyChanged("wifi0");
    driver.answers = true;
    driver.events.phyChanged("wifi0");
    driver.events.vifChanged("wifi0", "home-ap-24");
    await clock.advance(100);
    driver.events.phyState("wifi0", null);
    await clock.advance(100);
    assert.ok(state.vifs.has("home-ap-24"));
    assert.ok(state.stations.get("home-ap-24")?.has(sta));
    assert.equal(state.idle, true);
  });

  it("asks for a phy every 3 s while a CAC runs and every 30 s while a channel is not to be used", async () => {
    const { clock, driver } = await settledHome();
    const withDfs = (dfs: "cac_in_progress" | "nol" | "cac_completed") =>
      phyState("wifi0", { channelStates: [{ control: 5500, dfs, nolRemaining: 0 }] });
    const asked = () => driver.asked.get("wifi0") ?? 0;
    driver.setPhy(withDfs("cac_in_progress"));
    await clock.advance(100);
    let before = asked();
    await clock.advance(9_100);
    assert.equal(asked() - before, 3);
    driver.setPhy(withDfs("nol"));
    await clock.advance(100);
    before = asked();
    await clock.advance(60_100);
    assert.equal(asked() - before, 2);
    driver.setPhy(withDfs("cac_completed"));
    await clock.advance(100);
    before = asked();
    await clock.advance(60_000);
    assert.equal(asked(), before);
  });
});
