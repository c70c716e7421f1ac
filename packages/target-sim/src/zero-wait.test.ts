import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownRegulation } from "./regulatory.ts";
import { bench, channel, homeNetwork, type Observer } from "./testing/observer.ts";

const dfs = (observer: Observer, frequency: number) =>
  observer.phys.get("wifi1")?.channelStates.find(({ control }) => control === frequency)?.dfs;

async function home50(zeroWaitDfs: "disable" | "enable" | "precac", country = "US") {
  const all = bench({ country });
  all.request("wifi1", [{ ...homeNetwork, name: "home-ap-50" }], { zeroWaitDfs });
  await all.clock.advance(1000);
  return all;
}

const move = { name: "home-ap-50", ap: { channel: channel("5G", 52, 80) } };

describe("zero-wait DFS", () => {
  it("is off unless asked for, and is not there on a radio that cannot", async () => {
    const { clock, observer, request } = await home50("disable");
    assert.equal(observer.phys.get("wifi1")?.zeroWaitDfs, "disable");
    request("wifi0", [], { zeroWaitDfs: "enable" });
    await clock.advance(0);
    assert.equal(observer.phys.get("wifi0")?.zeroWaitDfs, "unsupported");
  });

  it("checks the next channel while the old one goes on", async () => {
    const { clock, observer, request } = await home50("enable");
    request("wifi1", [move]);
    await clock.advance(59_000);
    assert.deepEqual([dfs(observer, 5260), observer.status("home-ap-50")], ["cac_in_progress", "enabled"]);
    assert.equal(observer.ap("home-ap-50").channel?.control, 5180);
    request("wifi1", [move]);
    await clock.advance(1000);
    assert.deepEqual([dfs(observer, 5260), observer.status("home-ap-50")], ["cac_completed", "enabled"]);
    assert.equal(observer.ap("home-ap-50").channel?.control, 5260);
    assert.ok(observer.log.includes("channelSwitchStarted home-ap-50"));
  });

  it("drops the check when it is to stay, or hears radar there", async () => {
    const { clock, driver, observer, request } = await home50("enable");
    request("wifi1", [move]);
    await clock.advance(1000);
    request("wifi1", [{ name: "home-ap-50", ap: { channel: channel("5G", 36, 80) } }]);
    await clock.advance(0);
    assert.equal(dfs(observer, 5260), "cac_possible");
    request("wifi1", [move]);
    await clock.advance(1000);
    driver.radar("wifi1", 5260);
    await clock.advance(120_000);
    assert.deepEqual([dfs(observer, 5260), dfs(observer, 5280)], ["nol", "cac_possible"]);
    assert.equal(observer.ap("home-ap-50").channel?.control, 5180);
  });

  it("with pre-CAC has checked every channel before it is wanted, and then moves at once", async () => {
    const { clock, observer, request } = await home50("precac");
    await clock.advance(30_000);
    assert.equal(dfs(observer, 5260), "cac_possible", "nothing shows while it runs: nobody has to wait for it");
    await clock.advance(20 * 60_000);
    assert.ok(!observer.phys.get("wifi1")?.channelStates.some((state) => state.dfs === "cac_possible"));
    request("wifi1", [move]);
    await clock.advance(0);
    assert.equal(observer.ap("home-ap-50").channel?.control, 5260);
    assert.equal(observer.status("home-ap-50"), "enabled");
  });

  it("narrows and widens without a new check of what it was on", async () => {
    const { clock, observer, request } = await home50("disable");
    request("wifi1", [move]);
    await clock.advance(61_000);
    request("wifi1", [{ name: "home-ap-50", ap: { channel: channel("5G", 52, 40) } }]);
    await clock.advance(0);
    assert.equal(observer.status("home-ap-50"), "enabled");
    assert.deepEqual([dfs(observer, 5280), dfs(observer, 5300)], ["cac_completed", "cac_possible"]);
  });
});

describe("another country", () => {
  const domain = (country: string) => {
    const known = knownRegulation(country);
    assert.ok(known);
    return known.domain;
  };

  it("has other channels and other rules for radars", async () => {
    const { clock, observer, request } = bench();
    request("wifi0", [homeNetwork], { regDomain: { ...domain("DE"), revision: 3 } });
    await clock.advance(0);
    assert.deepEqual(observer.phys.get("wifi0")?.regDomain, { ...domain("DE"), revision: 3 });
    assert.equal(observer.phys.get("wifi0")?.channelStates.at(-1)?.control, 2472);
    assert.equal(observer.phys.get("wifi1")?.regDomain?.country, "US", "each radio is told by itself");
  });

  it("drives the radio off a channel that is none there", async () => {
    const { clock, observer, request } = bench();
    const on = { ...homeNetwork, name: "home-ap-50", ap: { ...homeNetwork.ap, channel: channel("5G", 149, 80) } };
    request("wifi1", [on]);
    await clock.advance(0);
    assert.equal(observer.ap("home-ap-50").channel?.control, 5745);
    request("wifi1", [], { regDomain: domain("DE") });
    await clock.advance(0);
    assert.equal(observer.ap("home-ap-50").channel?.control, 5180);
    assert.equal(observer.status("home-ap-50"), "enabled");
  });

  it("that is not known changes nothing", async () => {
    const { clock, observer, request } = bench();
    request("wifi0", [], { regDomain: { country: "XX", isoNumber: 0, revision: 0, dfs: "undefined" } });
    await clock.advance(0);
    assert.equal(observer.phys.get("wifi0")?.regDomain?.country, "US");
  });
});
