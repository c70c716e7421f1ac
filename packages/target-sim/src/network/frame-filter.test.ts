import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { FirewallRule } from "@opensync-ts/target/firewall";
import { FrameFilter } from "./frame-filter.ts";
import { hostMac, NetBench } from "./testing/net-bench.ts";

function rule(match: string, target = "DROP", more: Partial<FirewallRule> = {}): FirewallRule {
  return { row: match, family: "eth", table: "filter", chain: "FORWARD", match, target, ...more };
}

const guest = hostMac("guest");
const printer = hostMac("printer");

describe("the packet filter of a simulated device", () => {
  it("lets the first rule decide that fits, and everything pass that none does", () => {
    const filter = new FrameFilter();
    const passes = (type: "ARP" | "IPv4", to: typeof guest | null, input = "eth1", output = "home-ap-24") =>
      filter.passes({ source: guest, destination: to, type }, input, output);
    filter.set([
      rule(`-s ${guest} -p ARP`, "ACCEPT"),
      rule(`-s ${guest} -d ${printer}`, "ACCEPT"),
      rule(`-s ${guest} -o home-ap-+`),
      rule("-i eth9 ! -p 0x0806"),
    ]);
    assert.deepEqual(
      [
        passes("ARP", null),
        passes("IPv4", printer),
        passes("IPv4", null),
        passes("IPv4", null, "eth1", "eth2"),
        passes("IPv4", null, "eth9", "eth2"),
        passes("ARP", null, "eth9", "eth2"),
      ],
      [true, true, false, true, false, true],
    );
  });

  it("tells addresses as a mask says, and a broadcast by its own", () => {
    const filter = new FrameFilter();
    const passes = (to: typeof guest | null) =>
      filter.passes({ source: guest, destination: to, type: "IPv4" }, "home-ap-24", "eth1");
    filter.set([
      rule("-d 33:33:ff:00:00:00/ff:ff:ff:00:00:00", "ACCEPT"),
      rule("-d ff:ff:ff:ff:ff:ff", "ACCEPT"),
      rule(""),
    ]);
    assert.deepEqual(
      [passes(mac("33:33:ff:12:34:56")), passes(mac("33:33:00:00:00:01")), passes(null), passes(printer)],
      [true, false, true, false],
    );
  });

  for (const [what, found] of [
    [rule("-s nobody"), /-s 'nobody' is not a MAC address/],
    [rule("-d 33:33:00:00:00:00/16"), /-d '33:33:00:00:00:00\/16' is not a MAC address, or one with a mask/],
    [rule("-p IPX"), /not ARP or IPv4/],
    [rule("--mark 1"), /'--mark' is not a match/],
    [rule("-o"), /'' is no name/],
    [rule("", "REJECT"), /target 'REJECT'/],
    [rule("", "DROP", { chain: "INPUT" }), /chain FORWARD/],
    [rule("-s 10.0.0.1", "DROP", { family: "ipv4" }), /not packets/],
  ] as const) {
    it(`says what it cannot do: ${found.source}`, () => {
      const filter = new FrameFilter();
      assert.match([...filter.set([what]).values()].join(), found);
      assert.ok(filter.isEmpty);
    });
  }

  it("takes no rule of a row of which it cannot take one, and all of the others", () => {
    const filter = new FrameFilter();
    const problems = filter.set([
      rule(`-s ${guest}`, "DROP", { row: "a" }),
      rule("-s nobody", "DROP", { row: "a" }),
      rule(`-s ${printer}`, "DROP", { row: "b" }),
      rule("-m conntrack --ctstate ESTABLISHED,RELATED", "ACCEPT", { row: "c", family: "ipv4", chain: "INPUT" }),
    ]);
    assert.deepEqual([...problems.keys()], ["a"]);
    const passes = (source: typeof guest) => filter.passes({ source, destination: null, type: "IPv4" }, "a", "b");
    assert.deepEqual([passes(guest), passes(printer)], [true, false]);
  });
});

describe("a home whose gateway filters frames", () => {
  async function home() {
    const bench = new NetBench();
    const gateway = await bench.home("guest");
    gateway.plug("eth2", bench.fabric.segment("gw/lan2"));
    for (const name of ["printer", "pc"]) bench.plugHost(name, "gw/lan2");
    await bench.clock.advance(1000);
    const address = (name: string) => bench.host(name).address ?? "";
    const guestReaches = () =>
      ["gateway", "internet", address("printer"), address("pc")].map((to) => bench.fabric.reaches("guest", to));
    return { bench, gateway, guestReaches, address };
  }

  it("leaves a guest the Internet, and takes the home from it", async () => {
    const { bench, gateway, guestReaches, address } = await home();
    assert.deepEqual(guestReaches(), [true, true, true, true]);
    gateway.setRules([rule(`-s ${guest}`)]);
    assert.deepEqual(guestReaches(), [true, true, false, false]);
    assert.ok(!bench.fabric.reaches("pc", address("guest")), "as no answer would come");
    assert.ok(bench.fabric.reaches("pc", address("printer")));
    gateway.setRules([]);
    assert.deepEqual(guestReaches(), [true, true, true, true]);
  });

  it("lets a guest find and use what is shared with guests, and nothing else", async () => {
    const { gateway, guestReaches } = await home();
    gateway.setRules([
      rule(`-s ${guest} -p ARP`, "ACCEPT"),
      rule(`-s ${guest} -d ${printer}`, "ACCEPT"),
      rule(`-s ${guest}`),
    ]);
    assert.deepEqual(guestReaches(), [true, true, true, false]);
  });

  it("gives a guest an address", async () => {
    const { bench, gateway } = await home();
    gateway.setRules([rule(`-s ${hostMac("late")}`)]);
    bench.plugHost("late");
    await bench.clock.advance(5000);
    assert.ok(bench.host("late").address);
    assert.ok(bench.fabric.reaches("late", "internet"));
  });
});
