import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { parseHome } from "./home.ts";
import * as limits from "./limits.ts";
import { Location } from "./location.ts";
import { homeText } from "./test-home.ts";
import { settle, TestNode, testHome } from "./test-node.ts";
import { obedientNode, TestCloud } from "./testing/test-cloud.ts";

const nodes = [{ id: "gateway", role: "gateway" }];
const changed = () => parseHome(homeText({ nodes }, { ssid: "Changed" }), "x");

/** The node connects, takes what it is given, and is gone `ms` later. */
async function visit(cloud: TestCloud, node: Awaited<ReturnType<typeof obedientNode>>, ms: number): Promise<void> {
  const client = await cloud.connect(node);
  await cloud.clock.advance(ms);
  client.close();
  await settle(cloud.clock);
}

describe("a node that leaves again and again after a change", () => {
  it("gets the change a few times, then no more, until something else holds; it is served all the while", async () => {
    const cloud = new TestCloud(changed());
    const node = await obedientNode();
    for (let index = 0; index < limits.breakerDisconnects; index++) {
      assert.equal(cloud.location.quarantine("gateway"), undefined, `visit ${index}`);
      await visit(cloud, node, 5_000);
      await node.forget();
    }
    await cloud.connect(node);
    const { state, counters, pending } = cloud.gateway;
    assert.deepEqual([state, counters.writes, node.all("Wifi_VIF_Config").length], ["HELD", 0, 0]);
    assert.match(pending ?? "", /left 5 times right after it was given what holds now/);
    assert.equal(cloud.events.filter((event) => event.startsWith("gateway: quarantined: ")).length, 1);
    cloud.location.setHome(testHome());
    await settle(cloud.clock);
    assert.deepEqual([cloud.gateway.state, cloud.gateway.pending], ["SETTLED", null]);
  });

  it("is treated alike where it never lives to answer: what it was given may be why", async () => {
    const cloud = new TestCloud(changed());
    const node = await obedientNode();
    for (let index = 0; index < limits.breakerDisconnects; index++) {
      assert.equal(cloud.location.quarantine("gateway"), undefined, `visit ${index}`);
      const client = new LocalClient<OpenSync>({ engine: node.database });
      const transact = client.transact.bind(client);
      client.transact = async (build, options) => {
        await transact(build, options);
        await node.forget();
        client.close();
        return new Promise(() => {});
      };
      await cloud.connectClient(client);
      assert.equal(cloud.gateway.connection, "absent");
      await cloud.clock.advance(60_000);
    }
    await cloud.connect(node);
    assert.deepEqual([cloud.gateway.state, node.all("Wifi_VIF_Config").length], ["HELD", 0]);
  });

  it("keeps the change once it has shown it for a while, whatever happens later", async () => {
    const cloud = new TestCloud(changed());
    const node = await obedientNode();
    await visit(cloud, node, limits.breakerTrustMs);
    for (let index = 0; index < 10; index++) await visit(cloud, node, 1_000);
    await cloud.connect(node);
    assert.equal(cloud.gateway.state, "SETTLED");
  });

  it("has the home go back to what every node has shown, without a store", async () => {
    const cloud = new TestCloud(testHome({ nodes }));
    cloud.location.events.on("event", (event) => {
      if (event.kind === "quarantined") cloud.location.fallBack();
    });
    const node = await obedientNode();
    await visit(cloud, node, limits.breakerTrustMs);
    cloud.location.setHome(changed());
    for (let index = 0; index < limits.breakerDisconnects; index++) {
      await visit(cloud, node, 5_000);
      await node.forget();
    }
    await cloud.connect(node);
    assert.deepEqual([cloud.gateway.state, node.row("Wifi_VIF_Config", "home-ap-24")?.ssid], ["SETTLED", "Test"]);
    assert.equal(cloud.location.fallBack(), false);
  });
});

describe("a version for one of two nodes", () => {
  it("is proven when that node shows it, not when the other has been looked at, for which nothing changes", async () => {
    const both = [...nodes, { id: "extender", role: "extender" }];
    const of = (channel: number) =>
      testHome({ nodes: both, networks: [], radios: [{ band: "5G", channel, width: 20, node: "extender" }] });
    const cloud = new TestCloud(of(36));
    const proven: string[] = [];
    cloud.location.events.on("settled", ({ home }) => proven.push(`channel ${home.radios?.[0]?.channel}`));
    const extender = await TestNode.boot({ id: "extender" });
    await extender.set("Wifi_Radio_Config", "wifi1", { channel: 36, ht_mode: "HT20" });
    const show = (channel: number) =>
      extender.client.transact((transaction) =>
        transaction.update("Wifi_Radio_State", [["if_name", "==", "wifi1"]], { channel, ht_mode: "HT20" }),
      );
    await show(36);
    await cloud.connect(await obedientNode());
    await cloud.connect(extender);
    assert.deepEqual(proven, ["channel 36"]);
    cloud.location.setHome(of(100));
    await settle(cloud.clock);
    assert.equal(extender.row("Wifi_Radio_Config", "wifi1")?.channel, 100);
    // It listens for radar.
    assert.equal(cloud.location.node("extender")?.state, "VERIFYING");
    assert.deepEqual([proven, cloud.location.proven], [["channel 36"], false]);
    await show(100);
    await settle(cloud.clock);
    assert.deepEqual([proven, cloud.location.proven], [["channel 36", "channel 100"], true]);
  });
});

describe("two devices that say they are one node", () => {
  it("take turns, the newest being served, and are told of with their addresses", async () => {
    const cloud = new TestCloud();
    const [one, two] = [await obedientNode(), await obedientNode()];
    for (let index = 0; index < 2; index++) {
      await cloud.connect(one, "gateway", "ssl:192.0.2.1:40000");
      await cloud.connect(two, "gateway", "ssl:192.0.2.2:40000");
    }
    assert.deepEqual(
      cloud.events.filter((event) => event.includes("take turns")),
      [
        "gateway: two devices take turns in being it, calling from 192.0.2.1 and 192.0.2.2; one of them has the other's identity",
      ],
    );
    assert.deepEqual([cloud.gateway.state, cloud.gateway.peer], ["SETTLED", "ssl:192.0.2.2:40000"]);
    // That one puts the other out says nothing about what they were given.
    assert.equal(cloud.location.quarantine("gateway"), undefined);
  });

  it("by its serial number are told apart by their certificates: one is turned away, the other is served as ever", async () => {
    const home = testHome({ nodes: [{ id: "gateway", role: "gateway", serialNumber: "SN-1" }] });
    const cloud = new TestCloud(home);
    const [one, two] = [await obedientNode(), await obedientNode()];
    for (const node of [one, two])
      await node.client.transact((transaction) => transaction.update("AWLAN_Node", [], { serial_number: "SN-1" }));
    await cloud.connect(one, "gateway", "ssl:192.0.2.1:40000");
    const { counters } = cloud.gateway;
    const impostor = await cloud.connect(two, "another", "ssl:192.0.2.2:40000");
    assert.deepEqual([impostor.closed.aborted, two.all("Wifi_VIF_Config").length], [true, 0]);
    assert.equal(cloud.warned(/ssl:192\.0\.2\.2:40000: not provisioned: .* certificate is that of 'another'/), 1);
    const { state, sessions, counters: after } = cloud.gateway;
    assert.deepEqual([state, sessions, after], ["SETTLED", 1, counters]);
  });

  it("are told of behind one address as well, and cost their home nothing of what holds", async () => {
    const cloud = new TestCloud(changed());
    const [one, two] = [await obedientNode(), await obedientNode()];
    for (let index = 0; index < 8; index++) {
      await cloud.connect(index % 2 === 0 ? one : two, "gateway", `ssl:192.0.2.1:${40_000 + index}`);
      await cloud.clock.advance(2_000);
    }
    assert.equal(cloud.events.filter((event) => event.includes("take turns")).length, 1);
    assert.deepEqual([cloud.gateway.state, cloud.location.quarantine("gateway")], ["SETTLED", undefined]);
  });

  it("is not what a node is whose address has changed", async () => {
    const cloud = new TestCloud();
    const node = await obedientNode();
    for (const host of ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]) {
      await cloud.connect(node, "gateway", `ssl:${host}:40000`);
    }
    assert.equal(cloud.warned(/take turns/), 0);
  });
});

describe("a node whose location changes", () => {
  it("gets what the other home states, on the connection that it has", async () => {
    const others = [{ id: "other", role: "gateway" }];
    const other = new Location(parseHome(homeText({ nodes: others }, { ssid: "Other" }), "x"), {
      id: "other",
      tenant: null,
      version: 1,
    });
    const cloud = new TestCloud(testHome(), other);
    const node = await obedientNode();
    await cloud.connect(node);
    const without = testHome({ nodes: [{ id: "extender", role: "gateway" }] });
    cloud.location.setHome(without);
    await settle(cloud.clock);
    assert.equal(cloud.locations.placeOf("gateway"), undefined);
    other.setHome(parseHome(homeText({ nodes }, { ssid: "Other" }), "x"));
    await settle(cloud.clock);
    assert.equal(node.row("Wifi_VIF_Config", "home-ap-24")?.ssid, "Other");
    assert.deepEqual([other.node("gateway")?.settled, cloud.location.node("gateway")], [true, undefined]);
  });

  it("is listed while nobody has it, with its model and who it says it is", async () => {
    const cloud = new TestCloud(testHome({ nodes: [{ id: "extender", role: "gateway" }] }));
    await cloud.connect(await obedientNode(), "gateway");
    const [caller, ...more] = cloud.locations.callers;
    assert.deepEqual([caller?.id, caller?.commonName, more.length], ["gateway", "gateway", 0]);
    cloud.location.setHome(testHome());
    await settle(cloud.clock);
    assert.deepEqual([cloud.locations.callers.length, cloud.gateway.state], [0, "SETTLED"]);
  });
});
