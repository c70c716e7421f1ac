import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DhcpHeard } from "@opensync-ts/target/network";
import { defaultRequested } from "./dhcp-message.ts";
import { maxBridgePorts, maxPortForwards, maxRoutes, maxVirtualInterfaces } from "./limits.ts";
import { dhcp, fixed, hostMac, lan, link, NetBench, plain, range } from "./testing/net-bench.ts";

const minute = 60_000;

describe("links", () => {
  it("are the Ethernet ports and the bridge from the start; a port has carrier while somebody is at the other end", () => {
    const bench = new NetBench();
    const a = bench.device("a");
    assert.deepEqual(
      a.links().map(({ name, type, carrier }) => [name, type, carrier]),
      [
        ["eth0", "eth", false],
        ["eth1", "eth", false],
        ["eth2", "eth", false],
        ["br-home", "bridge", true],
      ],
    );
    const changes: boolean[] = [];
    a.onChange(() => changes.push(link(a, "eth0").carrier));
    a.plug("eth0", bench.fabric.segment("cable"));
    assert.equal(link(a, "eth0").carrier, false);
    const b = bench.device("b");
    b.plug("eth0", bench.fabric.segment("cable"));
    assert.deepEqual([link(a, "eth0").carrier, link(b, "eth0").carrier], [true, true]);
    assert.deepEqual([link(a, "eth0").speed, link(a, "eth0").duplex], [1000, "full"]);
    b.close();
    assert.deepEqual(changes, [true, false]);
    a.unplug("eth0");
    assert.equal(changes.length, 2);
  });

  it("of VLANs and tunnels come when they are wanted and their parents are there, and go with `null`", () => {
    const a = new NetBench().device("a");
    const names = () => a.links().map(({ name }) => name);
    a.configure("eth0.7.8", plain("vlan", { vlan: { parent: "eth0.7", id: 8 } }));
    assert.ok(!names().includes("eth0.7.8"));
    a.configure("eth0.7", plain("vlan", { vlan: { parent: "eth0", id: 7 } }));
    assert.deepEqual(names().slice(-2), ["eth0.7", "eth0.7.8"]);
    assert.equal(link(a, "eth0.7").mac, link(a, "eth0").mac);
    a.configure("pgd1-2", plain("gre", { gre: { parent: "br-home", local: "10.0.0.1", remote: "10.0.0.2" } }));
    assert.equal(link(a, "pgd1-2").type, "gre");
    a.configure("eth0.7", null);
    assert.deepEqual(names().slice(-1), ["pgd1-2"]);
    a.configure("pgd1-2", {
      ...plain("gre", { gre: { parent: "br-home", local: "10.0.0.1", remote: "10.0.0.2" } }),
      enabled: false,
    });
    assert.ok(!names().includes("pgd1-2"));
  });

  it("of bridges come and go with their ports, or with what is wanted of them", () => {
    const a = new NetBench().device("a");
    const names = () => a.links().map(({ name }) => name);
    a.setBridgePorts("br-guest", []);
    a.configure("br-iot", plain("bridge"));
    assert.deepEqual(names().slice(-2), ["br-guest", "br-iot"]);
    assert.equal(new Set(a.links().map(({ mac }) => mac)).size, 6);
    a.setBridgePorts("br-guest", null);
    a.configure("br-iot", null);
    a.setBridgePorts("br-home", null);
    assert.deepEqual(names(), ["eth0", "eth1", "eth2"]);
  });

  it("say nothing when the same is stated again", () => {
    const a = new NetBench().device("a");
    a.configure("br-home", lan);
    a.setBridgePorts("br-home", ["eth1"]);
    let changes = 0;
    a.onChange(() => changes++);
    a.configure("br-home", { ...lan, dhcpServer: range("192.168.1.10", "192.168.1.99") });
    a.setBridgePorts("br-home", ["eth1"]);
    assert.equal(changes, 0);
  });
});

describe("addresses", () => {
  it("that are static stand at once, with their gateway, and go when layer 3 is off", () => {
    const a = new NetBench().device("a");
    a.configure("eth0", plain("eth", { ipv4: fixed("10.0.0.2", "255.255.0.0", "10.0.0.1"), dns: ["10.0.0.53"] }));
    const { address, netmask, gateway, dns } = link(a, "eth0");
    assert.deepEqual([address, netmask, gateway, dns], ["10.0.0.2", "255.255.0.0", "10.0.0.1", ["10.0.0.53"]]);
    a.configure("eth0", { ...plain("eth", { ipv4: fixed("10.0.0.2") }), network: false });
    assert.equal(link(a, "eth0").address, null);
  });

  it("by DHCP come after the cable, with what was asked for, and go with it", async () => {
    const bench = new NetBench();
    const a = bench.device("a");
    a.configure("eth0", plain("eth", { ipv4: { scheme: "dhcp", options: [1, 3] } }));
    await bench.clock.advance(minute);
    assert.equal(link(a, "eth0").address, null);
    a.plug("eth0", bench.fabric.isp("wan"));
    await bench.clock.advance(100);
    const { address, gateway, dhcpOptions } = link(a, "eth0");
    assert.deepEqual([address, gateway], ["198.51.100.2", "198.51.100.1"]);
    assert.deepEqual(
      [...(dhcpOptions ?? [])],
      [
        ["ip", "198.51.100.2"],
        ["subnet", "255.255.255.0"],
        ["gateway", "198.51.100.1"],
        ["lease", "14400"],
        ["serverid", "198.51.100.1"],
      ],
    );
    a.configure("eth0", plain("eth", { ipv4: dhcp }));
    await bench.clock.advance(100);
    assert.deepEqual(link(a, "eth0").dns, ["198.51.100.1"]);
    a.wan.set("cable");
    assert.deepEqual([link(a, "eth0").carrier, link(a, "eth0").address], [false, null]);
    a.wan.set("ok");
    await bench.clock.advance(100);
    assert.equal(link(a, "eth0").address, "198.51.100.2");
  });

  it("are asked for on a port of which nothing is stated, when somebody says so", async () => {
    const bench = new NetBench();
    const a = bench.device("a");
    a.renewAddress("eth0");
    a.renewAddress("eth9");
    a.plug("eth0", bench.fabric.isp("wan"));
    await bench.clock.advance(1000);
    assert.equal(link(a, "eth0").address, null);
    a.renewAddress("eth0");
    a.renewAddress("eth0");
    await bench.clock.advance(1000);
    assert.equal(link(a, "eth0").address, "198.51.100.2");
    a.configure("eth0", plain("eth"));
    assert.equal(link(a, "eth0").address, null);
    a.renewAddress("eth0");
    await bench.clock.advance(1000);
    assert.equal(link(a, "eth0").address, null);
  });

  it("outlive a line that is dead until the lease ends, and come back within half a minute", async () => {
    const bench = new NetBench();
    const a = bench.gateway();
    await bench.clock.advance(1000);
    a.wan.set("line");
    await bench.clock.advance(3.9 * 60 * minute);
    assert.equal(link(a, "eth0").address, "198.51.100.2");
    await bench.clock.advance(10 * minute);
    assert.deepEqual([link(a, "eth0").carrier, link(a, "eth0").address], [true, null]);
    a.wan.set("ok");
    await bench.clock.advance(30_000);
    assert.equal(link(a, "eth0").address, "198.51.100.2");
  });

  it("follow a bridge: what asks by the bridge is answered through its ports", async () => {
    const bench = new NetBench();
    const a = bench.device("a");
    a.plug("eth0", bench.fabric.isp("wan"));
    a.configure("br-home", plain("bridge", { ipv4: dhcp }));
    await bench.clock.advance(minute);
    assert.equal(link(a, "br-home").address, null);
    a.setBridgePorts("br-home", ["eth0"]);
    a.renewAddress("br-home");
    await bench.clock.advance(1000);
    assert.equal(link(a, "br-home").address, "198.51.100.2");
  });
});

describe("DHCP that is heard", () => {
  async function heardAt(ports: readonly string[]): Promise<DhcpHeard[]> {
    const bench = new NetBench();
    const a = bench.device("a");
    a.setBridgePorts("br-home", ports);
    const heard: DhcpHeard[] = [];
    a.onDhcpHeard((each) => heard.push(each));
    bench.fabric.plugHost({ name: "pc", mac: hostMac("pc"), port: { device: "a", port: "eth1" }, device: "laptop" });
    await bench.clock.advance(1000);
    return heard;
  }

  it("at a port that is in no bridge tells the client behind it", async () => {
    assert.deepEqual(await heardAt([]), [
      { link: "eth1", mac: hostMac("pc"), message: "discover", vendorClass: "MSFT 5.0" },
    ]);
  });

  it("at a port of a bridge is the bridge's", async () => {
    assert.deepEqual(await heardAt(["eth1"]), []);
  });

  it("tells a provider by its answers, and another device by its vendor class", async () => {
    const bench = new NetBench();
    const a = bench.device("a");
    const b = bench.device("b");
    const heard: string[] = [];
    a.onDhcpHeard(({ link: at, message, vendorClass }) => heard.push(`${at} ${message} ${vendorClass}`));
    a.plug("eth0", bench.fabric.isp("wan"));
    a.configure("eth0", plain("eth", { ipv4: dhcp }));
    a.plug("eth1", bench.fabric.segment("between"));
    b.plug("eth0", bench.fabric.segment("between"));
    b.configure("eth0", plain("eth", { ipv4: dhcp }));
    await bench.clock.advance(100);
    assert.deepEqual(heard.sort(), ["eth0 ack ", "eth0 offer ", "eth1 discover SIM"]);
  });
});

describe("routes", () => {
  it("lead by the lowest metric, which counts more where others are preferred", async () => {
    const bench = new NetBench();
    const a = bench.gateway();
    a.plug("eth2", bench.fabric.isp("second", "203.0.113"));
    a.setBridgePorts("br-home", ["eth1"]);
    a.configure("eth2", plain("eth", { ipv4: dhcp }));
    await bench.clock.advance(1000);
    const defaults = () =>
      a
        .routes()
        .filter(({ netmask }) => netmask === "0.0.0.0")
        .map(({ link: by, gateway, metric }) => [by, gateway, metric]);
    assert.deepEqual(defaults(), [
      ["eth0", "198.51.100.1", 100],
      ["eth2", "203.0.113.1", 100],
    ]);
    assert.equal(a.nextHop("internet")?.netdev.name, "eth0");
    a.setMetric("eth0", 999);
    assert.equal(defaults()[0]?.[2], 1099);
    assert.equal(a.nextHop("internet")?.netdev.name, "eth2");
    a.setMetric("eth0", 0);
    assert.equal(a.nextHop("internet")?.netdev.name, "eth0");
  });

  it("know the address of the gateway while it is there", async () => {
    const bench = new NetBench();
    const a = bench.gateway();
    await bench.clock.advance(1000);
    const gatewayMac = () => a.routes().find(({ gateway }) => gateway !== null)?.gatewayMac;
    assert.match(gatewayMac() ?? "", /^[0-9a-f:]{17}$/);
    a.wan.set("line");
    assert.equal(gatewayMac(), null);
  });

  it("that are wanted lead further than the link", async () => {
    const bench = new NetBench();
    const a = await bench.home("pc");
    const b = bench.device("b");
    b.plug("eth0", bench.fabric.segment("gw/lan"));
    b.configure("eth0", plain("eth", { ipv4: fixed("192.168.1.2", "255.255.255.0", "192.168.1.1") }));
    b.configure("br-home", plain("bridge", { ipv4: fixed("10.9.0.1") }));
    assert.equal(bench.fabric.reaches("pc", "10.9.0.1"), false);
    a.setRoutes([
      { link: null, destination: "10.9.0.0", netmask: "255.255.0.0", gateway: "192.168.1.2", metric: null },
    ]);
    assert.equal(bench.fabric.reaches("pc", "10.9.0.1"), true);
    assert.ok(a.routes().some(({ destination, link: by }) => destination === "10.9.0.0" && by === "br-home"));
    a.setRoutes([]);
    assert.equal(bench.fabric.reaches("pc", "10.9.0.1"), false);
  });
});

describe("a probe", () => {
  async function probed(state: "ok" | "cable" | "line" | "internet") {
    const bench = new NetBench();
    const a = bench.gateway();
    await bench.clock.advance(1000);
    a.wan.set(state);
    const ask = async (what: "router" | "internet", family: "ipv4" | "ipv6" = "ipv4") => {
      const answer = a.probe("eth0", what, family, { fast: false, signal: new AbortController().signal });
      await bench.clock.advance(10_000);
      return answer;
    };
    return [await ask("router"), await ask("internet"), await ask("internet", "ipv6")];
  }

  it("is answered by what is there", async () => {
    assert.deepEqual(await probed("ok"), [true, true, false]);
    assert.deepEqual(await probed("internet"), [true, false, false]);
    assert.deepEqual(await probed("line"), [false, false, false]);
    assert.deepEqual(await probed("cable"), [false, false, false]);
  });

  it("gives up with its signal, and sooner when it is fast", async () => {
    const bench = new NetBench();
    const a = bench.gateway();
    const controller = new AbortController();
    const given = a.probe("eth0", "router", "ipv4", { fast: false, signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(given, /enough/);
    const start = bench.clock.now();
    let took = 0;
    void a
      .probe("eth9", "router", "ipv4", { fast: true, signal: new AbortController().signal })
      .then(() => (took = bench.clock.now() - start));
    await bench.clock.advance(10_000);
    assert.equal(took, 1000);
  });
});

describe("what cannot be", () => {
  const bad: [string, () => unknown, RegExp][] = [];
  const a = () => new NetBench().device("a");
  const refuse = (title: string, act: () => unknown, expected: RegExp) => bad.push([title, act, expected]);
  refuse(
    "a netmask with holes",
    () => a().configure("eth0", plain("eth", { ipv4: fixed("10.0.0.1", "255.0.255.0") })),
    /eth0: '255.0.255.0' is no netmask/,
  );
  refuse(
    "an address of a network",
    () => a().configure("eth0", plain("eth", { ipv4: fixed("10.0.0.0") })),
    /eth0: 10.0.0.0 .* is the address of a network/,
  );
  refuse(
    "another type",
    () => a().configure("eth0", plain("bridge")),
    /eth0: it is of type eth, and cannot become bridge/,
  );
  refuse("a VLAN without number", () => a().configure("v", plain("vlan")), /v: a VLAN needs a parent and a number/);
  refuse(
    "a VLAN out of range",
    () => a().configure("v", plain("vlan", { vlan: { parent: "eth0", id: 4095 } })),
    /VLAN 4095 is not 1 to 4094/,
  );
  refuse(
    "its own parent",
    () => a().configure("v", plain("vlan", { vlan: { parent: "v", id: 1 } })),
    /cannot be its own parent/,
  );
  refuse(
    "a tunnel to nowhere",
    () => a().configure("g", plain("gre", { gre: { parent: "eth0", local: "x", remote: "10.0.0.1" } })),
    /g: local: 'x' is no IPv4 address/,
  );
  refuse(
    "a range backwards",
    () => a().configure("br-home", { ...lan, dhcpServer: range("192.168.1.9", "192.168.1.8") }),
    /192.168.1.9 comes after 192.168.1.8/,
  );
  refuse(
    "a range elsewhere",
    () => a().configure("br-home", { ...lan, dhcpServer: range("10.0.0.2", "10.0.0.9") }),
    /not in its own network/,
  );
  refuse("an MTU", () => a().configure("eth0", plain("eth", { mtu: 20 })), /mtu 20 is not 68 to 9216/);
  refuse(
    "too many ports",
    () =>
      a().setBridgePorts(
        "br-home",
        Array.from({ length: maxBridgePorts + 1 }, (_, i) => `p${i}`),
      ),
    /at most 64 ports/,
  );
  refuse("ports of no bridge", () => a().setBridgePorts("eth0", []), /eth0: it is of type eth, not a bridge/);
  refuse(
    "a port 0",
    () =>
      a().setPortForwards([
        { protocol: "tcp", link: "eth0", port: 0, toAddress: "10.0.0.1", toPort: 1, loopback: false },
      ]),
    /0 is no port/,
  );
  refuse("too many forwards", () => a().setPortForwards(Array(maxPortForwards + 1)), /at most 256 port forwards/);
  refuse("too many routes", () => a().setRoutes(Array(maxRoutes + 1)), /at most 256 routes/);
  refuse(
    "a route by nothing",
    () => a().setRoutes([{ link: null, destination: "10.0.0.0", netmask: "255.0.0.0", gateway: null, metric: null }]),
    /needs an interface or a gateway/,
  );
  refuse("a metric", () => a().setMetric("eth0", -1), /metric -1/);
  refuse("an unknown port", () => a().unplug("eth7"), /there is no Ethernet port 'eth7'; use one of eth0, eth1, eth2/);
  refuse("another home", () => a().plug("eth0", new NetBench().fabric.segment("x")), /is in another home/);

  for (const [title, act, expected] of bad)
    it(`is refused with a reason: ${title}`, () => void assert.throws(act, expected));

  it("leaves what was", () => {
    const device = a();
    device.configure("br-home", lan);
    assert.throws(() => device.configure("br-home", { ...lan, ipv4: fixed("300.1.1.1") }));
    assert.equal(link(device, "br-home").address, "192.168.1.1");
  });

  it("ends at a bound of virtual interfaces, each with an address of its own", () => {
    const device = a();
    for (let i = 0; i < maxVirtualInterfaces; i++) device.setBridgePorts(`br${i}`, []);
    assert.equal(new Set(device.links().map(({ mac }) => mac)).size, 4 + maxVirtualInterfaces);
    assert.throws(() => device.setBridgePorts("one-more", []), /at most 16 bridges, VLANs and tunnels/);
    device.setBridgePorts("br3", null);
    device.setBridgePorts("one-more", []);
  });
});

describe("a device that is off", () => {
  it("serves nothing, says nothing, and takes the carrier of others with it", async () => {
    const bench = new NetBench();
    const a = await bench.home("pc");
    const b = bench.device("b");
    b.plug("eth0", bench.fabric.segment("only"));
    a.plug("eth2", bench.fabric.segment("only"));
    assert.equal(link(b, "eth0").carrier, true);
    a.close();
    a.close();
    assert.equal(link(b, "eth0").carrier, false);
    assert.deepEqual([a.links(), a.leases(), a.routes(), a.learned()], [[], [], [], []]);
    assert.equal(bench.fabric.reaches("pc", "gateway"), false);
    a.configure("eth0", plain("eth"));
    assert.deepEqual(a.links(), []);
  });

  it("comes back where it was plugged, with the fault of its line", async () => {
    const bench = new NetBench();
    const a = await bench.home("pc");
    a.wan.set("line");
    a.close();
    const again = await bench.home();
    assert.equal(again.wan.state, "line");
    assert.equal(bench.fabric.reaches("pc", "gateway"), true);
    assert.equal(bench.fabric.reaches("pc", "internet"), false);
  });

  it("is known by its name, once", () => {
    const bench = new NetBench();
    bench.device("a");
    assert.throws(() => bench.device("a"), /a device 'a' is on already/);
  });
});

it("DHCP clients ask for what deployed devices ask for", () => {
  assert.deepEqual(defaultRequested, [1, 3, 6, 15, 28, 43]);
});
