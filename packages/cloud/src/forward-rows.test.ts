import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TestNode } from "./test-node.ts";
import { provision } from "./testing/provision.ts";

const web = { label: "Web", protocol: "tcp", port: 8443, to: "192.168.40.10", toPort: 443 };
const game = { protocol: "both", port: 3074, to: "192.168.40.11", loopback: true };

async function gateway(...uplinks: string[]): Promise<TestNode> {
  const node = await TestNode.boot();
  await node.client.transact((transaction) => {
    for (const if_name of uplinks) {
      transaction.insert("Wifi_Inet_Config", { if_name, if_type: "eth", enabled: true, network: true, NAT: true });
    }
  });
  return node;
}

function forwards(node: TestNode): string[] {
  return node
    .all("IP_Port_Forward")
    .map(
      (row) =>
        `${row.src_ifname} ${row.protocol} ${row.src_port} -> ${row.dst_ipaddr}:${row.dst_port} ${row.nat_loopback}`,
    )
    .sort();
}

describe("port forwards", () => {
  it("are a row for each protocol on the interface that leads to the Internet", async () => {
    const node = await gateway("eth0");
    await provision(node, { forwards: [web, game] });
    assert.deepEqual(forwards(node), [
      "eth0 tcp 3074 -> 192.168.40.11:3074 true",
      "eth0 tcp 8443 -> 192.168.40.10:443 false",
      "eth0 udp 3074 -> 192.168.40.11:3074 true",
    ]);
    assert.deepEqual(await provision(node, { forwards: [web, game] }), []);
  });

  it("are changed in place, and closed when they are no longer stated or switched off", async () => {
    const node = await gateway("eth0");
    await provision(node, { forwards: [web, game] });
    assert.deepEqual(await provision(node, { forwards: [{ ...web, toPort: 444 }, game] }), [
      "update IP_Port_Forward tcp/eth0/8443: dst_port=444 (was dst_port=443)",
    ]);
    await provision(node, { forwards: [{ ...game, enabled: false }] });
    assert.deepEqual(forwards(node), []);
  });

  it("move to another uplink, and wait for one without closing what is open", async () => {
    const node = await gateway();
    await node.client.transact((transaction) =>
      transaction.insert("IP_Port_Forward", {
        protocol: "tcp",
        src_ifname: "eth0",
        src_port: 8443,
        dst_port: 443,
        dst_ipaddr: "192.168.40.10",
        nat_loopback: false,
      }),
    );
    assert.deepEqual(await provision(node, { forwards: [web] }), []);
    await node.client.transact((transaction) =>
      transaction.insert("Wifi_Inet_Config", {
        if_name: "eth1",
        if_type: "eth",
        enabled: true,
        network: true,
        NAT: true,
      }),
    );
    await provision(node, { forwards: [web] });
    assert.deepEqual(forwards(node), ["eth1 tcp 8443 -> 192.168.40.10:443 false"]);
  });

  it("are left alone where the document says nothing of them, and on extenders", async () => {
    const node = await gateway("eth0");
    await provision(node, { forwards: [web] });
    assert.deepEqual(await provision(node, {}), []);
    assert.deepEqual(await provision(node, { forwards: [] }, { role: "extender" }), []);
  });
});
