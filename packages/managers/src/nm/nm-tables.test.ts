import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { DhcpLease } from "@opensync-ts/target/network";
import type { Bench } from "../testing/bench.ts";
import { complaints, lan, rest, startNm, wan } from "./testing/nm-bench.ts";

const laptop = mac("02:00:00:00:00:0a");
const lease: DhcpLease = {
  link: "br-home",
  mac: laptop,
  address: "192.168.40.10",
  hostname: "laptop",
  fingerprint: "1,3,6",
  vendorClass: "MSFT 5.0",
  leaseTime: 43_200,
};

function reserved(bench: Bench, name = "br-home"): readonly string[] {
  const server = bench.network.configs.get(name)?.dhcpServer;
  return (server?.reservations ?? []).map(({ mac, address }) => `${mac} ${address}`);
}

describe("reservations", () => {
  const row = { hw_addr: laptop, ip_addr: "192.168.40.9", hostname: "laptop" };

  it("are known to the server from its first lease on", async () => {
    const { bench } = await startNm();
    await bench.client.transact((transaction) => {
      transaction.insert("DHCP_reserved_IP", row);
      transaction.insert("Wifi_Inet_Config", lan);
    });
    await rest(bench);
    assert.deepEqual(reserved(bench), [`${laptop} 192.168.40.9`]);
    assert.deepEqual(
      bench.network.statements.filter((name) => name === "br-home"),
      ["br-home"],
    );
  });

  it("that were written before there is a subnet act when there is one", async () => {
    const { bench } = await startNm();
    await bench.client.transact((transaction) => transaction.insert("DHCP_reserved_IP", row));
    await rest(bench);
    assert.match(complaints(bench).join(), /no interface has a subnet with this address: waits/);
    await bench.client.transact((transaction) => transaction.insert("Wifi_Inet_Config", lan));
    await rest(bench);
    assert.deepEqual(reserved(bench), [`${laptop} 192.168.40.9`]);
  });

  it("follow a changed MAC and a changed subnet: nothing of the old stays", async () => {
    const { bench } = await startNm([lan]);
    await bench.client.transact((transaction) => transaction.insert("DHCP_reserved_IP", row));
    await rest(bench);
    await bench.client.transact((transaction) =>
      transaction.update("DHCP_reserved_IP", [], { hw_addr: "02:00:00:00:00:0B" }),
    );
    await rest(bench);
    assert.deepEqual(reserved(bench), ["02:00:00:00:00:0b 192.168.40.9"]);
    await bench.client.transact((transaction) =>
      transaction.update("Wifi_Inet_Config", [], {
        inet_addr: "192.168.41.1",
        dhcpd: new Map([
          ["start", "192.168.41.2"],
          ["stop", "192.168.41.9"],
        ]),
      }),
    );
    await rest(bench);
    assert.deepEqual(reserved(bench), []);
    await bench.client.transact((transaction) =>
      transaction.update("DHCP_reserved_IP", [], { ip_addr: "192.168.41.9" }),
    );
    await rest(bench);
    assert.deepEqual(reserved(bench), ["02:00:00:00:00:0b 192.168.41.9"]);
    await bench.client.transact((transaction) => transaction.delete("DHCP_reserved_IP", []));
    await rest(bench);
    assert.deepEqual(reserved(bench), []);
  });
});

describe("leases", () => {
  it("are shown with their neighbours, and go when they end; other people's neighbours stay", async () => {
    const { bench } = await startNm([lan]);
    await bench.client.transact((transaction) =>
      transaction.insert("IPv4_Neighbors", {
        address: "192.168.40.99",
        hwaddr: "02:00:00:00:00:99",
        if_name: "br-home",
        source: "fsm",
      }),
    );
    bench.network.setTables({ leases: [lease] });
    await bench.settle();
    const { hwaddr, inet_addr, hostname, fingerprint, vendor_class, lease_time } = bench.row("DHCP_leased_IP");
    assert.deepEqual(
      [hwaddr, inet_addr, hostname, fingerprint, vendor_class, lease_time],
      [laptop, "192.168.40.10", "laptop", "1,3,6", "MSFT 5.0", 43_200],
    );
    assert.deepEqual(
      bench
        .rows("IPv4_Neighbors")
        .map(({ address }) => address)
        .sort(),
      ["192.168.40.10", "192.168.40.99"],
    );
    bench.network.setTables({ leases: [] });
    await bench.settle();
    assert.equal(bench.rows("DHCP_leased_IP").length, 0);
    assert.deepEqual(
      bench.rows("IPv4_Neighbors").map(({ address }) => address),
      ["192.168.40.99"],
    );
  });

  it("of a thousand clients are one transaction", async () => {
    const { bench } = await startNm([lan]);
    let transactions = 0;
    bench.database.onCommit(() => transactions++);
    const leases = Array.from({ length: 1_000 }, (_, n) => ({
      ...lease,
      mac: mac(`02:00:00:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`),
      address: `10.0.${n >> 8}.${n & 255}`,
    }));
    bench.network.setTables({ leases });
    await bench.settle();
    assert.deepEqual([bench.rows("DHCP_leased_IP").length, transactions], [1_000, 1]);
    bench.network.setTables({ leases: [...leases] });
    await bench.settle();
    assert.equal(transactions, 1);
  });
});

describe("port forwards and routes", () => {
  it("are told when their interface is there, and taken back with it", async () => {
    const { bench } = await startNm([wan]);
    await bench.client.transact((transaction) =>
      transaction.insert("IP_Port_Forward", {
        protocol: "tcp",
        src_ifname: "eth9",
        src_port: 80,
        dst_port: 80,
        dst_ipaddr: "192.168.40.9",
      }),
    );
    await bench.settle();
    assert.equal(bench.network.forwards.length, 0);
    assert.match(complaints(bench).join(), /"eth9" port 80: there is no such interface: waits/);
    bench.network.set("eth9");
    await bench.settle();
    assert.equal(bench.network.forwards[0]?.toAddress, "192.168.40.9");
    await bench.client.transact((transaction) => transaction.delete("IP_Port_Forward", []));
    await bench.settle();
    assert.equal(bench.network.forwards.length, 0);
  });

  it("are told as routes, and shown as the network has them", async () => {
    const { bench } = await startNm([lan]);
    await bench.client.transact((transaction) =>
      transaction.insert("Wifi_Route_Config", {
        if_name: "br-home",
        dest_addr: "10.0.0.0",
        dest_mask: "255.0.0.0",
        gateway: "192.168.40.9",
      }),
    );
    await bench.settle();
    assert.deepEqual(bench.network.routeConfigs, [
      { link: "br-home", destination: "10.0.0.0", netmask: "255.0.0.0", gateway: "192.168.40.9", metric: 100 },
    ]);
    const route = { link: "eth0", destination: "0.0.0.0", netmask: "0.0.0.0", gateway: "192.0.2.1", metric: 100 };
    bench.network.setTables({ routes: [{ ...route, gatewayMac: laptop }] });
    await bench.settle();
    const { if_name, gateway, gateway_hwaddr, metric } = bench.row("Wifi_Route_State");
    assert.deepEqual([if_name, gateway, gateway_hwaddr, metric], ["eth0", "192.0.2.1", laptop, 100]);
  });

  it("do not keep NM from its work where the target cannot do them", async () => {
    const { bench } = await startNm([lan], ({ network }) => {
      network.setRoutes = () => {
        throw new Error("no routes here");
      };
    });
    assert.match(complaints(bench).join(), /Wifi_Route_Config: the device does not take it: no routes here/);
    assert.equal(bench.rows("Wifi_Inet_State").length, 1);
  });
});

describe("learned addresses", () => {
  const learned = [{ bridge: "br-home", port: "eth1", mac: laptop, vlan: 0 }];

  it("are shown of ports that report them, and are values of the tag of Ethernet devices", async () => {
    const { bench } = await startNm([{ if_name: "eth1", if_type: "eth", enabled: true }]);
    await bench.client.transact((transaction) => {
      transaction.insert("Openflow_Tag", { name: "eth_devices", device_value: ["02:00:00:00:00:77"] });
      transaction.insert("Openflow_Tag", { name: "home", device_value: ["02:00:00:00:00:77"] });
      const port = transaction.insert("Port", {
        name: "eth1",
        interfaces: [transaction.insert("Interface", { name: "eth1" })],
      });
      const bridge = transaction.insert("Bridge", { name: "br-home", ports: [port] });
      transaction.insert("Open_vSwitch", { bridges: [bridge] });
    });
    bench.network.setTables({ learned });
    await bench.settle();
    assert.equal(bench.rows("OVS_MAC_Learning").length, 0);
    const tag = (name: string) => bench.row("Openflow_Tag", (row) => row.name === name).device_value;
    assert.deepEqual(tag("eth_devices"), []);
    await bench.client.transact((transaction) => transaction.update("Wifi_Inet_Config", [], { mac_reporting: true }));
    await rest(bench);
    const { brname, ifname, hwaddr, vlan } = bench.row("OVS_MAC_Learning");
    assert.deepEqual([brname, ifname, hwaddr, vlan], ["br-home", "eth1", laptop, 0]);
    assert.deepEqual([tag("eth_devices"), tag("home")], [[laptop], ["02:00:00:00:00:77"]]);
    bench.network.setTables({ learned: [] });
    await bench.settle();
    assert.deepEqual([bench.rows("OVS_MAC_Learning").length, tag("eth_devices")], [0, []]);
  });
});

describe("bridges", () => {
  async function withBridge(ports: readonly string[]) {
    const started = await startNm([lan]);
    const { bench } = started;
    await bench.client.transact((transaction) => {
      const rows = ports.map((name) =>
        transaction.insert("Port", { name, interfaces: [transaction.insert("Interface", { name })] }),
      );
      transaction.insert("Open_vSwitch", { bridges: [transaction.insert("Bridge", { name: "br-home", ports: rows })] });
    });
    await bench.settle();
    return started;
  }

  it("have the ports of their rows, and VIFs that were brought up with them", async () => {
    const { bench } = await withBridge(["br-home", "eth1"]);
    assert.deepEqual(bench.network.bridges.get("br-home"), ["eth1"]);
    await bench.client.transact((transaction) =>
      transaction.insert("Wifi_VIF_State", {
        if_name: "home-ap-24",
        enabled: true,
        mac: "02:00:00:00:00:24",
        bridge: "br-home",
      }),
    );
    await bench.settle();
    assert.deepEqual(bench.network.bridges.get("br-home"), ["eth1", "home-ap-24"]);
  });

  it("go with their row and their interface", async () => {
    const { bench } = await withBridge(["br-home", "eth1"]);
    await bench.client.transact((transaction) => {
      transaction.update("Open_vSwitch", [], { bridges: [] });
      transaction.delete("Wifi_Inet_Config", []);
    });
    await bench.settle();
    assert.equal(bench.network.bridges.size, 0);
  });
});
