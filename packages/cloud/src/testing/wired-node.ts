/** For tests: a node of a home that its cloud reaches over a connection, as in the field. */

import { Log } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { memoryTransportPair } from "@opensync-ts/ovsdb/memory-transport";
import { RemoteClient } from "@opensync-ts/ovsdb/remote-client";
import { OvsdbServer } from "@opensync-ts/ovsdb/server";
import { openSync } from "@opensync-ts/schema/opensync";
import type { TestNode } from "../test-node.ts";
import { obedientNode, TestCloud } from "./test-cloud.ts";

export interface WiredNode {
  readonly cloud: TestCloud;
  readonly node: TestNode;
  /** The node's side of the connection ends. */
  hangUp(): void;
}

/** Resolves when the gateway is as its home states. */
export async function wiredNode(): Promise<WiredNode> {
  const cloud = new TestCloud();
  const node = await obedientNode();
  const { clock } = cloud;
  const log = Log.create({ name: "NODE", sink: () => undefined, wallTime: () => 0 });
  const databases = [{ engine: node.database }];
  const server = new OvsdbServer({ databases, clock, random: new SeededRandom(1), log });
  const [near, far] = memoryTransportPair("test:1", "node");
  server.accept(far);
  await cloud.connectClient(RemoteClient.attach(near, openSync, { clock }), "gateway");
  for (let round = 0; round < 500 && !cloud.gateway.settled; round++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    await clock.advance(1);
  }
  return { cloud, node, hangUp: () => far.destroy() };
}
