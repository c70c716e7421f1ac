import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AclPolicy } from "@opensync-ts/target/radio";
import { apVif, macNumber, phyState } from "../testing/fixtures.ts";
import { type Rig, startRig } from "../testing/rig.ts";

const [kid, tv, guest] = [macNumber(1), macNumber(2), macNumber(3)];
const vif = "home-ap-24";

async function start(aclPolicy: AclPolicy, acl: readonly (typeof kid)[]): Promise<Rig> {
  return await startRig({ phys: [phyState("wifi0")], vifs: [apVif("wifi0", vif, { aclPolicy, acl })] });
}

function aclOf({ wireless }: Rig): string {
  const state = wireless.state.vifs.get(vif);
  assert.ok(state?.type === "ap");
  // An empty deny list and no list are the same to a driver.
  if (state.ap.aclPolicy === "deny" && state.ap.acl.length === 0) return "none";
  return [state.ap.aclPolicy, ...state.ap.acl.map((mac) => mac.slice(-2))].join(" ");
}

describe("stations that an access point refuses for now", () => {
  for (const [policy, acl, blocked] of [
    ["none", [], "deny 01"],
    ["none", [tv], "deny 01"],
    ["deny", [], "deny 01"],
    ["deny", [tv], "deny 01 02"],
    ["deny", [kid], "deny 01"],
    ["allow", [kid, tv], "allow 02"],
    ["allow", [tv], "allow 02"],
  ] as const) {
    const before =
      policy === "deny" && acl.length === 0 ? "none" : [policy, ...acl.map((mac) => mac.slice(-2))].join(" ");
    it(`make of ${before}: ${blocked}, and leave it as it was`, async () => {
      for (const configured of [true, false]) {
        const rig = await start(policy, acl);
        if (configured) rig.wireless.overrides.setVif("wifi0", vif, { ap: { aclPolicy: policy, acl } });
        rig.wireless.blocks.setBlocked(vif, kid, true);
        await rig.settle();
        assert.equal(aclOf(rig), blocked);
        rig.wireless.blocks.setBlocked(vif, kid, false);
        await rig.settle();
        assert.equal(aclOf(rig), before);
        assert.equal(rig.wireless.confsync.settled, true);
      }
    });
  }

  for (const [policy, acl, shown] of [
    ["none", [], { aclPolicy: "deny", acl: [kid] }],
    ["deny", [tv], { aclPolicy: "deny", acl: [tv, kid] }],
    ["allow", [kid, tv], { aclPolicy: "allow", acl: [tv] }],
  ] as const) {
    it(`are let in again where they show up late in a list that nobody has configured: ${policy}`, async () => {
      const rig = await start(policy, acl);
      const before = aclOf(rig);
      rig.wireless.blocks.setBlocked(vif, kid, true);
      await rig.settle();
      rig.wireless.blocks.setBlocked(vif, kid, false);
      await rig.settle();
      rig.driver.setVif(apVif("wifi0", vif, shown));
      await rig.settle();
      assert.equal(aclOf(rig), before);
    });
  }

  it("are not let in where the configuration refuses them", async () => {
    const rig = await start("none", []);
    rig.wireless.blocks.setBlocked(vif, kid, true);
    await rig.settle();
    rig.wireless.blocks.setBlocked(vif, kid, false);
    rig.wireless.overrides.setVif("wifi0", vif, { ap: { aclPolicy: "deny", acl: [kid] } });
    await rig.settle();
    assert.equal(aclOf(rig), "deny 01");
    assert.equal(rig.wireless.blocks.refusedAnyway(vif, kid), true);
  });

  it("join what is configured meanwhile", async () => {
    const rig = await start("none", []);
    rig.wireless.blocks.setBlocked(vif, kid, true);
    await rig.settle();
    rig.wireless.overrides.setVif("wifi0", vif, { ap: { aclPolicy: "deny", acl: [guest] } });
    await rig.settle();
    assert.equal(aclOf(rig), "deny 01 03");
    rig.wireless.blocks.setBlocked(vif, kid, false);
    await rig.settle();
    assert.equal(aclOf(rig), "deny 03");
  });
});
