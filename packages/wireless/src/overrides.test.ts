import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import type { ConfigTree } from "./config-tree.ts";
import { buildConfig, type Mutator, orderMutators } from "./mutators.ts";
import { OverrideStore } from "./overrides.ts";
import { ap, apVif, channel, macNumber, phyState, staVif, wpa2 } from "./testing/fixtures.ts";

function rig(phys: readonly PhyState[], vifs: readonly VifState[]) {
  let changes = 0;
  const overrides = new OverrideStore(() => changes++);
  const state = {
    phys: new Map(phys.map((phy) => [phy.name, phy])),
    vifs: new Map(vifs.map((vif) => [vif.name, vif])),
  };
  return { overrides, build: () => buildConfig(state, [overrides]), changes: () => changes };
}

const home = () => rig([phyState("wifi0")], [apVif("wifi0", "home-ap-24"), staVif("wifi0", "bhaul-sta-24")]);

function vifOf(tree: ConfigTree, name = "home-ap-24") {
  const vif = tree.get("wifi0")?.vifs.get(name);
  assert.ok(vif);
  return vif;
}

function apOf(tree: ConfigTree) {
  const vif = vifOf(tree);
  assert.ok(vif.type === "ap");
  return vif.ap;
}

/** The access point as its driver reports it. */
const reported = { ...ap, mld: null };

describe("opinions", () => {
  it("without any, the intent is what is", () => {
    const { build } = home();
    const { tree } = build();
    assert.equal(tree.get("wifi0")?.enabled, true);
    assert.deepEqual(apOf(tree), reported);
  });

  it("a vif is intended to be up only if it is known to be", () => {
    for (const status of ["unknown", "disabled", "broken"] as const) {
      const { build } = rig([phyState("wifi0")], [apVif("wifi0", "home-ap-24", {}, { status })]);
      assert.equal(vifOf(build().tree).enabled, false);
    }
  });

  it("an AP_VLAN vif is intended to be up, unless somebody is against it", () => {
    const { ap: _ap, ...common } = apVif("wifi0", "home.sta1", {}, { status: "disabled" }) as Extract<
      VifState,
      { type: "ap" }
    >;
    const { overrides, build } = rig([phyState("wifi0")], [{ ...common, type: "ap_vlan", stations: [] }]);
    assert.equal(vifOf(build().tree, "home.sta1").enabled, true);
    overrides.setVif("wifi0", "home.sta1", { enabled: false });
    assert.equal(vifOf(build().tree, "home.sta1").enabled, false);
  });

  it("replace what they speak of and inherit the rest", () => {
    const { overrides, build } = home();
    overrides.setPhy("wifi0", { txChainmask: 1 });
    overrides.setVif("wifi0", "home-ap-24", { enabled: false, ap: { ssid: "mine" } });
    const { tree } = build();
    assert.equal(tree.get("wifi0")?.txChainmask, 1);
    assert.equal(tree.get("wifi0")?.enabled, true);
    assert.equal(vifOf(tree).enabled, false);
    assert.deepEqual(apOf(tree), { ...reported, ssid: "mine" });
  });

  it("on a phy go to each AP, power to each STA vif too; a vif's own win, member by member", () => {
    const { overrides, build } = home();
    overrides.setPhy("wifi0", { txPower: 7, ap: { ssid: "phy", bridge: "br-phy", mode: { he: false, vht: true } } });
    overrides.setVif("wifi0", "home-ap-24", { ap: { ssid: "vif", mode: { he: true }, wpa: { groupRekey: 60 } } });
    const { tree } = build();
    assert.equal(vifOf(tree).txPower, 7);
    assert.equal(vifOf(tree, "bhaul-sta-24").txPower, 7);
    assert.deepEqual(apOf(tree), {
      ...reported,
      ssid: "vif",
      bridge: "br-phy",
      mode: { ...ap.mode, he: true, vht: true },
      wpa: { ...wpa2, groupRekey: 60 },
    });
  });

  it("an ACL given is the whole ACL, in an order of its own", () => {
    const { overrides, build } = home();
    overrides.setVif("wifi0", "home-ap-24", { ap: { acl: [macNumber(2), macNumber(1), macNumber(2)] } });
    assert.deepEqual(apOf(build().tree).acl, [macNumber(1), macNumber(2)]);
    overrides.setVif("wifi0", "home-ap-24", { ap: { acl: [] } });
    assert.deepEqual(apOf(build().tree).acl, []);
  });

  it("no channel is no opinion", () => {
    const { overrides, build } = home();
    overrides.setVif("wifi0", "home-ap-24", { ap: { channel: null } });
    assert.deepEqual(apOf(build().tree).channel, channel("2.4G", 1));
  });

  it("an AP somebody configures has a beacon interval of 100 where its driver reports none", () => {
    const { overrides, build } = rig([phyState("wifi0")], [apVif("wifi0", "home-ap-24", { beaconInterval: 0 })]);
    assert.equal(apOf(build().tree).beaconInterval, 0);
    overrides.setVif("wifi0", "home-ap-24", { ap: { ssid: "x" } });
    assert.equal(apOf(build().tree).beaconInterval, 100);
  });

  it("on a vif of another phy, or of another kind, are not applied; the latter is said", () => {
    const { overrides, build } = home();
    overrides.setVif("wifi1", "home-ap-24", { ap: { ssid: "other" } });
    overrides.setVif("wifi0", "bhaul-sta-24", { ap: { ssid: "other" } });
    const { tree, limitations } = build();
    assert.equal(apOf(tree).ssid, "home");
    assert.deepEqual(limitations, [
      { phy: "wifi0", vif: "bhaul-sta-24", attribute: "vif_type", asked: "ap", holds: "sta", notEnforced: [] },
    ]);
  });

  it("dropped, leave what is", () => {
    const { overrides, build } = home();
    overrides.setPhy("wifi0", { enabled: false });
    overrides.setVif("wifi0", "home-ap-24", { ap: { ssid: "mine" } });
    overrides.setPhy("wifi0", null);
    overrides.setVif("wifi0", "home-ap-24", null);
    assert.equal(build().tree.get("wifi0")?.enabled, true);
    assert.deepEqual(apOf(build().tree), reported);
  });
});

describe("a change of opinion", () => {
  it("is one only if something is different", () => {
    const { overrides, changes } = home();
    overrides.setVif("wifi0", "home-ap-24", { ap: { acl: [macNumber(1), macNumber(2)] } });
    assert.equal(changes(), 1);
    overrides.setVif("wifi0", "home-ap-24", { ap: { acl: [macNumber(2), macNumber(1)] } });
    overrides.setVif("wifi0", "guest-ap-24", null);
    assert.equal(changes(), 1);
    overrides.setVif("wifi0", "home-ap-24", { ap: { acl: [] } });
    assert.equal(changes(), 2);
  });

  it("is one for a batch, also for one that throws", () => {
    const { overrides, changes } = home();
    overrides.batch(() => {
      overrides.setPhy("wifi0", { enabled: true });
      overrides.batch(() => overrides.setPhy("wifi1", { enabled: true }));
      assert.equal(changes(), 0);
    });
    assert.equal(changes(), 1);
    assert.throws(() =>
      overrides.batch(() => {
        overrides.setPhy("wifi0", { enabled: false });
        throw new Error("bad row");
      }),
    );
    assert.equal(changes(), 2);
    overrides.batch(() => {});
    assert.equal(changes(), 2);
  });
});

describe("the order of mutators", () => {
  const mutator = (name: string): Mutator => ({ name, mutate: () => {} });
  it("puts the named first, in the order named, and keeps the rest", () => {
    const chain = ["wps", "steer", "ow_conf", "wps", "defer"].map(mutator);
    const ordered = orderMutators(chain, ["ow_conf", "unknown", "wps"]);
    assert.deepEqual(
      ordered.map(({ name }) => name),
      ["ow_conf", "wps", "wps", "steer", "defer"],
    );
  });
});
