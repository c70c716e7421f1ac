import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { maxPendingRequests } from "./limits.ts";
import { bench, channel, homeNetwork, Observer, phone, wpa2 } from "./testing/observer.ts";

const phoneMac = mac(phone.mac);

describe("a simulated radio driver", () => {
  it("announces its radios and vifs before anybody asks for anything: radios on, vifs off", async () => {
    const { clock, observer } = bench();
    assert.deepEqual(observer.log, []);
    await clock.advance(0);
    assert.deepEqual([...observer.phys.keys()], ["wifi0", "wifi1", "wifi2"]);
    const names = (suffix: string) =>
      ["bhaul-sta", "bhaul-ap", "home-ap", "onboard-ap"].map((name) => `${name}-${suffix}`);
    assert.deepEqual([...observer.vifs.keys()], [...names("24"), ...names("50"), ...names("60")]);
    assert.ok([...observer.phys.values()].every((phy) => phy?.enabled && phy.channelStates.length > 0));
    assert.ok([...observer.vifs.values()].every((vif) => vif?.status === "disabled"));
  });

  it("of a tri-band board without 6 GHz names its halves of 5 GHz l50 and u50", async () => {
    const { clock, observer } = bench({ model: "gateway-5gl-5gu" });
    await clock.advance(0);
    assert.ok(observer.vifs.has("home-ap-l50") && observer.vifs.has("home-ap-u50"));
    const numbers = (phy: string) =>
      observer.phys.get(phy)?.channelStates.map(({ control }) => (control - 5000) / 5) ?? [];
    assert.equal(numbers("wifi1").at(-1), 64);
    assert.equal(numbers("wifi2").at(0), 100);
  });

  it("states the modes of its radios, and is in no other", async () => {
    for (const [model, expected] of [
      ["gateway", ["ht vht he", "ht vht he eht", "he eht"]],
      ["extender", ["ht vht he", "ht vht he"]],
    ] as const) {
      const { clock, observer, request } = bench({ model });
      await clock.advance(0);
      const stated = [...observer.phys.values()].map((phy) => phy?.capabilities.modes?.join(" "));
      assert.deepEqual(stated, expected, model);
      const vif = observer.vifs.get("home-ap-50");
      assert.ok(vif?.type === "ap");
      const mode = { ...vif.ap.mode, ht: true, vht: true, he: true, eht: true };
      request("wifi1", [{ ...homeNetwork, name: "home-ap-50", ap: { ...homeNetwork.ap, mode } }]);
      await clock.advance(0);
      const after = observer.vifs.get("home-ap-50");
      assert.ok(after?.type === "ap");
      assert.equal(after.ap.mode.eht, model === "gateway");
    }
  });

  it("answers at the next turn when instant: applied, then changed, then reported, each vif once", async () => {
    const { clock, observer, request } = bench();
    await clock.advance(0);
    observer.log.length = 0;
    request("wifi0", [homeNetwork]);
    assert.deepEqual(observer.log, []);
    await clock.advance(0);
    assert.deepEqual(observer.log, ["vifChanged home-ap-24", "vifState home-ap-24"]);
    assert.equal(observer.status("home-ap-24"), "enabled");
  });

  it("takes the time it is told for requests and reports", async () => {
    const { clock, observer, request } = bench({ latency: { apply: 100, report: 30 } });
    await clock.advance(50);
    request("wifi0", [homeNetwork]);
    await clock.advance(99);
    assert.equal(observer.log.at(-1), "vifState onboard-ap-60");
    assert.equal(observer.status("home-ap-24"), "disabled");
    await clock.advance(1);
    assert.equal(observer.log.at(-1), "vifChanged home-ap-24");
    await clock.advance(30);
    assert.equal(observer.status("home-ap-24"), "enabled");
  });

  it("says nothing of a request that changes nothing", async () => {
    const { clock, observer, request } = bench();
    request("wifi0", [homeNetwork]);
    await clock.advance(0);
    observer.log.length = 0;
    request("wifi0", [homeNetwork]);
    await clock.advance(1000);
    assert.deepEqual(observer.log, []);
  });

  it("reports null for what it does not have, and ignores requests for it", async () => {
    const { clock, driver, observer, request } = bench();
    driver.requestPhyState("wifi9");
    driver.requestVifState("wifi0", "home-ap-50");
    driver.requestStationState("wifi0", "home-ap-24", phoneMac);
    request("wifi9", [homeNetwork]);
    request("wifi0", [{ ...homeNetwork, name: "no-such-vif" }]);
    await clock.advance(0);
    assert.equal(observer.phys.get("wifi9"), null);
    assert.equal(observer.vifs.has("no-such-vif"), false);
    assert.ok(observer.log.includes(`stationState home-ap-24 ${phoneMac}`));
  });

  it("moves all access points of a radio together when one changes the channel", async () => {
    const { clock, observer, request } = bench();
    const moved = channel("2.4G", 11, 20);
    request("wifi0", [{ ...homeNetwork, ap: { ...homeNetwork.ap, channel: moved } }]);
    await clock.advance(0);
    assert.deepEqual(observer.ap("home-ap-24").channel, moved);
    assert.deepEqual(observer.ap("bhaul-ap-24").channel, moved);
  });

  it("stays where it is when asked for a channel or width it lacks", async () => {
    const { clock, observer, request } = bench();
    await clock.advance(0);
    const before = observer.ap("home-ap-24").channel;
    for (const impossible of [channel("2.4G", 13, 20), channel("5G", 36, 20)]) {
      request("wifi0", [{ ...homeNetwork, ap: { channel: impossible } }]);
      await clock.advance(0);
      assert.deepEqual(observer.ap("home-ap-24").channel, before);
    }
  });

  it("transmits with what it has: automatic power becomes a figure when on, too much is cut", async () => {
    const { clock, observer, request } = bench();
    await clock.advance(0);
    assert.equal(observer.vifs.get("home-ap-24")?.txPower, 0);
    request("wifi0", [homeNetwork]);
    await clock.advance(0);
    assert.equal(observer.vifs.get("home-ap-24")?.txPower, 20);
    request("wifi0", [{ name: "home-ap-24", txPower: 99 }]);
    await clock.advance(0);
    assert.equal(observer.vifs.get("home-ap-24")?.txPower, 20);
    request("wifi0", [{ name: "home-ap-24", txPower: 10 }], { txChainmask: 1 });
    await clock.advance(0);
    assert.equal(observer.vifs.get("home-ap-24")?.txPower, 10);
    assert.equal(observer.phys.get("wifi0")?.txChainmask, 1);
  });

  it("does not beacon without a name, nor on a radio that is off", async () => {
    const { clock, observer, request } = bench();
    request("wifi0", [{ name: "home-ap-24", enabled: true }]);
    await clock.advance(0);
    assert.equal(observer.status("home-ap-24"), "disabled");
    request("wifi0", [homeNetwork]);
    await clock.advance(0);
    assert.equal(observer.status("home-ap-24"), "enabled");
    request("wifi0", [], { enabled: false });
    await clock.advance(0);
    assert.equal(observer.status("home-ap-24"), "disabled");
  });

  it("bounds what is under way and counts what it dropped", async () => {
    const { clock, driver, observer, request } = bench();
    for (let i = 0; i < maxPendingRequests + 3; i++) request("wifi0", [homeNetwork]);
    assert.equal(driver.droppedRequests, 3);
    for (let i = 0; i < 10; i++) driver.requestPhyState("wifi0");
    await clock.advance(0);
    assert.equal(observer.log.filter((line) => line === "phyState wifi0").length, 1);
  });

  it("keeps its networks on the air while nobody listens, and tells the next listener all", async () => {
    const { clock, driver, request, world } = bench({ clients: [phone] });
    request("wifi0", [homeNetwork]);
    await clock.advance(1000);
    driver.stop();
    driver.requestPhyState("wifi0");
    await clock.advance(1000);
    const next = new Observer(driver);
    await clock.advance(0);
    assert.equal(next.status("home-ap-24"), "enabled");
    assert.equal(next.station("home-ap-24", phoneMac)?.keyId, 2);
    driver.close();
    driver.close();
    assert.equal(world.snapshot().bsses.length, 0);
  });
});

describe("clients of a simulated radio", () => {
  async function joined() {
    const all = bench({ clients: [phone] });
    all.request("wifi0", [homeNetwork]);
    await all.clock.advance(1000);
    return all;
  }

  it("appear with the key they used, their security and signal", async () => {
    const { observer } = await joined();
    const station = observer.station("home-ap-24", phoneMac);
    assert.ok(station && station.snr > 20);
    const { snr: _, connectedAt, assocIes, ...rest } = station;
    assert.ok(assocIes && assocIes.length > 0);
    assert.ok(connectedAt > 0 && connectedAt < 1000);
    assert.deepEqual(rest, {
      mac: phoneMac,
      vif: "home-ap-24",
      phy: "wifi0",
      keyId: 2,
      pmf: false,
      akm: "psk",
      pairwise: "ccmp",
      mldAddr: null,
    });
  });

  it("come to a hidden network when they know its name", async () => {
    const { clock, observer, request } = bench({ clients: [phone] });
    request("wifi0", [{ ...homeNetwork, ap: { ...homeNetwork.ap, ssidHidden: true } }]);
    await clock.advance(1000);
    assert.ok(observer.station("home-ap-24", phoneMac));
  });

  it("stay out with a wrong key", async () => {
    const { clock, observer, request } = bench({ clients: [phone] });
    request("wifi0", [{ ...homeNetwork, ap: { ...homeNetwork.ap, psks: [{ keyId: 1, psk: "correct-horse" }] } }]);
    await clock.advance(30_000);
    assert.equal(observer.stations.size, 0);
  });

  it("stay when a deny list names them, are kept out by it once they left, and let in again when it is lifted", async () => {
    const { clock, driver, observer, request } = await joined();
    request("wifi0", [{ name: "home-ap-24", ap: { aclPolicy: "deny", acl: [phoneMac] } }]);
    await clock.advance(30_000);
    assert.equal(observer.stations.size, 1);
    driver.requestDeauth("wifi0", "home-ap-24", phoneMac, 1);
    await clock.advance(30_000);
    assert.equal(observer.stations.size, 0);
    request("wifi0", [{ name: "home-ap-24", ap: { aclPolicy: "none", acl: [] } }]);
    await clock.advance(60_000);
    assert.ok(observer.station("home-ap-24", phoneMac));
  });

  it("are gone when their vif is switched off", async () => {
    const { clock, observer, request } = await joined();
    request("wifi0", [{ name: "home-ap-24", enabled: false }]);
    await clock.advance(0);
    assert.equal(observer.stations.size, 0);
  });

  it("leave on deauthentication and return", async () => {
    const { clock, driver, observer } = await joined();
    driver.requestDeauth("wifi0", "home-ap-24", phoneMac, 1);
    await clock.advance(1);
    assert.equal(observer.stations.size, 0);
    await clock.advance(1000);
    assert.ok(observer.station("home-ap-24", phoneMac));
  });

  it("follow an announced channel change without losing the link", async () => {
    const { clock, observer, request } = await joined();
    const since = observer.station("home-ap-24", phoneMac)?.connectedAt;
    request("wifi0", [{ name: "home-ap-24", ap: { channel: channel("2.4G", 1, 20), csaRequired: true } }]);
    await clock.advance(1000);
    assert.equal(observer.station("home-ap-24", phoneMac)?.connectedAt, since);
    request("wifi0", [{ name: "home-ap-24", ap: { channel: channel("2.4G", 6, 20) } }]);
    await clock.advance(1000);
    assert.notEqual(observer.station("home-ap-24", phoneMac)?.connectedAt, since);
  });

  it("can be held off by a hook", async () => {
    const { clock, driver, observer, request } = bench({ clients: [phone] });
    const asked: string[] = [];
    driver.admits = (vif) => {
      asked.push(vif);
      return asked.length > 1;
    };
    request("wifi0", [homeNetwork]);
    await clock.advance(10_000);
    assert.deepEqual(asked, ["home-ap-24", "home-ap-24"]);
    assert.ok(observer.station("home-ap-24", phoneMac));
  });
});

describe("radar", () => {
  const home50 = { ...homeNetwork, name: "home-ap-50", ap: { ...homeNetwork.ap, channel: channel("5G", 52, 80) } };
  const dfs = (observer: Observer, frequency: number) =>
    observer.phys.get("wifi1")?.channelStates.find(({ control }) => control === frequency)?.dfs;

  it("must be listened for before a DFS channel is used: a minute of silence, then the network comes up", async () => {
    const { clock, observer, request } = bench({ clients: [phone] });
    request("wifi1", [home50]);
    await clock.advance(1000);
    assert.deepEqual(
      [dfs(observer, 5260), dfs(observer, 5320), dfs(observer, 5180)],
      ["cac_in_progress", "cac_in_progress", "non_dfs"],
    );
    assert.equal(observer.status("home-ap-50"), "disabled");
    await clock.advance(60_000);
    assert.equal(dfs(observer, 5260), "cac_completed");
    assert.equal(observer.status("home-ap-50"), "enabled");
    assert.ok(observer.station("home-ap-50", phoneMac));
  });

  it("takes ten minutes to listen for where weather radars are, in Europe", async () => {
    const { clock, observer, request } = bench({ country: "DE" });
    request("wifi1", [{ ...home50, ap: { ...home50.ap, channel: channel("5G", 116, 80) } }]);
    await clock.advance(599_000);
    assert.equal(observer.status("home-ap-50"), "disabled");
    await clock.advance(2000);
    assert.equal(observer.status("home-ap-50"), "enabled");
  });

  it("breaks the check off when the channel is left", async () => {
    const { clock, observer, request } = bench();
    request("wifi1", [home50]);
    await clock.advance(1000);
    request("wifi1", [{ name: "home-ap-50", ap: { channel: channel("5G", 36, 80) } }]);
    await clock.advance(0);
    assert.equal(dfs(observer, 5260), "cac_possible");
    assert.equal(observer.status("home-ap-50"), "enabled");
    await clock.advance(120_000);
    assert.equal(dfs(observer, 5260), "cac_possible");
  });

  it("drives the radio to the channel it was told, and blocks the old one for half an hour", async () => {
    const { clock, driver, observer, request } = bench();
    const next = channel("5G", 149, 80);
    request("wifi1", [home50], { radarNextChannel: next });
    await clock.advance(61_000);
    driver.radar("wifi1", 5280);
    await clock.advance(0);
    assert.deepEqual(observer.ap("home-ap-50").channel, next);
    assert.equal(dfs(observer, 5280), "nol");
    assert.equal(dfs(observer, 5260), "cac_possible");
    request("wifi1", [home50]);
    await clock.advance(1000);
    assert.deepEqual(observer.ap("home-ap-50").channel, next);
    await clock.advance(30 * 60_000);
    assert.equal(dfs(observer, 5280), "cac_possible");
  });

  it("without a next channel drives it to the first that needs no listening", async () => {
    const { clock, driver, observer, request } = bench();
    request("wifi1", [home50]);
    await clock.advance(61_000);
    driver.radar("wifi1", 5280);
    await clock.advance(0);
    assert.equal(observer.ap("home-ap-50").channel?.control, 5180);
    assert.equal(observer.status("home-ap-50"), "enabled");
  });
});

describe("a backhaul station", () => {
  const network = {
    ssid: "backhaul",
    bssid: null,
    psk: "backhaul-key",
    wpa: wpa2,
    bridge: "br-home",
    multiAp: true,
    priority: 0,
  };

  it("connects to another device, never to its own, and follows what it is told", async () => {
    const { clock, world, observer, request } = bench();
    const backhaul = { ...homeNetwork.ap, ssid: "backhaul", psks: [{ keyId: 0, psk: "backhaul-key" }] };
    request("wifi1", [
      { name: "bhaul-ap-50", enabled: true, ap: backhaul },
      { name: "bhaul-sta-50", enabled: true, sta: { operation: "connect", networks: [network] } },
    ]);
    await clock.advance(1000);
    const link = () => {
      const state = observer.vifs.get("bhaul-sta-50");
      assert.ok(state?.type === "sta");
      return state.sta.link;
    };
    assert.equal(link().status, "connecting");
    world.addSite("other", { x: 8, y: 0 });
    const parent = mac("02:00:00:00:0f:00");
    world.putBss({
      bssid: parent,
      site: "other",
      name: "bhaul-ap-50",
      ssid: "backhaul",
      hidden: true,
      channel: { band: "5G", control: 5180, segments: [5180, 5200, 5220, 5240] },
      power: 23,
      generation: "ax",
      streams: 4,
      security: { akms: ["psk"], pairwise: ["ccmp"], pmf: "disabled" },
      keys: [{ keyId: 0, psk: "backhaul-key" }],
      acl: { policy: "none", macs: [] },
    });
    await clock.advance(1000);
    assert.deepEqual(link(), {
      status: "connected",
      bridge: "br-home",
      channel: channel("5G", 36, 80),
      bssid: parent,
      ssid: "backhaul",
      multiAp: true,
      psk: "backhaul-key",
      wpa: wpa2,
      apMld: null,
    });
    world.removeBss(parent);
    await clock.advance(1000);
    assert.equal(link().status, "connecting");
    request("wifi1", [{ name: "bhaul-sta-50", sta: { operation: "disconnect" } }]);
    await clock.advance(0);
    assert.equal(link().status, "disconnected");
  });
});
