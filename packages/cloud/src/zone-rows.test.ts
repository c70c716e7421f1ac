import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TestNode } from "./test-node.ts";
import { desiredOf, provision } from "./testing/provision.ts";

const guest = "02:00:00:00:00:02";
const camera = "02:00:00:00:00:03";
const printer = "02:00:00:00:00:04";
const router = "02:00:00:00:00:05";

/** A default route, or one to the LAN itself. */
function route(if_name: string, dest_addr: string, gateway_hwaddr: string | null) {
  const dest_mask = dest_addr === "0.0.0.0" ? "0.0.0.0" : "255.255.255.0";
  return { if_name, dest_addr, dest_mask, gateway: "192.168.40.1", gateway_hwaddr, metric: 100 };
}

function networks(...zones: (string | undefined)[]) {
  const keys = zones.map((zone, index) => ({
    id: index === 0 ? "key" : `key-${index}`,
    psk: `a key of number ${index}`,
    ...(zone && { zone }),
  }));
  return [{ ssid: "Test", security: { mode: "wpa2", keys }, bands: ["2.4G"] }];
}

async function nodeWithFirewall(): Promise<TestNode> {
  const node = await TestNode.boot({ bands: ["2.4G"] });
  await node.client.transact((transaction) =>
    transaction.insert("Netfilter", {
      name: "default.ipv4.input",
      enable: true,
      protocol: "ipv4",
      table: "filter",
      chain: "INPUT",
      priority: 1,
      rule: "",
      target: "ACCEPT",
    }),
  );
  return node;
}

function rules(node: TestNode): string[] {
  return node
    .all("Netfilter")
    .filter(({ name }) => String(name).startsWith("zone."))
    .sort((a, b) => Number(a.priority) - Number(b.priority) || (String(a.name) < String(b.name) ? -1 : 1))
    .map(({ name, protocol, chain, rule, target }) => `${name}: ${protocol} ${chain} ${rule} ${target}`);
}

function tags(node: TestNode): unknown[] {
  return node.all("Openflow_Tag").map(({ name, cloud_value }) => [name, cloud_value]);
}

describe("access zones", () => {
  it("are tags of keys, and a firewall's rules for those with the tag of a restricted one", async () => {
    const node = await nodeWithFirewall();
    await provision(node, { networks: networks("home", "guest", "internet-only") });
    assert.deepEqual(
      node.row("Wifi_VIF_Config", "home-ap-24")?.wpa_oftags,
      new Map([
        ["key", "zone-home"],
        ["key-1", "zone-guest"],
        ["key-2", "zone-internet-only"],
      ]),
    );
    assert.deepEqual(tags(node).sort(), [
      ["zone-guest", []],
      ["zone-internet-only", []],
    ]);
    assert.deepEqual(rules(node), [
      `zone.guest.bridged: eth FORWARD -s \${zone-guest} DROP`,
      `zone.internet-only.bridged: eth FORWARD -s \${zone-internet-only} DROP`,
    ]);
  });

  const onExtender = (router: string) => [
    `zone.guest.beside: eth FORWARD -s \${zone-guest} -o home-ap-+ DROP`,
    `zone.guest.arp: eth FORWARD -s \${zone-guest} -p ARP ACCEPT`,
    `zone.guest.dhcp: eth FORWARD -s \${zone-guest} -d ff:ff:ff:ff:ff:ff ACCEPT`,
    `zone.guest.dhcpv6: eth FORWARD -s \${zone-guest} -d 33:33:00:01:00:02 ACCEPT`,
    `zone.guest.groups: eth FORWARD -s \${zone-guest} -d 33:33:00:00:00:16 ACCEPT`,
    `zone.guest.neighbors: eth FORWARD -s \${zone-guest} -d 33:33:ff:00:00:00/ff:ff:ff:00:00:00 ACCEPT`,
    `zone.guest.router: eth FORWARD -s \${zone-guest} -d ${router} ACCEPT`,
    `zone.guest.routers: eth FORWARD -s \${zone-guest} -d 33:33:00:00:00:02 ACCEPT`,
    `zone.guest.bridged: eth FORWARD -s \${zone-guest} DROP`,
  ];

  it("let through on an extender what finds and reaches its router, and nothing else", async () => {
    const node = await nodeWithFirewall();
    await node.client.transact((transaction) => {
      transaction.insert("Wifi_Route_State", route("br-home", "0.0.0.0", router));
      transaction.insert("Wifi_Route_State", route("br-home", "192.168.40.0", null));
      transaction.insert("Wifi_Route_State", route("eth0", "0.0.0.0", camera));
    });
    await provision(node, { networks: networks("home", "guest") }, { role: "extender" });
    assert.deepEqual(rules(node), onExtender(router));
  });

  it("go on so while the extender does not know its router's address, and follow it when it is another", async () => {
    const node = await nodeWithFirewall();
    const parts = { networks: networks("home", "guest") };
    const routeIs = (mac: string | null) =>
      node.client.transact((transaction) => {
        transaction.delete("Wifi_Route_State", []);
        transaction.insert("Wifi_Route_State", route("br-home", "0.0.0.0", mac));
      });
    await routeIs(router);
    await provision(node, parts, { role: "extender" });
    for (const unknown of [null, "00:00:00:00:00:00"]) {
      await routeIs(unknown);
      assert.deepEqual(await provision(node, parts, { role: "extender" }), []);
    }
    await routeIs(printer);
    assert.equal((await provision(node, parts, { role: "extender" })).length, 1);
    assert.deepEqual(rules(node), onExtender(printer));
    await provision(node, parts, { role: "gateway" });
    assert.deepEqual(rules(node), [`zone.guest.bridged: eth FORWARD -s \${zone-guest} DROP`]);
  });

  it("close no more than its access points where an extender has never known its router's address", async () => {
    const node = await nodeWithFirewall();
    await provision(node, { networks: networks("home", "guest") }, { role: "extender" });
    assert.deepEqual(rules(node), [`zone.guest.bridged: eth FORWARD -s \${zone-guest} -o home-ap-+ DROP`]);
  });

  it("let guests find and reach shared devices, and nobody else", async () => {
    const node = await nodeWithFirewall();
    const devices = [{ mac: printer, shared: true }, { mac: camera }];
    await provision(node, { networks: networks("home", "guest"), devices });
    assert.deepEqual(rules(node), [
      `zone.guest.find: eth FORWARD -s \${zone-guest} -p ARP ACCEPT`,
      `zone.guest.shared.020000000004: eth FORWARD -s \${zone-guest} -d ${printer} ACCEPT`,
      `zone.guest.bridged: eth FORWARD -s \${zone-guest} DROP`,
    ]);
  });

  it("end with their last key: its tag and its rules go, and what has expired before a node comes is never written", async () => {
    const expires = "2026-06-01T12:00:00Z";
    const [network] = networks("home", "guest");
    const keys = network?.security.keys.map((key) => (key.zone === "guest" ? { ...key, expires } : key));
    const parts = { networks: [{ ...network, security: { mode: "wpa2", keys } }] };
    const node = await nodeWithFirewall();
    await provision(node, parts, { now: Date.parse(expires) - 1 });
    assert.deepEqual([tags(node), rules(node).length], [[["zone-guest", []]], 1]);
    await provision(node, parts, { now: Date.parse(expires) });
    const late = await nodeWithFirewall();
    await provision(late, parts, { now: Date.parse(expires) + 1 });
    for (const each of [node, late]) {
      assert.deepEqual([tags(each), rules(each)], [[], []]);
      const vif = each.row("Wifi_VIF_Config", "home-ap-24");
      for (const map of [vif?.wpa_psks, vif?.wpa_oftags])
        assert.deepEqual([...(map as Map<string, string>).keys()], ["key"]);
    }
  });

  it("have clients in them by policy, and those whom another node serves", async () => {
    const node = await nodeWithFirewall();
    const policies = [{ id: "p", scope: { kind: "device", mac: camera }, action: { kind: "internet-only" } }];
    const elsewhere = [{ mac: guest as never, ssid: "Test", key: "key-1" }];
    await provision(node, { networks: networks("home", "guest"), policies }, { elsewhere });
    assert.deepEqual(tags(node).sort(), [
      ["zone-guest", [guest]],
      ["zone-internet-only", [camera]],
    ]);
  });

  it("keep those of a node that has not said yet whom it serves, but none that is seen with another key", async () => {
    const node = await nodeWithFirewall();
    const parts = { networks: networks("home", "guest") };
    const on = (mac: string, key: string) => ({ mac: mac as never, ssid: "Test", key });
    const both = [on(guest, "key-1"), on(camera, "key-1")];
    await provision(node, parts, { elsewhere: both });
    assert.deepEqual(tags(node), [["zone-guest", [guest, camera]]]);
    await provision(node, parts, { isUnheardElsewhere: true });
    assert.deepEqual(tags(node), [["zone-guest", [guest, camera]]], "as after the start of a cloud");
    await provision(node, parts, { isUnheardElsewhere: true, elsewhere: [on(camera, "key")] });
    assert.deepEqual(tags(node), [["zone-guest", [guest]]]);
    await provision(node, parts, { elsewhere: [on(camera, "key")] });
    assert.deepEqual(tags(node), [["zone-guest", []]]);
  });

  it("leave alone what the node itself puts into a tag, and rules and tags of others", async () => {
    const node = await nodeWithFirewall();
    const parts = { networks: networks("home", "guest") };
    await provision(node, parts);
    await node.client.transact((transaction) => {
      transaction.update("Openflow_Tag", [["name", "==", "zone-guest"]], { device_value: [guest] });
      transaction.insert("Openflow_Tag", { name: "eth_devices", device_value: [printer] });
    });
    assert.deepEqual(await provision(node, parts), []);
    await provision(node, { networks: networks(undefined) });
    assert.deepEqual(tags(node), [["eth_devices", []]]);
    assert.deepEqual(rules(node), []);
    assert.equal(node.all("Netfilter").length, 1);
  });

  it("are brought back when somebody opens them", async () => {
    const node = await nodeWithFirewall();
    const parts = { networks: networks("home", "guest") };
    await provision(node, parts);
    await node.client.transact((transaction) =>
      transaction.update("Netfilter", [["name", "==", "zone.guest.bridged"]], { enable: false }),
    );
    assert.deepEqual(await provision(node, parts), [
      "update Netfilter zone.guest.bridged: enable=true (was enable=false)",
    ]);
  });

  it("are refused, with the reason, where the node has no firewall to carry them out", async () => {
    const node = await TestNode.boot({ bands: ["2.4G"] });
    await provision(node, { networks: networks("home", "guest") });
    assert.deepEqual(rules(node), []);
    const [refusal, ...others] = desiredOf(node, { networks: networks("home", "guest") }).refusals;
    assert.deepEqual(others, []);
    assert.equal(refusal?.id, "Netfilter zone.guest");
    assert.equal(refusal?.stated, "networks[0].security.keys[1]");
    assert.match(refusal?.reason ?? "", /has no firewall that takes rules/);
  });

  it("leave tags of keys alone where no key is in a zone", async () => {
    const node = await nodeWithFirewall();
    await provision(node, { networks: networks(undefined) });
    await node.set("Wifi_VIF_Config", "home-ap-24", { wpa_oftags: new Map([["key", "home--1"]]) });
    assert.deepEqual(await provision(node, { networks: networks(undefined) }), []);
  });
});
