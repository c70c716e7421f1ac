/** Clients of several device classes in a simulated home, steered by rows of `Band_Steering_Clients` over simulated radios. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import { ProcessOutbox } from "@opensync-ts/managers/outbox";
import { owm } from "@opensync-ts/managers/owm/owm";
import { radiosOnly } from "@opensync-ts/managers/owm/testing/device";
import { Database } from "@opensync-ts/ovsdb/database";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import { schemaFromDeclaration } from "@opensync-ts/ovsdb/schema";
import { type OpenSync, openSync, type Row, type Write } from "@opensync-ts/schema/opensync";
import { FaultSwitch } from "@opensync-ts/target-sim/faults";
import { interfaceMac } from "@opensync-ts/target-sim/identity";
import { deviceModel } from "@opensync-ts/target-sim/models";
import { SimRadioDriver } from "@opensync-ts/target-sim/radio-driver";
import { regulationOf } from "@opensync-ts/target-sim/regulatory";
import { World } from "@opensync-ts/world/world";

const second = 1_000;
const psk = "correct horse";
const clients = ["modern-phone", "older-phone", "laptop", "iot", "tv"].map((device, n) => ({
  ...{ name: `client ${n}`, mac: `0a:00:00:00:00:0${n}`, place: { x: 3 + n, y: 2 }, device },
  networks: [{ ssid: "home", psk }],
}));
const iot = "0a:00:00:00:00:03";

async function startHome(row: Write<"Band_Steering_Clients">) {
  const clock = new VirtualClock();
  const random = new SeededRandom(3);
  const world = new World({ clock, seed: 3, spec: { clients } });
  world.addSite("gw", { x: 0, y: 0 });
  const database = new Database(schemaFromDeclaration(openSync), { random: random.fork("database") });
  const driver = new SimRadioDriver({
    ...{ world, clock, site: "gw", radios: deviceModel("gateway").radios, regulation: regulationOf("US") },
    macOf: (index) => interfaceMac("gw", index),
    faults: new FaultSwitch({ random: random.fork("faults"), clock }),
  });
  const failures: Error[] = [];
  const manager = await owm.start({
    ...{ clock, random, outbox: new ProcessOutbox(), target: radiosOnly(driver) },
    client: new LocalClient<OpenSync>({ engine: database }),
    log: Log.create({ name: "OW", sink: new LogRing(100).sink, wallTime: () => clock.wallTime() }),
    signal: new AbortController().signal,
    fail: (reason) => failures.push(reason),
  });
  await new LocalClient<OpenSync>({ engine: database }).transact((transaction) => {
    for (const [if_name, vif, freq_band, channel] of [
      ["wifi0", "home-ap-24", "2.4G", 6],
      ["wifi1", "home-ap-50", "5G", 36],
    ] as const) {
      const secured = {
        wpa: true,
        rsn_pairwise_ccmp: true,
        wpa_key_mgmt: ["wpa-psk"],
        wpa_psks: { key: psk },
      } as const;
      const config = transaction.insert("Wifi_VIF_Config", {
        ...{ if_name: vif, mode: "ap", enabled: true, ssid: "home", ...secured },
      });
      const radio = { if_name, freq_band, enabled: true, channel, ht_mode: "HT20", vif_configs: [config] } as const;
      transaction.insert("Wifi_Radio_Config", radio);
    }
    transaction.insert("Band_Steering_Config", { if_name_2g: "home-ap-24", if_name_5g: "home-ap-50" });
    for (const { mac: address } of clients) transaction.insert("Band_Steering_Clients", { ...row, mac: address });
  });
  const rows = () => [...database.rows("Band_Steering_Clients").values()] as unknown as Row<"Band_Steering_Clients">[];
  const where = () =>
    Object.fromEntries(
      [...(database.rows("Wifi_VIF_State").values() as unknown as Iterable<Row<"Wifi_VIF_State">>)].map((vif) => [
        vif.if_name,
        vif.associated_clients.length,
      ]),
    );
  const end = async () => {
    await manager.stop();
    driver.close();
    world.close();
    assert.deepEqual(failures, []);
  };
  return { clock, world, rows, where, end };
}

describe("steering in a simulated home", () => {
  it("lwm: who walks away on 5 GHz is asked once, goes to 2.4 GHz and stays; a device that knows 2.4 GHz only is left alone", async () => {
    const home = await startHome({ lwm: 25 });
    await home.clock.advance(100 * second);
    for (let t = 0; t < 300; t += 10) {
      for (const { mac: address } of clients)
        home.world.moveClient(mac(address), { x: Math.min(60, t / 2), y: Math.min(40, t / 4) });
      await home.clock.advance(10 * second);
    }
    assert.equal(home.where()["home-ap-24"], clients.length);
    for (const row of home.rows()) {
      const { mac: address, sticky_kick_cnt, steering_success_cnt, steering_fail_cnt } = row;
      const expected = address === iot ? [0, 0, 0] : [1, 1, 0];
      assert.deepEqual([sticky_kick_cnt, steering_success_cnt, steering_fail_cnt], expected, address);
    }
    await home.end();
  });

  it("lwm:=1 sends every client that can be asked from 5 GHz to 2.4 GHz", async () => {
    const home = await startHome({ lwm: 1 });
    await home.clock.advance(60 * second);
    assert.equal(home.where()["home-ap-24"], clients.length);
    await home.end();
  });

  it("pref_5g:=always: who can be is on 5 GHz; who cannot is let in on 2.4 GHz", async () => {
    const home = await startHome({ pref_5g: "always", pre_assoc_auth_block: true });
    await home.clock.advance(120 * second);
    assert.deepEqual([home.where()["home-ap-24"], home.where()["home-ap-50"]], [1, clients.length - 1]);
    await home.end();
  });
});
