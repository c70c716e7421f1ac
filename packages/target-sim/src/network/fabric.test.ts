import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { World } from "@opensync-ts/world/world";
import { openBss, someClients } from "../testing/open-bss.ts";
import { Fabric } from "./fabric.ts";
import { maxConnections, maxPathLoss, maxPlugs } from "./limits.ts";
import { dhcp, fixed, hostMac, lan, link, NetBench, plain, range } from "./testing/net-bench.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("a host", () => {
  it("gets an address, a gateway and name servers from the router, and reaches the Internet by it", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc");
    const { address, gateway: by, dns, linked, since } = bench.host("pc");
    assert.deepEqual([address, by, dns, linked], ["192.168.1.10", "192.168.1.1", ["192.168.1.1"], true]);
    assert.ok(since !== null && since <= 1000);
    assert.deepEqual(
      ["gateway", "internet", "192.168.1.1", "198.51.100.1", "203.0.113.9", "192.168.1.77"].map((to) =>
        bench.fabric.reaches("pc", to),
      ),
      [true, true, true, true, true, false],
    );
    assert.deepEqual(gateway.leases(), [
      {
        link: "br-home",
        mac: hostMac("pc"),
        address: "192.168.1.10",
        hostname: "pc",
        fingerprint: "1,3,6,15,28",
        vendorClass: "",
        leaseTime: 3600,
      },
    ]);
  });

  it("reaches other hosts of its LAN, and none when the port between is not in the bridge", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc", "printer");
    bench.plugHost("nas", "other");
    gateway.plug("eth2", bench.fabric.segment("other"));
    await bench.clock.advance(1000);
    const to = (name: string) => bench.fabric.reaches("pc", bench.host(name).address ?? "");
    assert.deepEqual([to("printer"), to("nas")], [true, true]);
    gateway.setBridgePorts("br-home", ["eth1"]);
    assert.deepEqual([to("printer"), to("nas")], [true, false]);
  });

  it("has no Internet without an uplink, nor without address translation", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc");
    const internet = () => bench.fabric.reaches("pc", "internet");
    gateway.configure("eth0", plain("eth", { ipv4: dhcp }));
    await bench.clock.advance(1000);
    assert.equal(internet(), false);
    gateway.configure("eth0", plain("eth", { ipv4: dhcp, nat: true }));
    await bench.clock.advance(1000);
    assert.equal(internet(), true);
    for (const state of ["cable", "line", "internet"] as const) {
      gateway.wan.set(state);
      assert.equal(internet(), false, state);
      assert.equal(bench.fabric.reaches("pc", "gateway"), true);
      gateway.wan.set("ok");
      await bench.clock.advance(1000);
      assert.equal(internet(), true);
    }
  });

  it("gets its address from the provider where the router is a bridge", async () => {
    const bench = new NetBench();
    const gateway = bench.device("gw");
    gateway.plug("eth0", bench.fabric.isp("wan"));
    gateway.setBridgePorts("br-home", ["eth0", "eth1"]);
    gateway.plug("eth1", bench.fabric.segment("gw/lan"));
    bench.plugHost("pc");
    await bench.clock.advance(1000);
    assert.equal(bench.host("pc").address, "198.51.100.2");
    assert.equal(bench.fabric.reaches("pc", "internet"), true);
  });

  it("keeps its address while leases are renewed at half their time, and loses it when nobody renews it", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc");
    const { since } = bench.host("pc");
    await bench.clock.advance(12 * hour);
    assert.deepEqual([bench.host("pc").address, bench.host("pc").since], ["192.168.1.10", since]);
    assert.equal(gateway.leases().length, 1);
    gateway.configure("br-home", { ...lan, dhcpServer: null });
    await bench.clock.advance(29 * minute);
    assert.equal(bench.host("pc").address, "192.168.1.10");
    await bench.clock.advance(32 * minute);
    assert.equal(bench.host("pc").address, null);
    gateway.configure("br-home", lan);
    await bench.clock.advance(5.5 * minute);
    assert.equal(bench.host("pc").address, "192.168.1.10");
  });

  it("has the address back after the router has rebooted, and another where that is somebody else's now", async () => {
    const bench = new NetBench();
    const first = await bench.home("pc", "printer", "nas");
    const [pc, printer] = [bench.host("pc").address, bench.host("printer").address];
    first.close();
    const again = bench.gateway();
    again.configure("br-home", {
      ...lan,
      dhcpServer: range("192.168.1.10", "192.168.1.99", {
        reservations: [{ mac: hostMac("nas"), address: printer ?? "", hostname: "store" }],
      }),
    });
    await bench.clock.advance(2 * hour);
    assert.equal(bench.host("pc").address, pc);
    assert.notEqual(bench.host("printer").address, printer);
    assert.equal(bench.host("nas").address, printer);
    assert.equal(again.leases().find(({ mac }) => mac === hostMac("nas"))?.hostname, "store");
  });

  it("moves with its cable, and asks there for what it had", async () => {
    const bench = new NetBench();
    await bench.home("pc");
    const other = bench.device("other");
    other.configure("br-home", plain("bridge", { ipv4: fixed("10.1.1.1"), dhcpServer: range("10.1.1.5", "10.1.1.9") }));
    other.setBridgePorts("br-home", ["eth1"]);
    bench.fabric.plugHost({ name: "pc", mac: hostMac("pc"), port: { device: "other", port: "eth1" } });
    assert.equal(bench.host("pc").address, null);
    await bench.clock.advance(1000);
    assert.equal(bench.host("pc").address, "10.1.1.5");
    bench.plugHost("pc");
    await bench.clock.advance(1000);
    assert.equal(bench.host("pc").address, "192.168.1.10");
    assert.equal(bench.fabric.unplugHost("pc"), true);
    assert.equal(bench.fabric.unplugHost("pc"), false);
    assert.deepEqual(bench.fabric.hosts(), []);
  });

  it("takes what the first of two servers says, the same on the same seed", async () => {
    const addresses = async (seed: number) => {
      const bench = new NetBench({ seed });
      await bench.home();
      const rogue = bench.device("rogue");
      rogue.plug("eth0", bench.fabric.segment("gw/lan"));
      rogue.configure("eth0", plain("eth", { ipv4: fixed("10.1.1.1"), dhcpServer: range("10.1.1.5", "10.1.1.99") }));
      for (let i = 0; i < 20; i++) bench.plugHost(`pc${i}`);
      await bench.clock.advance(5000);
      return bench.fabric.hosts().map(({ address }) => address);
    };
    const first = await addresses(1);
    assert.deepEqual(await addresses(1), first);
    assert.ok(first.some((address) => address?.startsWith("10.")) && first.some((each) => each?.startsWith("192.")));
    assert.notDeepEqual(await addresses(2), first);
  });

  it("is refused where its name or its address is taken", () => {
    const bench = new NetBench();
    bench.plugHost("pc");
    const port = { wire: "gw/lan" };
    assert.throws(() => bench.fabric.plugHost({ name: "pc", mac: hostMac("x"), port }), /a host 'pc' already/);
    assert.throws(
      () => bench.fabric.plugHost({ name: "x", mac: hostMac("pc"), port }),
      /'pc' and 'x' have the same MAC/,
    );
    assert.throws(() => bench.fabric.reaches("nobody", "gateway"), /no host 'nobody'; some are pc/);
    assert.throws(() => bench.fabric.reaches("pc", "there"), /'there' is nowhere to go/);
  });
});

describe("VLANs", () => {
  it("keep what is tagged apart from what is not, on one cable", async () => {
    const bench = new NetBench();
    const a = bench.device("a");
    const b = bench.device("b");
    for (const each of [a, b]) each.plug("eth0", bench.fabric.segment("cable"));
    a.configure(
      "eth0.5",
      plain("vlan", {
        vlan: { parent: "eth0", id: 5 },
        ipv4: fixed("10.5.0.1"),
        dhcpServer: range("10.5.0.2", "10.5.0.9"),
      }),
    );
    b.configure("eth0", plain("eth", { ipv4: dhcp }));
    b.configure("eth0.6", plain("vlan", { vlan: { parent: "eth0", id: 6 }, ipv4: dhcp }));
    b.configure("eth0.5", plain("vlan", { vlan: { parent: "eth0", id: 5 }, ipv4: dhcp }));
    await bench.clock.advance(1000);
    assert.deepEqual(
      ["eth0", "eth0.5", "eth0.6"].map((name) => link(b, name).address),
      [null, "10.5.0.2", null],
    );
    a.configure("eth0", { ...plain("eth"), enabled: false });
    assert.equal([...a.netdevs()].find(({ name }) => name === "eth0.5")?.usable, false);
  });

  it("pass through a bridge, which learns their addresses with their numbers", async () => {
    const bench = new NetBench();
    const middle = bench.device("middle");
    middle.setBridgePorts("br-home", ["eth0", "eth1"]);
    const [a, b] = [bench.device("a"), bench.device("b")];
    for (const [index, each] of [a, b].entries()) {
      middle.plug(`eth${index}`, bench.fabric.segment(`cable${index}`));
      each.plug("eth0", bench.fabric.segment(`cable${index}`));
      each.configure("eth0.5", plain("vlan", { vlan: { parent: "eth0", id: 5 }, ipv4: fixed(`10.5.0.${index + 1}`) }));
    }
    assert.equal(a.routes().length, 1);
    assert.ok(
      [...bench.fabric.domain([...a.netdevs()].find(({ name }) => name === "eth0.5") as never)].some(
        ({ owner }) => owner === b,
      ),
    );
    const macs = middle.learned().map(({ port, mac, vlan }) => [port, mac, vlan]);
    assert.deepEqual(macs, [
      ["eth0", link(a, "eth0").mac, 0],
      ["eth0", link(a, "eth0").mac, 5],
      ["eth1", link(b, "eth0").mac, 0],
      ["eth1", link(b, "eth0").mac, 5],
    ]);
  });
});

describe("learned addresses", () => {
  it("are those behind ports of bridges, and tell when they change", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc");
    let told = 0;
    gateway.onTables(() => told++);
    assert.deepEqual(gateway.learned(), [{ bridge: "br-home", port: "eth1", mac: hostMac("pc"), vlan: 0 }]);
    bench.plugHost("printer");
    await bench.clock.advance(1000);
    assert.equal(gateway.learned().length, 2);
    assert.ok(told > 0);
    const before = told;
    await bench.clock.advance(12 * hour);
    assert.equal(told, before);
    bench.fabric.unplugHost("printer");
    await bench.clock.advance(1);
    assert.equal(gateway.learned().length, 1);
    assert.ok(told > before);
  });

  it("end where a loop begins", () => {
    const bench = new NetBench();
    const [a, b] = [bench.device("a"), bench.device("b")];
    for (const each of [a, b]) {
      each.setBridgePorts("br-home", ["eth0", "eth1"]);
      for (const port of ["eth0", "eth1"]) each.plug(port, bench.fabric.segment(port));
    }
    assert.deepEqual(a.learned(), [{ bridge: "br-home", port: "eth0", mac: link(b, "br-home").mac, vlan: 0 }]);
  });
});

describe("a connection", () => {
  async function home() {
    const bench = new NetBench();
    const gateway = await bench.home("pc", "printer");
    return { bench, gateway };
  }

  it("stands for hours, over renewals", async () => {
    const { bench } = await home();
    const connection = bench.fabric.connect("pc", "internet");
    await bench.clock.advance(12 * hour);
    assert.deepEqual([connection.stands, connection.brokenAt, connection.silentSince], [true, null, null]);
    connection.close();
    assert.deepEqual([connection.stands, connection.reason], [false, "closed"]);
  });

  it("outlasts a short silence, and ends after a long one", async () => {
    const { bench, gateway } = await home();
    const connection = bench.fabric.connect("pc", "internet");
    const inside = bench.fabric.connect("pc", bench.host("printer").address ?? "");
    gateway.wan.set("line");
    await bench.clock.advance(maxPathLoss - 1000);
    gateway.wan.set("ok");
    await bench.clock.advance(10_000);
    assert.equal(connection.stands, true);
    gateway.wan.set("line");
    const cut = bench.clock.now();
    await bench.clock.advance(maxPathLoss);
    assert.deepEqual([connection.brokenAt, connection.reason], [cut + maxPathLoss, "no path"]);
    assert.equal(inside.stands, true);
  });

  it("ends with the memory of the router that translated it; one within the LAN goes on", async () => {
    const { bench, gateway } = await home();
    const outside = bench.fabric.connect("pc", "internet");
    const inside = bench.fabric.connect("pc", bench.host("printer").address ?? "");
    gateway.close();
    await bench.home();
    assert.equal(bench.fabric.reaches("pc", "internet"), true);
    assert.deepEqual([outside.stands, outside.reason], [false, "translation"]);
    assert.equal(inside.stands, true);
  });

  it("ends when the router gets another address, or the host does", async () => {
    const { bench, gateway } = await home();
    const first = bench.fabric.connect("pc", "internet");
    gateway.plug("eth0", bench.fabric.isp("another", "203.0.113"));
    await bench.clock.advance(1000);
    assert.equal(first.reason, "translation");
    const second = bench.fabric.connect("pc", "internet");
    assert.equal(second.stands, true);
    gateway.configure("br-home", { ...lan, dhcpServer: range("192.168.1.50", "192.168.1.60") });
    await bench.clock.advance(hour);
    assert.equal(second.reason, "address");
  });

  it("does not stand where there is no way to begin with", async () => {
    const { bench, gateway } = await home();
    gateway.wan.set("cable");
    const connection = bench.fabric.connect("pc", "internet");
    assert.deepEqual([connection.stands, connection.reason], [false, "no path"]);
  });
});

describe("port forwards", () => {
  it("lead from the Internet to the host that they name, while everything on the way is there", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc", "nas");
    const address = link(gateway, "eth0").address ?? "";
    const toAddress = bench.host("nas").address ?? "";
    const web = { protocol: "tcp", address, port: 8080 } as const;
    assert.equal(bench.fabric.opens(web), null);
    const forward = { protocol: "tcp", link: "eth0", port: 8080, toAddress, toPort: 80, loopback: false } as const;
    gateway.setPortForwards([forward]);
    assert.deepEqual(bench.fabric.opens(web), { host: "nas", port: 80 });
    assert.equal(bench.fabric.opens({ ...web, protocol: "udp" }), null);
    assert.equal(bench.fabric.opens({ ...web, port: 80 }), null);
    assert.equal(bench.fabric.opens(web, "pc"), null);
    gateway.setPortForwards([{ ...forward, loopback: true }]);
    assert.deepEqual(bench.fabric.opens(web, "pc"), { host: "nas", port: 80 });
    bench.fabric.unplugHost("nas");
    assert.equal(bench.fabric.opens(web), null);
    gateway.wan.set("internet");
    assert.equal(bench.fabric.opens(web), null);
    assert.throws(() => bench.fabric.opens({ ...web, address: "here" }), /'here' is no IPv4 address/);
  });
});

describe("what a home holds", () => {
  it("is bounded: hosts, plugs in one wire, connections", async () => {
    const bench = new NetBench();
    await bench.home("pc");
    for (let i = 0; i < maxConnections; i++) bench.fabric.connect("pc", "gateway");
    assert.throws(
      () => bench.fabric.connect("pc", "gateway"),
      /4096 connections are watched already; close some first/,
    );
    for (let i = 0; i < maxPlugs - 2; i++) bench.plugHost(`h${i}`);
    assert.throws(() => bench.plugHost("too-many"), /no more than 256 plugs fit into wire 'gw\/lan'/);
    bench.plugHost("too-many", "another");
  });

  it("forgets clients that have left the world, and those of other homes", async () => {
    const clock = new VirtualClock();
    const world = new World({ clock, seed: 1, spec: { clients: someClients(3, "none") } });
    const fabric = new Fabric({ clock, world });
    world.addSite("gw", { x: 0, y: 0 });
    world.putBss(openBss("gw"));
    await clock.advance(10_000);
    assert.deepEqual(
      fabric.hosts().map(({ linked }) => linked),
      [false, false, false],
    );
    for (const { device } of world.clients()) world.removeClient(device.mac);
    assert.deepEqual(fabric.hosts(), []);
    fabric.close();
  });
});
