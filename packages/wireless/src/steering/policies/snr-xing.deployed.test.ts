/** Levels of a signal as deployed devices have them, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Bss } from "../model.ts";
import { ap24, ap50, StationRig } from "../testing/station-rig.ts";
import { nextLevel, type SnrLevel } from "./snr-xing.ts";

describe("levels of a signal, 30 dB and 5 dB of hysteresis", () => {
  const walk = (thresholds: Parameters<typeof nextLevel>[2], ...steps: readonly (readonly (number | null)[])[]) => {
    let level: SnrLevel = "NONE";
    return steps.map((signals) => {
      level = nextLevel(level, signals, thresholds);
      return level;
    });
  };

  it("change at the threshold and above the hysteresis, all links agreeing (ow_steer_policy_snr_xing_ut_levels)", () => {
    const lwm = { below: 30, above: 35, direct: false };
    assert.deepEqual(walk(lwm, [29], [31], [36], [31], [29], [31], [36]), [
      ...["NONE", "NONE", "ABOVE", "ABOVE", "BELOW", "BELOW", "ABOVE"],
    ]);
    const bottom = { below: 10, above: 10, direct: true };
    assert.deepEqual(walk(bottom, [9], [10], [11], [9]), ["BELOW", "BELOW", "ABOVE", "BELOW"]);
    // Lost, it keeps its level; two links have to agree.
    assert.deepEqual(walk(lwm, [36], [null], [29, 36], [29, 29], []), ["ABOVE", "ABOVE", "ABOVE", "BELOW", "NONE"]);
    // Who speaks 802.11v is not thrown out at the bottom.
    const rig = new StationRig({ settings: { bottomLwm: 10 }, snapshot: { btm: true } });
    rig.connected(ap24, 40);
    rig.hear(5);
    assert.equal(rig.state.policies.bottomLwm.kick.phase, "idle");
    assert.equal(rig.state.policies.bottomLwm.level, "BELOW");
  });

  it("block where the client is, and nothing where there is no other place, or a more important policy lets it stay (ow_steer_policy_snr_xing_ut_candidates)", () => {
    const weak = (bsses: readonly Bss[], clientSteering?: StationRig["settings"]["clientSteering"]) => {
      const rig = new StationRig({
        bsses,
        settings: { lwm: 20, filterByBeaconReport: false, ...(clientSteering && { clientSteering }) },
      });
      rig.connected(ap50, 40);
      rig.hear(15);
      return rig.preferences();
    };
    assert.deepEqual(weak([ap24, ap50]), {
      "home-ap-24": "AVAILABLE snr_xing_lwm",
      "home-ap-50": "HARD_BLOCKED snr_xing_lwm",
    });
    assert.deepEqual(weak([ap50]), { "home-ap-50": "AVAILABLE default" });
    const home = { mode: "home", band: "5G", period: 60_000, round: 0 } as const;
    assert.equal(weak([ap24, ap50], home)["home-ap-50"], "AVAILABLE cs_allow_filter");
  });
});
