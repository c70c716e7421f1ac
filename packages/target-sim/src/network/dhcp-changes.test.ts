import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { InterfaceConfig } from "@opensync-ts/target/network";
import { fixed, lan, NetBench, range } from "./testing/net-bench.ts";

const second = 1000;
const minute = 60 * second;

describe("leases of a LAN that is changed", () => {
  const addresses = (bench: NetBench) => bench.fabric.hosts().map(({ address }) => address);
  const moved: InterfaceConfig = {
    ...lan,
    ipv4: fixed("192.168.7.1"),
    dhcpServer: range("192.168.7.10", "192.168.7.99"),
  };
  const changes: readonly (readonly [what: string, config: InterfaceConfig])[] = [
    ["another subnet", moved],
    ["another address, its range left out", { ...moved, dhcpServer: null }],
    ["no DHCP server", { ...lan, dhcpServer: null }],
    ["layer 3 off", { ...lan, network: false }],
    ["other lease times and options", { ...lan, dhcpServer: range("192.168.1.10", "192.168.1.99", { leaseTime: 60 }) }],
    ["another name server", { ...lan, dns: ["9.9.9.9"] }],
  ];
  for (const [what, config] of changes) {
    it(`are there again when it is put back at once: ${what}`, async () => {
      const bench = new NetBench();
      const gateway = await bench.home("phone", "laptop");
      const before = gateway.leases();
      assert.equal(before.length, 2);
      gateway.configure("br-home", config);
      await bench.clock.advance(300);
      gateway.configure("br-home", lan);
      await bench.clock.advance(second);
      assert.deepEqual(gateway.leases(), before);
      assert.deepEqual(addresses(bench).toSorted(), before.map(({ address }) => address).toSorted());
      // Half an hour later they renew; an hour later the leases of before would have ended.
      await bench.clock.advance(90 * minute);
      assert.deepEqual(gateway.leases(), before);
    });
  }

  it("are learnt anew when clients renew what lies in the new range", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("phone", "laptop");
    const before = gateway.leases();
    gateway.configure("br-home", null);
    gateway.configure("br-home", { ...lan, dhcpServer: range("192.168.1.5", "192.168.1.50") });
    assert.deepEqual(gateway.leases(), []);
    await bench.clock.advance(31 * minute);
    assert.deepEqual(gateway.leases(), before);
  });

  it("end for good where the change stays, and clients follow it when they renew", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("phone", "laptop");
    gateway.configure("br-home", moved);
    await bench.clock.advance(2 * 60 * minute);
    assert.deepEqual(
      gateway.leases().map(({ address }) => address),
      ["192.168.7.10", "192.168.7.11"],
    );
    assert.deepEqual(addresses(bench).toSorted(), ["192.168.7.10", "192.168.7.11"]);
  });
});
