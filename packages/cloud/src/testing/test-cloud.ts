/** For tests: a controller whose connections are clients within the process. */

import assert from "node:assert/strict";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing, parseLogLevels } from "@opensync-ts/base/log";
import type { Client } from "@opensync-ts/ovsdb/client";
import { LocalClient } from "@opensync-ts/ovsdb/local-client";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Controller } from "../controller.ts";
import type { Home } from "../home.ts";
import { Location } from "../location.ts";
import { describeEvent } from "../location-news.ts";
import { Locations } from "../locations.ts";
import { settle, TestNode, testHome } from "../test-node.ts";

export class TestCloud {
  readonly clock = new VirtualClock();
  readonly ring = new LogRing(1000);
  readonly location: Location;
  readonly locations: Locations;
  readonly controller: Controller;
  readonly events: string[] = [];
  readonly #clients = new Map<Transport, Client<OpenSync>>();

  constructor(home: Home = testHome(), ...more: readonly Location[]) {
    this.location = new Location(home);
    this.locations = new Locations(this.location, ...more);
    this.locations.events.on("event", (event) => this.events.push(describeEvent(event)));
    const levels = parseLogLevels("TRACE");
    const log = Log.create({ name: "CLOUD", sink: this.ring.sink, wallTime: () => 0, levels });
    this.controller = new Controller({
      locations: this.locations,
      attach: (transport) => this.#clients.get(transport) as Client<OpenSync>,
      clock: this.clock,
      log,
    });
  }

  /** The node calls; resolves when all that needs no time has happened. */
  async connect(node: TestNode, commonName?: string, peer?: string): Promise<Client<OpenSync>> {
    const client = new LocalClient<OpenSync>({ engine: node.database });
    await this.connectClient(client, commonName, peer);
    return client;
  }

  async connectClient(client: Client<OpenSync>, commonName?: string, peer = "test:1"): Promise<void> {
    const peerCertificate = commonName && { commonName, issuer: "test", fingerprint: "AA" };
    const transport = { name: peer, peerCertificate, destroy: () => client.close() } as unknown as Transport;
    this.#clients.set(transport, client);
    await this.controller.accept(transport);
    await settle(this.clock);
  }

  get gateway() {
    const view = this.location.node("gateway");
    assert.ok(view);
    return view;
  }

  /** How many warnings say it. */
  warned(pattern: RegExp): number {
    return this.ring.records().filter(({ severity, text }) => severity === "WARNING" && pattern.test(text)).length;
  }
}

/** It does what it is told, and shows it. */
export async function obedientNode(): Promise<TestNode> {
  const node = await TestNode.boot();
  await node.obey();
  return node;
}
