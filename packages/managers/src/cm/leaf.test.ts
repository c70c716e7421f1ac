import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RunningManager } from "../manager.ts";
import { Bench } from "../testing/bench.ts";
import { createCm } from "./cm.ts";
import { cmOptions, redirectorAddress } from "./testing/lab.ts";

/** A node whose only way out is its station; NM and OWM are played by the test, by what CM's rows ask for. */
class Leaf {
  readonly bench = new Bench();
  readonly restarts: string[] = [];
  #cm: RunningManager | undefined;

  async boot(multiAp: "backhaul_sta" | "none" = "none"): Promise<this> {
    const { bench } = this;
    bench.control = { reboot() {}, factoryReset() {}, restartManagers: (reason) => this.restarts.push(reason) };
    await bench.client.transact((transaction) => {
      transaction.insert("Open_vSwitch", { bridges: [transaction.insert("Bridge", { name: "br-home" })] });
      transaction.insert("AWLAN_Node", { redirector_addr: redirectorAddress });
      transaction.insert("Wifi_Inet_Config", {
        if_name: "br-home",
        if_type: "bridge",
        enabled: true,
        network: false,
        ip_assign_scheme: "none",
        dhcpd: { start: "192.168.40.2" },
      });
      for (const name of ["eth0", "eth1"])
        transaction.insert("Connection_Manager_Uplink", { if_name: name, if_type: "eth", has_L2: false });
      const vif = transaction.insert("Wifi_VIF_State", { if_name: "bhaul-sta-50", mode: "sta", multi_ap: multiAp });
      transaction.insert("Wifi_Radio_State", { if_name: "wifi1", freq_band: "5G", vif_states: [vif] });
      transaction.insert("Wifi_Master_State", { if_name: "bhaul-sta-50", if_type: "vif", port_state: "inactive" });
    });
    bench.database.onCommit(() => this.#playNm());
    const resolver = async () => ({ ipv4: ["192.0.2.1"], ipv6: [] });
    this.#cm = await bench.start(createCm({ ...cmOptions, resolver }));
    await bench.settle();
    return this;
  }

  async associate(up: boolean): Promise<void> {
    await this.bench.client.transact((transaction) => {
      const where = [["if_name", "==", "bhaul-sta-50"]] as const;
      transaction.update("Wifi_Master_State", where, { port_state: up ? "active" : "inactive" });
      if (!up) transaction.update("Wifi_Inet_State", where, { inet_addr: "0.0.0.0" });
    });
    await this.bench.settle();
  }

  get dump(): string {
    return this.#cm?.dump() ?? "";
  }

  port(name: string): boolean {
    const bridge = this.bench.row("Bridge");
    return this.bench.rows("Port").some((row) => row.name === name && bridge.ports.includes(row._uuid));
  }

  /** Stations and bridges that ask by DHCP have an address at once; tunnels stand as soon as they are wanted. */
  #playNm(): void {
    const { bench } = this;
    const shown = new Map(bench.rows("Wifi_Inet_State").map((row) => [row.if_name, row]));
    const masters = new Set(bench.rows("Wifi_Master_State").map((row) => row.if_name));
    const configs = bench.rows("Wifi_Inet_Config");
    const gone = [...shown.keys()].filter((name) => !configs.some((row) => row.if_name === name));
    const states = configs.flatMap((row) => {
      const associated =
        bench.row("Wifi_Master_State", (each) => each.if_name === "bhaul-sta-50").port_state === "active";
      const overWifi = row.if_type === "vif" || row.if_type === "bridge";
      const asks = row.ip_assign_scheme === "dhcp" && (associated || !overWifi);
      const address = asks ? (row.if_type === "vif" ? "169.254.3.21" : "192.168.40.77") : "0.0.0.0";
      const known = shown.get(row.if_name);
      if (known?.inet_addr === address) return [];
      return [{ if_name: row.if_name, if_type: row.if_type, inet_addr: address, netmask: "255.255.255.128", known }];
    });
    if (gone.length + states.length === 0) return;
    void bench.client.transact((transaction) => {
      for (const name of gone) {
        transaction.delete("Wifi_Inet_State", [["if_name", "==", name]]);
        transaction.delete("Wifi_Master_State", [["if_name", "==", name]]);
      }
      for (const { known, ...state } of states) {
        if (known) transaction.update("Wifi_Inet_State", [["if_name", "==", state.if_name]], state);
        else transaction.insert("Wifi_Inet_State", state);
        if (!masters.has(state.if_name))
          transaction.insert("Wifi_Master_State", {
            if_name: state.if_name,
            if_type: state.if_type,
            port_state: "active",
          });
      }
    });
  }
}

describe("a leaf", () => {
  it("gets from its association to the cloud: address, tunnel, uplink, bridge, address of the bridge", async () => {
    const leaf = await new Leaf().boot();
    await leaf.associate(true);
    const { bench } = leaf;
    const tunnel = bench.row("Wifi_Inet_Config", (row) => row.if_name === "g-bhaul-sta-50");
    assert.deepEqual(
      [tunnel.gre_ifname, tunnel.gre_local_inet_addr, tunnel.gre_remote_inet_addr, tunnel.mtu],
      ["bhaul-sta-50", "169.254.3.21", "169.254.3.1", 1500],
    );
    const uplink = bench.row("Connection_Manager_Uplink", (row) => row.if_type === "gre");
    assert.deepEqual(
      [uplink.if_name, uplink.bridge, uplink.priority, uplink.is_used, uplink.has_L2, uplink.has_L3],
      ["g-bhaul-sta-50", "br-home", 8, true, true, true],
    );
    assert.ok(leaf.port("g-bhaul-sta-50"));
    const bridge = bench.row("Wifi_Inet_Config", (row) => row.if_name === "br-home");
    assert.deepEqual([bridge.ip_assign_scheme, bridge.network, bridge.dhcpd.size], ["dhcp", true, 0]);
    assert.equal(bench.row("Manager").target, "ssl:[192.0.2.1]:443");
    await bench.client.transact((transaction) => transaction.update("Manager", [], { is_connected: true }));
    await bench.settle();
    assert.match(leaf.dump, /device type: LEAF/);
  });

  it("needs no tunnel with four-address frames: its station is a port of the bridge", async () => {
    const leaf = await new Leaf().boot("backhaul_sta");
    await leaf.associate(true);
    assert.ok(leaf.port("bhaul-sta-50"));
    assert.equal(
      leaf.bench.rows("Wifi_Inet_Config").some((row) => row.if_type === "gre"),
      false,
    );
    assert.equal(leaf.bench.row("Manager").target, "ssl:[192.0.2.1]:443");
  });

  it("gives everything up with its association, and begins again with the next", async () => {
    const leaf = await new Leaf().boot();
    for (let i = 0; i < 3; i++) {
      await leaf.associate(true);
      assert.ok(leaf.port("g-bhaul-sta-50"));
      await leaf.associate(false);
      assert.equal(
        leaf.bench.rows("Wifi_Inet_Config").some((row) => row.if_type === "gre"),
        false,
      );
      assert.equal(
        leaf.bench.rows("Connection_Manager_Uplink").some((row) => row.if_type === "gre"),
        false,
      );
      assert.equal(leaf.port("g-bhaul-sta-50"), false);
      const bridge = leaf.bench.row("Wifi_Inet_Config", (row) => row.if_name === "br-home");
      assert.deepEqual([bridge.ip_assign_scheme, bridge.dhcpd.get("start")], ["none", "192.168.40.2"]);
      assert.match(leaf.dump, /state: LINK_SEL/);
    }
  });

  it("makes a port of its LAN of an Ethernet port without a WAN behind it", async () => {
    const leaf = await new Leaf().boot();
    await leaf.associate(true);
    await leaf.bench.client.transact((transaction) => transaction.update("Manager", [], { is_connected: true }));
    const eth1 = (change: { has_L2: boolean; has_L3: boolean | null }) =>
      leaf.bench.client.transact((transaction) =>
        transaction.update("Connection_Manager_Uplink", [["if_name", "==", "eth1"]], change),
      );
    await eth1({ has_L2: true, has_L3: false });
    await leaf.bench.settle();
    assert.equal(leaf.bench.row("Connection_Manager_Uplink", (row) => row.if_name === "eth1").loop, true);
    await leaf.bench.clock.advance(5_000);
    assert.equal(leaf.bench.row("Connection_Manager_Uplink", (row) => row.if_name === "eth1").loop, false);
    assert.ok(leaf.port("eth1"));
    await eth1({ has_L2: false, has_L3: null });
    await leaf.bench.settle();
    assert.equal(leaf.port("eth1"), false);
    assert.ok(leaf.port("g-bhaul-sta-50"));
  });

  it("becomes a gateway by a restart of its managers when a WAN is plugged in while it is connected", async () => {
    const leaf = await new Leaf().boot();
    await leaf.associate(true);
    await leaf.bench.client.transact((transaction) => transaction.update("Manager", [], { is_connected: true }));
    await leaf.bench.client.transact((transaction) =>
      transaction.update("Connection_Manager_Uplink", [["if_name", "==", "eth0"]], { has_L2: true, has_L3: true }),
    );
    await leaf.bench.settle();
    assert.equal(leaf.restarts.length, 1);
    assert.match(leaf.restarts[0] ?? "", /from g-bhaul-sta-50 to eth0: a leaf becomes a gateway/);
  });

  it("does not go offline: without a parent it starts over", async () => {
    const leaf = await new Leaf().boot();
    await leaf.bench.client.transact((transaction) => {
      transaction.insert("Node_State", { module: "PM", key: "gw_offline_cfg", value: "false" });
    });
    await leaf.bench.clock.advance(120_000);
    assert.equal(leaf.restarts.length, 1);
    assert.equal(leaf.bench.rows("Node_Config").length, 0);
  });
});

describe("a gateway in bridge mode", () => {
  it("has its WAN in the LAN bridge with the address there, and takes it out again when the cloud says so", async () => {
    const leaf = await new Leaf().boot();
    const { bench } = leaf;
    const where = [["if_name", "==", "eth0"]] as const;
    await bench.client.transact((transaction) => {
      transaction.insert("Wifi_Inet_Config", {
        if_name: "eth0",
        if_type: "eth",
        enabled: true,
        network: true,
        ip_assign_scheme: "static",
        inet_addr: "198.51.100.9",
        netmask: "255.255.255.0",
      });
      transaction.update("Connection_Manager_Uplink", where, { has_L2: true, has_L3: true, bridge: "br-home" });
    });
    await bench.settle();
    assert.ok(leaf.port("eth0"));
    const addresses = () =>
      ["eth0", "br-home"].map((name) => bench.row("Wifi_Inet_Config", (row) => row.if_name === name).inet_addr);
    assert.deepEqual(addresses(), [null, "198.51.100.9"]);
    await bench.client.transact((transaction) =>
      transaction.update("Connection_Manager_Uplink", where, { bridge: null }),
    );
    await bench.settle();
    assert.equal(leaf.port("eth0"), false);
    assert.deepEqual(addresses(), ["198.51.100.9", null]);
  });

  it("puts the port back that somebody took out", async () => {
    const leaf = await new Leaf().boot();
    const { bench } = leaf;
    await bench.client.transact((transaction) =>
      transaction.update("Connection_Manager_Uplink", [["if_name", "==", "eth0"]], {
        has_L2: true,
        has_L3: true,
        bridge: "br-home",
      }),
    );
    await bench.settle();
    await bench.client.transact((transaction) => transaction.update("Bridge", [], { ports: [] }));
    await bench.settle();
    assert.ok(leaf.port("eth0"));
  });
});

describe("a device with two uplinks", () => {
  it("goes over to the other when the router of the one is silent, and comes back", async () => {
    const leaf = await new Leaf().boot();
    const { bench } = leaf;
    let dead = false;
    bench.network.answers = (link) => !(dead && link === "eth0");
    await bench.client.transact((transaction) => {
      const config = { enabled: true, network: true, ip_assign_scheme: "dhcp" } as const;
      transaction.insert("Wifi_Inet_Config", { ...config, if_name: "eth0", if_type: "eth" });
      transaction.insert("Wifi_Inet_Config", { ...config, if_name: "wwan0", if_type: "lte" });
      transaction.update("Connection_Manager_Uplink", [["if_name", "==", "eth0"]], { has_L2: true, has_L3: true });
      transaction.insert("Connection_Manager_Uplink", { if_name: "wwan0", if_type: "lte", has_L2: true, has_L3: true });
    });
    await bench.settle();
    const row = (name: string) => bench.row("Connection_Manager_Uplink", (each) => each.if_name === name);
    assert.deepEqual([row("eth0").is_used, row("wwan0").is_used], [true, null]);
    await bench.client.transact((transaction) => transaction.update("Manager", [], { is_connected: true }));
    await bench.settle();
    dead = true;
    await bench.clock.runUntil(() => row("wwan0").is_used === true, 200_000, "the other uplink");
    assert.equal(row("eth0").ipv4, "blocked");
    assert.equal(bench.network.metrics.get("eth0"), 999);
    dead = false;
    await bench.clock.runUntil(() => row("eth0").is_used === true, 200_000, "the first uplink");
    assert.deepEqual(
      [row("eth0").ipv4, row("eth0").unblock_ts, bench.network.metrics.get("eth0")],
      ["active", null, 0],
    );
  });
});
