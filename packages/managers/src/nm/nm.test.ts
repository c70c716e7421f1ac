import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Bench } from "../testing/bench.ts";
import { applyDeadline, applyDebounce } from "./limits.ts";
import { nm } from "./nm.ts";

const eth0 = { if_name: "eth0", if_type: "eth", enabled: true, network: true, ip_assign_scheme: "dhcp" } as const;

async function configured(rows: readonly object[]): Promise<Bench> {
  const bench = new Bench();
  bench.network.set("eth0");
  await bench.client.transact((transaction) => {
    for (const row of rows) transaction.insert("Wifi_Inet_Config", row);
  });
  await bench.start(nm);
  await bench.settle();
  return bench;
}

describe("NM", () => {
  it("asks for an address by DHCP and shows the one it got", async () => {
    const bench = await configured([eth0]);
    assert.deepEqual(bench.network.requests, ["eth0"]);
    assert.equal(bench.rows("Wifi_Inet_State").length, 1);
    const state = bench.row("Wifi_Inet_State");
    assert.equal(state.inet_addr, "192.0.2.7");
    assert.equal(state.inet_config, bench.row("Wifi_Inet_Config")._uuid);
    assert.equal(state.dhcpc.get("gateway"), "192.0.2.1");
    const master = bench.row("Wifi_Master_State");
    assert.deepEqual([master.port_state, master.network_state, master.inet_addr], ["active", "up", "192.0.2.7"]);
  });

  it("asks again when dhcp_renew is counted up, and only then", async () => {
    const bench = await configured([eth0]);
    await bench.client.transact((transaction) => transaction.update("Wifi_Inet_Config", [], { mtu: 1400 }));
    await bench.clock.advance(applyDebounce);
    assert.equal(bench.network.requests.length, 1);
    await bench.client.transact((transaction) => transaction.mutate("Wifi_Inet_Config", [], [["dhcp_renew", "+=", 1]]));
    await bench.clock.advance(applyDebounce);
    assert.equal(bench.network.requests.length, 2);
    await bench.client.transact((transaction) => transaction.update("Wifi_Inet_Config", [], { dhcp_renew: 0 }));
    await bench.clock.advance(applyDebounce);
    assert.equal(bench.network.requests.length, 2);
  });

  it("follows the cable", async () => {
    const bench = await configured([eth0]);
    bench.network.set("eth0", { carrier: false, address: null, netmask: null, gateway: null });
    await bench.settle();
    assert.equal(bench.row("Wifi_Master_State").port_state, "inactive");
    assert.equal(bench.row("Wifi_Inet_State").inet_addr, "0.0.0.0");
    bench.network.set("eth0", { carrier: true });
    await bench.settle();
    assert.equal(bench.row("Wifi_Inet_State").inet_addr, "192.0.2.7");
  });

  it("shows no state of an interface that does not exist, and a master row of a vif all the same", async () => {
    const bench = await configured([
      { ...eth0, if_name: "eth7" },
      { ...eth0, if_name: "home-ap-24", if_type: "vif", ip_assign_scheme: "none" },
    ]);
    assert.equal(bench.rows("Wifi_Inet_State").length, 0);
    const master = bench.row("Wifi_Master_State");
    assert.deepEqual([master.if_name, master.port_state, master.network_state], ["home-ap-24", null, "up"]);
  });

  it("shows an interface that is configured twice once, and rows that are left over not at all", async () => {
    const bench = await configured([eth0, { ...eth0, network: false }]);
    const ghosts = ["eth0", "eth7"].map((if_name) => ({ if_name, if_type: "eth", enabled: true }) as const);
    await bench.client.transact((transaction) => {
      for (const ghost of ghosts) transaction.insert("Wifi_Inet_State", ghost);
    });
    await bench.settle();
    assert.equal(bench.rows("Wifi_Inet_State").length, 1);
    assert.equal(bench.rows("Wifi_Master_State").length, 1);
    assert.equal(bench.row("Wifi_Inet_State").network, false);
  });

  it("shows the state of a vif once OWM shows the vif", async () => {
    const bench = await configured([{ ...eth0, if_name: "home-ap-24", if_type: "vif", ip_assign_scheme: "none" }]);
    await bench.client.transact((transaction) =>
      transaction.insert("Wifi_VIF_State", { if_name: "home-ap-24", enabled: true, mac: "02:00:00:00:00:24" }),
    );
    await bench.settle();
    const { hwaddr, network, inet_addr } = bench.row("Wifi_Inet_State");
    assert.deepEqual([hwaddr, network, inet_addr], ["02:00:00:00:00:24", true, "0.0.0.0"]);
    assert.equal(bench.row("Wifi_Master_State").port_state, null);
  });

  it("makes a change after a pause at once, and collects those that follow for 0.3 s", async () => {
    const bench = await configured([{ ...eth0, ip_assign_scheme: "none" }]);
    await bench.clock.advance(applyDebounce);
    const made = bench.network.statements.length;
    const set = (inet_addr: string) =>
      bench.client.transact((transaction) =>
        transaction.update("Wifi_Inet_Config", [], { ip_assign_scheme: "static", inet_addr, netmask: "255.0.0.0" }),
      );
    await set("10.0.0.1");
    await bench.settle();
    assert.equal(bench.row("Wifi_Inet_State").inet_addr, "10.0.0.1");
    for (const address of ["10.0.0.2", "10.0.0.3", "10.0.0.4"]) {
      await set(address);
      await bench.clock.advance(applyDebounce - 1);
      assert.equal(bench.row("Wifi_Inet_State").inet_addr, "10.0.0.1");
    }
    await bench.clock.advance(1);
    assert.equal(bench.row("Wifi_Inet_State").inet_addr, "10.0.0.4");
    assert.equal(bench.network.statements.length, made + 2);
  });

  it("does not wait for ever for an interface that never comes to rest", async () => {
    const bench = await configured([eth0]);
    for (let mtu = 1_000; mtu < 1_000 + (2 * applyDeadline) / 100; mtu++) {
      await bench.client.transact((transaction) => transaction.update("Wifi_Inet_Config", [], { mtu }));
      await bench.clock.advance(100);
    }
    assert.ok((bench.row("Wifi_Inet_State").mtu ?? 0) > 1_000);
  });

  it("takes the state away with the configuration", async () => {
    const bench = await configured([eth0]);
    await bench.client.transact((transaction) => transaction.delete("Wifi_Inet_Config", []));
    await bench.settle();
    assert.equal(bench.rows("Wifi_Inet_State").length + bench.rows("Wifi_Master_State").length, 0);
  });

  it("tells ovs-vsctl that its change is taken", async () => {
    const bench = await configured([]);
    await bench.client.transact((transaction) => transaction.insert("Open_vSwitch", { next_cfg: 3 }));
    await bench.settle();
    assert.equal(bench.row("Open_vSwitch").cur_cfg, 3);
  });

  it("numbers a bridge's ports as their devices come, and says what is missing until then", async () => {
    const bench = await configured([]);
    await bench.client.transact((transaction) => {
      const interfaces = ["br0", "eth0", "home-ap-24"].map((name) => ({
        name,
        type: name === "br0" ? "internal" : "",
      }));
      const ports = interfaces.map((row) =>
        transaction.insert("Port", { name: row.name, interfaces: [transaction.insert("Interface", row)] }),
      );
      const bridge = transaction.insert("Bridge", { name: "br0", ports });
      transaction.insert("Open_vSwitch", { bridges: [bridge], next_cfg: 1 });
    });
    await bench.settle();
    const port = (name: string) => bench.row("Interface", (row) => row.name === name);
    assert.deepEqual([port("br0").ofport, port("eth0").ofport, port("eth0").link_state], [65534, 1, "up"]);
    assert.match(port("home-ap-24").error ?? "", /home-ap-24 \(No such device\)/);
    assert.equal(bench.row("Open_vSwitch").cur_cfg, 1);
    await bench.client.transact((transaction) =>
      transaction.insert("Wifi_VIF_State", { if_name: "home-ap-24", enabled: true, mac: "02:00:00:00:00:24" }),
    );
    await bench.settle();
    const { ofport, error, mac_in_use, admin_state } = port("home-ap-24");
    assert.deepEqual([ofport, error, mac_in_use, admin_state], [2, null, "02:00:00:00:00:24", "up"]);
  });

  it("writes nothing when nothing changes", async () => {
    const bench = await configured([eth0]);
    const before = bench.row("Wifi_Inet_State")._version;
    bench.network.set("eth0");
    await bench.settle();
    assert.equal(bench.row("Wifi_Inet_State")._version, before);
  });
});
