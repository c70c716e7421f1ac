import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TestNode } from "./test-node.ts";
import { provision } from "./testing/provision.ts";

const password = "between us and the provider";
const pppoe = { type: "pppoe", vlan: 7, username: "u@isp", password };
const still = {
  type: "static",
  address: "203.0.113.2",
  netmask: "255.255.255.248",
  gateway: "203.0.113.1",
  dns: { primary: "203.0.113.53" },
};

function ways(node: TestNode): unknown[] {
  return node
    .all("WAN_Config")
    .map((row) => [
      row.priority,
      row.type,
      row.enable,
      row.os_persist,
      Object.fromEntries(row.other_config as Map<string, string>),
    ])
    .sort((a, b) => Number(b[0]) - Number(a[0]) || (String(a[1]) < String(b[1]) ? -1 : 1));
}

describe("ways to the Internet", () => {
  it("are rows that outlive a reboot, the first with the highest priority, a VLAN beside what runs on it", async () => {
    const node = await TestNode.boot();
    await provision(node, { wan: [pppoe, still, { type: "dhcp" }] });
    assert.deepEqual(ways(node), [
      [100, "pppoe", true, true, { username: "u@isp", password }],
      [100, "vlan", true, true, { vlan_id: "7" }],
      [
        99,
        "static_ipv4",
        true,
        true,
        { ip: "203.0.113.2", subnet: "255.255.255.248", gateway: "203.0.113.1", primary_dns: "203.0.113.53" },
      ],
      [98, "dhcp", true, true, {}],
    ]);
  });

  it("never show the password", async () => {
    const node = await TestNode.boot();
    const changes = await provision(node, { wan: [pppoe] });
    const again = await provision(node, { wan: [{ ...pppoe, password: "another one" }] });
    assert.deepEqual(again, ["update WAN_Config pppoe/100: other_config=2 keys (was other_config=2 keys)"]);
    assert.ok(!/between us|another one/.test([...changes, ...again].join()));
  });

  it("are all there are once the document lists them, and left alone where it does not, and on extenders", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) =>
      transaction.insert("WAN_Config", { type: "pppoe", priority: 5, enable: true, other_config: new Map() }),
    );
    assert.deepEqual(await provision(node, {}), []);
    assert.deepEqual(await provision(node, { wan: [{ type: "dhcp" }] }, { role: "extender" }), []);
    await provision(node, { wan: [{ type: "dhcp" }] });
    assert.deepEqual(ways(node), [[100, "dhcp", true, true, {}]]);
  });

  it("are brought back, other settings and all, when somebody changes them", async () => {
    const node = await TestNode.boot();
    await provision(node, { wan: [pppoe] });
    await node.client.transact((transaction) =>
      transaction.update("WAN_Config", [["type", "==", "vlan"]], {
        enable: false,
        other_config: new Map([
          ["vlan_id", "8"],
          ["x", "y"],
        ]),
      }),
    );
    await provision(node, { wan: [pppoe] });
    assert.deepEqual(ways(node)[1], [100, "vlan", true, true, { vlan_id: "7" }]);
  });
});
