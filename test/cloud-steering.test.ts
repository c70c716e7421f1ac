/** The cloud's steering rows on a real node: what `plan` writes is taken, and moves a client. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Mac } from "@opensync-ts/base/units";
import { openMirror, readerOf } from "@opensync-ts/cloud/mirror";
import { plan } from "@opensync-ts/cloud/reconcile";
import { steeringTables } from "@opensync-ts/cloud/rows";
import { defaultProfiles } from "@opensync-ts/cloud/steering/profiles";
import { type SteeredDevice, type SteeringNode, steeringRows } from "@opensync-ts/cloud/steering/steering-rows";
import { writeChanges } from "@opensync-ts/cloud/write-changes";
import { client, type Home, startHome } from "./support/steering-home.ts";

/** The part of a session that concerns steering. */
async function cloudOf(home: Home) {
  const database = home.gateway.client;
  const opening = openMirror(database);
  await home.pass(1);
  const mirror = await opening;
  const reader = readerOf(mirror);
  const bssid = (site: string, name: string) => {
    const bss = home.world.snapshot().bsses.find((each) => each.site === site && each.name === name);
    assert.ok(bss, `${site}/${name}`);
    return bss.bssid;
  };
  const node = (id: string, channels: readonly [number, number]): SteeringNode => ({
    ...{ id, claimed: true },
    accessPoints: [
      {
        ifName: "home-ap-24",
        bssid: bssid(id, "home-ap-24"),
        band: "2.4G",
        network: "home",
        channel: channels[0],
        width: 20,
      },
      {
        ifName: "home-ap-50",
        bssid: bssid(id, "home-ap-50"),
        band: "5G",
        network: "home",
        channel: channels[1],
        width: 80,
      },
    ],
  });
  const nodes = [node("gateway", [6, 36]), node("extender", [11, 149])];
  const gateway = nodes[0];
  assert.ok(gateway);
  const row = () => [...reader("Band_Steering_Clients").values()].find(({ mac }) => mac === client);
  return {
    bssid,
    row,
    /** Looks and writes until there is nothing more to write; returns how many changes it took. */
    async settle(device: Partial<SteeredDevice>): Promise<number> {
      let count = 0;
      for (let round = 0; round < 8; round++) {
        const devices: SteeredDevice[] = [
          {
            ...{
              mac: client,
              profile: "laptop",
              mobility: "static",
              band: null,
              exempt: false,
              placed: null,
              move: null,
            },
            ...device,
          },
        ];
        const made = steeringRows({
          node: gateway,
          nodes,
          devices,
          profiles: defaultProfiles,
          optimised: true,
          present: row,
        });
        const changes = plan(made?.rows ?? [], reader).filter(({ table }) =>
          (steeringTables as readonly string[]).includes(table),
        );
        if (changes.length === 0) return count;
        count += changes.length;
        await database.transact((transaction) => void writeChanges(changes, transaction));
        await home.pass(2);
      }
      return count;
    },
  };
}

const moveTo = (from: Mac, to: Mac): Partial<SteeredDevice> => ({ move: { from, to, arrivedAt: null } });
const prefers24 = { device: "laptop", traffic: "none", habits: { bandPreference: { "2.4G": 60 } } } as const;

describe("the cloud's steering rows on a node", () => {
  it("are taken as they are, and cost no write once they stand", async () => {
    await using home = await startHome(prefers24);
    const cloud = await cloudOf(home);
    assert.ok((await cloud.settle({})) > 0);
    await home.pass(60);
    assert.equal(await cloud.settle({}), 0);
    assert.equal(home.where(), "gateway/home-ap-24", "who is the optimiser's is not moved by its node");
  });

  it("move a client within its node, and are cleared when that has ended", async () => {
    await using home = await startHome(prefers24);
    const cloud = await cloudOf(home);
    await cloud.settle({});
    // An idle client is known for such after three minutes.
    await home.pass(240);
    assert.equal(home.where(), "gateway/home-ap-24");
    await cloud.settle(moveTo(cloud.bssid("gateway", "home-ap-24"), cloud.bssid("gateway", "home-ap-50")));
    assert.equal(cloud.row()?.force_kick, "directed");
    await home.pass(10);
    assert.equal(home.where(), "gateway/home-ap-50");
    await cloud.settle({ placed: cloud.bssid("gateway", "home-ap-50") });
    assert.deepEqual([cloud.row()?.cs_mode, cloud.row()?.force_kick], ["off", "none"]);
    await home.pass(120);
    assert.equal(home.where(), "gateway/home-ap-50");
  });

  it("move it to another node", async () => {
    // It holds on to where it once was.
    const habits = { roamBelow: -95, bandPreference: { "2.4G": 60 } };
    await using home = await startHome({ device: "laptop", traffic: "none", habits });
    const cloud = await cloudOf(home);
    await cloud.settle({});
    home.world.moveClient(client, { x: 33, y: 0 });
    await home.pass(240);
    assert.equal(home.where(), "gateway/home-ap-24");
    await cloud.settle(moveTo(cloud.bssid("gateway", "home-ap-24"), cloud.bssid("extender", "home-ap-24")));
    assert.equal(cloud.row()?.cs_mode, "away");
    await home.pass(10);
    assert.equal(home.where(), "extender/home-ap-24");
    await cloud.settle({ placed: cloud.bssid("extender", "home-ap-24") });
    assert.equal(cloud.row()?.cs_mode, "off");
  });
});
