import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import { type JsonObject, stringifyJson } from "@opensync-ts/ovsdb/json";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Bench } from "../../testing/bench.ts";
import type { KeySet, StoredKey } from "./keys.ts";
import { storedKeys } from "./keys.ts";
import { gwOfflineLimits } from "./limits.ts";
import { changes, readSubset, type SubsetReading } from "./read-subset.ts";
import { configureHome, extraPsk, prepopulate, rowsOf } from "./testing/home.ts";

type Edit = (transaction: TransactionBuilder<OpenSync>) => void;

async function homeRows(...edits: readonly Edit[]) {
  const bench = new Bench();
  for (const edit of [prepopulate, configureHome, ...edits]) await bench.client.transact(edit);
  return rowsOf(bench);
}

async function reading(keys: KeySet, ...edits: readonly Edit[]): Promise<SubsetReading> {
  return readSubset(await homeRows(...edits), { lanBridge: "br-home", keys });
}

async function values(keys: KeySet, ...edits: readonly Edit[]) {
  const read = await reading(keys, ...edits);
  assert.equal(read.kind, "read");
  if (read.kind !== "read") throw new Error("not read");
  const list = (key: StoredKey) => read.values.get(key) as readonly JsonObject[];
  return { ...read, list };
}

const multicast: Edit = (transaction) => {
  transaction.insert("IGMP_Config", { snooping_enabled: true, other_config: { mcast_interface: "eth0.4" } });
  transaction.insert("MLD_Config", { snooping_enabled: true });
  const inet = { if_type: "vlan", enabled: true, network: true, vlan_id: 4, parent_ifname: "eth0" } as const;
  transaction.insert("Wifi_Inet_Config", { if_name: "eth0.4", ...inet });
  transaction.insert("Wifi_Inet_Config", { if_name: "eth0.5", ...inet, vlan_id: 5 });
  const port = transaction.insert("Port", {
    name: "eth0.4",
    tag: 4,
    interfaces: [transaction.insert("Interface", { name: "eth0.4" })],
  });
  transaction.insertInto("Bridge", [["name", "==", "br-home"]], "ports", [port]);
};

describe("what is saved", () => {
  it("is exactly the documented subset: home networks, LAN, radios, ports, reservations", async () => {
    const { values: read, list, notes } = await values("documented");
    assert.deepEqual([...read.keys()].sort(), [...storedKeys.documented].sort());
    assert.deepEqual(
      list("vif_config").map((row) => row.if_name),
      ["home-ap-24", "home-ap-50"],
    );
    assert.deepEqual(list("radio_if_names"), ["wifi0", "wifi1"]);
    assert.deepEqual(
      list("inet_config").map((row) => row.if_name),
      ["br-home"],
    );
    assert.deepEqual(list("inet_config_uplink"), [{ upnp_mode: "external" }]);
    assert.deepEqual(
      list("inet_config_home_aps").map((row) => row.if_name),
      ["home-ap-24", "home-ap-50"],
    );
    assert.deepEqual(
      list("radio_config").map((row) => [row.if_name, row.channel_mode, row.vif_configs]),
      [
        ["wifi0", "manual", undefined],
        ["wifi1", "manual", undefined],
      ],
    );
    assert.deepEqual(list("interface_fronthauls")[0], { name: "home-ap-24", ofport_request: ["set", []] });
    assert.deepEqual(notes, []);
  });

  it("is with the keys of 7.0 also flows, tags without what the device knows, filters, routes, multicast", async () => {
    const device: Edit = (transaction) => {
      transaction.update("Openflow_Tag", [], { device_value: ["02:00:00:00:0a:02"] });
      transaction.insert("Openflow_Tag", { name: "offline_mode", device_value: [" "] });
      transaction.insert("Wifi_Route_Config", { dest_addr: "0.0.0.0", dest_mask: "0.0.0.0" });
    };
    const { values: read, list } = await values("7.0", multicast, device);
    assert.deepEqual([...read.keys()].sort(), [...storedKeys["7.0"]].sort());
    assert.deepEqual(list("openflow_tag"), [{ name: "vip", cloud_value: "02:00:00:00:0a:01" }]);
    assert.deepEqual(
      list("route_config").map((row) => row.dest_addr),
      ["10.9.0.0"],
    );
    assert.deepEqual(
      list("inet_config_vlan").map((row) => row.if_name),
      ["eth0.4"],
    );
    assert.deepEqual(
      list("port_mcast").map((row) => [row.name, row.tag]),
      [["eth0.4", 4]],
    );
    assert.equal(list("netfilter").length, 1);
  });

  it("has no identity, version or reference in it anywhere", async () => {
    const { values: read } = await values("7.0", multicast);
    const text = [...read.values()].map(stringifyJson).join();
    assert.doesNotMatch(text, /"_uuid"|"_version"|"uuid"|[0-9a-f]{8}-[0-9a-f]{4}/);
    assert.ok(!text.includes(extraPsk));
  });

  it("is the same whatever the order of the rows", async () => {
    const reversed = await homeRows();
    const turned = Object.fromEntries(Object.entries(reversed).map(([table, rows]) => [table, rows.toReversed()]));
    const options = { lanBridge: "br-home", keys: "7.0" } as const;
    const [one, other] = [readSubset(reversed, options), readSubset(turned as unknown as typeof reversed, options)];
    assert.ok(one.kind === "read" && other.kind === "read");
    assert.equal(changes(one.values, other.values).size, 0);
  });

  it("differs in the keys whose values have changed, and in no other", async () => {
    const before = await values("documented");
    const after = await values("documented", (transaction) =>
      transaction.update("DHCP_reserved_IP", [], { ip_addr: "192.168.40.51" }),
    );
    assert.deepEqual([...changes(before.values, after.values).keys()], ["dhcp_reserved_ip"]);
  });

  it("leaves out a network that no radio has, by name, without shifting the others", async () => {
    const { list, notes } = await values("documented", (transaction) =>
      transaction.update("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], { vif_configs: [] }),
    );
    assert.deepEqual(
      [list("vif_config").map((row) => row.if_name), list("radio_if_names")],
      [["home-ap-50"], ["wifi1"]],
    );
    assert.deepEqual(notes, ["Wifi_VIF_Config home-ap-24: no radio refers to it"]);
  });

  it("has no link between nodes in it, even one in the LAN's bridge", async () => {
    const { list } = await values("documented", (transaction) => {
      const bridge = "br-home";
      const vif_configs = [
        transaction.insert("Wifi_VIF_Config", { if_name: "bhaul-sta-24", bridge, mode: "sta" }),
        transaction.insert("Wifi_VIF_Config", { if_name: "map-bh", bridge, mode: "ap", multi_ap: "backhaul_bss" }),
        transaction.insert("Wifi_VIF_Config", {
          if_name: "both",
          bridge,
          mode: "ap",
          multi_ap: "fronthaul_backhaul_bss",
        }),
      ];
      transaction.insertInto("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], "vif_configs", vif_configs);
    });
    assert.deepEqual(
      list("vif_config").map((row) => row.if_name),
      ["both", "home-ap-24", "home-ap-50"],
    );
  });

  it("takes the interface of a multi-link device in place of its links, once", async () => {
    const { list } = await values("documented", (transaction) => {
      for (const if_name of ["home-ap-24", "home-ap-50"]) {
        transaction.insert("Wifi_VIF_State", { if_name, mld_if_name: "mld0" });
      }
      transaction.insert("Wifi_Inet_Config", { if_name: "mld0", if_type: "vif", enabled: true, network: true });
    });
    assert.deepEqual(
      list("inet_config_home_aps").map((row) => row.if_name),
      ["mld0"],
    );
    assert.equal(list("vif_config").length, 2);
  });

  it("has a port for each network, also for one whose cloud makes no row of it", async () => {
    const { list } = await values("documented", (transaction) =>
      transaction.update("Bridge", [["name", "==", "br-home"]], { ports: [] }),
    );
    assert.deepEqual(list("port_fronthauls")[1], {
      name: "home-ap-50",
      tag: ["set", []],
      vlan_mode: ["set", []],
      other_config: ["map", []],
    });
    assert.deepEqual(
      list("interface_fronthauls").map((row) => row.name),
      ["home-ap-24", "home-ap-50"],
    );
    assert.deepEqual(list("port_lanbridge"), []);
  });

  it("keeps what is stored of the uplink while none, or more than one, is in use", async () => {
    const none: Edit = (transaction) => transaction.update("Connection_Manager_Uplink", [], { is_used: false });
    const two: Edit = (transaction) =>
      void transaction.insert("Connection_Manager_Uplink", { if_name: "eth1", if_type: "eth", is_used: true });
    for (const edit of [none, two]) assert.ok(!(await values("documented", edit)).values.has("inet_config_uplink"));
  });

  it("is bounded, and says so", async () => {
    const { list, notes } = await values("documented", (transaction) => {
      for (let n = 0; n < gwOfflineLimits.rowsPerKey; n++) {
        const hw_addr = `02:00:00:01:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`;
        transaction.insert("DHCP_reserved_IP", { ip_addr: "192.168.40.9", hw_addr });
      }
    });
    assert.equal(list("dhcp_reserved_ip").length, gwOfflineLimits.rowsPerKey);
    assert.match(notes.join(), /DHCP_reserved_IP: only 1024 of 1025 rows are kept/);
  });

  for (const [what, reason, edit, keys] of [
    [
      "without a home network",
      /no row of Wifi_VIF_Config is a network of br-home/,
      (t) => t.delete("Wifi_VIF_Config", []),
    ],
    ["without radios", /on one of the radios/, (t) => t.delete("Wifi_Radio_Config", [])],
    [
      "without the LAN's interface",
      /Wifi_Inet_Config has no row for br-home/,
      (t) => t.delete("Wifi_Inet_Config", [["if_name", "==", "br-home"]]),
    ],
    [
      "without the uplink's interface",
      /uplink eth0 has no row/,
      (t) => t.delete("Wifi_Inet_Config", [["if_name", "==", "eth0"]]),
    ],
    ["with IGMP on no interface", /mcast_interface/, (t) => t.insert("IGMP_Config", {}), "7.0"],
  ] as readonly (readonly [string, RegExp, (t: TransactionBuilder<OpenSync>) => unknown, KeySet?])[]) {
    it(`is nothing ${what}`, async () => {
      const read = await reading(keys ?? "documented", edit);
      assert.equal(read.kind, "failed");
      assert.match(read.kind === "failed" ? read.reason : "", reason);
    });
  }
});
