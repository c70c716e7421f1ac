import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { desiredState } from "./desired.ts";
import type { HomeNode } from "./home.ts";
import { parseHome } from "./home.ts";
import { nodeFacts } from "./node-facts.ts";
import { prove } from "./proof.ts";
import { plan } from "./reconcile.ts";
import type { DesiredRow } from "./rows.ts";
import { homeText } from "./test-home.ts";
import { TestNode } from "./test-node.ts";
import { writeChanges } from "./write-changes.ts";

/** A node on which everything is written; gives the proof of one desired row. */
async function provisioned(network: object = {}, parts: object = {}) {
  const node = await TestNode.boot();
  const home = parseHome(homeText(parts, network), "x");
  const { rows } = desiredState(home, home.nodes[0] as HomeNode, nodeFacts(node.rows));
  await node.client.transact((transaction) => {
    writeChanges(plan(rows, node.rows), transaction);
  });
  const proofOf = (id: string) => {
    const row = rows.find((entry) => entry.id === id);
    assert.ok(row);
    return prove(row, node.rows);
  };
  return { node, proofOf };
}

describe("the proof of an access point", () => {
  it("is a State row that shows every column the home states", async () => {
    const { node, proofOf } = await provisioned();
    assert.match(JSON.stringify(proofOf("Wifi_VIF_Config home-ap-24")), /no Wifi_VIF_State row for home-ap-24/);
    await node.obey();
    assert.deepEqual(proofOf("Wifi_VIF_Config home-ap-24"), { kind: "proven" });
    await node.client.transact((transaction) =>
      transaction.update("Wifi_VIF_State", [["if_name", "==", "home-ap-24"]], {
        ssid: "Old",
        wpa_psks: { key: "old passphrase" },
      }),
    );
    assert.deepEqual(proofOf("Wifi_VIF_Config home-ap-24"), {
      kind: "awaited",
      reason: "Wifi_VIF_State home-ap-24: ssid is Old, wanted Test; wpa_psks differ",
    });
  });

  it("is taken whatever the order and spelling of its filter's addresses", async () => {
    const acl = { policy: "allow", macs: ["aa:00:00:00:00:01", "aa:00:00:00:00:02"] };
    const { node, proofOf } = await provisioned({ acl });
    await node.obey();
    await node.client.transact((transaction) =>
      transaction.update("Wifi_VIF_State", [["if_name", "==", "home-ap-24"]], {
        mac_list: ["AA:00:00:00:00:02", "aa:00:00:00:00:01"],
      }),
    );
    assert.deepEqual(proofOf("Wifi_VIF_Config home-ap-24"), { kind: "proven" });
  });

  it("is no more than being off, when it or its radio is to be off", async () => {
    const off = await provisioned({ enabled: false });
    assert.deepEqual(off.proofOf("Wifi_VIF_Config home-ap-24"), { kind: "proven" });
    const radioOff = await provisioned({}, { radios: [{ band: "2.4G", enabled: false }] });
    assert.deepEqual(radioOff.proofOf("Wifi_VIF_Config home-ap-24"), { kind: "proven" });
    await radioOff.node.client.transact((transaction) =>
      transaction.insert("Wifi_VIF_State", { if_name: "home-ap-24", enabled: true }),
    );
    assert.equal(radioOff.proofOf("Wifi_VIF_Config home-ap-24").kind, "awaited");
  });
});

describe("the proof of an interface", () => {
  const lan = { address: "192.168.40.1" };

  it("is not waited for where NM does not run, nor for a port that NM does not report", async () => {
    const { node, proofOf } = await provisioned({}, { lan });
    assert.deepEqual(proofOf("Wifi_Inet_Config br-home"), { kind: "unprovable" });
    await node.client.transact((transaction) =>
      transaction.insert("Wifi_Inet_State", { if_name: "eth0", if_type: "eth", enabled: true, network: true }),
    );
    assert.deepEqual(proofOf("Wifi_Inet_Config home-ap-24"), { kind: "unprovable" });
  });

  it("is the address, where NM reports", async () => {
    const { node, proofOf } = await provisioned({}, { lan });
    const state = { if_name: "br-home", if_type: "bridge", enabled: true, network: true } as const;
    await node.client.transact((transaction) => transaction.insert("Wifi_Inet_State", state));
    const proof = proofOf("Wifi_Inet_Config br-home");
    assert.ok(proof.kind === "awaited" && proof.reason.includes("inet_addr is unset, wanted 192.168.40.1"));
  });
});

describe("the proof of a rule of the firewall", () => {
  const id = "Netfilter zone.guest.bridged" as const;
  const columns = { enable: true, target: "DROP" };
  const wanted: DesiredRow = {
    ...{ id, key: { name: "zone.guest.bridged" }, columns },
    ...{ table: "Netfilter", entries: {}, references: null, initial: {}, stated: "networks[0]" },
  };

  it("is what NFM says in the row itself", async () => {
    const node = await TestNode.boot();
    const where = { protocol: "eth", table: "filter", chain: "FORWARD", priority: 50, rule: "-s x" } as const;
    await node.client.transact((transaction) =>
      transaction.insert("Netfilter", { name: "zone.guest.bridged", ...columns, ...where }),
    );
    assert.match(JSON.stringify(prove(wanted, node.rows)), /awaited.*status is unset yet/);
    for (const [status, proof] of [
      ["error", /awaited.*its firewall cannot do this rule/],
      ["enabled", /proven/],
    ] as const) {
      await node.client.transact((transaction) => transaction.update("Netfilter", [], { status }));
      assert.match(JSON.stringify(prove(wanted, node.rows)), proof);
    }
    assert.match(JSON.stringify(prove({ ...wanted, columns: { enable: false } }, node.rows)), /awaited/);
  });
});
