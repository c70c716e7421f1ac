import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import type { Client } from "@opensync-ts/ovsdb/client";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import * as limits from "./limits.ts";
import { Location } from "./location.ts";
import { Locations } from "./locations.ts";
import { Redirector } from "./redirector.ts";
import { settle, TestNode, testHome } from "./test-node.ts";

const controller = "ssl:192.0.2.1:6640";

class TestRedirector {
  readonly clock = new VirtualClock();
  readonly ring = new LogRing(100);
  readonly location = new Location(testHome());
  readonly locations = new Locations(this.location);
  readonly redirector: Redirector;
  readonly #clients = new Map<Transport, Client<OpenSync>>();

  constructor() {
    this.redirector = new Redirector({
      locations: this.locations,
      controller,
      attach: (transport) => this.#clients.get(transport) as Client<OpenSync>,
      clock: this.clock,
      log: Log.create({ name: "CLOUD", sink: this.ring.sink, wallTime: () => 0 }),
    });
  }

  /** The node calls; resolves when all that needs no time has happened. */
  async connect(node: TestNode, commonName?: string): Promise<{ client: Client<OpenSync>; ended: Promise<void> }> {
    const client = new LocalClient<OpenSync>({ engine: node.database });
    const peerCertificate = commonName && { commonName, issuer: "test", fingerprint: "AA" };
    const transport = { name: "test:1", peerCertificate, destroy: () => client.close() } as unknown as Transport;
    this.#clients.set(transport, client);
    const ended = this.redirector.accept(transport);
    await settle(this.clock);
    return { client, ended };
  }

  said(pattern: RegExp): number {
    return this.ring.records().filter(({ text }) => pattern.test(text)).length;
  }
}

describe("the redirector", () => {
  const managerOf = (node: TestNode) => node.all("AWLAN_Node")[0]?.manager_addr;

  it("gives a node the controller's address and hangs up when the node has not left by itself", async () => {
    const cloud = new TestRedirector();
    const node = await TestNode.boot();
    const { client, ended } = await cloud.connect(node, "gateway");
    assert.equal(managerOf(node), controller);
    assert.equal(cloud.location.node("gateway")?.connection, "redirected");
    assert.equal(client.closed.aborted, false, "the node is given time to act on it");
    await cloud.clock.advance(limits.redirectGraceMs);
    await ended;
    assert.equal(client.closed.aborted, true);
  });

  it("is done when the node leaves", async () => {
    const cloud = new TestRedirector();
    const { client, ended } = await cloud.connect(await TestNode.boot());
    client.close();
    await ended;
  });

  it("redirects a node that the home does not state: it may be claimed later", async () => {
    const cloud = new TestRedirector();
    const node = await TestNode.boot({ id: "stranger" });
    await cloud.connect(node, "stranger");
    assert.equal(managerOf(node), controller);
    assert.equal(cloud.location.node("stranger"), undefined);
  });

  it("refuses a node with the certificate of another, and says so once", async () => {
    const cloud = new TestRedirector();
    const node = await TestNode.boot();
    for (let attempt = 0; attempt < 2; attempt++) {
      const { client, ended } = await cloud.connect(node, "extender");
      await ended;
      assert.equal(client.closed.aborted, true);
    }
    assert.equal(managerOf(node), "");
    assert.equal(cloud.said(/refused: .*certificate is that of 'extender'/), 1);
    const [caller, another] = cloud.locations.callers;
    assert.deepEqual([caller?.id, caller?.commonName, another], ["gateway", "extender", undefined]);
    assert.match(caller?.reason ?? "", /it says it is 'gateway', but its certificate is that of 'extender' \(expected/);
    assert.equal(cloud.location.node("gateway")?.connection, "refused");
    assert.match(cloud.location.node("gateway")?.pending ?? "", /was refused: .*certificate is that of 'extender'/);
  });

  it("waits for a node that has not said who it is yet, but not for ever", async () => {
    const cloud = new TestRedirector();
    const node = await TestNode.boot();
    await node.client.transact((transaction) => transaction.delete("AWLAN_Node", []));
    const { client } = await cloud.connect(node);
    await node.client.transact((transaction) => transaction.insert("AWLAN_Node", { id: "gateway" }));
    await settle(cloud.clock);
    assert.equal(managerOf(node), controller);
    client.close();

    await node.client.transact((transaction) => transaction.delete("AWLAN_Node", []));
    const { client: silent } = await cloud.connect(node);
    await cloud.clock.advance(limits.mirrorMs);
    assert.equal(silent.closed.aborted, true);
    assert.equal(cloud.said(/refused: a row in AWLAN_Node: no answer/), 1);
    assert.match(cloud.locations.callers[0]?.reason ?? "", /a row in AWLAN_Node: no answer/);
  });

  it("lets go of everybody when it stops", async () => {
    const cloud = new TestRedirector();
    const { client, ended } = await cloud.connect(await TestNode.boot());
    cloud.redirector.stop();
    await ended;
    assert.equal(client.closed.aborted, true);
  });
});
