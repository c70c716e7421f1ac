import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hostMac, NetBench } from "./testing/net-bench.ts";

describe("a frozen client", () => {
  it("keeps its address, the router and its LAN, and has no Internet; others do not notice", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc", "printer");
    const printer = bench.host("printer").address ?? "";
    const reached = (host: string) =>
      ["gateway", printer, "internet", "198.51.100.1", "203.0.113.9"].map((to) => bench.fabric.reaches(host, to));
    assert.deepEqual(reached("pc"), [true, true, true, true, true]);
    gateway.setFrozen(new Set([hostMac("pc")]));
    assert.deepEqual(reached("pc"), [true, true, false, false, false]);
    assert.ok(bench.fabric.reaches("printer", "internet"));
    gateway.setFrozen(new Set());
    assert.deepEqual(reached("pc"), [true, true, true, true, true]);
  });

  it("stays so when it comes back, also by another port", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc");
    gateway.setFrozen(new Set([hostMac("pc")]));
    bench.fabric.unplugHost("pc");
    await bench.clock.advance(1000);
    bench.fabric.plugHost({ name: "pc", mac: hostMac("pc"), port: { device: "gw", port: "eth2" } });
    await bench.clock.advance(1000);
    assert.ok(bench.fabric.reaches("pc", "gateway"));
    assert.ok(!bench.fabric.reaches("pc", "internet"));
  });

  it("loses the connections that it has, and is not reached by a forwarded port", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc");
    const inside = bench.host("pc").address ?? "";
    gateway.setPortForwards([
      { protocol: "tcp", link: "eth0", port: 8080, toAddress: inside, toPort: 80, loopback: true },
    ]);
    const outside = gateway.links().find(({ name }) => name === "eth0")?.address ?? "";
    const answers = () => bench.fabric.opens({ protocol: "tcp", address: outside, port: 8080 })?.host ?? null;
    const connection = bench.fabric.connect("pc", "internet");
    assert.deepEqual([connection.stands, answers()], [true, "pc"]);
    gateway.setFrozen(new Set([hostMac("pc")]));
    await bench.clock.advance(60_000);
    assert.deepEqual([connection.stands, answers()], [false, null]);
  });
});
