import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject, JsonValue } from "@opensync-ts/ovsdb/json";
import { Bench } from "../../testing/bench.ts";
import type { StoredKey } from "./keys.ts";
import { planRestore } from "./plan-restore.ts";
import { readSubset, type SubsetValues } from "./read-subset.ts";
import { configureHome, prepopulate, primaryPsk, rowsOf } from "./testing/home.ts";

const options = { lanBridge: "br-home", keys: "7.0" } as const;

async function saved(): Promise<SubsetValues> {
  const bench = new Bench();
  await bench.client.transact(prepopulate);
  await bench.client.transact(configureHome);
  const read = readSubset(rowsOf(bench), options);
  if (read.kind !== "read") throw new Error(read.reason);
  return read.values;
}

async function booted() {
  const bench = new Bench();
  await bench.client.transact(prepopulate);
  return rowsOf(bench);
}

type Rows = readonly JsonObject[];
const editRows = (edit: (rows: Rows) => readonly JsonValue[]) => (value: JsonValue | undefined) => edit(value as Rows);

/** The plan after a change to what is stored. */
async function planOf(changes: { readonly [K in StoredKey]?: (value: JsonValue | undefined) => JsonValue } = {}) {
  const values = new Map(await saved());
  for (const [key, change] of Object.entries(changes))
    values.set(key as StoredKey, change(values.get(key as StoredKey)));
  const plan = planRestore(values, await booted(), options);
  if (!plan) throw new Error("no plan");
  return { ...plan, parts: [...new Set(plan.operations.map(({ part }) => part))] };
}

describe("the plan to restore a LAN", () => {
  it("has the documented order", async () => {
    const { operations, faults, notes } = await planOf();
    const order = operations.map(({ op, table, part }) => `${op} ${table === "Bridge" ? part : table}`);
    assert.deepEqual(
      [...new Set(order)],
      [
        "delete Wifi_VIF_Config",
        "update Wifi_Inet_Config",
        "update Wifi_Radio_Config",
        "insert Wifi_VIF_Config",
        "link Wifi_Radio_Config",
        "insert Interface",
        "insert Port",
        "link Port home-ap-24",
        "link Port home-ap-50",
        "update Port",
        "insert Wifi_Inet_Config",
        "delete IGMP_Config",
        "delete MLD_Config",
        "delete Wifi_Route_Config",
        "insert Wifi_Route_Config",
        "delete DHCP_reserved_IP",
        "insert DHCP_reserved_IP",
        "delete Openflow_Config",
        "insert Openflow_Config",
        "insert Openflow_Tag",
        "delete Openflow_Tag_Group",
        "insert Openflow_Tag_Group",
        "delete Netfilter",
        "insert Netfilter",
      ],
    );
    assert.deepEqual([faults, notes], [[], []]);
  });

  it("puts each network on the radio that it was on", async () => {
    const { operations } = await planOf();
    const links = operations.flatMap((each) => (each.op === "link" && each.column === "vif_configs" ? [each] : []));
    assert.deepEqual(
      links.map(({ where, to }) => [where, to]),
      [
        [[["if_name", "wifi0"]], { inserted: "vif home-ap-24" }],
        [[["if_name", "wifi1"]], { inserted: "vif home-ap-50" }],
      ],
    );
  });

  it("leaves out a radio that is gone, with its network, port and interface, and keeps the other's place", async () => {
    const gone = editRows((rows) => rows.map((row) => (row.if_name === "wifi0" ? { ...row, if_name: "wifi7" } : row)));
    const { parts, faults, operations } = await planOf({
      radio_config: gone,
      radio_if_names: () => ["wifi7", "wifi1"],
    });
    assert.ok(!parts.some((part) => part.includes("home-ap-24")), parts.join());
    assert.ok(parts.includes("Wifi_VIF_Config home-ap-50") && parts.includes("Port home-ap-50"));
    assert.ok(operations.some((each) => each.op === "link" && each.where[0]?.[1] === "wifi1"));
    assert.deepEqual(faults, [
      "Wifi_Radio_Config wifi7: there is no such radio any more",
      "Wifi_VIF_Config home-ap-24: its radio wifi7 does not exist any more",
    ]);
  });

  it("does not shift networks when the list of radios is too short", async () => {
    const { parts, faults } = await planOf({ radio_if_names: () => ["wifi0"] });
    assert.ok(parts.includes("Wifi_VIF_Config home-ap-24") && !parts.includes("Wifi_VIF_Config home-ap-50"));
    assert.deepEqual(faults, ["Wifi_VIF_Config home-ap-50: the radio that it belongs to is not stored"]);
  });

  it("leaves out columns that this release does not know or admit, by name and never by value", async () => {
    const { operations, faults } = await planOf({
      vif_config: editRows((rows) => rows.map((row) => ({ ...row, wpa4_key: primaryPsk, mode: "mesh", btm: "much" }))),
    });
    const vif = operations.find(({ op, table }) => op === "insert" && table === "Wifi_VIF_Config");
    assert.ok(vif?.op === "insert" && !("wpa4_key" in vif.row) && !("mode" in vif.row) && vif.row.ssid === "Home");
    assert.equal(faults.length, 6);
    assert.match(faults.join("\n"), /home-ap-24 \(vif_config\): column wpa4_key: not in this release/);
    assert.match(faults.join("\n"), /column mode: a value that this release does not admit/);
    assert.ok(!faults.join().includes(primaryPsk) && !faults.join().includes("much"));
  });

  it("accepts rows of an older schema, which say nothing of newer columns", async () => {
    const { faults, operations } = await planOf({
      radio_config: editRows((rows) =>
        rows.map(({ if_name, channel }) => ({ if_name: if_name ?? "", channel: channel ?? 1 })),
      ),
    });
    assert.deepEqual(faults, []);
    assert.deepEqual(
      operations.find(({ part }) => part === "Wifi_Radio_Config wifi0"),
      {
        op: "update",
        part: "Wifi_Radio_Config wifi0",
        table: "Wifi_Radio_Config",
        where: [["if_name", "wifi0"]],
        row: { if_name: "wifi0", channel: 6 },
      },
    );
  });

  for (const [what, key, value] of [
    ["no object", "dhcp_reserved_ip", [7, null, "x", []]],
    ["without a column that it needs", "dhcp_reserved_ip", [{ hostname: "nas" }]],
    ["a network without a name", "vif_config", [{ ssid: "Home" }]],
  ] as const) {
    it(`leaves out a row that is ${what}, and nothing else`, async () => {
      const { faults } = await planOf({ [key]: (rows: JsonValue | undefined) => [...(rows as Rows), ...value] });
      assert.equal(faults.length, value.length);
    });
  }

  it("is none where neither LAN nor network can be used", async () => {
    const values = new Map(await saved());
    values.set("inet_config", [{ network: true }]);
    values.set("radio_if_names", ["wifi8", "wifi9"]);
    assert.equal(planRestore(values, await booted(), options), null);
  });

  it("restores the LAN, and leaves present networks alone, where no stored network can be used", async () => {
    const { parts } = await planOf({ radio_if_names: () => ["wifi8", "wifi9"] });
    assert.ok(parts.includes("Wifi_Inet_Config br-home") && !parts.includes("Wifi_VIF_Config of before"));
  });

  it("makes ports of all networks of a store of the first release, and leaves tables alone that it does not have", async () => {
    const all = await saved();
    const first = ["vif_config", "inet_config", "radio_config", "inet_config_home_aps", "radio_if_names"] as const;
    const values = new Map(first.map((key) => [key, all.get(key) as JsonValue]));
    const plan = planRestore(values, await booted(), { lanBridge: "br-home", keys: "documented" });
    const tables = new Set(plan?.operations.map(({ table }) => table));
    assert.deepEqual(plan?.faults, []);
    assert.equal(plan?.operations.filter(({ op, table }) => op === "insert" && table === "Port").length, 2);
    assert.ok(!tables.has("DHCP_reserved_IP") && !tables.has("Openflow_Tag"));
  });

  it("keeps what the device has put into a tag since it booted, and the tag of offline mode", async () => {
    const rows = await booted();
    const tag = { cloud_value: [], device_value: ["02:00:00:00:0a:09"] };
    const present = ["vip", "offline_mode", "other"].map((name) => ({ ...tag, name }));
    const plan = planRestore(await saved(), { ...rows, Openflow_Tag: present as never }, options);
    const tags = plan?.operations.filter(({ table }) => table === "Openflow_Tag") ?? [];
    assert.deepEqual(
      tags.map((each) => (each.op === "insert" ? each.row : "where" in each ? each.where : each)),
      [[["name", "vip"]], [["name", "other"]], { ...tag, name: "vip", cloud_value: ["02:00:00:00:0a:01"] }],
    );
  });

  it("moves a port that another bridge has", async () => {
    const bench = new Bench();
    await bench.client.transact((transaction) => {
      prepopulate(transaction);
      const port = transaction.insert("Port", {
        name: "home-ap-24",
        interfaces: [transaction.insert("Interface", { name: "home-ap-24" })],
      });
      const bridge = transaction.insert("Bridge", { name: "br-guest", ports: [port] });
      transaction.insertInto("Open_vSwitch", [], "bridges", [bridge]);
    });
    const plan = planRestore(await saved(), rowsOf(bench), options);
    const ops = plan?.operations
      .filter(({ part }) => part === "Port home-ap-24")
      .map(({ op, table }) => `${op} ${table}`);
    assert.deepEqual(ops, ["unlink Bridge", "link Bridge", "update Port"]);
  });

  it("notes a LAN bridge that is no bridge of the switch, as no fault", async () => {
    const plan = planRestore(await saved(), { ...(await booted()), Bridge: [] }, options);
    assert.deepEqual([plan?.faults, plan?.notes.length], [[], 1]);
  });
});
