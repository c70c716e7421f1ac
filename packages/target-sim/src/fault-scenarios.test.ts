import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { faultScenarios, type ScenarioOrder, startScenario } from "./fault-scenarios.ts";
import { SimFan } from "./sim-platform.ts";
import { bench, channel, homeNetwork, phone } from "./testing/observer.ts";

async function running(order?: ScenarioOrder) {
  const all = bench();
  all.request("wifi0", [homeNetwork]);
  await all.clock.advance(1000);
  const start = (more: ScenarioOrder) => startScenario({ radio: all.driver, faults: all.faults }, more);
  const id = order ? start(order) : null;
  await all.clock.advance(0);
  const ask = async (ms = 1000) => {
    all.observer.log.length = 0;
    all.driver.requestVifState("wifi0", "home-ap-24");
    all.driver.requestPhyState("wifi0");
    await all.clock.advance(ms);
  };
  return { ...all, id, ask, start };
}

type Device = Awaited<ReturnType<typeof running>>;

/** What the driver says of a scan within `ms`. */
async function scanned({ clock, driver, observer }: Device, ms = 1_000): Promise<readonly string[]> {
  observer.log.length = 0;
  driver.requestScan("wifi0", "home-ap-24", { channels: [2412], dwell: 100, passive: true });
  await clock.advance(ms);
  return [...observer.log];
}

/** What somebody who watches the driver sees of each scenario. */
const shows: Readonly<Record<string, (device: Device) => Promise<void>>> = {
  "state-not-reported": async ({ ask, observer }) => {
    await ask();
    assert.deepEqual(observer.log, []);
  },
  "lost-reports": async ({ ask, observer }) => {
    let answers = 0;
    for (let i = 0; i < 40; i++) {
      await ask();
      answers += observer.log.length;
    }
    assert.ok(answers > 40 && answers < 70, String(answers));
  },
  "lost-changes": async ({ clock, observer, request }) => {
    let told = 0;
    for (let i = 0; i < 40; i++) {
      observer.log.length = 0;
      request("wifi0", [{ name: "home-ap-24", ap: { isolated: i % 2 === 0 } }]);
      await clock.advance(10);
      told += observer.log.filter((line) => line.startsWith("vifChanged")).length;
    }
    assert.ok(told > 20 && told < 36, String(told));
  },
  "wrong-value": async ({ observer, world }) => {
    assert.equal(observer.ap("home-ap-24").ssid, "nonsense");
    assert.equal(world.snapshot().bsses[0]?.ssid, "home");
  },
  "memory-not-filled": async ({ observer }) => {
    const { ssid, psks, channel: none, mode } = observer.ap("home-ap-24");
    assert.deepEqual([ssid, psks, none, mode.he], ["", [], null, false]);
    assert.equal(observer.status("home-ap-24"), "unknown");
    assert.deepEqual(observer.phys.get("wifi0")?.channelStates, []);
  },
  "request-ignored": async ({ clock, observer, request }) => {
    request("wifi0", [{ name: "home-ap-24", ap: { ssid: "other" } }]);
    await clock.advance(1000);
    assert.equal(observer.ap("home-ap-24").ssid, "home");
  },
  "attribute-ignored": async ({ clock, observer, request }) => {
    request("wifi0", [{ name: "home-ap-24", ap: { ssid: "other", isolated: true } }]);
    await clock.advance(1000);
    assert.deepEqual([observer.ap("home-ap-24").ssid, observer.ap("home-ap-24").isolated], ["other", false]);
  },
  "vif-never-up": async ({ observer, world }) => {
    assert.equal(observer.status("home-ap-24"), "disabled");
    assert.equal(world.snapshot().bsses.length, 0);
  },
  "malformed-report": async ({ observer }) => {
    const { beaconInterval, channel: impossible } = observer.ap("home-ap-24");
    assert.deepEqual([beaconInterval, impossible?.control], [-1, 1]);
    assert.equal(observer.phys.get("wifi0")?.txChainmask, -1);
  },
  "comparison-broken": async ({ clock, observer, request }) => {
    const acl = [mac("02:00:00:00:00:aa"), mac("02:00:00:00:00:bb")];
    request("wifi0", [{ name: "home-ap-24", ap: { acl } }]);
    await clock.advance(1000);
    assert.deepEqual(observer.ap("home-ap-24").acl, ["02:00:00:00:00:BB", "02:00:00:00:00:AA"]);
  },
  "vif-broken": async ({ observer }) => assert.equal(observer.status("home-ap-24"), "broken"),
  "acl-limit": async ({ clock, observer, request }) => {
    const acl = Array.from({ length: 85 }, (_, i) => mac(`02:00:00:00:00:${(i + 16).toString(16)}`));
    request("wifi0", [{ name: "home-ap-24", ap: { acl } }]);
    await clock.advance(1000);
    assert.equal(observer.ap("home-ap-24").acl.length, 64);
    assert.equal(observer.phys.get("wifi0")?.capabilities.aclLimit, undefined);
  },
  "late-reports": async ({ ask, clock, observer, request }) => {
    await ask(0);
    request("wifi0", [{ name: "home-ap-24", ap: { ssid: "other" } }]);
    await clock.advance(19_999);
    assert.deepEqual(observer.log, ["vifChanged home-ap-24"]);
    await clock.advance(1);
    assert.ok(observer.log.includes("vifState home-ap-24"));
    assert.equal(observer.ap("home-ap-24").ssid, "home", "what was true when it was asked");
  },
  "duplicated-reports": async ({ ask, observer }) => {
    await ask();
    assert.deepEqual(observer.log.toSorted(), [
      "phyState wifi0",
      "phyState wifi0",
      "vifState home-ap-24",
      "vifState home-ap-24",
    ]);
  },
  "reordered-reports": async ({ ask, observer }) => {
    const orders = new Set<string>();
    for (let i = 0; i < 20; i++) {
      await ask(10_000);
      orders.add(observer.log.join());
    }
    assert.equal(orders.size, 2);
  },
  "slow-driver": async ({ clock, observer, request }) => {
    request("wifi0", [{ name: "home-ap-24", ap: { ssid: "other" } }]);
    await clock.advance(24_999);
    assert.equal(observer.ap("home-ap-24").ssid, "home");
    await clock.advance(1);
    assert.equal(observer.ap("home-ap-24").ssid, "other");
  },
  "endless-cac": async ({ clock, faults, observer, request }) => {
    const dfs = { ...homeNetwork.ap, channel: channel("5G", 52, 80) };
    request("wifi1", [{ ...homeNetwork, name: "home-ap-50", ap: dfs }]);
    await clock.advance(600_000);
    assert.equal(observer.status("home-ap-50"), "disabled");
    faults.clear();
    await clock.advance(0);
    assert.equal(observer.status("home-ap-50"), "enabled");
  },
  "scan-lost": async (device) => {
    assert.deepEqual(await scanned(device), []);
    device.faults.clear();
    assert.equal((await scanned(device)).at(-1), "scanCompleted home-ap-24 done");
  },
  "scan-failed": async (device) => assert.deepEqual(await scanned(device), ["scanCompleted home-ap-24 failed"]),
  "scan-late": async (device) => {
    assert.deepEqual(await scanned(device, 3_099), []);
    await device.clock.advance(1);
    assert.deepEqual(device.observer.log, [
      "scanResults home-ap-24",
      "statistics wifi0 pushed",
      "scanCompleted home-ap-24 done",
    ]);
  },
  "counter-wrap": async ({ clock, observer, driver, world }) => {
    const busy = { down: 400, up: 0, burst: 1, silence: 0 };
    world.addClient({ ...phone, place: { x: 1, y: 0 }, generation: "be", streams: 4, traffic: busy });
    const counted: number[] = [];
    observer.onStatistics = ({ stations }) => counted.push(...stations.map(({ txBytes }) => txBytes));
    for (let i = 0; i < 20; i++) {
      driver.requestStatistics({ phy: "wifi0", stations: true, survey: false });
      await clock.advance(20_000);
    }
    assert.ok(counted.every((value) => value < 2 ** 32));
    assert.ok(
      counted.some((value, index) => value < (counted[index - 1] ?? 0)),
      counted.join(),
    );
  },
  overheat: async ({ clock, driver, faults }) => {
    const settled = async () => {
      driver.temperature("wifi1");
      await clock.advance(3_600_000);
      return driver.temperature("wifi1") ?? 0;
    };
    const hot = await settled();
    faults.clear();
    const normal = await settled();
    assert.ok(Math.abs(hot - 40 - normal) < 1, `${hot} ${normal}`);
  },
  "fan-stuck": async ({ clock, faults }) => {
    const fan = new SimFan(clock, faults);
    fan.setRpm(3_000);
    await clock.advance(60_000);
    assert.equal(Math.round(fan.rpm()), 0);
    faults.clear();
    await clock.advance(60_000);
    assert.equal(Math.round(fan.rpm()), 3_000);
  },
  "counter-reset": async ({ clock, observer, driver, world, start }) => {
    world.addClient({ ...phone, traffic: "video" });
    await clock.advance(20_000);
    const counted: (readonly (number | undefined)[])[] = [];
    observer.onStatistics = ({ stations, survey }) =>
      counted.push([stations[0]?.txBytes, stations[0]?.since, survey[0]?.active, survey[0]?.since]);
    const ask = async () => {
      driver.requestStatistics({ phy: "wifi0", stations: true, survey: true });
      await clock.advance(0);
    };
    await ask();
    start({ scenario: "counter-reset", phy: "wifi0" });
    await ask();
    const [[bytes = 0, since, active = 0, sinceChannel] = [], after] = counted;
    assert.ok(bytes > 0 && active > 0);
    assert.deepEqual(after, [0, since, 0, sinceChannel]);
  },
  "driver-restart": async ({ clock, observer, world }) => {
    assert.deepEqual([...observer.phys.values()], [null, null, null]);
    assert.equal(observer.status("home-ap-24"), "absent");
    assert.equal(world.snapshot().bsses.length, 0);
    await clock.advance(2000);
    assert.equal(observer.status("home-ap-24"), "disabled");
    assert.equal(observer.ap("home-ap-24").ssid, "");
  },
  radar: async ({ observer }) => {
    const states = observer.phys.get("wifi1")?.channelStates ?? [];
    assert.deepEqual(
      states.filter(({ dfs }) => dfs === "nol").map(({ control }) => control),
      [5260],
    );
  },
};

describe("a fault scenario", () => {
  for (const { name, description } of faultScenarios) {
    it(`${name}: ${description}`, async () => {
      const device = await running({ scenario: name });
      assert.ok(shows[name], "every scenario is shown");
      await shows[name](device);
      device.driver.close();
    });
  }

  it("leaves nothing behind when it is cleared", async () => {
    for (const { name, faults } of faultScenarios) {
      if (!faults) continue;
      const device = await running({ scenario: name });
      device.faults.clear();
      device.driver.requestVifState("wifi0", "home-ap-24");
      await device.clock.advance(1000);
      assert.equal(device.observer.status("home-ap-24"), "enabled", name);
      assert.equal(device.observer.ap("home-ap-24").ssid, "home", name);
      assert.deepEqual(device.faults.active(), []);
    }
  });

  it("of lost changes ends with all that there is announced anew", async () => {
    const { clock, faults, observer, request, start } = await running();
    start({ scenario: "lost-changes", phy: "wifi0", values: { probability: "1" }, duration: 5000 });
    request("wifi0", [{ name: "home-ap-24", ap: { ssid: "other" } }]);
    await clock.advance(4999);
    assert.equal(observer.ap("home-ap-24").ssid, "home");
    observer.log.length = 0;
    await clock.advance(1);
    assert.equal(observer.log[0], "overrun");
    assert.equal(observer.log.filter((line) => line.startsWith("vifChanged")).length, observer.vifs.size);
    assert.equal(observer.ap("home-ap-24").ssid, "other");
    faults.clear();
  });

  it("can be limited to a radio, to a vif, and to a time", async () => {
    const { clock, faults, observer, start } = await running({ scenario: "vif-broken", vif: "home-ap-24" });
    const broken = () => [...observer.vifs.values()].filter((vif) => vif?.status === "broken").map((vif) => vif?.name);
    assert.deepEqual(broken(), ["home-ap-24"]);
    faults.clear();
    start({ scenario: "vif-broken", phy: "wifi0", duration: 5000 });
    await clock.advance(4999);
    assert.equal(broken().length, 4);
    await clock.advance(1);
    assert.deepEqual(broken(), []);
    assert.deepEqual(faults.active(), []);
  });

  it("a restart that keeps the settings brings back what was", async () => {
    const { clock, observer } = await running({ scenario: "driver-restart", values: { settings: "kept", down: "10" } });
    await clock.advance(9999);
    assert.equal(observer.status("home-ap-24"), "absent");
    await clock.advance(1);
    assert.equal(observer.status("home-ap-24"), "enabled");
    assert.equal(observer.ap("home-ap-24").ssid, "home");
  });

  it("that there is not, or that makes no sense, is refused in one line", async () => {
    const { start } = await running();
    const refused: readonly (readonly [ScenarioOrder, RegExp])[] = [
      [{ scenario: "gremlins" }, /there is no fault 'gremlins'; use one of state-not-reported, wrong-value/],
      [{ scenario: "vif-broken", phy: "wifi9" }, /there is no radio 'wifi9'; this device has wifi0, wifi1, wifi2/],
      [{ scenario: "vif-broken", phy: "wifi0", vif: "home-ap-50" }, /there is no vif 'home-ap-50' on wifi0; there are/],
      [{ scenario: "acl-limit", values: { size: "3" } }, /'acl-limit' has no parameter 'size'; it has entries/],
      [{ scenario: "acl-limit", values: { entries: "many" } }, /entries=many: it must be a number from 0 to 100000/],
      [{ scenario: "acl-limit", values: { entries: "1.5" } }, /entries=1.5: it must be a whole number/],
      [{ scenario: "lost-reports", values: { probability: "2" } }, /probability=2: it must be a number from 0 to 1/],
      [{ scenario: "malformed-report", values: { kind: "x" } }, /kind=x: it must be name or values/],
      [{ scenario: "attribute-ignored", values: { attribute: "colour" } }, /attribute=colour: there is none such/],
      [{ scenario: "wrong-value", values: { attribute: "acl" } }, /attribute=acl: it is not a single value/],
      [{ scenario: "wrong-value", values: { attribute: "mbo", value: "x" } }, /value=x: mbo is true or false/],
      [{ scenario: "radar", values: { channel: "53" } }, /channel=53: there is no such channel in the 5 GHz band/],
      [{ scenario: "overheat", vif: "home-ap-50" }, /'overheat' concerns a whole radio; leave the vif out/],
      [{ scenario: "overheat", values: { degrees: "900" } }, /degrees=900: it must be a number from 1 to 200/],
      [{ scenario: "fan-stuck", phy: "wifi0" }, /'fan-stuck' concerns the whole device; leave phy and vif out/],
      [{ scenario: "radar", duration: 5 }, /'radar' happens once; leave its duration out/],
      [{ scenario: "radar", vif: "home-ap-50" }, /'radar' concerns a whole radio; leave the vif out/],
    ];
    for (const [order, message] of refused) assert.throws(() => start(order), message);
  });
});
