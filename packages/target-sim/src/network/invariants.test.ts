import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { SimNetwork } from "./sim-network.ts";
import { dhcp, hostMac, lan, NetBench, plain, range } from "./testing/net-bench.ts";
import { type WanState, wanStates } from "./wan.ts";

type Step =
  | { readonly do: "plug"; readonly host: number; readonly where: "gw/lan" | "gw/eth2" | "upstairs" | "nowhere" }
  | { readonly do: "unplug" | "renew"; readonly host: number }
  | { readonly do: "wan"; readonly state: WanState }
  | { readonly do: "cloud"; readonly state: "ok" | "down" }
  | { readonly do: "reboot gateway" | "reboot extender" | "loop" }
  | { readonly do: "reserve"; readonly host: number; readonly last: number }
  | { readonly do: "nat" | "serve"; readonly on: boolean };

const host = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("plug" as const),
      host,
      where: fc.constantFrom("gw/lan", "gw/eth2", "upstairs", "nowhere"),
    }),
  },
  fc.record({ do: fc.constantFrom("unplug" as const, "renew" as const), host }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wan" as const), state: fc.constantFrom(...wanStates) }) },
  fc.record({ do: fc.constant("cloud" as const), state: fc.constantFrom("ok" as const, "down" as const) }),
  fc.record({ do: fc.constantFrom("reboot gateway" as const, "reboot extender" as const, "loop" as const) }),
  fc.record({ do: fc.constant("reserve" as const), host, last: fc.integer({ min: 2, max: 30 }) }),
  fc.record({ do: fc.constantFrom("nat" as const, "serve" as const), on: fc.boolean() }),
);
const steps = fc.array(fc.tuple(step, fc.constantFrom(0, 10, 1000, 70_000, 1_000_000)), { maxLength: 25 });

class Home extends NetBench {
  gw: SimNetwork;
  ext: SimNetwork;
  nat = true;
  serves = true;
  reservations: { mac: ReturnType<typeof hostMac>; address: string; hostname: null }[] = [];
  readonly log: string[] = [];

  constructor(seed: number) {
    super({ seed });
    this.fabric.onHosts(() => this.log.push(`${this.clock.now()} ${JSON.stringify(this.fabric.hosts())}`));
    this.gw = this.#bootGateway();
    this.ext = this.#bootExtender();
  }

  #bootGateway(): SimNetwork {
    const gw = this.gateway();
    gw.plug("eth1", this.fabric.segment("gw/lan"));
    this.gw = gw;
    this.#state();
    return gw;
  }

  #bootExtender(): SimNetwork {
    const ext = this.device("ext");
    ext.plug("eth0", this.fabric.segment("gw/lan"));
    ext.plug("eth1", this.fabric.segment("upstairs"));
    ext.setBridgePorts("br-home", ["eth0", "eth1", "eth2"]);
    ext.configure("br-home", plain("bridge", { ipv4: dhcp }));
    return ext;
  }

  #state(): void {
    this.gw.configure("eth0", plain("eth", { ipv4: dhcp, nat: this.nat }));
    const { reservations } = this;
    const dhcpServer = this.serves ? range("192.168.1.10", "192.168.1.15", { reservations }) : null;
    this.gw.configure("br-home", { ...lan, dhcpServer });
  }

  act(each: Step): void {
    switch (each.do) {
      case "plug": {
        const name = `h${each.host}`;
        const mac = hostMac(name);
        if (each.where === "gw/eth2") this.fabric.plugHost({ name, mac, port: { device: "gw", port: "eth2" } });
        else this.fabric.plugHost({ name, mac, port: { wire: each.where } });
        return;
      }
      case "unplug":
        this.fabric.unplugHost(`h${each.host}`);
        return;
      case "renew":
        this.ext.renewAddress("br-home");
        return;
      case "wan":
        this.gw.wan.set(each.state);
        return;
      case "cloud":
        this.gw.cloud.set(each.state);
        return;
      case "reboot gateway":
        this.gw.close();
        this.gw = this.#bootGateway();
        return;
      case "reboot extender":
        this.ext.close();
        this.ext = this.#bootExtender();
        return;
      case "loop":
        this.gw.plug("eth2", this.fabric.segment("loop"));
        this.ext.plug("eth2", this.fabric.segment("loop"));
        return;
      case "reserve":
        this.reservations = [
          ...this.reservations.slice(-3),
          { mac: hostMac(`h${each.host}`), address: `192.168.1.${each.last}`, hostname: null },
        ];
        this.#state();
        return;
      case "nat":
        this.nat = each.on;
        this.#state();
        return;
      case "serve":
        this.serves = each.on;
        this.#state();
    }
  }
}

function checkHome(home: Home): void {
  const { fabric, gw } = home;
  const hosts = fabric.hosts();
  const addressed = hosts.flatMap(({ linked, address }) => (linked && address !== null ? [address] : []));
  assert.equal(new Set(addressed).size, addressed.length, "no two hosts have the same address");
  const leases = gw.leases();
  assert.equal(new Set(leases.map(({ address }) => address)).size, leases.length);
  const uplink = gw.links().find(({ name }) => name === "eth0");
  const works = gw.wan.state === "ok" && uplink?.address !== null && home.nat;
  for (const { name, address, linked } of hosts) {
    if (!linked) assert.equal(address, null, `${name} has no address without a link`);
    const online = fabric.reaches(name, "internet");
    assert.equal(online, works && fabric.reaches(name, "gateway"), `${name} is online exactly when its way stands`);
    const reserved = home.reservations.findLast((each) => each.mac === hostMac(name));
    const holder = reserved && leases.find((lease) => lease.address === reserved.address);
    const first = home.reservations.find((each) => each.address === reserved?.address);
    if (holder && first) assert.equal(holder.mac, first.mac, "a reserved address is its owner's");
  }
  const obstacle = gw.wayOut.obstacle({ purpose: "cloud" });
  const open = gw.wan.state === "ok" && uplink?.address !== null && gw.cloud.state === "ok";
  assert.equal(obstacle === null, open);
  if (obstacle === "refused") assert.equal(gw.cloud.state, "down");
}

describe("a home in which things happen", () => {
  it("keeps to what a network can be, whatever is plugged, cut, stated or rebooted", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const home = new Home(1);
        for (const [each, pause] of all) {
          home.act(each);
          checkHome(home);
          await home.clock.advance(pause);
          checkHome(home);
        }
        home.fabric.close();
      }),
      { numRuns: 150 },
    );
  });

  it("has everybody served again when all is well for long enough", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const home = new Home(1);
        for (const [each, pause] of all) {
          home.act(each);
          await home.clock.advance(pause);
        }
        for (let index = 0; index < 4; index++) home.act({ do: "plug", host: index, where: "gw/lan" });
        for (let index = 4; index < 8; index++) home.act({ do: "unplug", host: index });
        home.reservations = [];
        for (const each of [
          { do: "nat", on: true },
          { do: "serve", on: true },
          { do: "wan", state: "ok" },
        ] as const)
          home.act(each);
        // A lease of an hour runs out, then two rounds of asking.
        await home.clock.advance(4_500_000);
        for (const { name } of home.fabric.hosts()) assert.ok(home.fabric.reaches(name, "internet"), name);
        home.fabric.close();
      }),
      { numRuns: 60 },
    );
  });

  it("runs alike on the same seed, event by event", async () => {
    const run = async (all: readonly (readonly [Step, number])[]) => {
      const home = new Home(7);
      for (const [each, pause] of all) {
        home.act(each);
        await home.clock.advance(pause);
      }
      home.fabric.close();
      return home.log;
    };
    await fc.assert(
      fc.asyncProperty(steps, async (all) => assert.deepEqual(await run(all), await run(all))),
      { numRuns: 20 },
    );
  });
});

describe("a network in which nothing happens", () => {
  it("does no more than renew leases: 12 hours of fifty hosts are some hundred timers", async () => {
    const bench = new NetBench();
    const gateway = await bench.home(...Array.from({ length: 50 }, (_, index) => `h${index}`));
    gateway.configure("br-home", {
      ...lan,
      dhcpServer: range("192.168.1.10", "192.168.1.99", { leaseTime: 12 * 3600 }),
    });
    let timers = 0;
    const { setTimer } = bench.clock;
    bench.clock.setTimer = (delay, callback) => {
      timers++;
      return setTimer.call(bench.clock, delay, callback);
    };
    await bench.clock.advance(12 * 3_600_000);
    assert.ok(timers > 50 && timers < 500, `${timers} timers`);
    assert.ok(bench.fabric.hosts().every(({ address }) => address !== null));
  });

  it("ends with its fabric: nothing is left on the clock", async () => {
    const bench = new NetBench();
    const gateway = await bench.home("pc");
    gateway.wan.set("line");
    const connection = bench.fabric.connect("pc", "gateway");
    gateway.close();
    bench.fabric.close();
    assert.equal(connection.reason, "closed");
    let fired = 0;
    const { setTimer } = bench.clock;
    bench.clock.setTimer = (delay, callback) => {
      fired++;
      return setTimer.call(bench.clock, delay, callback);
    };
    await bench.clock.advance(100 * 3_600_000);
    assert.equal(fired, 0);
  });
});
