/** Nodes that never come to be as stated, for hours: what is written to them and said of them is bounded, and the others do not notice. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TransactionError } from "@opensync-ts/ovsdb/client";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import * as limits from "./limits.ts";
import { settle, TestNode } from "./test-node.ts";
import { TestCloud } from "./testing/test-cloud.ts";

const hours = 3;
const minutes = hours * 60;

interface Outcome {
  readonly cloud: TestCloud;
  /** Of the stubborn node, once it was connected. */
  readonly writes: number;
  readonly warnings: number;
}

/** The gateway is what `make` makes of it, beside an extender that does what it is told; hours pass. */
async function withGateway(make: (cloud: TestCloud, node: TestNode) => Promise<void>): Promise<Outcome> {
  const cloud = new TestCloud();
  const extender = await TestNode.boot({ id: "extender", seed: 2 });
  await extender.obey();
  await cloud.connect(extender);
  const view = () => cloud.location.node("extender");
  const before = view()?.counters;
  await make(cloud, await TestNode.boot());
  await settle(cloud.clock);
  const { writes } = cloud.gateway.counters;
  const warned = cloud.warned(/./);
  let unsettled = 0;
  for (let minute = 0; minute < minutes; minute++) {
    await cloud.clock.advance(60_000);
    if (!cloud.gateway.settled) unsettled++;
    assert.equal(view()?.state, "SETTLED");
  }
  assert.equal(unsettled, minutes, "it never settles");
  assert.deepEqual([view()?.counters, view()?.sessions], [before, 1]);
  assert.equal(cloud.location.settled, false);
  await extender.set("Wifi_VIF_Config", "home-ap-24", { ssid: "Drifted" });
  await settle(cloud.clock);
  assert.equal(extender.row("Wifi_VIF_Config", "home-ap-24")?.ssid, "Test", "the others are served as ever");
  return { cloud, writes: cloud.gateway.counters.writes - writes, warnings: cloud.warned(/./) - warned };
}

describe("a node that never settles", () => {
  it("because it shows nothing is written once, and each of its rows is told of once", async () => {
    const { cloud, writes, warnings } = await withGateway(async (cloud, node) => {
      await cloud.connect(node);
    });
    assert.deepEqual([writes, warnings], [0, 3]);
    assert.match(cloud.gateway.pending ?? "", /no Wifi_VIF_State row for home-ap-24.* \(and 2 more\)/);
  });

  it("because what it shows comes and goes is not written again for that, and told of no more often than it may take to show it", async () => {
    const { writes, warnings } = await withGateway(async (cloud, node) => {
      await node.obey();
      await cloud.connect(node);
      const shown = node.all("Wifi_VIF_State").filter(({ if_name }) => if_name !== "home-ap-60");
      const flap = async (there: boolean) => {
        await node.client.transact((transaction) => {
          transaction.delete("Wifi_VIF_State", []);
          for (const { _uuid, _version, ...row } of there ? shown : []) transaction.insert("Wifi_VIF_State", row);
        });
        cloud.clock.setTimer(limits.proofMs * 1.5, () => void flap(!there));
      };
      await flap(false);
    });
    assert.equal(writes, 0);
    const flaps = (minutes * 60_000) / (limits.proofMs * 3);
    assert.ok(warnings > 0 && warnings <= 2 * flaps + 3, `${warnings} lines`);
  });

  it("because somebody there writes against it is written to so many times a minute and row at most", async () => {
    const { cloud, writes, warnings } = await withGateway(async (cloud, node) => {
      await node.obey();
      await cloud.connect(node);
      const replica = await node.client.replicate({ Wifi_VIF_Config: {} });
      const against = () => {
        if (node.row("Wifi_VIF_Config", "home-ap-24")?.rrm !== 0)
          void node.set("Wifi_VIF_Config", "home-ap-24", { rrm: 0 });
      };
      replica.onTransaction(against);
      against();
    });
    const windows = (minutes * 60_000) / limits.repairWindowMs + 1;
    assert.ok(writes > 0 && writes <= windows * limits.repairsPerWindow, `${writes} writes`);
    assert.ok(warnings <= 2 * windows, `${warnings} lines`);
    assert.match(cloud.gateway.pending ?? "", /^Wifi_VIF_Config home-ap-24 contested: somebody else keeps writing it/);
  });

  for (const [what, operation] of [
    ["each transaction", -1],
    ["each row", 1],
  ] as const) {
    it(`because it refuses ${what} is asked less and less often`, async () => {
      let asked = 0;
      const { warnings } = await withGateway(async (cloud, node) => {
        const client = new LocalClient<OpenSync>({ engine: node.database });
        client.transact = async () => {
          asked++;
          throw new TransactionError("constraint violation", "not on this node", operation);
        };
        await cloud.connectClient(client);
        await cloud.clock.advance(10 * 60_000);
        asked = 0;
      });
      const rows = 9;
      const most = rows * ((minutes * 60_000) / limits.lastRetryMs);
      assert.ok(asked > 0 && asked <= most, `${asked} times`);
      assert.ok(warnings <= 2 * most, `${warnings} lines`);
    });
  }
});
