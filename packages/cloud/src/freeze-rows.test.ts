import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TestNode } from "./test-node.ts";
import { homeAp } from "./testing/home-ap.ts";
import { provision } from "./testing/provision.ts";

const tablet = "02:00:00:00:00:01";
const guest = "02:00:00:00:00:02";
const freeze = { kind: "freeze" };

const security = {
  mode: "wpa2",
  keys: [
    { id: "key", psk: "the family's key", zone: "home" },
    { id: "key-1", psk: "the guests' key", zone: "guest" },
  ],
};
const networks = [{ ssid: "Test", security, bands: ["2.4G"] }];

function frozen(node: TestNode): string[] {
  return node
    .all("Client_Freeze_Config")
    .map(({ mac, source, type, blocked }) => `${mac} ${source} ${type} ${blocked}`)
    .sort();
}

describe("clients that are frozen", () => {
  it("are rows of the gateway while the policy is in force, and no longer", async () => {
    const node = await TestNode.boot();
    const schedule = {
      kind: "weekly",
      timeZone: "Europe/Ljubljana",
      windows: [{ days: ["mon", "tue"], from: "21:00", to: "07:00" }],
    };
    const policies = [{ id: "bedtime", scope: { kind: "device", mac: tablet }, schedule, action: freeze }];
    const at = (time: string) => ({ now: Date.parse(time) });
    await provision(node, { policies }, at("2026-06-01T18:59:00Z"));
    assert.deepEqual(frozen(node), []);
    assert.deepEqual(await provision(node, { policies }, at("2026-06-01T19:00:00Z")), [
      `insert Client_Freeze_Config ${tablet}: source=cloud type=schedule blocked=true mac=${tablet}`,
    ]);
    assert.deepEqual(await provision(node, { policies }, at("2026-06-02T04:59:00Z")), []);
    await provision(node, { policies }, at("2026-06-02T05:00:00Z"));
    assert.deepEqual(frozen(node), []);
    await provision(node, { policies }, { ...at("2026-06-01T19:00:00Z"), role: "extender" });
    assert.deepEqual(frozen(node), []);
  });

  it("are those of a zone or a network as soon as they are seen, at whatever node", async () => {
    const node = await TestNode.boot({ bands: ["2.4G"] });
    const ofZone = [{ id: "p", scope: { kind: "zone", zone: "guest" }, action: freeze }];
    await provision(node, { networks, policies: ofZone });
    assert.deepEqual(frozen(node), []);
    await homeAp(node, "home-ap-24", "Test", [
      [guest, "key-1"],
      [tablet, "key"],
    ]);
    await provision(node, { networks, policies: ofZone });
    assert.deepEqual(frozen(node), [`${guest} cloud always true`]);
    const elsewhere = [{ mac: "02:00:00:00:00:03" as never, ssid: "Test", key: "key-1" }];
    const ofNetwork = [{ id: "p", scope: { kind: "network", ssid: "Test" }, action: freeze }];
    await provision(node, { networks, policies: ofNetwork }, { elsewhere });
    assert.equal(frozen(node).length, 3);
  });

  it("are all that are known where everybody is, and those who froze clients at the gateway are left alone", async () => {
    const node = await TestNode.boot();
    await node.client.transact((transaction) =>
      transaction.insert("Client_Freeze_Config", { mac: guest, source: "gw", type: "always", blocked: true }),
    );
    const everybody = [{ id: "p", scope: { kind: "everybody" }, action: freeze }];
    await provision(node, { devices: [{ mac: tablet }], policies: everybody });
    assert.deepEqual(frozen(node), [`${tablet} cloud always true`, `${guest} gw always true`]);
    await provision(node, { policies: [] });
    assert.deepEqual(frozen(node), [`${guest} gw always true`]);
  });

  it("are brought back when somebody lets them go, and left as they are where the document says nothing of policies", async () => {
    const node = await TestNode.boot();
    const policies = [{ id: "p", scope: { kind: "device", mac: tablet }, action: freeze }];
    await provision(node, { policies });
    await node.client.transact((transaction) =>
      transaction.update("Client_Freeze_Config", [["mac", "==", tablet]], { blocked: false }),
    );
    assert.deepEqual(await provision(node, { policies }), [
      `update Client_Freeze_Config ${tablet}: blocked=true (was blocked=false)`,
    ]);
    assert.deepEqual(await provision(node, {}), []);
  });
});
