import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RunningManager } from "../manager.ts";
import { nm } from "../nm/nm.ts";
import { Bench } from "../testing/bench.ts";
import { createWano } from "../wano/wano.ts";
import { type CmOptions, createCm } from "./cm.ts";
import type { Resolver } from "./resolver.ts";
import { cmOptions } from "./testing/lab.ts";

const options: CmOptions = { ...cmOptions, resolver: async () => ({ ipv4: ["192.0.2.1"], ipv6: [] }) };

interface Running {
  readonly bench: Bench;
  readonly cm: RunningManager;
}

/** NM, WANO and CM on a node with a cable in `eth0`, a redirector in its database. */
async function running(change: Partial<CmOptions> = {}): Promise<Running> {
  const bench = new Bench();
  bench.network.set("eth0");
  await bench.client.transact((transaction) => {
    transaction.insert("Open_vSwitch", {});
    transaction.insert("AWLAN_Node", { redirector_addr: "ssl:redirector.example.com:443", min_backoff: 1 });
  });
  await bench.start(nm);
  await bench.start(createWano({ interfaces: ["eth0"] }));
  const cm = await bench.start(createCm({ ...options, ...change }));
  // NM collects changes of an interface for 0.3 s before it makes them.
  await bench.clock.advance(1_000);
  return { bench, cm };
}

/** What the server does about `Manager`: it reaches its target, or loses it. */
async function serve(bench: Bench, connected: boolean): Promise<void> {
  await bench.client.transact((transaction) => transaction.update("Manager", [], { is_connected: connected }));
  await bench.settle();
}

/** As the server does: a new target is not connected yet. */
function followTarget(bench: Bench): void {
  let target = bench.row("Manager").target;
  bench.database.onCommit(() => {
    const row = bench.rows("Manager")[0];
    if (!row || row.target === target) return;
    target = row.target;
    void bench.client.transact((transaction) => transaction.update("Manager", [], { is_connected: false }));
  });
}

describe("CM, with WANO and NM", () => {
  it("makes sure of the rows it needs, and puts its back-off over what was there", async () => {
    const { bench } = await running();
    const root = bench.row("Open_vSwitch");
    assert.deepEqual(root.manager_options, [bench.row("Manager")._uuid]);
    assert.equal(root.ssl, bench.row("SSL")._uuid);
    assert.equal(bench.row("Manager").inactivity_probe, 30_000);
    assert.equal(bench.row("SSL").private_key, "/certs/client_dec.key");
    const node = bench.row("AWLAN_Node");
    assert.deepEqual([node.min_backoff, node.max_backoff, node.boot_time], [30, 60, 1_700_000_000]);
  });

  it("dials the redirector as soon as the cable has brought an address, without a timer", async () => {
    const { bench } = await running();
    assert.equal(bench.row("Manager").target, "ssl:[192.0.2.1]:443");
    const uplink = bench.row("Connection_Manager_Uplink");
    assert.deepEqual(
      [uplink.if_name, uplink.priority, uplink.has_L2, uplink.has_L3, uplink.is_used, uplink.ipv4, uplink.ntp_state],
      ["eth0", 21, true, true, true, "active", true],
    );
    assert.equal(uplink.unreachable_cloud_counter, -1);
  });

  it("goes on to the manager that the redirector writes", async () => {
    const { bench, cm } = await running();
    followTarget(bench);
    await serve(bench, true);
    assert.match(cm.dump(), /state: CONNECTED\ndestination: redirector/);
    await bench.client.transact((transaction) =>
      transaction.update("AWLAN_Node", [], { manager_addr: "ssl:controller.example.com:6640" }),
    );
    await bench.settle();
    assert.equal(bench.row("Manager").target, "ssl:[192.0.2.1]:6640");
    await serve(bench, true);
    assert.match(cm.dump(), /state: CONNECTED\ndestination: manager/);
    assert.equal(bench.row("Connection_Manager_Uplink").unreachable_cloud_counter, 0);
  });

  it("finds another way when the cable is pulled and plugged again", async () => {
    const { bench, cm } = await running();
    followTarget(bench);
    await serve(bench, true);
    bench.network.set("eth0", { carrier: false, address: null, netmask: null, gateway: null });
    await bench.settle();
    assert.match(cm.dump(), /state: LINK_SEL/);
    assert.equal(bench.row("Connection_Manager_Uplink").is_used, false);
    await serve(bench, false);
    bench.network.set("eth0", { carrier: true });
    await bench.clock.advance(1_000);
    assert.match(cm.dump(), /state: TRY_CONNECT/);
  });

  it("puts the Manager row back when somebody removed it", async () => {
    const { bench } = await running();
    followTarget(bench);
    await serve(bench, true);
    await bench.client.transact((transaction) => transaction.update("Open_vSwitch", [], { manager_options: [] }));
    await bench.settle();
    assert.equal(bench.row("Manager").target, "ssl:[192.0.2.1]:443");
  });

  it("gives a resolver that hangs its time, then asks again", async () => {
    const asked: string[] = [];
    const resolver: Resolver = (host) => {
      asked.push(host);
      return asked.length === 1 ? new Promise(() => {}) : Promise.resolve({ ipv4: ["192.0.2.9"], ipv6: [] });
    };
    const { bench } = await running({ resolver });
    assert.equal(bench.row("Manager").target, "");
    await bench.clock.advance(20_000);
    assert.equal(bench.row("Manager").target, "ssl:[192.0.2.9]:443");
    assert.equal(asked.length, 2);
  });

  it("backs off when the name does not resolve, and tries again later", async () => {
    let works = false;
    const resolver: Resolver = async (host) => {
      if (!works) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
      return { ipv4: ["192.0.2.1"], ipv6: [] };
    };
    const { bench, cm } = await running({ resolver });
    assert.match(cm.dump(), /state: QUIESCE_OVS/);
    assert.ok(bench.ring.records().some(({ text }) => text.includes("ENOTFOUND")));
    works = true;
    await bench.clock.runUntil(() => bench.row("Manager").target === "ssl:[192.0.2.1]:443", 60_000, "another try");
  });

  it("leaves no timer behind when it stops", async () => {
    const { bench, cm } = await running();
    await cm.stop();
    const before = bench.row("Manager")._version;
    await bench.clock.advance(3_600_000);
    assert.equal(bench.row("Manager")._version, before);
  });
});
