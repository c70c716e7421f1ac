import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { desiredState } from "./desired.ts";
import { type HomeNode, parseHome } from "./home.ts";
import { nodeFacts } from "./node-facts.ts";
import { prove } from "./proof.ts";
import { plan } from "./reconcile.ts";
import { homeText } from "./test-home.ts";
import { TestNode } from "./test-node.ts";
import { describeChange, writeChanges } from "./write-changes.ts";

const lan = {
  address: "192.168.40.1",
  dhcp: {
    start: "192.168.40.100",
    stop: "192.168.40.200",
    reservations: [{ mac: "02:00:00:00:00:01", address: "192.168.40.10", name: "printer" }],
  },
  dns: { primary: "192.0.2.53" },
};

function changesFor(node: TestNode, parts: object, role: "gateway" | "extender" = "gateway") {
  const home = parseHome(homeText({ networks: [], ...parts }), "home.json");
  const self = home.nodes.find((entry) => entry.role === role) as HomeNode;
  const { rows, silent } = desiredState(home, self, nodeFacts(node.rows));
  return { rows, changes: plan(rows, node.rows, new Set(), silent) };
}

async function apply(node: TestNode, parts: object): Promise<readonly string[]> {
  const { changes } = changesFor(node, parts);
  await node.client.transact((transaction) => {
    writeChanges(changes, transaction);
  });
  return changes.map(describeChange).sort();
}

const settings = (node: TestNode) =>
  node
    .all("Node_Config")
    .map(({ module, key, value, persist }) => `${module}/${key}=${value}${persist === true ? " (kept)" : ""}`)
    .sort();

describe("a home that is to go on without its cloud", () => {
  it("has its gateway told so, for good, and has it watch what is configured", async () => {
    const node = await TestNode.boot();
    await apply(node, { cloudless: true });
    assert.deepEqual(settings(node), ["PM/gw_offline_cfg=true (kept)", "PM/gw_offline_mon=true"]);
    assert.deepEqual(changesFor(node, { cloudless: true }).changes, []);
    const ofExtender = changesFor(node, { cloudless: true }, "extender").rows;
    assert.ok(!ofExtender.some(({ table }) => table === "Node_Config"));
  });

  it("has the second setting given anew after a reboot, of which the gateway has kept the first", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) =>
      transaction.insert("Node_Config", { module: "PM", key: "gw_offline_cfg", value: "true", persist: true }),
    );
    assert.deepEqual(await apply(node, { cloudless: true }), [
      "insert Node_Config PM/gw_offline_mon: value=true module=PM key=gw_offline_mon",
    ]);
  });

  it("has it switched off when its owner does not want it any more, and left alone where the file says nothing", async () => {
    const node = await TestNode.boot();
    await apply(node, { cloudless: true });
    assert.deepEqual(changesFor(node, {}).changes, []);
    await apply(node, { cloudless: false });
    assert.deepEqual(settings(node), ["PM/gw_offline_cfg=false (kept)", "PM/gw_offline_mon=false"]);
  });

  it("does not touch CM's own setting, nor those of others", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) => {
      transaction.insert("Node_Config", { module: "PM", key: "gw_offline", value: "true" });
      transaction.insert("Node_Config", { module: "TM", key: "SPFAN_state", value: "1" });
    });
    await apply(node, { cloudless: true });
    assert.ok(settings(node).includes("PM/gw_offline=true"));
    assert.ok(settings(node).includes("TM/SPFAN_state=1"));
  });

  it("is proven by the gateway's acknowledgement", async () => {
    const node = await TestNode.boot();
    await apply(node, { cloudless: true });
    const row = changesFor(node, { cloudless: true }).rows.find(({ key }) => key.key === "gw_offline_cfg");
    assert.ok(row);
    assert.match(JSON.stringify(prove(row, node.rows)), /Node_State PM\/gw_offline_cfg is not there/);
    await node.client.transact((transaction) =>
      transaction.insert("Node_State", { module: "PM", key: "gw_offline_cfg", value: "true" }),
    );
    assert.deepEqual(prove(row, node.rows), { kind: "proven" });
  });
});

describe("a LAN with reservations and name servers", () => {
  it("has them written, and others removed, which the file does not list", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) =>
      transaction.insert("DHCP_reserved_IP", { hw_addr: "02:00:00:00:00:99", ip_addr: "192.168.40.99" }),
    );
    await apply(node, { lan });
    assert.deepEqual(
      node.all("DHCP_reserved_IP").map(({ hw_addr, ip_addr, hostname }) => [hw_addr, ip_addr, hostname]),
      [["02:00:00:00:00:01", "192.168.40.10", "printer"]],
    );
    assert.deepEqual(node.row("Wifi_Inet_Config", "br-home")?.dns, new Map([["primary", "192.0.2.53"]]));
    assert.deepEqual(changesFor(node, { lan }).changes, []);
  });

  it("leaves reservations alone where the file says nothing of them", async () => {
    const node = await TestNode.boot();
    await apply(node, { lan });
    const { start, stop } = lan.dhcp;
    assert.deepEqual(changesFor(node, { lan: { ...lan, dhcp: { start, stop } } }).changes, []);
  });

  it("refuses a reservation outside the LAN, and an address or a client that has two", () => {
    const home = (reservations: object[]) => () =>
      parseHome(homeText({ lan: { ...lan, dhcp: { ...lan.dhcp, reservations } } }), "home.json");
    const [first] = lan.dhcp.reservations;
    assert.throws(home([{ ...first, address: "192.168.41.10" }]), /reservations\[0\]\.address: is not in the LAN/);
    assert.throws(home([{ ...first }, { ...first, address: "192.168.40.11" }]), /reservations\[1\]\.mac: is the same/);
    assert.throws(home([{ ...first }, { ...first, mac: "02:00:00:00:00:02" }]), /\[1\]\.address: is the same/);
  });
});
