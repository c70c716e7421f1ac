import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OpenSyncTable } from "@opensync-ts/schema/opensync";
import { extenderTables, gatewayTables } from "./doctor/extender/case.ts";
import { examineExtender } from "./doctor/extender/examine-extender.ts";
import type { Rows } from "./doctor/node-rows.ts";
import { Recorder } from "./doctor/report.ts";
import { backhaulKey, far, minute, type NodeName, near, second, WirelessHome } from "./testing/wireless-home.ts";

/** Addresses of hosts, and whether each reaches the Internet. */
function hosts(home: WirelessHome) {
  return Object.fromEntries(
    home.fabric.hosts().map(({ name, address, gateway }) => {
      return [name, { address, gateway, internet: home.fabric.reaches(name, "internet") }];
    }),
  );
}

async function tunnels(home: WirelessHome): Promise<readonly string[]> {
  const rows = await home.rows("gateway", "Wifi_Inet_State");
  return rows
    .filter(({ if_type }) => if_type === "gre")
    .map((row) => `${row.if_name} ${row.gre_ifname} ${row.gre_local_inet_addr} ${row.gre_remote_inet_addr}`)
    .sort();
}

const bothTunnels = ["pgd2-2 bhaul-ap-24 169.254.2.1 169.254.2.2", "pgd5-2 bhaul-ap-50 169.254.5.1 169.254.5.2"];

describe("an extender that has no cable", () => {
  it("finds its home: association, address, a tunnel on both ends, the LAN, the cloud", async () => {
    await using home = await WirelessHome.settled();
    // The station's own link.
    const ap = await home.row("gateway", "Wifi_VIF_State", "bhaul-ap-50");
    const sta = await home.row("extender", "Wifi_VIF_State", "bhaul-sta-50");
    assert.deepEqual([sta?.parent, sta?.ssid], [ap?.mac, "Home backhaul"]);
    assert.equal(ap?.associated_clients.length, 1);
    assert.equal(await home.address("extender", "bhaul-sta-50"), "169.254.5.2");
    // The tunnel, at the parent and at the extender.
    assert.deepEqual(await tunnels(home), bothTunnels);
    assert.deepEqual(await home.ports("gateway"), ["br-home", "eth1", "pgd2-2", "pgd5-2"]);
    const end = await home.row("extender", "Wifi_Inet_State", "g-bhaul-sta-50");
    assert.deepEqual([end?.gre_local_inet_addr, end?.gre_remote_inet_addr], ["169.254.5.2", "169.254.5.1"]);
    // The LAN through it: on one band, or frames would go round in circles.
    assert.equal(await home.uplink("extender"), "g-bhaul-sta-50");
    assert.deepEqual(await home.ports("extender"), ["br-home", "eth1", "g-bhaul-sta-50"]);
    const own = await home.address("extender", "br-home");
    const leases = await home.rows("gateway", "DHCP_leased_IP");
    const bridge = await home.row("extender", "Wifi_Inet_State", "br-home");
    assert.ok(leases.some(({ hwaddr, inet_addr }) => hwaddr === bridge?.hwaddr && inet_addr === own));
    assert.match(own ?? "", /^192\.168\.40\./);
    assert.ok(home.extenderIsOn());
  });

  it("serves people, whose addresses and Internet come from the gateway", async () => {
    await using home = await WirelessHome.settled();
    const servedBy = (mac: string) =>
      home.world.bss(home.world.client(mac as never)?.association?.bssid as never)?.site;
    assert.deepEqual([servedBy(near.mac), servedBy(far.mac)], ["gateway", "extender"]);
    const before = hosts(home);
    for (const name of ["near", "far"]) {
      assert.match(before[name]?.address ?? "", /^192\.168\.40\./);
      assert.deepEqual([before[name]?.gateway, before[name]?.internet], ["192.168.40.1", true]);
    }
    const leases = await home.rows("gateway", "DHCP_leased_IP");
    assert.ok(leases.some(({ hwaddr, inet_addr }) => hwaddr === far.mac && inet_addr === before.far?.address));
    assert.equal((await home.rows("extender", "DHCP_leased_IP")).length, 0);
  });

  it("passes the checklist for extenders", async () => {
    await using home = await WirelessHome.settled();
    const rowsOf = async <T extends OpenSyncTable>(id: NodeName, tables: readonly T[]) =>
      Object.fromEntries(
        await Promise.all(tables.map(async (table) => [table, await home.rows(id, table)] as const)),
      ) as Rows<T>;
    const extender = await rowsOf("extender", extenderTables);
    const macs = extender.Wifi_VIF_State.filter(({ mode }) => mode === "sta").map(({ mac }) => mac ?? "");
    const gateway = await rowsOf("gateway", gatewayTables);
    const recorder = new Recorder(home.clock);
    examineExtender(recorder, { gatewayName: "gateway", gateway, extender, macs });
    assert.deepEqual(
      recorder.steps.filter(({ status }) => status !== "ok"),
      [],
    );
  });

  it("costs no write when nothing happens", async () => {
    await using home = await WirelessHome.settled();
    const { location } = home.cloud;
    const counters = () => ["gateway", "extender"].map((id) => location.node(id)?.counters.writes);
    const before = counters();
    await home.pass(30 * minute);
    assert.deepEqual(counters(), before);
    assert.equal(location.node("extender")?.sessions, 1);
    assert.ok(location.settled);
  });

  it("goes over the other band when its band is gone, and back when it is there again", async () => {
    await using home = await WirelessHome.settled();
    const writes = home.writesToGateway();
    await home.setRadios({ wifi1: false });
    const over = (band: string) => async () =>
      (await home.uplink("extender")) === `g-bhaul-sta-${band}` && home.extenderIsOn();
    await home.until("over 2.4 GHz", over("24"), 2 * minute);
    assert.deepEqual(await home.ports("extender"), ["br-home", "eth1", "g-bhaul-sta-24"]);
    await home.until("people have the Internet", () => hosts(home).far?.internet === true, minute);
    await home.setRadios({ wifi1: true });
    await home.until("over 5 GHz", over("50"), 3 * minute);
    assert.equal(home.writesToGateway(), writes, "the tunnels stood all the time");
    assert.deepEqual(await tunnels(home), bothTunnels);
  });

  it("is cut off without backhaul, knows it, and comes back as it was", async () => {
    await using home = await WirelessHome.settled();
    const writes = home.writesToGateway();
    const address = await home.address("extender", "br-home");
    await home.setRadios({ wifi0: false, wifi1: false });
    await home.until("the cloud has lost it", () => !home.extenderIsOn(), minute);
    await home.until("it has no uplink", async () => (await home.uplink("extender")) === undefined, minute);
    assert.equal(home.target("extender").network.wayOut?.obstacle({ purpose: "cloud" }), "unreachable");
    assert.deepEqual(await home.ports("extender"), ["br-home", "eth1"]);
    const rows = await home.rows("extender", "Wifi_Inet_Config");
    assert.ok(!rows.some(({ if_type }) => if_type === "gre"), "no tunnel to nowhere");
    await home.pass(5 * minute);
    await home.setRadios({ wifi0: true, wifi1: true });
    await home.settled();
    assert.equal(await home.address("extender", "br-home"), address);
    assert.deepEqual(await tunnels(home), bothTunnels);
    assert.equal(home.writesToGateway(), writes);
  });

  it("loses its backhaul by hand until it is given back, whatever reboots", async () => {
    await using home = await WirelessHome.settled();
    const sim = (line: string) => home.target("extender").commands?.get("sim")?.run(line.split(" "));
    const address = await home.address("extender", "br-home");
    sim("wan-down");
    await home.until("the cloud has lost it", () => !home.extenderIsOn(), 2 * minute);
    await home.reboot("extender");
    await home.pass(2 * minute);
    assert.equal(home.extenderIsOn(), false);
    sim("wan-up");
    await home.settled();
    assert.equal(await home.address("extender", "br-home"), address);
    assert.deepEqual(await tunnels(home), bothTunnels);
  });

  it("comes back after its own reboot to the addresses and tunnels it had", async () => {
    await using home = await WirelessHome.settled();
    const writes = home.writesToGateway();
    const address = await home.address("extender", "br-home");
    await home.reboot("extender");
    await home.until("it is back", () => home.cloud.location.settled && home.extenderIsOn(), 2 * minute);
    assert.equal(await home.address("extender", "br-home"), address);
    assert.equal(await home.address("extender", "bhaul-sta-50"), "169.254.5.2");
    assert.equal(home.writesToGateway(), writes);
    await home.until("people are back", () => hosts(home).far?.internet === true, minute);
  });

  it("comes back after a reboot of the gateway, which has forgotten leases and tunnels", async () => {
    await using home = await WirelessHome.settled();
    const address = await home.address("extender", "br-home");
    const sessions = home.cloud.location.node("extender")?.sessions ?? 0;
    await home.reboot("gateway");
    const isBack = () =>
      (home.cloud.location.node("extender")?.sessions ?? 0) > sessions && home.cloud.location.settled;
    await home.until("all is as it was", isBack, 5 * minute);
    await home.until("both tunnels", async () => (await tunnels(home)).length === 2, minute);
    assert.deepEqual(await tunnels(home), bothTunnels);
    assert.equal(await home.address("extender", "br-home"), address);
    await home.until(
      "people are back",
      () => hosts(home).far?.internet === true && hosts(home).near?.internet === true,
      minute,
    );
  });

  for (const seed of [2, 3, 4]) {
    it(`comes back when the power does, for both at once and one after the other (seed ${seed})`, async () => {
      await using home = await WirelessHome.start({}, seed);
      await home.settled();
      for (const pause of [0, 5 * second]) {
        home.device("gateway").control.powerCut();
        await home.pass(pause);
        home.device("extender").control.powerCut();
        await home.pass(2 * minute);
        await home.settled();
        assert.deepEqual(await home.ports("gateway"), ["br-home", "eth1", "pgd2-2", "pgd5-2"]);
        assert.deepEqual(await home.ports("extender"), ["br-home", "eth1", "g-bhaul-sta-50"]);
      }
    });
  }

  it("stays outside with another key, and the home does without it", async () => {
    await using home = await WirelessHome.start({ knownKey: `${backhaulKey}!` });
    await home.pass(3 * minute);
    assert.deepEqual([home.extenderIsOn(), home.cloud.location.node("gateway")?.settled], [false, true]);
    assert.deepEqual(await tunnels(home), []);
  });

  it("is let in by the address of its station where the home states those, and nobody else is", async () => {
    const stationOf = async (home: WirelessHome) =>
      (await home.row("extender", "Wifi_VIF_State", "bhaul-sta-50"))?.mac ?? "";
    await using other = await WirelessHome.start({ stations: ["02:00:00:00:0e:99"] });
    await other.pass(minute);
    assert.equal(other.extenderIsOn(), false);
    const station = await stationOf(other);
    await using home = await WirelessHome.start({ stations: [station] });
    await home.settled();
    assert.deepEqual(await tunnels(home), [bothTunnels[1]]);
  });

  it("tells nobody its key", async () => {
    await using home = await WirelessHome.settled();
    await home.pass(10 * second);
    assert.ok(!home.log.records().some(({ text }) => text.includes(backhaulKey)));
  });
});
