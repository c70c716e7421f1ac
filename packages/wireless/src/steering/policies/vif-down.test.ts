import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ap24, ap50, far50, StationRig } from "../testing/station-rig.ts";

const leaving = [{ ...ap24, leaving: true }, ap50, far50];

describe("defer_vif_down", () => {
  it("sends clients of an access point that goes down to others of this node, before it is down", () => {
    const rig = new StationRig({ bsses: leaving, settings: { kickUponIdle: true } });
    rig.connect(ap24);
    assert.deepEqual(rig.preferences(), {
      "home-ap-24": "HARD_BLOCKED defer_vif_down_deny",
      "home-ap-50": "AVAILABLE defer_vif_down_allow",
      [far50.bssid]: "HARD_BLOCKED defer_vif_down_deny",
    });
    rig.advance(9_999);
    const sent = rig.log.filter((line) => /btm|deauth/.test(line));
    assert.deepEqual(sent, ["0 btm 00:50", "3 btm 00:50 again", "6 btm 00:50 again", "9 deauth home-ap-24"]);
  });

  it("deauthenticates at once who cannot be asked", () => {
    const rig = new StationRig({ bsses: leaving, snapshot: { btm: false } });
    rig.connected(ap24);
    assert.deepEqual(rig.log.slice(-1), ["0 deauth home-ap-24"]);
  });

  it("throws nobody out where nothing stays up", () => {
    const rig = new StationRig({ bsses: [{ ...ap24, leaving: true }, far50] });
    rig.connected(ap24);
    rig.advance(10_000);
    assert.equal(
      rig.actions.some(({ type }) => type !== "block"),
      false,
    );
  });

  it("comes before the policy that was about to move the client", () => {
    const rig = new StationRig({ settings: { hwm: 30 } });
    rig.connected(ap24, 40);
    rig.advance(1_000);
    rig.change({ bsses: [{ ...ap24, leaving: true }, ap50] });
    assert.deepEqual(
      rig.outcomes.map(({ policy, result }) => `${policy} ${result}`),
      ["hwm_2g aborted"],
    );
    assert.equal(rig.state.attempt?.policy, "defer_vif_down_deny");
  });
});
