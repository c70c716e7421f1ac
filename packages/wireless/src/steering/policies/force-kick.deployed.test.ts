/** A forced kick as deployed devices have it, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ap24, ap50, StationRig } from "../testing/station-rig.ts";

const on24 = (rig: StationRig) => rig.preferences()["home-ap-24"];

describe("a forced kick", () => {
  const kicked = () => {
    const rig = new StationRig();
    rig.connected(ap24);
    rig.set({ forceKick: "speculative" });
    return rig;
  };

  it("blocks where the client is until it has gone (ow_steer_policy_force_kick_successful_ut)", () => {
    const rig = kicked();
    assert.equal(on24(rig), "HARD_BLOCKED force_kick");
    rig.connect(ap50);
    assert.equal(on24(rig), "AVAILABLE default");
    assert.equal(rig.outcomes[0]?.result, "moved");
  });

  it("is over after 25 s, whatever the client does (ow_steer_policy_force_kick_timeout_ut)", () => {
    const rig = kicked();
    rig.advance(25_000);
    assert.equal(on24(rig), "AVAILABLE default");
    assert.deepEqual([rig.state.policies.forceKick.phase, rig.state.attempt, rig.state.blocked], ["idle", null, []]);
    assert.equal(rig.outcomes[0]?.result, "failed");
  });

  it("of who is not connected is over at once, and is not caught up on (ow_steer_policy_force_kick_disconnected_sta_ut)", () => {
    const rig = new StationRig();
    rig.set({ forceKick: "speculative" });
    assert.deepEqual([rig.state.policies.forceKick.phase, rig.actions], ["idle", []]);
    assert.equal(rig.last?.transitions.length, 1);
    rig.connect(ap24);
    assert.deepEqual(rig.actions, []);
  });
});
