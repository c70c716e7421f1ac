/** OWM that DM watches, with drivers that misbehave: what confsync learns, when its watchdog barks, and what comes after. */

import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Log } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { type RunningDm, startDm } from "../dm/dm.ts";
import { owm, type RunningOwm } from "./owm.ts";
import { Device, radiosOnly } from "./testing/device.ts";

const radio24 = { if_name: "wifi0", freq_band: "2.4G", enabled: true, channel: 6, ht_mode: "HT20" } as const;
const home24 = {
  if_name: "home-ap-24",
  mode: "ap",
  enabled: true,
  ssid: "home",
  bridge: "br-home",
  wpa: true,
  wpa_key_mgmt: ["wpa-psk"],
  rsn_pairwise_ccmp: true,
  pmf: "optional",
  wpa_psks: new Map([["key", "correct horse"]]),
} as const;

class WatchedDevice extends Device {
  dm: RunningDm | null = null;

  async boot(strict = false): Promise<void> {
    const connect = () => new LocalClient<OpenSync>({ engine: this.database });
    await this.insert("Node_Services", { service: "owm", enable: true });
    const log = Log.create({ name: "DM", sink: this.log.sink, wallTime: () => this.clock.wallTime() });
    const starting = startDm({
      definitions: [owm],
      connect,
      target: radiosOnly(this.driver),
      clock: this.clock,
      random: new SeededRandom("dm"),
      logOf: (name) => log.process(name),
      options: { strict },
      boot: false,
    });
    await this.settle();
    this.dm = await starting;
    await this.configure(radio24, home24);
  }

  get owm(): RunningOwm {
    return this.dm?.running("owm") as RunningOwm;
  }

  get restarts(): number {
    return this.dm?.services()[0]?.restarts ?? 0;
  }

  async rename(ssid: string): Promise<void> {
    const { _uuid } = this.find("Wifi_VIF_Config", { if_name: "home-ap-24" });
    await this.update("Wifi_VIF_Config", _uuid, { ssid });
  }
}

describe("OWM with a driver that misbehaves", () => {
  let device: WatchedDevice;
  afterEach(async () => {
    await device.dm?.stop();
  });

  it("that says nothing any more is restarted after 3 minutes with clean state, and settles when the driver is well", async () => {
    device = new WatchedDevice();
    await device.boot();
    assert.equal(device.owm.wireless.confsync.settled, true);
    const release = device.driver.stall();
    await device.rename("renamed");
    await device.clock.advance(179_000);
    assert.equal(device.restarts, 0);
    await device.clock.advance(2_000);
    assert.match(device.said("ERR").join("\n"), /^osw: confsync_watchdog: not settled for 180 s: Aborting$/m);
    assert.ok(device.said("NOTICE").some((line) => line === "osw: confsync_watchdog: confsync: WAITING unsettled"));
    assert.doesNotMatch(
      device.log
        .records()
        .map(({ text }) => text)
        .join(),
      /correct horse/,
    );
    assert.equal(device.dm?.services()[0]?.phase, "WAITING");
    await device.clock.advance(5_000);
    assert.equal(device.restarts, 1);
    assert.deepEqual(device.rows("Wifi_VIF_State"), []);
    assert.deepEqual(device.rows("Wifi_Radio_State"), []);
    release();
    await device.settle();
    assert.equal(device.owm.wireless.confsync.settled, true);
    assert.equal(device.vifState("home-ap-24").ssid, "renamed");
    await device.clock.advance(600_000);
    assert.equal(device.restarts, 1);
  });

  it("that does not do what it is asked is learned: OWM settles, tells, and runs on", async () => {
    device = new WatchedDevice();
    await device.boot();
    device.driver.deaf = true;
    await device.rename("renamed");
    await device.clock.advance(100_000);
    assert.equal(device.owm.wireless.confsync.settled, true);
    assert.match(device.said("WARNING").join("\n"), /home-ap-24: ssid: asked "renamed", holds "home"/);
    await device.clock.advance(3_600_000);
    assert.equal(device.restarts, 0);
    assert.equal(device.vifState("home-ap-24").ssid, "home");
    device.driver.deaf = false;
    await device.rename("renamed again");
    assert.equal(device.vifState("home-ap-24").ssid, "renamed again");
  });

  it("that does not do what it is asked, strictly: OWM is restarted every 3 minutes, as the reference is", async () => {
    device = new WatchedDevice();
    await device.boot(true);
    device.driver.deaf = true;
    await device.rename("renamed");
    await device.clock.advance(3 * 186_000);
    assert.equal(device.restarts, 3);
    device.driver.deaf = false;
    await device.clock.advance(61_000);
    assert.equal(device.vifState("home-ap-24").ssid, "renamed");
    await device.clock.advance(600_000);
    assert.equal(device.restarts, 3);
  });
});
