import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { mac } from "@opensync-ts/base/units";
import type { Where } from "@opensync-ts/ovsdb/client";
import type { OpenSync, OpenSyncTable, Row, Write } from "@opensync-ts/schema/opensync";
import { Fabric } from "@opensync-ts/target-sim/network/fabric";
import { createSimTarget } from "@opensync-ts/target-sim/sim-target";
import type { RunningNode } from "./start-node.ts";
import { NodeBench, rowsOf } from "./testing/bench.ts";

const desktop = mac("02:00:00:00:00:d0");

/** A simulated gateway on the Internet, with NM, WANO and all the rest, and its LAN port to plug things in. */
class Gateway implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly fabric: Fabric;
  readonly #bench: NodeBench;
  readonly #node: RunningNode;

  private constructor(bench: NodeBench, clock: VirtualClock, fabric: Fabric, node: RunningNode) {
    this.#bench = bench;
    this.clock = clock;
    this.fabric = fabric;
    this.#node = node;
  }

  static async start(environment: { readonly [name: string]: string } = {}): Promise<Gateway> {
    const clock = new VirtualClock();
    const bench = new NodeBench(clock);
    const fabric = new Fabric({ clock, world: bench.world, seed: 1 });
    const { world, random } = bench;
    const node = await bench.start({
      environment,
      target: ({ directory }) =>
        createSimTarget({ world, fabric, clock, random, node: { id: "GW1", place: { x: 0, y: 0 } }, directory }),
    });
    await clock.advance(5_000);
    return new Gateway(bench, clock, fabric, node);
  }

  get client() {
    return this.#node.client;
  }

  async row<T extends OpenSyncTable>(table: T, match: (row: Row<T>) => boolean = () => true): Promise<Row<T>> {
    const row = (await rowsOf(this.client, table)).find(match);
    assert.ok(row, `${table}: no such row`);
    return row;
  }

  async insert<T extends OpenSyncTable>(table: T, row: Write<T>): Promise<void> {
    await this.client.transact((transaction) => transaction.insert(table, row));
  }

  async update<T extends OpenSyncTable>(table: T, where: Where<OpenSync, T>, row: Write<T>): Promise<void> {
    await this.client.transact((transaction) => transaction.update(table, where, row));
  }

  /** Moves on until `condition` holds, a second at a time. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let second = 0; second < 120; second++) {
      if (await condition()) return;
      await this.clock.advance(1_000);
    }
    assert.fail(`${what} did not come true within two minutes`);
  }

  plugDesktop(): void {
    this.fabric.plugHost({ name: "desktop", mac: desktop, port: { device: "GW1", port: "eth1" }, device: "laptop" });
  }

  get address(): string | null {
    return this.fabric.hosts().find(({ name }) => name === "desktop")?.address ?? null;
  }

  async uplink(name: string) {
    const { has_L2, has_L3, loop, eth_client } = await this.row(
      "Connection_Manager_Uplink",
      (row) => row.if_name === name,
    );
    return { has_L2, has_L3, loop, eth_client };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bench[Symbol.asyncDispose]();
    this.fabric.close();
  }
}

describe("NM and WANO on a simulated network", () => {
  it("serve a home out of the box: address, name servers, a way to the Internet; all of it shown", async () => {
    await using gateway = await Gateway.start();
    gateway.plugDesktop();
    await gateway.until("an address", () => gateway.address !== null);
    assert.match(gateway.address ?? "", /^192\.168\.40\./);
    await gateway.clock.advance(1_000);
    assert.ok(gateway.fabric.reaches("desktop", "internet"));
    const lease = await gateway.row("DHCP_leased_IP", ({ hwaddr }) => hwaddr === desktop);
    const lan = await gateway.row("Wifi_Inet_State", ({ if_name }) => if_name === "br-home");
    assert.equal(lease.inet_addr, gateway.address);
    assert.equal(`${lease.lease_time}s`, lan.dhcpd.get("lease_time"));
    const learned = await gateway.row("OVS_MAC_Learning", ({ hwaddr }) => hwaddr === desktop);
    assert.deepEqual([learned.brname, learned.ifname], ["br-home", "eth1"]);
    const route = await gateway.row("Wifi_Route_State", ({ dest_mask }) => dest_mask === "0.0.0.0");
    assert.deepEqual([route.if_name, route.metric], ["eth0", 100]);
    const inet = await gateway.row("Wifi_Inet_State", ({ if_name }) => if_name === "eth0");
    assert.deepEqual([inet.ip_assign_scheme, inet.NAT, inet.dhcpc.has("serverid")], ["dhcp", true, true]);
  });

  it("give a reserved address, and the address of another subnet after the LAN has moved", async () => {
    await using gateway = await Gateway.start();
    await gateway.insert("DHCP_reserved_IP", { hw_addr: desktop, ip_addr: "192.168.40.77", hostname: "desktop" });
    await gateway.clock.advance(1_000);
    gateway.plugDesktop();
    await gateway.until("the reserved address", () => gateway.address === "192.168.40.77");
    await gateway.update("Wifi_Inet_Config", [["if_name", "==", "br-home"]], {
      inet_addr: "10.7.0.1",
      dhcpd: new Map([
        ["start", "10.7.0.10"],
        ["stop", "10.7.0.20"],
      ]),
    });
    await gateway.clock.advance(1_000);
    gateway.fabric.unplugHost("desktop");
    await gateway.clock.advance(1_000);
    gateway.plugDesktop();
    await gateway.until("an address of the new subnet", () => gateway.address?.startsWith("10.7.0.") === true);
  });

  it("switch the home's way out off with NAT", async () => {
    await using gateway = await Gateway.start();
    gateway.plugDesktop();
    await gateway.until(
      "the Internet",
      () => gateway.address !== null && gateway.fabric.reaches("desktop", "internet"),
    );
    await gateway.update("Wifi_Inet_Config", [["if_name", "==", "eth0"]], { NAT: false });
    await gateway.until("no Internet", () => !gateway.fabric.reaches("desktop", "internet"));
  });

  it("leave a frozen client its LAN and take the Internet from it, also when it comes back, until the row is gone", async () => {
    await using gateway = await Gateway.start();
    gateway.plugDesktop();
    const online = () => gateway.address !== null && gateway.fabric.reaches("desktop", "internet");
    await gateway.until("the Internet", online);
    await gateway.insert("Client_Freeze_Config", { mac: desktop, source: "cloud", type: "always", blocked: true });
    await gateway.until("no Internet", () => !online());
    assert.ok(gateway.fabric.reaches("desktop", "gateway"));
    gateway.fabric.unplugHost("desktop");
    await gateway.clock.advance(60_000);
    gateway.plugDesktop();
    await gateway.until("an address", () => gateway.address !== null);
    await gateway.clock.advance(60_000);
    assert.deepEqual([gateway.fabric.reaches("desktop", "gateway"), online()], [true, false]);
    await gateway.client.transact((transaction) => transaction.delete("Client_Freeze_Config", []));
    await gateway.until("the Internet again", online);
  });

  it("find a client on a port outside the LAN, which has an address once the port joins", async () => {
    await using gateway = await Gateway.start({ CONFIG_MANAGER_WANO_IFACE_LIST: "eth0 eth1" });
    const bridge = await gateway.row("Bridge");
    const port = await gateway.row("Port", ({ name }) => name === "eth1");
    await gateway.client.transact((transaction) =>
      transaction.removeFrom("Bridge", [["_uuid", "==", bridge._uuid]], "ports", [port._uuid]),
    );
    await gateway.clock.advance(2_000);
    gateway.plugDesktop();
    const told = { has_L2: true, has_L3: false, loop: false, eth_client: true };
    await gateway.until("the client", async () => (await gateway.uplink("eth1")).eth_client === true);
    assert.deepEqual(await gateway.uplink("eth1"), told);
    assert.equal(gateway.address, null);
    assert.equal((await gateway.row("OVS_MAC_Learning", ({ hwaddr }) => hwaddr === desktop)).ifname, "eth1");
    await gateway.client.transact((transaction) => {
      const row = transaction.insert("Port", {
        name: "eth1",
        interfaces: [transaction.insert("Interface", { name: "eth1" })],
      });
      transaction.insertInto("Bridge", [["_uuid", "==", bridge._uuid]], "ports", [row] as never);
    });
    await gateway.until("an address", () => gateway.address !== null);
    assert.deepEqual(await gateway.uplink("eth1"), told);
  });

  it("take a static address of WAN_Config, and fall back to DHCP where its router is not there", async () => {
    await using gateway = await Gateway.start();
    const static_ipv4 = (ip: string, router: string) =>
      new Map(Object.entries({ ip, subnet: "255.255.255.0", gateway: router, primary_dns: "198.51.100.1" }));
    await gateway.insert("WAN_Config", {
      enable: true,
      type: "static_ipv4",
      other_config: static_ipv4("198.51.100.200", "198.51.100.1"),
    });
    const address = async () => (await gateway.row("Wifi_Inet_State", ({ if_name }) => if_name === "eth0")).inet_addr;
    await gateway.until("the static address", async () => (await gateway.row("WAN_Config")).status === "success");
    assert.equal(await address(), "198.51.100.200");
    await gateway.update("WAN_Config", [], { other_config: static_ipv4("203.0.113.2", "203.0.113.1") });
    await gateway.until("the row's failure", async () => (await gateway.row("WAN_Config")).status === "error");
    await gateway.until("DHCP", async () => (await gateway.uplink("eth0")).has_L3 === true);
    assert.match((await address()) ?? "", /^198\.51\.100\./);
  });
});
