import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { parseHome } from "./home.ts";
import * as limits from "./limits.ts";
import { homeText, testPsk } from "./test-home.ts";
import { settle, TestNode, testHome } from "./test-node.ts";
import { obedientNode, TestCloud } from "./testing/test-cloud.ts";

describe("a session", () => {
  it("provisions a node in one transaction and is settled when the node proves it", async () => {
    const cloud = new TestCloud();
    await cloud.connect(await obedientNode());
    const { state, settled, pending, counters, rows } = cloud.gateway;
    assert.deepEqual([state, settled, pending], ["SETTLED", true, null]);
    assert.deepEqual([counters.transactions, counters.refused], [1, 0]);
    assert.deepEqual(new Set(rows.map(({ status }) => status)), new Set(["proven", "unprovable"]));
  });

  it("takes a key away from the node in the moment in which it expires, by itself and with one write per access point", async () => {
    const expires = new Date(Date.UTC(2026, 0, 1, 1)).toISOString();
    const visitor = { id: "key-1", psk: "the visitor's key", expires };
    const security = { keys: [{ id: "key", psk: testPsk }, visitor] };
    const cloud = new TestCloud(parseHome(homeText({}, { bands: ["2.4G"] }, security), "x"));
    const node = await obedientNode();
    await cloud.connect(node);
    const keys = () => {
      const psks = node.row("Wifi_VIF_Config", "home-ap-24")?.wpa_psks;
      return psks instanceof Map ? [...psks.keys()] : [];
    };
    await cloud.clock.advance(3_599_999);
    const before = cloud.gateway.counters.writes;
    assert.deepEqual(keys(), ["key", "key-1"]);
    await cloud.clock.advance(1);
    await settle(cloud.clock);
    assert.deepEqual(keys(), ["key"]);
    assert.deepEqual([cloud.gateway.counters.writes - before, cloud.gateway.state], [1, "SETTLED"]);
  });

  it("writes nothing to an unchanged node that connects again", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    (await cloud.connect(node)).close();
    await settle(cloud.clock);
    assert.equal(cloud.gateway.connection, "absent");
    await cloud.connect(node);
    assert.deepEqual([cloud.gateway.state, cloud.gateway.counters.writes, cloud.gateway.sessions], ["SETTLED", 0, 2]);
  });

  it("repairs a drift made by hand, and only that", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    await cloud.connect(node);
    const { writes } = cloud.gateway.counters;
    await node.set("Wifi_VIF_Config", "home-ap-50", { ssid: "Mine", min_hw_mode: "11n" });
    await settle(cloud.clock);
    const row = node.row("Wifi_VIF_Config", "home-ap-50");
    assert.deepEqual([row?.ssid, row?.min_hw_mode], ["Test", "11n"]);
    assert.equal(cloud.gateway.counters.writes, writes + 1);
    assert.equal(cloud.gateway.state, "SETTLED");
  });

  it("brings back a deleted access point", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    await cloud.connect(node);
    await node.client.transact((transaction) => transaction.delete("Wifi_VIF_Config", []));
    await settle(cloud.clock);
    assert.equal(node.all("Wifi_VIF_Config").length, 3);
    assert.equal(cloud.gateway.state, "SETTLED");
  });

  it("does not write for changes that are none of its business", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    await cloud.connect(node);
    const { writes } = cloud.gateway.counters;
    await node.set("Wifi_Radio_Config", "wifi0", { channel: 11, ht_mode: "HT20" });
    await node.client.transact((transaction) =>
      transaction.insert("Node_Config", { module: "ntp", key: "servers", value: "pool.ntp.org" }),
    );
    await settle(cloud.clock);
    assert.equal(cloud.gateway.counters.writes, writes);
    assert.equal(node.row("Wifi_Radio_Config", "wifi0")?.channel, 11);
  });

  it("follows extenders as they come one after the other, and takes none of them for somebody who writes its rows", async () => {
    const stations = Array.from({ length: 2 * limits.repairsPerWindow }, (_, index) => `02:00:00:00:0e:1${index}`);
    const extenders = stations.map((station, index) => ({
      id: `leaf-${index}`,
      role: "extender",
      uplink: "wifi",
      stations: [station],
    }));
    const nodes = [{ id: "gateway", role: "gateway" }, ...extenders];
    const backhaul = { ssid: "Between", psk: "between the nodes" };
    const cloud = new TestCloud(testHome({ nodes, backhaul }));
    const node = await TestNode.boot({ bridge: "br-home" });
    await node.obey();
    const connection = await cloud.connect(node);
    for (const [index, hwaddr] of stations.entries()) {
      const inet_addr = `169.254.5.${index + 2}`;
      await node.client.transact((transaction) => transaction.insert("DHCP_leased_IP", { hwaddr, inet_addr }));
      await settle(cloud.clock);
    }
    const ports = node.all("Bridge")[0]?.ports as readonly string[];
    assert.equal(ports.length, 1 + stations.length);
    assert.equal(cloud.warned(/./), 0);
    connection.close();
    await settle(cloud.clock);
    await cloud.connect(node);
    assert.equal(cloud.gateway.counters.writes, 0);
    assert.ok(!cloud.ring.records().some(({ text }) => text.includes(backhaul.psk)));
  });

  it("does not fight: a row that others keep writing is left alone for a while, and reported", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    await cloud.connect(node);
    const replica = await node.client.replicate({ Wifi_VIF_Config: {} });
    const stubborn = () => {
      if (node.row("Wifi_VIF_Config", "home-ap-24")?.rrm !== 0)
        void node.set("Wifi_VIF_Config", "home-ap-24", { rrm: 0 });
    };
    const stop = replica.onTransaction(stubborn);
    stubborn();
    await settle(cloud.clock);
    await cloud.clock.advance(1000);
    assert.equal(cloud.gateway.state, "UNSETTLED");
    // The first write, which made the row, counts.
    assert.equal(cloud.gateway.counters.transactions, limits.repairsPerWindow);
    const contested = cloud.gateway.rows.find(({ status }) => status === "contested");
    assert.equal(contested?.id, "Wifi_VIF_Config home-ap-24");
    assert.match(cloud.gateway.pending ?? "", /somebody else keeps writing it/);
    assert.equal(cloud.warned(/contested/), 1);
    stop();
    await cloud.clock.advance(limits.repairWindowMs);
    assert.equal(cloud.gateway.state, "SETTLED");
    assert.equal(node.row("Wifi_VIF_Config", "home-ap-24")?.rrm, 1);
  });

  it("tells within the deadline which row the node does not prove, and why", async () => {
    const cloud = new TestCloud();
    const node = await TestNode.boot();
    await cloud.connect(node);
    assert.equal(cloud.gateway.state, "VERIFYING");
    await cloud.clock.advance(limits.proofMs);
    assert.equal(cloud.gateway.state, "UNSETTLED");
    const row = cloud.gateway.rows.find(({ id }) => id === "Wifi_VIF_Config home-ap-24");
    assert.deepEqual([row?.status, row?.stated], ["unproven", "networks[0]"]);
    assert.match(row?.reason ?? "", /no Wifi_VIF_State row for home-ap-24/);
    await node.obey();
    await settle(cloud.clock);
    assert.equal(cloud.gateway.state, "SETTLED", "late is better than never");
  });

  it("waits longer for a radio that must listen for radar first", async () => {
    const home = testHome({ radios: [{ band: "5G", channel: 100, width: 80 }] });
    const cloud = new TestCloud(home);
    await cloud.connect(await TestNode.boot({ bands: ["5G"] }));
    await cloud.clock.advance(limits.proofMs * 6);
    assert.equal(cloud.gateway.state, "VERIFYING");
    await cloud.clock.advance(limits.radarProofMs);
    assert.equal(cloud.gateway.state, "UNSETTLED");
  });

  it("follows another home file", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    await cloud.connect(node);
    cloud.location.setHome(parseHome(homeText({}, { ssid: "Renamed", bands: ["5G"] }), "new.json"));
    await settle(cloud.clock);
    assert.deepEqual(
      node.all("Wifi_VIF_Config").map(({ if_name, ssid }) => [if_name, ssid]),
      [["home-ap-50", "Renamed"]],
    );
    assert.equal(cloud.gateway.state, "SETTLED");
  });

  it("reports what the node cannot do, and does the rest", async () => {
    const cloud = new TestCloud(testHome({ radios: [{ band: "2.4G", channel: 13, width: 20, power: 9 }] }));
    const node = await obedientNode();
    await node.client.transact((transaction) =>
      transaction.update("Wifi_Radio_State", [["if_name", "==", "wifi0"]], { allowed_channels: [1, 6, 11] }),
    );
    await cloud.connect(node);
    assert.equal(cloud.gateway.state, "UNSETTLED");
    assert.match(cloud.gateway.pending ?? "", /channel 13 is not among those that wifi0 allows/);
    assert.equal(node.row("Wifi_Radio_Config", "wifi0")?.tx_power, 9);
    assert.equal(node.row("Wifi_Radio_Config", "wifi0")?.channel, null);
  });

  it("never logs or announces a passphrase", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    await cloud.connect(node);
    await node.set("Wifi_VIF_Config", "home-ap-24", { wpa_psks: { key: "somebody's secret" } });
    await settle(cloud.clock);
    const said = [...cloud.ring.records().map(({ text }) => text), ...cloud.events].join("\n");
    assert.match(said, /wpa_psks/);
    assert.ok(!said.includes(testPsk) && !said.includes("somebody's secret"));
  });
});

describe("a refused transaction", () => {
  it("is planned anew when a guard no longer held", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    const client = new LocalClient<OpenSync>({ engine: node.database });
    const transact = client.transact.bind(client);
    let interfered = false;
    client.transact = async (build, options) => {
      if (!interfered) {
        interfered = true;
        await node.client.transact((transaction) =>
          transaction.insert("Wifi_VIF_Config", { if_name: "home-ap-24", ssid: "Faster" }),
        );
      }
      return transact(build, options);
    };
    await cloud.connectClient(client);
    assert.equal(cloud.gateway.state, "WAITING");
    await cloud.clock.advance(limits.firstRetryMs);
    assert.equal(cloud.gateway.state, "SETTLED");
    assert.equal(cloud.gateway.counters.refused, 1);
    assert.equal(node.all("Wifi_VIF_Config").length, 3);
  });

  it("costs the row that the node will not take, not the others", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    // As full as the table may be (256 rows), but for two.
    await node.client.transact((transaction) => {
      for (let n = 0; n < 254; n++) transaction.insert("Wifi_Inet_Config", { if_name: `pgd0-${n}`, if_type: "gre" });
    });
    await cloud.connect(node);
    await cloud.clock.advance(limits.lastRetryMs / 2);
    const refused = cloud.gateway.rows.filter(({ status }) => status !== "proven" && status !== "unprovable");
    assert.deepEqual(
      refused.map(({ id, status }) => [id, status]),
      [["Wifi_Inet_Config home-ap-60", "refused"]],
    );
    assert.match(refused[0]?.reason ?? "", /the node refuses it: constraint violation/);
    assert.equal(cloud.gateway.state, "UNSETTLED");
    await node.client.transact((transaction) => transaction.delete("Wifi_Inet_Config", [["if_name", "==", "pgd0-0"]]));
    await cloud.clock.advance(limits.lastRetryMs);
    assert.equal(cloud.gateway.state, "SETTLED", "tried again after a while");
  });

  it("ends the session when no reply comes", async () => {
    const cloud = new TestCloud();
    const client = new LocalClient<OpenSync>({ engine: (await obedientNode()).database });
    client.transact = () => new Promise(() => {});
    await cloud.connectClient(client);
    await cloud.clock.advance(limits.transactionMs);
    assert.equal(cloud.gateway.connection, "absent");
    assert.equal(client.closed.aborted, true);
  });
});

describe("whom a session serves", () => {
  it("is the newest connection of a node", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    const older = await cloud.connect(node);
    await cloud.connect(node);
    assert.equal(older.closed.aborted, true);
    assert.deepEqual([cloud.gateway.state, cloud.gateway.sessions], ["SETTLED", 2]);
  });

  it("is no node that the home does not state: served, said once, never written", async () => {
    const cloud = new TestCloud();
    const node = await TestNode.boot({ id: "stranger" });
    const client = await cloud.connect(node, "stranger");
    await cloud.connect(node, "stranger");
    assert.equal(client.closed.aborted, false);
    assert.equal(node.all("Wifi_VIF_Config").length, 0);
    assert.equal(cloud.warned(/not provisioned: node 'stranger' is in no home/), 1);
  });

  it("is a node as soon as it says that it is one of the home", async () => {
    const cloud = new TestCloud();
    const node = await TestNode.boot({ id: null });
    await node.obey();
    await cloud.connect(node);
    assert.equal(node.all("Wifi_VIF_Config").length, 0);
    await node.client.transact((transaction) => transaction.update("AWLAN_Node", [], { id: "gateway" }));
    await settle(cloud.clock);
    assert.equal(cloud.gateway.state, "SETTLED");
  });

  it("is nobody with the certificate of another node", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    const client = await cloud.connect(node, "extender");
    assert.equal(client.closed.aborted, true);
    assert.equal(node.all("Wifi_VIF_Config").length, 0);
    const { connection, refused, pending } = cloud.gateway;
    assert.equal(connection, "refused");
    assert.match(refused?.reason ?? "", /^it says it is 'gateway', but its certificate is that of 'extender'/);
    assert.match(pending ?? "", /^not connected: \S+ was refused: it says it is 'gateway', but/);
    assert.equal(cloud.warned(/certificate is that of 'extender'/), 1);
    const [{ id, commonName, reason } = { id: null, commonName: null, reason: "" }] = cloud.locations.callers;
    assert.deepEqual([id, commonName], ["gateway", "extender"]);
    assert.match(reason, /it says it is 'gateway', but its certificate is that of 'extender'/);
    assert.equal(cloud.events.filter((text) => /^gateway: \S+ was refused: /.test(text)).length, 1);
  });

  it("is refused no longer once it has its own certificate, or the home states the one it has", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    await cloud.connect(node, "extender");
    await cloud.connect(node, "gateway");
    assert.deepEqual([cloud.gateway.connection, cloud.gateway.refused], ["connected", null]);
    await cloud.connect(node, "extender", "ssl:192.0.2.2:40000");
    assert.equal(cloud.gateway.connection, "connected", "it is served, whoever else would be it");
    const other = new TestCloud();
    await other.connect(node, "extender");
    other.location.setHome(testHome({ nodes: [{ id: "gateway", role: "gateway", certificateName: "extender" }] }));
    assert.equal(other.gateway.connection, "absent");
  });

  it("is nobody once the controller has stopped", async () => {
    const cloud = new TestCloud();
    const client = await cloud.connect(await obedientNode());
    void cloud.controller.stop();
    assert.equal(client.closed.aborted, true);
    assert.equal((await cloud.connect(await obedientNode())).closed.aborted, true);
    assert.equal(cloud.gateway.connection, "absent");
  });
});
