import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { plainAp } from "@opensync-ts/target/plain-ap";
import type { ApAttributeName, ApAttributes } from "@opensync-ts/target/radio";
import { sampleAttributes } from "@opensync-ts/target/testing/sample-attributes";
import type { ClientSpec } from "@opensync-ts/world/spec";
import { bench, channel, homeNetwork, phone } from "./testing/observer.ts";

const phoneMac = mac(phone.mac);

/** Every attribute at something else than it starts with. */
const everything: ApAttributes = {
  ...sampleAttributes,
  channel: channel("2.4G", 11, 20),
  mode: { ...sampleAttributes.mode, ht: true, vht: true, he: true, heRequired: true },
};

const names = Object.keys(everything) as ApAttributeName[];

async function home(options: Parameters<typeof bench>[0] = {}, ap: Partial<ApAttributes> = {}) {
  const all = bench({ clients: [phone], ...options });
  all.request("wifi0", [{ ...homeNetwork, ap: { ...homeNetwork.ap, ...ap } }]);
  await all.clock.advance(1000);
  return all;
}

describe("an access point", () => {
  it("reports every attribute of the model as it was asked for, and says that it changed", async () => {
    const { clock, observer, request } = bench();
    request("wifi0", [{ name: "home-ap-24", enabled: true, ap: { mode: everything.mode, ssid: "home" } }]);
    await clock.advance(0);
    for (const name of names) {
      observer.log.length = 0;
      const same = JSON.stringify(observer.ap("home-ap-24")[name]) === JSON.stringify(everything[name]);
      request("wifi0", [{ name: "home-ap-24", ap: { [name]: everything[name] } }]);
      await clock.advance(0);
      assert.deepEqual(observer.ap("home-ap-24")[name], everything[name], name);
      assert.equal(observer.log.includes("vifChanged home-ap-24"), !same, name);
    }
    const { mld, ...reported } = observer.ap("home-ap-24");
    assert.deepEqual(reported, everything);
    assert.equal(mld, null);
  });

  it("that cannot do an attribute says so, and neither sets nor reports it", async () => {
    for (const unsupported of names) {
      const { clock, observer, request } = bench({ radio: { unsupported: [unsupported] } });
      await clock.advance(0);
      const before = observer.ap("home-ap-24");
      assert.deepEqual(observer.phys.get("wifi0")?.capabilities.unsupported, [unsupported]);
      request("wifi0", [{ name: "home-ap-24", enabled: true, ap: everything }]);
      await clock.advance(0);
      assert.deepEqual(observer.ap("home-ap-24")[unsupported], before[unsupported], unsupported);
    }
  });

  it("holds lists as long as its firmware allows, whether it says so or not", async () => {
    for (const statesLimits of [true, false]) {
      const { clock, observer, request } = bench({ radio: { neighborLimit: 1, radiusLimit: 1, statesLimits } });
      request("wifi0", [{ name: "home-ap-24", ap: everything }]);
      await clock.advance(0);
      const { neighbors, radius, accounting } = observer.ap("home-ap-24");
      assert.deepEqual([neighbors.length, radius.length, accounting.length], [1, 1, 1]);
      const { neighborLimit, radiusLimit, rates, chains } = observer.phys.get("wifi0")?.capabilities ?? {};
      const stated = [neighborLimit, radiusLimit, rates?.length, chains];
      assert.deepEqual(stated, statesLimits ? [1, 1, 12, 2] : [undefined, undefined, undefined, undefined]);
    }
  });

  it("uses only rates that its band has", async () => {
    const { clock, observer, request } = bench();
    request("wifi1", [
      { name: "home-ap-50", ap: { rates: { ...everything.rates, supported: [1, 6, 12, 24, 54], mgmt: 1 } } },
    ]);
    await clock.advance(0);
    const { supported, basic, mgmt, mcast } = observer.ap("home-ap-50").rates;
    assert.deepEqual([supported, basic, mgmt, mcast], [[6, 12, 24, 54], [6, 12], null, 24]);
    assert.equal(observer.phys.get("wifi1")?.capabilities.rates?.includes(1), false);
  });

  it("refuses stations without a generation that it requires", async () => {
    const old: ClientSpec = { ...phone, generation: "n" };
    for (const [required, joined] of [
      [{ htRequired: true }, true],
      [{ vhtRequired: true }, false],
      [{ heRequired: true }, false],
    ] as const) {
      const mode = { ...plainAp.mode, ht: true, vht: true, he: true, ...required };
      const { observer } = await home({ clients: [old] }, { mode });
      assert.equal(observer.station("home-ap-24", phoneMac) !== undefined, joined);
    }
  });

  it("refuses stations that are too weak for OCE, and only with OCE", async () => {
    for (const [ap, joined] of [
      [{ oce: true, oceMinRssi: -20 }, false],
      [{ oce: true, oceMinRssi: -90 }, true],
      [{ oce: false, oceMinRssi: -20 }, true],
    ] as const) {
      const { observer } = await home({}, ap);
      assert.equal(observer.station("home-ap-24", phoneMac) !== undefined, joined);
    }
  });

  it("serves no more stations than it is told", async () => {
    const other: ClientSpec = { ...phone, name: "other", mac: "02:00:00:00:00:02" };
    const { clock, observer, request } = await home({ clients: [phone, other] }, { maxSta: 1 });
    assert.equal(observer.stations.size, 1);
    request("wifi0", [{ name: "home-ap-24", ap: { maxSta: 0 } }]);
    await clock.advance(60_000);
    assert.equal(observer.stations.size, 2);
  });

  it("is one of as many as the model has, some of them links of a multi-link device", async () => {
    const { clock, observer, request } = bench({
      radioOf: "wifi0",
      radio: { moreAps: ["iot-ap"], mlds: { "iot-ap": { ifName: "mld0" } } },
    });
    request("wifi0", [{ ...homeNetwork, name: "iot-ap" }]);
    await clock.advance(0);
    assert.equal(observer.status("iot-ap"), "enabled");
    assert.equal(observer.ap("iot-ap").mld?.ifName, "mld0");
    assert.notEqual(observer.ap("iot-ap").mld?.addr, observer.vifs.get("iot-ap")?.mac);
  });
});

describe("a push button", () => {
  const printer: ClientSpec = { name: "printer", mac: phone.mac, place: { x: 3, y: 0 }, networks: [] };
  const scanner: ClientSpec = { ...printer, name: "scanner", mac: "02:00:00:00:00:02" };
  const wps = { mode: { ...plainAp.mode, he: true, wps: true }, wpsPbc: true, wpsCredentials: ["battery-staple"] };
  const heard = (log: readonly string[]) => log.filter((line) => line.startsWith("wps"));

  it("lets a client in that presses its own, with the key set aside for it", async () => {
    const { clock, observer, world } = await home({ clients: [printer] }, wps);
    assert.equal(observer.ap("home-ap-24").wpsPbc, true);
    world.pressButton(phoneMac);
    await clock.advance(1000);
    assert.deepEqual(heard(observer.log), ["wps home-ap-24 success"]);
    assert.equal(observer.ap("home-ap-24").wpsPbc, false);
    assert.equal(observer.station("home-ap-24", phoneMac)?.keyId, 2);
  });

  it("gives up after two minutes", async () => {
    const { clock, observer } = await home({ clients: [printer] }, wps);
    await clock.advance(118_999);
    assert.equal(observer.ap("home-ap-24").wpsPbc, true);
    await clock.advance(1);
    assert.equal(observer.ap("home-ap-24").wpsPbc, false);
    assert.deepEqual(heard(observer.log), ["wps home-ap-24 pbc_timeout"]);
  });

  it("gives up when two clients press theirs", async () => {
    const { clock, observer, request, world } = await home({ clients: [printer, scanner] });
    for (const client of [printer, scanner]) world.pressButton(mac(client.mac));
    request("wifi0", [{ name: "home-ap-24", ap: wps }]);
    await clock.advance(1000);
    assert.deepEqual(heard(observer.log), ["wps home-ap-24 overlap"]);
    assert.equal(observer.ap("home-ap-24").wpsPbc, false);
    assert.equal(observer.stations.size, 0);
  });

  it("can be released, which nobody is told, and cannot be pressed without WPS or on a vif that is off", async () => {
    const { clock, observer, request } = await home({ clients: [printer] }, wps);
    request("wifi0", [{ name: "home-ap-24", ap: { wpsPbc: false } }]);
    await clock.advance(200_000);
    assert.deepEqual(heard(observer.log), []);
    request("wifi0", [{ name: "home-ap-24", ap: { wpsPbc: true, mode: { ...wps.mode, wps: false } } }]);
    await clock.advance(0);
    assert.equal(observer.ap("home-ap-24").wpsPbc, false);
    request("wifi0", [{ name: "onboard-ap-24", ap: { ...wps } }]);
    await clock.advance(0);
    assert.equal(observer.ap("onboard-ap-24").wpsPbc, false);
  });
});
