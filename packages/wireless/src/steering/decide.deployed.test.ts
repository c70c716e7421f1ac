/** The stack of policies as deployed devices have it, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { forceKick } from "./policies/force-kick.ts";
import { hwm } from "./policies/hwm.ts";
import { preAssoc } from "./policies/pre-assoc.ts";
import { vifDown } from "./policies/vif-down.ts";
import { policyNames } from "./policy-names.ts";
import { bottomLwm, lwm } from "./state.ts";
import { startSteering } from "./testing/start-steering.ts";
import { ap24, StationRig } from "./testing/station-rig.ts";

describe("the stack of policies", () => {
  it("policies are at rest to begin with: they ask for nothing, at no time (ow_steer_policy_ut_methods)", () => {
    const machines = [vifDown, forceKick, lwm, hwm, bottomLwm, preAssoc];
    const dues = machines.map((machine) => machine.due(machine.start as never));
    assert.deepEqual(
      dues,
      machines.map(() => null),
    );
    const rig = new StationRig();
    rig.decide();
    assert.deepEqual([rig.actions, rig.last?.transitions, rig.last?.due], [[], [], null]);
  });

  it("is in the order of deployed devices (ow_steer_policy_stack_ut_sorting_policies_1)", () => {
    assert.deepEqual(policyNames, [
      ...["bss_filter", "disarm", "chan_cap", "defer_vif_down_deny", "defer_vif_down_allow", "cs_kick_filter"],
      ...["cs_allow_filter", "force_kick", "cs_deny_filter", "snr_xing_lwm", "hwm_2g", "snr_xing_bottom_lwm"],
      ...["pre_assoc", "btm_response"],
    ]);
  });

  it("the earlier is the more important: it takes over, and the other waits (ow_steer_policy_stack_ut_sorting_policies_2)", () => {
    const rig = new StationRig({ settings: { hwm: 30, pref5g: "always" } });
    rig.connected(ap24, 40);
    assert.equal(rig.state.attempt?.policy, "hwm_2g");
    assert.equal(rig.preferences()["home-ap-24"], "HARD_BLOCKED hwm_2g");
    rig.set({ forceKick: "speculative" });
    assert.deepEqual([rig.outcomes[0]?.policy, rig.outcomes[0]?.result], ["hwm_2g", "aborted"]);
    assert.equal(rig.state.attempt?.policy, "force_kick");
    assert.equal(rig.preferences()["home-ap-24"], "HARD_BLOCKED force_kick");
    rig.advance(19_000);
    assert.equal(rig.preferences()["home-ap-24"], "SOFT_BLOCKED pre_assoc");
  });

  it("what comes together is decided on together, once (ow_steer_policy_stack_ut_lifecycle)", async () => {
    const { clock, driver, steering } = await startSteering({ pref5g: "always" });
    let decisions = 0;
    steering.events.on("decision", () => {
      decisions++;
    });
    for (let n = 0; n < 5; n++) driver.probe("home-ap-24");
    await clock.advance(10);
    assert.equal(decisions, 1);
    await clock.advance(1_000);
    assert.equal(decisions, 1);
  });
});
