import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SimNetwork } from "./sim-network.ts";
import { dhcp, NetBench, plain } from "./testing/net-bench.ts";

function obstacles({ wayOut }: SimNetwork) {
  return [wayOut.obstacle({ purpose: "cloud" }), wayOut.obstacle({ purpose: "dns" })];
}

/** An extender by a cable in the LAN of a gateway. */
function extenderIn(bench: NetBench): SimNetwork {
  const extender = bench.device("ext");
  extender.plug("eth0", bench.fabric.segment("gw/lan"));
  extender.setBridgePorts("br-home", ["eth0", "eth1"]);
  extender.configure("br-home", plain("bridge", { ipv4: dhcp }));
  return extender;
}

describe("the way out of a device", () => {
  it("is what its uplink is like", async () => {
    const bench = new NetBench();
    const gateway = bench.gateway();
    assert.deepEqual(obstacles(gateway), ["unreachable", "unreachable"]);
    await bench.clock.advance(1000);
    assert.deepEqual(obstacles(gateway), [null, null]);
    const expected = {
      cable: ["unreachable", "unreachable"],
      line: ["lost", "lost"],
      internet: ["lost", "lost"],
    } as const;
    for (const [state, obstacle] of Object.entries(expected)) {
      gateway.wan.set(state as keyof typeof expected);
      assert.equal(gateway.wan.state, state);
      assert.deepEqual(obstacles(gateway), obstacle, state);
      gateway.wan.set("ok");
      await bench.clock.advance(30_000);
    }
    gateway.cloud.set("down");
    assert.deepEqual([obstacles(gateway), gateway.cloud.state], [["refused", null], "down"]);
    gateway.wan.set("line");
    assert.deepEqual(obstacles(gateway), ["lost", "lost"]);
  });

  it("tells when it changes, and not when it does not", async () => {
    const bench = new NetBench();
    const gateway = bench.gateway();
    const told: unknown[] = [];
    gateway.wayOut.onChange(() => told.push(obstacles(gateway)[0]));
    await bench.clock.advance(1000);
    gateway.wan.set("line");
    gateway.wan.set("internet");
    gateway.wan.set("ok");
    gateway.cloud.set("down");
    gateway.cloud.set("ok");
    await bench.clock.advance(3_600_000);
    assert.deepEqual(told, [null, "lost", null, "refused", null]);
  });

  it("of an extender leads over the gateway and its uplink", async () => {
    const bench = new NetBench();
    const gateway = await bench.home();
    const extender = extenderIn(bench);
    await bench.clock.advance(1000);
    assert.deepEqual(obstacles(extender), [null, null]);
    gateway.wan.set("cable");
    assert.deepEqual(obstacles(extender), ["lost", "lost"]);
    gateway.wan.set("ok");
    await bench.clock.advance(1000);
    assert.deepEqual(obstacles(extender), [null, null]);
    gateway.close();
    assert.notEqual(obstacles(extender)[0], null);
    assert.throws(() => extender.wan.set("internet"), /no provider is at this wire/);
    extender.wan.set("cable");
    assert.equal(extender.wan.state, "cable");
    extender.unplug("eth0");
    assert.throws(() => extender.wan.set("ok"), /nothing is plugged in here/);
  });

  it("carries the hosts behind an extender, too", async () => {
    const bench = new NetBench();
    const gateway = await bench.home();
    const extender = extenderIn(bench);
    extender.plug("eth1", bench.fabric.segment("upstairs"));
    bench.plugHost("tv", "upstairs");
    await bench.clock.advance(1000);
    assert.equal(bench.fabric.reaches("tv", "internet"), true);
    assert.deepEqual(
      gateway.learned().map(({ port }) => port),
      ["eth1", "eth1"],
    );
    extender.close();
    assert.equal(bench.fabric.reaches("tv", "internet"), false);
  });
});
