import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { NamedUuid } from "@opensync-ts/ovsdb/declare";
import fc from "fast-check";
import { desiredState } from "./desired.ts";
import { type Home, type HomeNode, parseHome } from "./home.ts";
import { nodeFacts } from "./node-facts.ts";
import { isHomeAp } from "./radio-bands.ts";
import { type Change, plan } from "./reconcile.ts";
import { configTables, type DesiredRow } from "./rows.ts";
import { homeText } from "./test-home.ts";
import { TestNode, testHome } from "./test-node.ts";
import { describeChange, writeChanges } from "./write-changes.ts";

function desiredOf(home: Home, node: TestNode): readonly DesiredRow[] {
  return desiredState(home, home.nodes[0] as HomeNode, nodeFacts(node.rows)).rows;
}

function planFor(home: Home, node: TestNode): readonly Change[] {
  const { rows, silent } = desiredState(home, home.nodes[0] as HomeNode, nodeFacts(node.rows));
  return plan(rows, node.rows, new Set(), silent);
}

async function apply(changes: readonly Change[], node: TestNode): Promise<void> {
  await node.client.transact((transaction) => {
    writeChanges(changes, transaction);
  });
}

/** Brings the node to what the home states. */
async function provision(node: TestNode, home: Home = testHome()): Promise<void> {
  await apply(planFor(home, node), node);
}

describe("a plan", () => {
  it("creates access points together with their radios' references", async () => {
    const node = await TestNode.boot();
    await provision(node);
    for (const [radio, vif] of [
      ["wifi0", "home-ap-24"],
      ["wifi1", "home-ap-50"],
      ["wifi2", "home-ap-60"],
    ] as const) {
      const row = node.row("Wifi_VIF_Config", vif);
      assert.equal(row?.ssid, "Test");
      assert.deepEqual(node.row("Wifi_Radio_Config", radio)?.vif_configs, [row?._uuid]);
      assert.equal(node.row("Wifi_Inet_Config", vif)?.mtu, 1500);
    }
  });

  it("is empty for a node that is as stated", async () => {
    const node = await TestNode.boot();
    await provision(node);
    assert.deepEqual(planFor(testHome(), node), []);
  });

  it("brings back exactly the column that drifted", async () => {
    const node = await TestNode.boot();
    await provision(node);
    await node.set("Wifi_VIF_Config", "home-ap-24", { ssid: "Drifted" });
    const changes = planFor(testHome(), node);
    assert.deepEqual(changes.map(describeChange), ["update Wifi_VIF_Config home-ap-24: ssid=Test (was ssid=Drifted)"]);
  });

  it("leaves channels, foreign rows and foreign references alone", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) => {
      const uplink = transaction.insert("Wifi_VIF_Config", { if_name: "bhaul-sta-24", mode: "sta" });
      transaction.mutate("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], [["vif_configs", "insert", [uplink]]]);
      transaction.update("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], { channel: 6, ht_mode: "HT40" });
      transaction.insert("Node_Config", { module: "ntp", key: "servers", value: "pool.ntp.org" });
      transaction.insert("Wifi_Inet_Config", { if_name: "eth0", if_type: "eth" });
    });
    await provision(node);
    await provision(node, testHome({ networks: [] }));
    const radio = node.row("Wifi_Radio_Config", "wifi0");
    assert.deepEqual([radio?.channel, radio?.ht_mode], [6, "HT40"]);
    assert.deepEqual(radio?.vif_configs, [node.row("Wifi_VIF_Config", "bhaul-sta-24")?._uuid]);
    assert.deepEqual(
      node.all("Wifi_Inet_Config").map(({ if_name }) => if_name),
      ["eth0"],
    );
    assert.equal(node.all("Node_Config").length, 1);
  });

  it("removes what it made and the home no longer states", async () => {
    const node = await TestNode.boot();
    await provision(node);
    await provision(node, parseHome(homeText({}, { bands: ["5G"] }), "x"));
    assert.deepEqual(
      node.all("Wifi_VIF_Config").map(({ if_name }) => if_name),
      ["home-ap-50"],
    );
    assert.deepEqual(node.row("Wifi_Radio_Config", "wifi0")?.vif_configs, []);
  });

  it("folds the duplicates that a lost reply or a hand left, and keeps the row in use", async () => {
    const node = await TestNode.boot();
    await provision(node);
    const kept = node.row("Wifi_VIF_Config", "home-ap-24") as Row;
    await node.client.transact((transaction) => {
      const copy = transaction.insert("Wifi_VIF_Config", { if_name: "home-ap-24", ssid: "Test" });
      transaction.insert("Wifi_VIF_Config", { if_name: "home-ap-24", ssid: "Test" });
      transaction.insert("Wifi_Inet_Config", { if_name: "home-ap-24", if_type: "vif" });
      transaction.mutate("Wifi_Radio_Config", [["if_name", "==", "wifi0"]], [["vif_configs", "insert", [copy]]]);
    });
    await provision(node);
    const rows = node.all("Wifi_VIF_Config").filter(({ if_name }) => if_name === "home-ap-24");
    assert.deepEqual(
      rows.map(({ _uuid }) => _uuid),
      [kept._uuid],
    );
    assert.deepEqual(node.row("Wifi_Radio_Config", "wifi0")?.vif_configs, [kept._uuid]);
    assert.equal(node.all("Wifi_Inet_Config").length, 3);
  });

  it("moves an access point from the wrong radio to the right one", async () => {
    const node = await TestNode.boot();
    await provision(node);
    const vif = node.row("Wifi_VIF_Config", "home-ap-24") as Row;
    await node.set("Wifi_Radio_Config", "wifi0", { vif_configs: [] });
    await node.set("Wifi_Radio_Config", "wifi2", { vif_configs: [vif._uuid] });
    await provision(node);
    assert.deepEqual(node.row("Wifi_Radio_Config", "wifi0")?.vif_configs, [vif._uuid]);
    assert.deepEqual(node.row("Wifi_Radio_Config", "wifi2")?.vif_configs, [
      node.row("Wifi_VIF_Config", "home-ap-60")?._uuid,
    ]);
  });

  it("creates the row of a radio that is only reported so far", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) => transaction.delete("Wifi_Radio_Config", []));
    await provision(node);
    const radio = node.row("Wifi_Radio_Config", "wifi1");
    assert.deepEqual([radio?.freq_band, radio?.enabled], ["5G", null]);
    assert.deepEqual(radio?.vif_configs, [node.row("Wifi_VIF_Config", "home-ap-50")?._uuid]);
  });

  it("holds its DHCP options and leaves others", async () => {
    const node = await TestNode.boot();
    const lan = { address: "192.168.40.1", dhcp: { start: "192.168.40.2", stop: "192.168.40.254" } };
    await node.client.transact((transaction) =>
      transaction.insert("Wifi_Inet_Config", {
        if_name: "br-home",
        dhcpd: { dhcp_option: "3,192.168.40.1", start: "x" },
      }),
    );
    await provision(node, testHome({ lan }));
    assert.deepEqual(
      node.row("Wifi_Inet_Config", "br-home")?.dhcpd,
      new Map([
        ["dhcp_option", "3,192.168.40.1"],
        ["lease_time", "12h"],
        ["start", "192.168.40.2"],
        ["stop", "192.168.40.254"],
      ]),
    );
  });

  it("does nothing to a withheld row, and refers to it only if it exists", async () => {
    const node = await TestNode.boot();
    const withheld = new Set(["Wifi_VIF_Config home-ap-24"] as const);
    await apply(plan(desiredOf(testHome(), node), node.rows, withheld), node);
    assert.equal(node.row("Wifi_VIF_Config", "home-ap-24"), undefined);
    assert.deepEqual(node.row("Wifi_Radio_Config", "wifi0")?.vif_configs, []);
    assert.notDeepEqual(node.row("Wifi_Radio_Config", "wifi1")?.vif_configs, []);
  });

  it("is refused as a whole when a row it would change has changed meanwhile", async () => {
    const node = await TestNode.boot();
    await provision(node);
    await node.set("Wifi_VIF_Config", "home-ap-24", { ssid: "One" });
    const changes = planFor(testHome(), node);
    await node.set("Wifi_VIF_Config", "home-ap-24", { ssid: "Two" });
    await assert.rejects(apply(changes, node), { error: "timed out" });
    assert.equal(node.row("Wifi_VIF_Config", "home-ap-24")?.ssid, "Two");
  });

  it("cannot insert twice: sent again after a lost reply, it is refused", async () => {
    const node = await TestNode.boot();
    const changes = planFor(testHome(), node);
    await apply(changes, node);
    await assert.rejects(apply(changes, node), { error: "timed out" });
    assert.equal(node.all("Wifi_VIF_Config").length, 3);
  });

  it("shows no passphrase in words", async () => {
    const node = await TestNode.boot();
    const text = planFor(testHome(), node).map(describeChange).join("\n");
    assert.match(text, /wpa_psks=1 keys/);
    assert.doesNotMatch(text, /correct horse/);
  });
});

describe("any plan", () => {
  const anyVif = fc.record({
    if_name: fc.constantFrom("home-ap-24", "home-ap-50", "home-ap-60", "home-ap-l50", "bhaul-ap-24", "onboard-ap-50"),
    ssid: fc.constantFrom("Test", "Other", null),
    enabled: fc.constantFrom(true, false, null),
    rrm: fc.constantFrom(0, 1, null),
    min_hw_mode: fc.constantFrom("11n" as const, null),
    wpa_psks: fc.constantFrom({}, { key: "another passphrase" }),
    radios: fc.uniqueArray(fc.constantFrom("wifi0", "wifi1", "wifi2"), { maxLength: 2 }),
  });
  const anyInet = fc.record({
    if_name: fc.constantFrom("home-ap-24", "home-ap-50", "home-ap-u50", "br-home", "eth0"),
    if_type: fc.constantFrom("vif" as const, "bridge" as const, "eth" as const),
    mtu: fc.constantFrom(1500, 1600, null),
    dhcpd: fc.constantFrom({}, { start: "192.168.1.9", force: "false" }),
  });
  const anyRadio = fc.record({ channel: fc.constantFrom(1, 36, null), tx_power: fc.constantFrom(1, 20, null) });
  const anyNode = fc.record({
    vifs: fc.array(anyVif, { maxLength: 8 }),
    inets: fc.array(anyInet, { maxLength: 6 }),
    radios: fc.array(anyRadio, { minLength: 3, maxLength: 3 }),
  });
  const lan = { address: "192.168.1.1", dhcp: { start: "192.168.1.10", stop: "192.168.1.99" } };
  const anyHome = fc.record({
    bands: fc.constantFrom<string[][]>(["2.4G"], ["2.4G", "5G"], ["5G", "6G"]),
    hidden: fc.boolean(),
    parts: fc.constantFrom(
      {},
      { networks: [] },
      { lan },
      { radios: [{ band: "2.4G", channel: 6, width: 20, power: 9 }] },
    ),
  });

  it("leads to what is stated in one step, and touches nothing that is not", async () => {
    await fc.assert(
      fc.asyncProperty(anyNode, anyHome, async (contents, { parts, ...network }) => {
        const node = await TestNode.boot();
        await fill(node, contents);
        const home = parseHome(homeText(parts, network), "any.json");
        const desired = desiredOf(home, node);
        const before = foreign(node, desired);
        const changes = planFor(home, node);
        await apply(changes, node);
        assert.deepEqual(planFor(home, node), [], "nothing is left to do");
        const after = foreign(node, desired);
        for (const [uuid, contents] of before) assert.deepEqual(after.get(uuid), contents);
      }),
      { numRuns: 60 },
    );
  });
});

type NodeContents = {
  vifs: { if_name: string; radios: string[] }[];
  inets: { if_name: string }[];
  radios: object[];
};

async function fill(node: TestNode, { vifs, inets, radios }: NodeContents): Promise<void> {
  await node.client.transact((transaction) => {
    for (const { radios: on, ...row } of vifs) {
      const uuid = transaction.insert("Wifi_VIF_Config", row);
      assert.ok(uuid instanceof NamedUuid);
      for (const radio of on) {
        transaction.mutate("Wifi_Radio_Config", [["if_name", "==", radio]], [["vif_configs", "insert", [uuid]]]);
      }
    }
    for (const row of inets) transaction.insert("Wifi_Inet_Config", row);
    for (const [index, row] of radios.entries()) {
      transaction.update("Wifi_Radio_Config", [["if_name", "==", `wifi${index}`]], row);
    }
  });
}

/** What is not the controller's to change, by row: foreign rows whole, of stated rows the columns that are not held. */
function foreign(node: TestNode, desired: readonly DesiredRow[]): ReadonlyMap<Uuid, object> {
  const contents = new Map<Uuid, object>();
  for (const table of configTables) {
    for (const { _version, vif_configs, dhcpd, ...row } of node.rows(table).values()) {
      if (isHomeAp(String(row.if_name))) continue;
      const wanted = desired.find((entry) => entry.table === table && entry.key.if_name === row.if_name);
      const columns = Object.entries(row).filter(([column]) => !(wanted && column in wanted.columns));
      const options = [...((dhcpd as ReadonlyMap<string, string>) ?? [])].filter(
        ([option]) => !wanted?.entries.dhcpd?.has(option),
      );
      const names = ((vif_configs as readonly Uuid[]) ?? []).map(
        (uuid) => node.rows("Wifi_VIF_Config").get(uuid)?.if_name,
      );
      const references = names.filter((name) => !isHomeAp(String(name))).sort();
      contents.set(row._uuid, { columns: Object.fromEntries(columns), options, references });
    }
  }
  return contents;
}
