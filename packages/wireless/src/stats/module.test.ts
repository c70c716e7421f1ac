import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { myStats } from "../../examples/my-stats.ts";
import { apVif, phyState, station } from "../testing/fixtures.ts";
import { startRig } from "../testing/rig.ts";
import { idleStation, phone, statsRig } from "../testing/stats-rig.ts";
import { defineStatsModule, startStatsModules } from "./module.ts";

describe("statistics modules", () => {
  it("are all built before the first is attached, and detached in reverse", () => {
    const order: string[] = [];
    const module = (name: string) =>
      defineStatsModule({
        name,
        init: () => {
          order.push(`init ${name}`);
          return name.toUpperCase();
        },
        attach: (state) => {
          order.push(`attach ${state}`);
          return () => order.push(`detach ${state}`);
        },
      });
    const { bus, clock, logger } = statsRig();
    startStatsModules([module("one"), module("two")], { stats: bus, clock, log: logger })();
    assert.deepEqual(order, ["init one", "init two", "attach ONE", "attach TWO", "detach TWO", "detach ONE"]);
  });

  it("fail alone, with a line that says which and where", () => {
    const { bus, clock, logger, log } = statsRig();
    const fail = (what: string) => () => {
      throw new Error(`no ${what}`);
    };
    const attached: string[] = [];
    const modules = [
      defineStatsModule({ name: "first", init: fail("memory"), attach: () => fail("exit") }),
      defineStatsModule({ name: "second", init: () => null, attach: fail("entry") }),
      defineStatsModule({ name: "third", init: () => null, attach: () => fail("exit") }),
      defineStatsModule({
        name: "fourth",
        init: () => null,
        attach: () => {
          attached.push("fourth");
          return undefined;
        },
      }),
    ];
    startStatsModules(modules, { stats: bus, clock, log: logger })();
    assert.deepEqual(attached, ["fourth"]);
    assert.deepEqual(log(), [
      "ERR osw: stats: module first: init failed: no memory",
      "ERR osw: stats: module second: attach failed: no entry",
      "ERR osw: stats: module third: detach failed: no exit",
    ]);
  });
});

describe("the example my_stats", () => {
  it("logs the SNR of every client each ten seconds, until the core stops", async () => {
    const rig = await startRig({
      phys: [phyState("wifi0")],
      vifs: [apVif("wifi0", "home-ap-24")],
      prepare: (driver) => driver.setStation(station("wifi0", "home-ap-24", { mac: phone })),
      statsModules: [myStats],
    });
    const push = (snr: number) =>
      rig.driver.events.statistics({
        phy: "wifi0",
        at: rig.clock.now(),
        stations: [{ ...idleStation, snr }],
        survey: [],
      });
    const spoken = () => rig.log().filter((line) => line.includes("my_stats"));
    assert.deepEqual(spoken(), ["INFO my_stats: initialized"]);
    push(40);
    await rig.clock.advance(5_000);
    push(38);
    await rig.clock.advance(10_000);
    push(31);
    await rig.clock.advance(10_000);
    assert.deepEqual(spoken(), [
      "INFO my_stats: initialized",
      "INFO my_stats: client: 0a:00:00:00:00:01 snr=38",
      "INFO my_stats: client: 0a:00:00:00:00:01 snr=31",
    ]);
    assert.doesNotMatch(rig.wireless.dump(), /statistics/);
    rig.wireless.stats.publish(Uint8Array.of(1, 2, 3));
    await rig.clock.advance(0);
    assert.match(rig.wireless.dump(), /^statistics not used:\n {4}truncated: 1\nhistory:/m);
    push(20);
    rig.wireless.stop();
    await rig.clock.advance(20_000);
    assert.equal(spoken().length, 3);
  });
});
