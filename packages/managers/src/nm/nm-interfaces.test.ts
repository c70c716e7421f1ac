import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/schema/opensync";
import type { Bench } from "../testing/bench.ts";
import { nm } from "./nm.ts";
import { complaints, type InetWrite, lan, rest, startNm, wan } from "./testing/nm-bench.ts";

type State = Row<"Wifi_Inet_State">;

function state(bench: Bench, name: string): State {
  return bench.row("Wifi_Inet_State", (row) => row.if_name === name);
}

function columns(row: State, names: readonly (keyof State)[]): { readonly [column: string]: unknown } {
  return Object.fromEntries(
    names.map((name) => [name, row[name] instanceof Map ? Object.fromEntries(row[name] as never) : row[name]]),
  );
}

async function edit(bench: Bench, name: string, columns: InetWrite): Promise<void> {
  await bench.client.transact((transaction) =>
    transaction.update("Wifi_Inet_Config", [["if_name", "==", name]], columns),
  );
  await rest(bench);
}

const noAddress = { inet_addr: "0.0.0.0", netmask: "0.0.0.0", gateway: "0.0.0.0", broadcast: "0.0.0.0" };

interface RoundTrip {
  readonly what: string;
  readonly rows: readonly InetWrite[];
  readonly name: string;
  readonly shown: { readonly [column: string]: unknown };
}

const roundTrips: readonly RoundTrip[] = [
  {
    what: "a WAN port with DHCP",
    rows: [wan],
    name: "eth0",
    shown: {
      if_type: "eth",
      enabled: true,
      network: true,
      NAT: true,
      ip_assign_scheme: "dhcp",
      inet_addr: "192.0.2.7",
      netmask: "255.255.255.0",
      gateway: "192.0.2.1",
      broadcast: "192.0.2.255",
      dhcpc: { ip: "192.0.2.7", subnet: "255.255.255.0", gateway: "192.0.2.1" },
      hwaddr: "02:00:00:00:00:01",
      link_speed: 1_000,
      link_duplex: "full",
      upnp_mode: "disabled",
      mtu: null,
      dns: {},
      dhcpd: {},
    },
  },
  {
    what: "a LAN bridge with a DHCP server",
    rows: [{ ...lan, NAT: false, mtu: 1_500, dns: new Map([["primary", "9.9.9.9"]]), upnp_mode: "internal" }],
    name: "br-home",
    shown: {
      if_type: "bridge",
      NAT: false,
      ip_assign_scheme: "static",
      inet_addr: "192.168.40.1",
      netmask: "255.255.255.0",
      gateway: "0.0.0.0",
      broadcast: "192.168.40.255",
      dhcpd: { start: "192.168.40.2", stop: "192.168.40.254", lease_time: "12h" },
      dns: { primary: "9.9.9.9" },
      dhcpc: {},
      mtu: 1_500,
      upnp_mode: "internal",
      link_speed: null,
      link_duplex: null,
    },
  },
  {
    what: "a port without a cable",
    rows: [{ if_name: "eth1", if_type: "eth", enabled: true, network: true, ip_assign_scheme: "dhcp" }],
    name: "eth1",
    shown: { ...noAddress, ip_assign_scheme: "dhcp", dhcpc: {}, link_speed: null, link_duplex: "unknown", NAT: false },
  },
  {
    what: "an interface that is switched off",
    rows: [{ ...wan, enabled: false }],
    name: "eth0",
    shown: { ...noAddress, enabled: false, network: false, ip_assign_scheme: "dhcp", dhcpc: {} },
  },
  {
    what: "a VLAN",
    rows: [
      { ...wan, if_name: "eth0.100", if_type: "vlan", vlan_id: 100, parent_ifname: "eth0", vlan_egress_qos_map: "0:1" },
    ],
    name: "eth0.100",
    shown: { if_type: "vlan", vlan_id: 100, parent_ifname: "eth0", vlan_egress_qos_map: "0:1", inet_addr: "192.0.2.7" },
  },
  {
    what: "a GRE tunnel",
    rows: [
      {
        if_name: "pgd0-1",
        if_type: "gre",
        enabled: true,
        network: true,
        ip_assign_scheme: "none",
        mtu: 1_500,
        gre_ifname: "bhaul-ap-24",
        gre_local_inet_addr: "169.254.1.1",
        gre_remote_inet_addr: "169.254.1.7",
      },
    ],
    name: "pgd0-1",
    shown: {
      if_type: "gre",
      gre_ifname: "bhaul-ap-24",
      gre_local_inet_addr: "169.254.1.1",
      gre_remote_inet_addr: "169.254.1.7",
      mtu: 1_500,
      ...noAddress,
    },
  },
];

describe("an interface, from Wifi_Inet_Config to Wifi_Inet_State", () => {
  for (const { what, rows, name, shown } of roundTrips) {
    it(what, async () => {
      const { bench } = await startNm(rows);
      const row = state(bench, name);
      const config = bench.row("Wifi_Inet_Config", ({ if_name }) => if_name === name);
      assert.deepEqual(columns(row, Object.keys(shown) as (keyof State)[]), shown);
      assert.deepEqual([row.if_uuid, row.inet_config], [config._uuid, config._uuid]);
      const master = bench.row("Wifi_Master_State", ({ if_name }) => if_name === name);
      assert.deepEqual(
        [master.network_state, master.inet_addr, master.netmask, master.if_uuid],
        [row.network ? "up" : "down", row.inet_addr, row.netmask, "00000000-0000-0000-0000-000000000000"],
      );
      assert.deepEqual(complaints(bench), []);
    });
  }

  it("shows what the DHCP client received, by the names it has there", async () => {
    const { bench } = await startNm([wan]);
    const dhcpOptions = new Map([
      ["ip", "192.0.2.7"],
      ["serverid", "192.0.2.1"],
      ["vendorspec", "dGFnPTc="],
      ["broadcast", "192.0.2.63"],
    ]);
    bench.network.set("eth0", { dhcpOptions, dns: ["192.0.2.53", "0.0.0.0"] });
    await rest(bench);
    const row = state(bench, "eth0");
    assert.deepEqual(
      [row.dhcpc, row.broadcast, [...row.dns]],
      [dhcpOptions, "192.0.2.63", [["primary", "192.0.2.53"]]],
    );
  });

  it("takes an interface away with its row: what it was told, and both states", async () => {
    const { bench } = await startNm([
      { ...wan, if_name: "eth0.7", if_type: "vlan", vlan_id: 7, parent_ifname: "eth0" },
    ]);
    await bench.client.transact((transaction) => transaction.delete("Wifi_Inet_Config", []));
    await bench.settle();
    assert.equal(bench.network.configs.size, 0);
    assert.equal(
      bench.network.links().some(({ name }) => name === "eth0.7"),
      false,
    );
    assert.equal(bench.rows("Wifi_Inet_State").length + bench.rows("Wifi_Master_State").length, 0);
  });

  it("makes another interface where the type changes", async () => {
    const vlan: InetWrite = { ...wan, if_name: "x7", if_type: "vlan", vlan_id: 7, parent_ifname: "eth0" };
    const { bench } = await startNm([vlan]);
    await edit(bench, "x7", { if_type: "bridge" });
    assert.equal(bench.network.links().find(({ name }) => name === "x7")?.type, "bridge");
    assert.equal(state(bench, "x7").if_type, "bridge");
  });

  it("keeps what was there where the target refuses, shows that, and says so once", async () => {
    const { bench } = await startNm([lan]);
    bench.network.refuses = (_, { mtu }) => mtu === 9_000;
    await edit(bench, "br-home", { mtu: 9_000, inet_addr: "192.168.40.2" });
    assert.equal(state(bench, "br-home").inet_addr, "192.168.40.1");
    await edit(bench, "br-home", { upnp_mode: "internal" });
    assert.equal(state(bench, "br-home").upnp_mode, "disabled");
    assert.equal(
      complaints(bench).filter((text) => /br-home.*does not take it: not on this device/.test(text)).length,
      1,
    );
    await edit(bench, "br-home", { mtu: 1_500 });
    const { inet_addr, upnp_mode, mtu } = state(bench, "br-home");
    assert.deepEqual([inet_addr, upnp_mode, mtu], ["192.168.40.2", "internal", 1_500]);
  });

  it("ignores a row that it cannot do anything with, and takes it up when it is corrected", async () => {
    const { bench, nm: running } = await startNm([{ ...wan, if_type: "pppoe" }]);
    assert.equal(bench.rows("Wifi_Inet_State").length, 0);
    assert.match(running.dump(), /problem: Wifi_Inet_Config "eth0": this device does no interfaces of type pppoe/);
    await bench.clock.advance(600_000);
    assert.equal(complaints(bench).length, 1);
    await edit(bench, "eth0", { if_type: "eth" });
    assert.equal(state(bench, "eth0").inet_addr, "192.0.2.7");
    assert.doesNotMatch(running.dump(), /problem/);
  });

  it("only shows what is somebody else's", async () => {
    const { bench } = await startNm([{ ...wan, if_type: "unmanaged" }], ({ network }) =>
      network.set("eth0", { address: "198.51.100.7", netmask: "255.255.255.0" }),
    );
    const { inet_addr, enabled, if_type } = state(bench, "eth0");
    assert.deepEqual([inet_addr, enabled, if_type, bench.network.configs.size], ["198.51.100.7", true, "unmanaged", 0]);
  });

  it("says which row counts where two name one interface", async () => {
    const { bench } = await startNm([wan, { ...wan, NAT: false }]);
    assert.equal(state(bench, "eth0").NAT, false);
    assert.match(complaints(bench).join(), /"eth0": there are several rows: the last one counts/);
  });

  it("keeps addresses where a row is replaced by another within one transaction", async () => {
    const { bench } = await startNm([wan]);
    const statements = bench.network.statements.length;
    await bench.client.transact((transaction) => {
      transaction.delete("Wifi_Inet_Config", []);
      transaction.insert("Wifi_Inet_Config", wan);
    });
    await rest(bench);
    assert.equal(bench.network.statements.length, statements);
    assert.equal(state(bench, "eth0").inet_config, bench.row("Wifi_Inet_Config")._uuid);
  });
});

describe("what goes wrong without a row being wrong", () => {
  const said = (bench: Bench, pattern: RegExp) => complaints(bench).filter((text) => pattern.test(text)).length;
  const forward = { protocol: "tcp", src_ifname: "eth0", src_port: 80, dst_port: 80, dst_ipaddr: "10.9.9.9" } as const;

  it("is said once, and is in the dump for as long as it is so: a VLAN on nothing, a forward to nowhere", async () => {
    const vlan: InetWrite = { ...wan, if_name: "eth9.7", if_type: "vlan", vlan_id: 7, parent_ifname: "eth9" };
    const { bench, nm: running } = await startNm([wan, lan, vlan]);
    await bench.client.transact((transaction) => transaction.insert("IP_Port_Forward", forward));
    await bench.clock.advance(600_000);
    for (const pattern of [/"eth9": there is no such interface/, /dst_ipaddr 10\.9\.9\.9 is in no network/]) {
      assert.equal(said(bench, pattern), 1);
      assert.match(running.dump(), pattern);
    }
    bench.network.set("eth9", {});
    await bench.client.transact((transaction) =>
      transaction.insert("Wifi_Route_Config", {
        dest_addr: "10.9.0.0",
        dest_mask: "255.255.0.0",
        gateway: "192.168.40.3",
        if_name: "br-home",
      }),
    );
    await rest(bench);
    assert.doesNotMatch(running.dump(), /problem/);
  });

  it("a LAN that is given the network of the uplink", async () => {
    const { bench, nm: running } = await startNm([wan, lan]);
    assert.doesNotMatch(running.dump(), /problem/);
    const { inet_addr } = state(bench, "eth0");
    await edit(bench, "br-home", { inet_addr, dhcpd: new Map() });
    assert.equal(said(bench, /"br-home": its network .* is also that of eth0/), 1);
    assert.match(running.dump(), /problem: Wifi_Inet_Config "br-home": its network/);
    await edit(bench, "br-home", { inet_addr: "192.168.40.1" });
    assert.doesNotMatch(running.dump(), /problem/);
  });

  it("a DHCP server whose range cannot be used is not shown", async () => {
    const { bench } = await startNm([lan]);
    for (const [start, stop] of [
      ["192.168.40.10", "192.168.40.1"],
      ["10.0.6.10", "10.0.6.20"],
    ] as const) {
      const dhcpd = new Map(Object.entries({ start, stop }));
      await edit(bench, "br-home", { dhcpd });
      assert.deepEqual([...state(bench, "br-home").dhcpd], [], start);
      assert.equal(said(bench, /no DHCP server/) > 0, true);
    }
    await edit(bench, "br-home", { dhcpd: lan.dhcpd as ReadonlyMap<string, string> });
    assert.equal(state(bench, "br-home").dhcpd.get("start"), "192.168.40.2");
    await edit(bench, "br-home", { network: false });
    assert.deepEqual([...state(bench, "br-home").dhcpd], []);
  });
});

describe("NM that starts again", () => {
  it("adopts what is configured and shown: nothing is written, no address asked for", async () => {
    const { bench, nm: first } = await startNm([wan, lan]);
    await first.stop();
    const [version, requests] = [state(bench, "eth0")._version, bench.network.requests.length];
    await bench.start(nm);
    await rest(bench);
    assert.deepEqual([state(bench, "eth0")._version, bench.network.requests.length], [version, requests]);
  });

  it("makes up for what has happened meanwhile: rows that went, rows that changed", async () => {
    const vlan: InetWrite = { ...wan, if_name: "eth0.7", if_type: "vlan", vlan_id: 7, parent_ifname: "eth0" };
    const { bench, nm: first } = await startNm([vlan, lan]);
    await first.stop();
    await bench.client.transact((transaction) => {
      transaction.delete("Wifi_Inet_Config", [["if_name", "==", "eth0.7"]]);
      transaction.update("Wifi_Inet_Config", [], { inet_addr: "192.168.40.2" });
    });
    await bench.start(nm);
    await bench.settle();
    assert.deepEqual(
      bench.rows("Wifi_Inet_State").map((row) => [row.if_name, row.inet_addr]),
      [["br-home", "192.168.40.2"]],
    );
    assert.equal(
      bench.network.links().some(({ name }) => name === "eth0.7"),
      false,
    );
  });

  it("leaves no timer behind when it stops", async () => {
    const { bench, nm: running } = await startNm([wan]);
    await bench.client.transact((transaction) => transaction.update("Wifi_Inet_Config", [], { mtu: 1_400 }));
    await running.stop();
    const statements = bench.network.statements.length;
    await bench.clock.advance(60_000);
    assert.equal(bench.network.statements.length, statements);
  });
});

describe("NM under load", () => {
  it("brings 200 interfaces up in one transaction, and writes nothing more", async () => {
    const { bench } = await startNm();
    let transactions = 0;
    await bench.client.transact((transaction) => {
      for (let id = 1; id <= 200; id++) {
        transaction.insert("Wifi_Inet_Config", {
          ...wan,
          if_name: `eth0.${id}`,
          if_type: "vlan",
          vlan_id: id,
          parent_ifname: "eth0",
        });
      }
    });
    bench.database.onCommit(() => transactions++);
    await rest(bench);
    assert.equal(bench.rows("Wifi_Inet_State").length, 200);
    assert.ok(transactions <= 3, `${transactions} transactions`);
    await bench.clock.advance(60_000);
    assert.ok(transactions <= 3);
  });

  it("tries again when the database refuses its state", async () => {
    const { bench } = await startNm([wan]);
    bench.network.set("eth0", { mac: null as unknown as ReturnType<typeof mac> });
    await bench.settle();
    assert.ok(bench.ring.records().some(({ text }) => /state not written.*tried again in 5 s/.test(text)));
    await bench.client.transact((transaction) => transaction.delete("Wifi_Inet_State", []));
    bench.network.set("eth0", { mac: mac("02:00:00:00:00:01") });
    await bench.clock.advance(10_000);
    assert.equal(state(bench, "eth0").hwaddr, "02:00:00:00:00:01");
  });
});
