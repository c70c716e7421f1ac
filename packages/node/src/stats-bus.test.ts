/**
 * The statistics bus on simulated radios: whatever clients and drivers do, what subscribers are told adds up to what the
 * world has moved, to the byte.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { type Mac, mac } from "@opensync-ts/base/units";
import { openWpa } from "@opensync-ts/target/plain-ap";
import { FaultSwitch } from "@opensync-ts/target-sim/faults";
import { interfaceMac } from "@opensync-ts/target-sim/identity";
import { deviceModel } from "@opensync-ts/target-sim/models";
import { SimRadioDriver } from "@opensync-ts/target-sim/radio-driver";
import { regulationOf } from "@opensync-ts/target-sim/regulatory";
import type { Wireless } from "@opensync-ts/wireless/contract";
import type { StatsRecord } from "@opensync-ts/wireless/stats/contract";
import { startWireless } from "@opensync-ts/wireless/wireless";
import { World } from "@opensync-ts/world/world";

const second = 1_000;
const clients = (["video", "bulk", "web", "call", "video", "bulk"] as const).map((traffic, n) => ({
  name: `client ${n}`,
  mac: `0a:00:00:00:00:0${n}`,
  place: { x: 3 + n, y: 2 },
  networks: [{ ssid: "home", psk: "correct horse" }],
  traffic,
}));

/** Bytes towards the clients and from them. */
interface Volume {
  tx: number;
  rx: number;
}

class Home {
  readonly clock = new VirtualClock();
  readonly world: World;
  readonly faults: FaultSwitch;
  readonly driver: SimRadioDriver;
  readonly random: SeededRandom;
  readonly log = new LogRing(2_000);
  /** What the world has moved in associations: whole ones, and those that last up to their last sample. */
  readonly truth: Volume = { tx: 0, rx: 0 };
  roams = 0;
  wireless: Wireless;
  readonly #associations = new Map<Mac, { readonly start: Volume; sampled: Volume }>();

  constructor(seed: number) {
    const { clock } = this;
    this.random = new SeededRandom(seed);
    this.world = new World({ clock, seed, spec: { clients } });
    this.world.addSite("gw", { x: 0, y: 0 });
    this.faults = new FaultSwitch({ random: this.random.fork("faults"), clock });
    this.world.events.on("associated", ({ mac }) => {
      this.roams++;
      const start = this.#delivered(mac);
      this.#associations.set(mac, { start, sampled: start });
    });
    this.world.events.on("disassociated", ({ mac }) => this.#close(mac, this.#delivered(mac)));
    this.driver = new SimRadioDriver({
      world: this.world,
      clock,
      site: "gw",
      radios: deviceModel("gateway").radios,
      macOf: (index) => interfaceMac("gw", index),
      regulation: regulationOf("US"),
      faults: this.faults,
    });
    this.wireless = this.start();
  }

  start(): Wireless {
    const { clock, driver } = this;
    const log = Log.create({ name: "OW", sink: this.log.sink, wallTime: () => clock.wallTime() });
    const wireless = startWireless({ drivers: [driver], clock, log });
    for (const [phy, vif] of [
      ["wifi0", "home-ap-24"],
      ["wifi1", "home-ap-50"],
      ["wifi0", "onboard-ap-24"],
    ] as const) {
      const wpa = { ...openWpa, rsn: true, akm: ["psk" as const], pairwise: ["ccmp" as const] };
      wireless.overrides.setVif(phy, vif, {
        enabled: true,
        ap: { ssid: "home", wpa, psks: [{ keyId: 1, psk: "correct horse" }] },
      });
    }
    wireless.state.events.on("statistics", ({ stations, at }) => {
      // The books of the world are those of now: a report that comes late is not compared.
      if (at !== clock.now()) return;
      for (const { station } of stations) {
        const open = this.#associations.get(station);
        if (open) open.sampled = this.#delivered(station);
      }
    });
    this.wireless = wireless;
    return wireless;
  }

  /** A client is sent away, or walks, or the driver restarts. */
  disturb(): void {
    const client = this.random.integer(clients.length);
    const address = mac(clients[client]?.mac ?? "");
    const kind = this.random.integer(10);
    if (kind === 0) this.driver.restart(this.random.integer(2) === 0 ? "kept" : "initial", 2 * second);
    else if (kind < 5) this.world.moveClient(address, { x: this.random.integer(60), y: this.random.integer(20) });
    else {
      const bssid = this.world.client(address)?.association?.bssid;
      if (bssid) this.world.deauthenticate(bssid, address);
    }
  }

  finish(): void {
    for (const [address, { sampled }] of [...this.#associations]) this.#close(address, sampled);
    this.wireless.stop();
    this.driver.close();
    this.world.close();
  }

  #close(address: Mac, end: Volume): void {
    const association = this.#associations.get(address);
    if (!association) return;
    this.#associations.delete(address);
    const { start } = association;
    this.truth.tx += Math.round(end.tx - start.tx);
    this.truth.rx += Math.round(end.rx - start.rx);
  }

  #delivered(address: Mac): Volume {
    const { down = 0, up = 0 } = this.world.client(address)?.traffic.delivered ?? {};
    return { tx: down, rx: up };
  }
}

function count(sum: Volume, records: readonly StatsRecord[]): void {
  for (const record of records) {
    if (record.stats !== "STA") continue;
    sum.tx += record.data.tx_bytes ?? 0;
    sum.rx += record.data.rx_bytes ?? 0;
  }
}

describe("statistics of a simulated home", () => {
  it("add up to what the world has moved, for every subscriber, across roams and restarts of the driver", async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const home = new Home(seed);
      const sums = [1, 3, 10, 60].map((period) => {
        const sum: Volume = { tx: 0, rx: 0 };
        home.wireless.stats.subscribe({
          name: `every ${period} s`,
          stats: ["STA"],
          ...(period === 1 && { pollPeriod: second }),
          reportPeriod: period * second,
          report: (records) => count(sum, records),
        });
        return sum;
      });
      for (let at = 0; at < 1_200; at += 7) {
        await home.clock.advance(7 * second - home.random.integer(900));
        if (at < 1_150) home.disturb();
      }
      await home.clock.runUntil(() => home.clock.now() % (60 * second) === 0, 120 * second, "the last report");
      await home.clock.advance(0);
      home.finish();
      assert.ok(home.roams > 50 && home.truth.tx > 1e8, `seed ${seed}: ${home.roams} roams, ${home.truth.tx} bytes`);
      for (const sum of sums) assert.deepEqual(sum, home.truth, `seed ${seed}`);
    }
  });

  it("count nothing twice when OWM starts anew while clients stay", async () => {
    const home = new Home(1);
    const sum: Volume = { tx: 0, rx: 0 };
    const subscribe = () =>
      home.wireless.stats.subscribe({
        name: "owm",
        stats: ["STA"],
        pollPeriod: second,
        reportPeriod: second,
        report: (records) => count(sum, records),
      });
    subscribe();
    await home.clock.advance(60.5 * second);
    home.wireless.stop();
    home.start();
    subscribe();
    await home.clock.advance(60.5 * second);
    home.finish();
    assert.ok(sum.tx <= home.truth.tx && sum.tx > home.truth.tx * 0.8, `${sum.tx} of ${home.truth.tx}`);
  });

  it("come right after reports were lost, doubled and late", async () => {
    const home = new Home(3);
    const sum: Volume = { tx: 0, rx: 0 };
    home.wireless.stats.subscribe({
      name: "patient",
      stats: ["STA"],
      pollPeriod: second,
      reportPeriod: 5 * second,
      report: (records) => count(sum, records),
    });
    await home.clock.advance(30 * second);
    home.faults.set({ loseReports: 0.3, duplicateReports: 0.5, reportJitter: 1_500 });
    await home.clock.advance(300 * second);
    home.faults.clear();
    await home.clock.advance(30 * second);
    home.finish();
    assert.deepEqual(sum, home.truth);
    assert.ok(sum.tx > 1e8);
  });

  it("come right with counters of 32 bits, however often they go over", async () => {
    const home = new Home(2);
    home.faults.set({ narrowCounters: true });
    const sum: Volume = { tx: 0, rx: 0 };
    home.wireless.stats.subscribe({
      name: "narrow",
      stats: ["STA"],
      pollPeriod: second,
      reportPeriod: 60 * second,
      report: (records) => count(sum, records),
    });
    await home.clock.advance(1_800 * second);
    await home.clock.advance(0);
    home.finish();
    assert.deepEqual(sum, home.truth);
    assert.ok(sum.tx > 2 ** 33, String(sum.tx));
  });

  it("miss no more than what a driver itself has lost when its counters begin anew without a word", async () => {
    const home = new Home(5);
    const sum: Volume = { tx: 0, rx: 0 };
    home.wireless.stats.subscribe({
      name: "surprised",
      stats: ["STA"],
      pollPeriod: second,
      reportPeriod: 10 * second,
      report: (records) => count(sum, records),
    });
    for (let i = 0; i < 10; i++) {
      await home.clock.advance(30.5 * second);
      for (const phy of ["wifi0", "wifi1"]) home.driver.resetCounters(phy);
    }
    await home.clock.advance(20 * second);
    home.finish();
    // Ten times less than a second of six minutes.
    assert.ok(sum.tx <= home.truth.tx && sum.tx > home.truth.tx * 0.95, `${sum.tx} of ${home.truth.tx}`);
  });

  it("account for every millisecond of a radio on its channel, across restarts of the driver", async () => {
    const home = new Home(4);
    const active = new Map<string, number>();
    home.wireless.stats.subscribe({
      name: "survey",
      stats: ["CHAN"],
      pollPeriod: second,
      reportPeriod: 10 * second,
      report: (records) => {
        for (const record of records) {
          if (record.stats !== "CHAN") continue;
          const { phy_name: phy = "", active_msec = 0, cnt_percent: percent } = record.data;
          active.set(phy, (active.get(phy) ?? 0) + active_msec);
          assert.ok(!percent || Object.values(percent).every((share) => share >= 0 && share <= 100));
        }
      },
    });
    await home.clock.advance(95.5 * second);
    home.driver.restart("kept", 3 * second);
    await home.clock.advance(105 * second);
    home.finish();
    // Up to the last sample, less the three seconds of the restart.
    assert.deepEqual([...active.values()], [197 * second, 197 * second, 197 * second]);
  });
});
