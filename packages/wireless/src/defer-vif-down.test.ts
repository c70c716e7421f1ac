import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApAttributes, DfsState } from "@opensync-ts/target/radio";
import { apVif, channel, macNumber, phyState, station } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";

const grace = 10_000;
const here = channel("5G", 36, 80);

interface Deferred extends Rig {
  /** What the observer was told. */
  readonly told: string[];
  readonly remove: () => void;
  /** Wants the access point, its phy, its channel. */
  want(vif: boolean, phy?: boolean, over?: Partial<ApAttributes>): Promise<void>;
  status(vif?: string): string;
}

async function deferred(options: { stations?: number; dfs?: DfsState } = {}): Promise<Deferred> {
  const { stations = 1, dfs = "cac_possible" } = options;
  const base = phyState("wifi1", { band: "5G" });
  const channelStates = base.channelStates.map((one) => (one.dfs === "non_dfs" ? one : { ...one, dfs }));
  const rig = await startRig({
    phys: [{ ...base, channelStates }],
    vifs: ["home-ap", "other-ap"].map((name) => apVif("wifi1", name, { channel: here })),
    prepare: (driver) => {
      for (let n = 0; n < stations; n++) driver.setStation(station("wifi1", "home-ap", { mac: macNumber(n) }));
    },
  });
  const told: string[] = [];
  const { overrides, deferVifDown } = rig.wireless;
  const want = async (enabled: boolean, phy = true, over: Partial<ApAttributes> = {}) => {
    overrides.batch(() => {
      overrides.setPhy("wifi1", { enabled: phy, ap: { channel: here, ...over } });
      overrides.setVif("wifi1", "home-ap", { enabled });
    });
    await rig.settle();
  };
  await want(true);
  const remove = deferVifDown.addRule("home-ap", grace, {
    started: (vif) => told.push(`started ${vif}`),
    stopped: (vif) => told.push(`stopped ${vif}`),
  });
  await rig.settle();
  const status = (vif = "home-ap") => `${rig.driver.vif("wifi1", vif)?.status}`;
  return { ...rig, told, remove, want, status };
}

describe("an access point with stations that is to go down", () => {
  for (const [what, vif, phy] of [
    ["itself", false, true],
    ["with its phy", true, false],
    ["and its phy", false, false],
  ] as const) {
    it(`${what}, stays up for its grace (osw_defer_vif_down_test_1)`, async () => {
      const { want, status, told, clock, wireless } = await deferred();
      await want(vif, phy);
      await clock.advance(grace - 2_000);
      assert.equal(status(), "enabled");
      assert.deepEqual(told, ["started home-ap"]);
      assert.equal(wireless.confsync.settled, true);
      await clock.advance(2_000);
      assert.deepEqual(told, ["started home-ap", "stopped home-ap"]);
      assert.equal(phy ? status() : `${wireless.state.phys.get("wifi1")?.enabled}`, phy ? "disabled" : "false");
      await clock.advance(60_000);
      assert.deepEqual(told, ["started home-ap", "stopped home-ap"]);
      assert.equal(wireless.confsync.settled, true);
    });
  }

  it("goes down as soon as its last station has left (osw_defer_vif_down_test_2)", async () => {
    const { want, status, told, driver, settle } = await deferred({ stations: 2 });
    await want(false);
    driver.removeStation("wifi1", "home-ap", macNumber(0));
    await settle();
    assert.equal(status(), "enabled");
    driver.removeStation("wifi1", "home-ap", macNumber(1));
    await settle();
    assert.equal(status(), "disabled");
    assert.deepEqual(told, ["started home-ap", "stopped home-ap"]);
  });

  it("just stays up when it is wanted again, and is deferred anew the next time (osw_defer_vif_down_test_3)", async () => {
    const { want, status, told, clock } = await deferred();
    await want(false);
    await want(true);
    assert.deepEqual(told, ["started home-ap", "stopped home-ap"]);
    await clock.advance(2 * grace);
    assert.equal(status(), "enabled");
    await want(false);
    assert.equal(status(), "enabled");
    assert.equal(told.length, 3);
  });

  it("goes down when its rule is removed", async () => {
    const { want, status, told, remove, settle } = await deferred();
    await want(false);
    remove();
    await settle();
    assert.equal(status(), "disabled");
    assert.deepEqual(told, ["started home-ap", "stopped home-ap"]);
    remove();
  });

  it("holds no other access point up, but the phy", async () => {
    const { want, status, wireless, settle } = await deferred();
    wireless.overrides.setVif("wifi1", "other-ap", { enabled: false });
    await settle();
    assert.equal(status("other-ap"), "disabled");
    await want(true, false);
    assert.equal(wireless.state.phys.get("wifi1")?.enabled, true);
    assert.equal(status("other-ap"), "disabled");
  });

  it("ends with the access point", async () => {
    const { want, told, driver, settle } = await deferred();
    await want(false);
    driver.removeVif("wifi1", "home-ap");
    await settle();
    assert.deepEqual(told, ["started home-ap", "stopped home-ap"]);
  });
});

describe("an access point without stations", () => {
  it("goes down at once", async () => {
    const { want, status } = await deferred({ stations: 0 });
    await want(false);
    assert.equal(status(), "disabled");
  });
});

describe("an access point whose channel is to change", () => {
  const away = { channel: channel("5G", 100, 80) };
  const channels = (rig: Rig) =>
    ["home-ap", "other-ap"].map((name) => {
      const vif = rig.driver.vif("wifi1", name);
      return vif?.type === "ap" ? vif.ap.channel?.control : null;
    });

  it("to one that needs an availability check, stays with the others of its phy for its grace", async () => {
    const rig = await deferred();
    await rig.want(true, true, away);
    assert.deepEqual(channels(rig), [5180, 5180]);
    assert.deepEqual(rig.told, ["started home-ap"]);
    await rig.clock.advance(grace);
    assert.equal(channels(rig).includes(5500), true);
  });

  it("to one that can be announced, goes at once", async () => {
    const rig = await deferred({ dfs: "cac_completed" });
    await rig.want(true, true, away);
    assert.deepEqual(channels(rig), [5500, 5500]);
    assert.deepEqual(rig.told, []);
  });
});

describe("whoever defers", () => {
  it("may change the configuration when told", async () => {
    const rig = await startRig({
      phys: [phyState("wifi0")],
      vifs: [apVif("wifi0", "a"), apVif("wifi0", "b")],
      prepare: (driver) => driver.setStation(station("wifi0", "a")),
    });
    const { overrides, deferVifDown } = rig.wireless;
    overrides.setVif("wifi0", "a", { enabled: true });
    deferVifDown.addRule("a", grace, {
      started: () => overrides.setVif("wifi0", "b", { ap: { ssidHidden: true } }),
      stopped: () => overrides.setVif("wifi0", "b", { ap: { ssidHidden: false } }),
    });
    await rig.settle();
    const hidden = () => {
      const vif = rig.driver.vif("wifi0", "b");
      return vif?.type === "ap" && vif.ap.ssidHidden;
    };
    overrides.setVif("wifi0", "a", { enabled: false });
    await rig.settle();
    assert.equal(hidden(), true);
    rig.driver.removeStation("wifi0", "a", macNumber(1));
    await rig.settle();
    assert.equal(hidden(), false);
    assert.equal(rig.wireless.confsync.settled, true);
  });
});
