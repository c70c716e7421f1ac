import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Row, Write } from "@opensync-ts/schema/opensync";
import type { DhcpHeard } from "@opensync-ts/target/network";
import type { RunningManager } from "../manager.ts";
import { nm } from "../nm/nm.ts";
import { Bench } from "../testing/bench.ts";
import { createWano } from "./wano.ts";

const laptop = mac("02:00:00:00:00:0a");
const address = { ip: "198.51.100.7", subnet: "255.255.255.0", gateway: "198.51.100.1", primary_dns: "192.0.2.53" };

interface Running {
  readonly bench: Bench;
  readonly wano: RunningManager;
}

/** NM and WANO on a device with a cable in `eth0` and none in `eth1`. */
async function running(rows: readonly Write<"WAN_Config">[] = [], interfaces = ["eth0", "eth1"]): Promise<Running> {
  const bench = new Bench();
  bench.network.set("eth0");
  bench.network.set("eth1", { carrier: false, mac: mac("02:00:00:00:00:02") });
  await bench.client.transact((transaction) => {
    for (const row of rows) transaction.insert("WAN_Config", { enable: true, ...row });
    transaction.insert("Open_vSwitch", {
      bridges: [transaction.insert("Bridge", { name: "br-home", ports: [] })],
    });
  });
  await bench.start(nm);
  const wano = await bench.start(createWano({ interfaces }));
  await bench.clock.advance(2_000);
  return { bench, wano };
}

function uplink(bench: Bench, name: string): Row<"Connection_Manager_Uplink"> {
  return bench.row("Connection_Manager_Uplink", (row) => row.if_name === name);
}

function flags(bench: Bench, name: string) {
  const { has_L2, has_L3, loop, eth_client } = uplink(bench, name);
  return { has_L2, has_L3, loop, eth_client };
}

function inet(bench: Bench, name: string): Row<"Wifi_Inet_Config"> {
  return bench.row("Wifi_Inet_Config", (row) => row.if_name === name);
}

function hear(bench: Bench, change: Partial<DhcpHeard> = {}): void {
  bench.network.hear({ link: "eth1", mac: laptop, message: "discover", vendorClass: "MSFT 5.0", ...change });
}

/** Somebody puts `eth1` into the LAN bridge. */
async function bridge(bench: Bench): Promise<void> {
  await bench.client.transact((transaction) => {
    const port = transaction.insert("Port", {
      name: "eth1",
      interfaces: [transaction.insert("Interface", { name: "eth1" })],
    });
    transaction.insertInto("Bridge", [["name", "==", "br-home"]], "ports", [port] as never);
  });
  await bench.clock.advance(1_000);
}

describe("WANO, with NM", () => {
  it("makes an uplink of the port with a cable, and announces the other one", async () => {
    const { bench } = await running();
    assert.deepEqual(flags(bench, "eth0"), { has_L2: true, has_L3: true, loop: false, eth_client: null });
    assert.deepEqual(flags(bench, "eth1"), { has_L2: false, has_L3: null, loop: null, eth_client: null });
    const { NAT, enabled, network, ip_assign_scheme } = inet(bench, "eth0");
    assert.deepEqual([NAT, enabled, network, ip_assign_scheme], [true, true, true, "dhcp"]);
    assert.equal(bench.row("Wifi_Inet_State", (row) => row.if_name === "eth0").NAT, true);
  });

  it("finds an Ethernet client after five seconds, and tells where it is", async () => {
    const { bench, wano } = await running();
    bench.network.lease = null;
    bench.network.set("eth1", { carrier: true });
    await bench.clock.advance(1_000);
    hear(bench);
    await bench.clock.advance(100);
    assert.deepEqual(flags(bench, "eth1"), { has_L2: true, has_L3: null, loop: false, eth_client: null });
    await bench.clock.advance(5_000);
    assert.deepEqual(flags(bench, "eth1"), { has_L2: true, has_L3: false, loop: false, eth_client: true });
    const { brname, ifname, hwaddr, vlan } = bench.row("OVS_MAC_Learning");
    assert.deepEqual([brname, ifname, hwaddr, vlan], ["br-home", "eth1", laptop, 0]);
    assert.equal(inet(bench, "eth1").NAT, false);
    assert.match(wano.dump(), /eth1: ABORT.* Ethernet client 02:00:00:00:00:0a/);
    // It stays told while the port is looked at again and again.
    for (let hour = 0; hour < 60; hour++) {
      await bench.clock.advance(60_000);
      assert.deepEqual(flags(bench, "eth1"), { has_L2: true, has_L3: false, loop: false, eth_client: true });
    }
  });

  it("forgets the client with its cable", async () => {
    const { bench } = await running();
    bench.network.lease = null;
    bench.network.set("eth1", { carrier: true });
    await bench.clock.advance(1_000);
    for (let count = 0; count < 3; count++) hear(bench);
    await bench.clock.advance(1_000);
    assert.equal(uplink(bench, "eth1").eth_client, true);
    bench.network.set("eth1", { carrier: false });
    await bench.clock.advance(1_000);
    assert.deepEqual(flags(bench, "eth1"), { has_L2: false, has_L3: null, loop: false, eth_client: null });
    assert.equal(bench.rows("OVS_MAC_Learning").length, 0);
  });

  it("takes a port on which a server answers for a way out, and another device of its kind for a loop", async () => {
    const { bench } = await running();
    bench.network.set("eth1", { carrier: true });
    hear(bench);
    hear(bench, { mac: mac("02:00:00:00:00:0f"), message: "offer", vendorClass: "" });
    await bench.clock.advance(10_000);
    assert.deepEqual(flags(bench, "eth1"), { has_L2: true, has_L3: true, loop: false, eth_client: null });
    const { bench: second } = await running();
    second.network.lease = null;
    second.network.set("eth1", { carrier: true });
    await second.clock.advance(1_000);
    hear(second, { vendorClass: "FAKE" });
    await second.clock.advance(6_000);
    assert.deepEqual([flags(second, "eth1").loop, flags(second, "eth1").eth_client], [true, null]);
  });

  it("does not insist on `loop`, which CM writes as well", async () => {
    const { bench } = await running();
    bench.network.lease = null;
    bench.network.set("eth1", { carrier: true });
    await bench.clock.advance(1_000);
    hear(bench);
    await bench.clock.advance(6_000);
    await bench.client.transact((transaction) =>
      transaction.update("Connection_Manager_Uplink", [["if_name", "==", "eth1"]], { loop: true }),
    );
    await bench.clock.advance(1_000);
    assert.equal(uplink(bench, "eth1").loop, true);
  });

  it("leaves a port of a bridge alone, and takes it up again when it leaves the bridge", async () => {
    const { bench, wano } = await running();
    bench.network.set("eth1", { carrier: true });
    await bridge(bench);
    assert.match(wano.dump(), /eth1: FREEZE/);
    await bench.client.transact((transaction) => transaction.update("Bridge", [], { ports: [] }));
    await bench.clock.advance(2_000);
    assert.match(wano.dump(), /eth1: IDLE/);
  });

  it("freezes a client's port that joins the LAN: its row of OVS_MAC_Learning is NM's then", async () => {
    const { bench, wano } = await running();
    bench.network.lease = null;
    bench.network.set("eth1", { carrier: true });
    await bench.clock.advance(1_000);
    for (let count = 0; count < 3; count++) hear(bench);
    await bench.clock.advance(1_000);
    await bridge(bench);
    assert.match(wano.dump(), /eth1: FREEZE/);
    assert.deepEqual(flags(bench, "eth1"), { has_L2: true, has_L3: false, loop: false, eth_client: true });
    assert.equal(bench.rows("OVS_MAC_Learning").length, 0);
    bench.network.setTables({ learned: [{ bridge: "br-home", port: "eth1", mac: laptop, vlan: 0 }] });
    await bench.settle();
    assert.equal(bench.row("OVS_MAC_Learning").hwaddr, laptop);
  });

  it("sets a static address whose router answers, and says that the row works", async () => {
    const { bench } = await running([
      { type: "static_ipv4", priority: 1, other_config: new Map(Object.entries(address)) },
    ]);
    assert.equal(bench.row("WAN_Config").status, "success");
    const { inet_addr, gateway, dns } = bench.row("Wifi_Inet_State", (row) => row.if_name === "eth0");
    assert.deepEqual([inet_addr, gateway, [...dns]], ["198.51.100.7", "198.51.100.1", [["primary", "192.0.2.53"]]]);
    assert.equal(uplink(bench, "eth0").has_L3, true);
  });

  it("falls back to DHCP where the router is silent, says so in the row, and leaves nothing of the address", async () => {
    const { bench } = await running([]);
    bench.network.answers = () => false;
    await bench.client.transact((transaction) =>
      transaction.insert("WAN_Config", {
        enable: true,
        type: "static_ipv4",
        other_config: new Map(Object.entries(address)),
      }),
    );
    await bench.clock.advance(10_000);
    assert.equal(bench.row("WAN_Config").status, "error");
    const { ip_assign_scheme, inet_addr, dns } = inet(bench, "eth0");
    assert.deepEqual([ip_assign_scheme, inet_addr, dns.size], ["dhcp", null, 0]);
    assert.equal(uplink(bench, "eth0").has_L3, true);
  });

  it("gives a router that never answers its time only", async () => {
    const { bench, wano } = await running([{ type: "static_ipv4", other_config: new Map(Object.entries(address)) }]);
    await wano.stop();
    bench.network.probe = (_link, _what, _family, { signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const again = await bench.start(createWano({ interfaces: ["eth0"] }));
    await bench.clock.advance(5_000);
    assert.match(again.dump(), /PLUGIN_RUN \(static_ipv4\)/);
    await bench.clock.advance(15_000);
    assert.match(again.dump(), /eth0: IDLE \(dhcpv4\)/);
  });

  it("uses a VLAN, and takes it away with the row", async () => {
    const { bench } = await running([{ type: "vlan", other_config: new Map([["vlan_id", "100"]]) }]);
    await bench.clock.advance(2_000);
    assert.deepEqual(flags(bench, "eth0.100"), { has_L2: true, has_L3: true, loop: false, eth_client: null });
    assert.equal(uplink(bench, "eth0.100").if_type, "vlan");
    assert.equal(uplink(bench, "eth0").has_L3, null);
    const { parent_ifname, vlan_id, NAT } = inet(bench, "eth0.100");
    assert.deepEqual([parent_ifname, vlan_id, NAT], ["eth0", 100, true]);
    assert.equal(bench.row("WAN_Config").status, "success");
    await bench.client.transact((transaction) => transaction.delete("WAN_Config", []));
    await bench.clock.advance(5_000);
    assert.deepEqual(
      bench.rows("Connection_Manager_Uplink").map((row) => [row.if_name, row.has_L3]),
      [
        ["eth0", true],
        ["eth1", null],
      ],
    );
    assert.equal(
      bench.rows("Wifi_Inet_Config").some(({ if_name }) => if_name === "eth0.100"),
      false,
    );
    assert.equal(
      bench.network.links().some(({ name }) => name === "eth0.100"),
      false,
    );
  });

  it("takes the VLANs of a WANO before it away when it starts", async () => {
    const { bench, wano } = await running([{ type: "vlan", other_config: new Map([["vlan_id", "100"]]) }]);
    await wano.stop();
    await bench.client.transact((transaction) => transaction.delete("WAN_Config", []));
    await bench.start(createWano({ interfaces: ["eth0"] }));
    await bench.clock.advance(5_000);
    assert.deepEqual(
      bench
        .rows("Wifi_Inet_Config")
        .map(({ if_name }) => if_name)
        .sort(),
      ["eth0", "eth1"],
    );
  });

  it("refuses what it cannot do in the row, and once in the log", async () => {
    const { bench } = await running([{ type: "pppoe", other_config: new Map([["password", "secret"]]) }]);
    await bench.clock.advance(60_000);
    assert.equal(bench.row("WAN_Config").status, "error");
    const lines = bench.ring.records().map(({ text }) => text);
    const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
    assert.deepEqual([count(/PPPoE/), count(/secret/)], [1, 0]);
    await bench.client.transact((transaction) => transaction.update("WAN_Config", [], { enable: false }));
    await bench.clock.advance(5_000);
    assert.equal(bench.row("WAN_Config").status, null);
  });

  it("puts an uplink's row back that somebody took away", async () => {
    const { bench } = await running();
    await bench.client.transact((transaction) => transaction.delete("Connection_Manager_Uplink", []));
    await bench.settle();
    assert.deepEqual(flags(bench, "eth0"), { has_L2: true, has_L3: true, loop: false, eth_client: null });
  });

  it("writes nothing while nothing changes, in twelve hours without an answer to DHCP", async () => {
    const { bench } = await running();
    bench.network.lease = null;
    bench.network.set("eth0", { address: null, netmask: null, gateway: null });
    await bench.clock.advance(60_000);
    assert.equal(uplink(bench, "eth0").has_L3, false);
    const versions = [uplink(bench, "eth0")._version, inet(bench, "eth0")._version];
    await bench.clock.advance(12 * 3_600_000);
    assert.deepEqual([uplink(bench, "eth0")._version, inet(bench, "eth0")._version], versions);
  });

  it("refuses a list of interfaces that it cannot read, with what to correct", async () => {
    const bench = new Bench();
    for (const interfaces of [["eth0:wifi"], ["eth0", "eth0:eth"], [":eth"]]) {
      await assert.rejects(bench.start(createWano({ interfaces })), /MANAGER_WANO_IFACE_LIST.*correct the profile/);
    }
  });

  it("leaves no timer behind when it stops", async () => {
    const { bench, wano } = await running();
    bench.network.set("eth1", { carrier: true });
    hear(bench);
    await wano.stop();
    const before = uplink(bench, "eth1")._version;
    await bench.clock.advance(3_600_000);
    assert.equal(uplink(bench, "eth1")._version, before);
  });
});
