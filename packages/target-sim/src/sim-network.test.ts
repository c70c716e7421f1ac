import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { Link } from "@opensync-ts/target/network";
import { interfaceMac } from "./identity.ts";
import { maxLeases } from "./limits.ts";
import { EthernetSegment, SimNetwork } from "./sim-network.ts";

function setUp() {
  const clock = new VirtualClock();
  const network = new SimNetwork({
    clock,
    ports: [
      { name: "eth0", type: "eth", mac: interfaceMac("gw", 1) },
      { name: "br-home", type: "bridge", mac: interfaceMac("gw", 0) },
    ],
  });
  const changes: Link[] = [];
  network.onChange(() => void changes.push(...network.links().filter(({ name }) => name === "eth0")));
  const eth0 = () => network.links().find(({ name }) => name === "eth0");
  return { clock, network, changes, eth0, wan: new EthernetSegment("wan", "198.51.100") };
}

describe("a simulated network", () => {
  it("has no carrier without a cable, and tells when one is plugged and pulled", () => {
    const { network, changes, eth0, wan } = setUp();
    assert.equal(eth0()?.carrier, false);
    network.plug("eth0", wan);
    network.plug("eth0", wan);
    network.unplug("eth0");
    assert.deepEqual(
      changes.map(({ carrier }) => carrier),
      [true, false],
    );
  });

  it("gets an address shortly after asking for one, and loses it with the cable", async () => {
    const { clock, network, changes, eth0, wan } = setUp();
    network.renewAddress("eth0");
    network.plug("eth0", wan);
    await clock.advance(1000);
    assert.equal(eth0()?.address, null);
    network.renewAddress("eth0");
    network.renewAddress("eth0");
    await clock.advance(1000);
    assert.deepEqual(
      [eth0()?.address, eth0()?.netmask, eth0()?.gateway],
      ["198.51.100.2", "255.255.255.0", "198.51.100.1"],
    );
    assert.equal(changes.length, 2);
    network.unplug("eth0");
    assert.equal(eth0()?.address, null);
  });

  it("gets no address when the cable goes while it waits", async () => {
    const { clock, network, eth0, wan } = setUp();
    network.plug("eth0", wan);
    network.renewAddress("eth0");
    network.unplug("eth0");
    await clock.advance(1000);
    assert.equal(eth0()?.address, null);
  });

  it("names its ports when asked for one it does not have", () => {
    const { network, wan } = setUp();
    assert.throws(() => network.plug("eth7", wan), /there is no Ethernet port 'eth7'; use one of eth0/);
    assert.throws(() => network.unplug("br-home"), /there is no Ethernet port 'br-home'/);
  });
});

describe("an Ethernet segment", () => {
  it("gives the same device the same address, and others others, until all are taken", () => {
    const segment = new EthernetSegment("lan", "192.168.40");
    const first = segment.lease(interfaceMac("a", 0));
    assert.deepEqual(segment.lease(interfaceMac("a", 0)), first);
    const addresses = new Set([first?.address]);
    for (let i = 1; i < maxLeases; i++) addresses.add(segment.lease(interfaceMac(`n${i}`, 0))?.address);
    assert.equal(addresses.size, maxLeases);
    assert.equal(segment.lease(interfaceMac("one too many", 0)), null);
  });
});
