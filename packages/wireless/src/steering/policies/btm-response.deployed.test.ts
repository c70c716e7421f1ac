/** What a client answers, as deployed devices have it, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Bss } from "../model.ts";
import { ap24, ap50, far24, far50, StationRig } from "../testing/station-rig.ts";

describe("what a client answers", () => {
  const answered = (...named: readonly Bss[]) => {
    const rig = new StationRig({ bsses: [ap24, ap50, far24, far50] });
    rig.connected(ap24);
    rig.set({
      forceKick: "speculative",
      client: { ...rig.settings.client, ladder: { btm: true, beaconRequest: false, deauth: false } },
    });
    rig.answer(6, null, named);
    return rig.preferences();
  };

  it("with candidates of its own takes all others out of play (ow_steer_policy_btm_response_ut_with_preferences)", () => {
    const preferences = answered(ap50);
    assert.equal(preferences["home-ap-50"], "AVAILABLE default");
    for (const { bssid } of [far24, far50]) assert.equal(preferences[bssid], "OUT_OF_SCOPE btm_response");
  });

  it("without candidates of its own takes none out of play (ow_steer_policy_btm_response_ut_without_preferences)", () => {
    assert.ok(Object.values(answered()).every((preference) => !preference.includes("btm_response")));
  });
});
