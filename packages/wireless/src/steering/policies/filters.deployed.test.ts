/** A filter of access points as deployed devices have it, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ap24, ap50, far50, StationRig } from "../testing/station-rig.ts";

describe("a filter of access points", () => {
  it("decides on those listed and on the others, where nobody has yet, and lets go when it ends (ow_steer_policy_bss_filter_ut_typical_case)", () => {
    const rig = new StationRig({ bsses: [ap24, ap50, far50], snapshot: { members: [ap24.bssid, ap50.bssid] } });
    rig.decide();
    const outside = { [far50.bssid]: "OUT_OF_SCOPE bss_filter" };
    const nobody = { "home-ap-24": "AVAILABLE default", "home-ap-50": "AVAILABLE default", ...outside };
    assert.deepEqual(rig.preferences(), nobody);
    const home = { mode: "home", band: "5G", period: 60_000, round: 0 } as const;
    rig.set({ clientSteering: home });
    const steered = {
      "home-ap-24": "SOFT_BLOCKED cs_deny_filter",
      "home-ap-50": "AVAILABLE cs_allow_filter",
      ...outside,
    };
    assert.deepEqual(rig.preferences(), steered);
    const before = JSON.stringify(rig.state);
    rig.set({ clientSteering: { ...home } });
    assert.equal(JSON.stringify(rig.state), before);
    rig.set({ clientSteering: { ...home, mode: "off" } });
    assert.deepEqual(rig.preferences(), nobody);
  });
});
