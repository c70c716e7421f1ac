import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TestNode } from "./test-node.ts";
import { provision } from "./testing/provision.ts";

const mac = "02:00:00:00:00:01";

function names(node: TestNode): unknown[] {
  return node.all("Client_Nickname_Config").map(({ mac, nickname }) => [mac, nickname]);
}

describe("nicknames", () => {
  it("are rows of the gateway, and gone with the device or its name", async () => {
    const node = await TestNode.boot();
    await provision(node, { devices: [{ mac, nickname: "Kitchen radio" }] });
    assert.deepEqual(names(node), [[mac, "Kitchen radio"]]);
    assert.deepEqual(await provision(node, { devices: [{ mac, nickname: "Radio" }] }), [
      `update Client_Nickname_Config ${mac}: nickname=Radio (was nickname=Kitchen radio)`,
    ]);
    await provision(node, { devices: [{ mac }] });
    assert.deepEqual(names(node), []);
  });

  it("are left alone where the document lists no devices, and on extenders", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) =>
      transaction.insert("Client_Nickname_Config", { mac, nickname: "Mine" }),
    );
    assert.deepEqual(await provision(node, {}), []);
    assert.deepEqual(await provision(node, { devices: [] }, { role: "extender" }), []);
    assert.deepEqual(names(node), [[mac, "Mine"]]);
  });
});
