/** What a client is refused before it associates, as deployed devices have it, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Bss } from "../model.ts";
import type { ClientSettings } from "../settings.ts";
import { ap24, ap50, StationRig } from "../testing/station-rig.ts";

const counter: Partial<ClientSettings> = {
  ...{ pref5g: "always", maxRejects: 3, rejectsTimeout: 120_000, blockTimeout: 0 },
  ...{ backoff: 60_000, backoffBase: 3 },
};
const timer = { ...counter, maxRejects: 0, rejectsTimeout: 0, blockTimeout: 4_000 };

function rigWith(settings: ConstructorParameters<typeof StationRig>[0] = { settings: counter }): StationRig {
  const rig = new StationRig(settings);
  rig.decide();
  return rig;
}

const phaseOf = (rig: StationRig) => rig.state.policies.preAssoc.phase;
const on24 = (rig: StationRig) => rig.preferences()["home-ap-24"];
const blocked = "SOFT_BLOCKED pre_assoc";
const letIn = "AVAILABLE pre_assoc";

function probes(rig: StationRig, count: number, snr = 40): void {
  for (let n = 0; n < count; n++) {
    rig.probe(ap24, snr);
    rig.advance(1_000);
  }
}

describe("before association, by number of rejections", () => {
  it("two probes are refused, and the client connects to 5 GHz (ow_steer_policy_pre_assoc_ut_always_success_steer)", () => {
    const rig = rigWith();
    assert.equal(on24(rig), blocked);
    probes(rig, 2);
    assert.deepEqual([phaseOf(rig), on24(rig)], ["rejecting", blocked]);
    rig.connect(ap50);
    assert.deepEqual([phaseOf(rig), on24(rig), rig.state.policies.preAssoc.rejects], ["blocking", blocked, 0]);
    rig.advance(200_000);
    assert.equal(phaseOf(rig), "blocking");
  });

  for (const [name, bss] of [
    ["blocked_vif", ap24],
    ["preferred_vif", ap50],
  ] as const) {
    const title = {
      blocked_vif:
        "after the third probe 2.4 GHz lets it in, and refuses again when it has connected there (ow_steer_policy_pre_assoc_ut_always_backoff_connect_blocked_vif)",
      preferred_vif:
        "after the third probe 2.4 GHz lets it in, and refuses again when it has connected to 5 GHz (ow_steer_policy_pre_assoc_ut_always_backoff_connect_preferred_vif)",
    }[name];
    it(title, () => {
      const rig = rigWith();
      probes(rig, 2);
      assert.equal(on24(rig), blocked);
      rig.probe(ap24);
      assert.deepEqual([phaseOf(rig), on24(rig)], ["backoff", letIn]);
      rig.connect(bss);
      assert.deepEqual([phaseOf(rig), on24(rig)], ["blocking", blocked]);
      assert.ok(rig.log.some((line) => line.endsWith("backoff over")));
    });
  }

  it("a minute after it was let in for nothing it is refused again, and the next probe begins anew (ow_steer_policy_pre_assoc_ut_always_backoff_no_connect)", () => {
    const rig = rigWith();
    probes(rig, 3);
    rig.advance(58_999);
    assert.equal(on24(rig), letIn);
    rig.advance(1);
    assert.equal(on24(rig), blocked);
    rig.probe(ap24);
    assert.deepEqual([phaseOf(rig), rig.state.policies.preAssoc.rejects], ["rejecting", 1]);
  });

  it("with a threshold of 35 dB, probes of 40 and 38 dB are refused, and it connects to 5 GHz (ow_steer_policy_pre_assoc_ut_threshold_snr_success_steer)", () => {
    const rig = rigWith({ settings: { ...counter, pref5g: "hwm", hwm: 35 } });
    probes(rig, 1, 40);
    probes(rig, 1, 38);
    assert.deepEqual([phaseOf(rig), on24(rig)], ["rejecting", blocked]);
    rig.connect(ap50);
    assert.deepEqual([phaseOf(rig), on24(rig)], ["blocking", blocked]);
  });

  it("with a threshold of 35 dB, a probe of 32 dB lets it in (ow_steer_policy_pre_assoc_ut_threshold_snr_enter_backoff)", () => {
    const rig = rigWith({ settings: { ...counter, pref5g: "hwm", hwm: 35 } });
    probes(rig, 1, 40);
    assert.equal(phaseOf(rig), "rejecting");
    rig.probe(ap24, 32);
    assert.deepEqual([phaseOf(rig), on24(rig)], ["backoff", letIn]);
  });

  it("probes do not count while it is connected, and do when it has gone (ow_steer_policy_pre_assoc_ut_dormant_when_connected_to_desired_band)", () => {
    const rig = rigWith();
    rig.connect(ap50);
    probes(rig, 5);
    assert.deepEqual([phaseOf(rig), rig.state.policies.preAssoc.rejects], ["blocking", 0]);
    rig.disconnect();
    probes(rig, 1);
    assert.deepEqual([phaseOf(rig), rig.state.policies.preAssoc.rejects], ["rejecting", 1]);
  });

  it("its own access points come, change their channel, and go (ow_steer_policy_pre_assoc_ut_add_remove_local_bssids)", () => {
    const rig = rigWith();
    const have = (...bsses: readonly Bss[]) => rig.change({ bsses, members: bsses.map(({ bssid }) => bssid) });
    assert.deepEqual(Object.values(rig.preferences()), [blocked, letIn]);
    have(ap24);
    assert.deepEqual(rig.preferences(), { "home-ap-24": letIn });
    have({ ...ap24, channel: 6, control: 2437 }, ap50);
    assert.deepEqual(Object.values(rig.preferences()), [blocked, letIn]);
    have();
    assert.deepEqual([rig.preferences(), phaseOf(rig), rig.state.blocked], [{}, "off", []]);
  });

  it("the last way in is never blocked (ow_steer_policy_pre_assoc_ut_prevent_blocking_last_candidate)", () => {
    assert.deepEqual(Object.values(rigWith().preferences()), [blocked, letIn]);
    // Client steering has blocked one or the other already.
    const cs = (band: "2.4G" | "5G") => ({
      settings: { ...counter, clientSteering: { mode: "home" as const, band, period: 60_000, round: 0 } },
    });
    assert.deepEqual(Object.values(rigWith(cs("5G")).preferences()), [
      "SOFT_BLOCKED cs_deny_filter",
      "AVAILABLE cs_allow_filter",
    ]);
    assert.equal(on24(rigWith(cs("2.4G"))), "AVAILABLE cs_allow_filter");
    const only5gCannot = { listed: [2412], listedBands: ["2.4G", "5G"], bands: ["2.4G"] } as const;
    assert.equal(on24(rigWith({ settings: counter, snapshot: { channels: only5gCannot } })), letIn);
  });
});

describe("before association, by time", () => {
  const authOnly = { ...timer, authBlock: false };
  const auth = (rig: StationRig) => rig.input({ type: "auth", vif: "home-ap-24" });

  for (const [what, bss, name] of [
    ["2.4 GHz", ap24, "ow_steer_policy_pre_assoc_ut_timer_mode_connect_to_blocked"],
    ["5 GHz", ap50, "ow_steer_policy_pre_assoc_ut_timer_mode_connect_to_preferred"],
  ] as const) {
    it(`4 s after the first probe it is let in; connecting to ${what} has it refused again (${name})`, () => {
      const rig = rigWith({ settings: timer });
      rig.probe(ap24);
      rig.advance(3_999);
      assert.deepEqual([phaseOf(rig), on24(rig)], ["rejecting", blocked]);
      rig.advance(1);
      assert.deepEqual([phaseOf(rig), on24(rig)], ["backoff", letIn]);
      rig.connect(bss);
      assert.deepEqual([phaseOf(rig), on24(rig)], ["blocking", blocked]);
    });
  }

  it("an Authentication frame after a probe lets it in at once (ow_steer_policy_pre_assoc_ut_timer_mode_connect_to_blocked_auth_after_probe)", () => {
    const rig = rigWith({ settings: authOnly });
    rig.probe(ap24);
    auth(rig);
    assert.deepEqual([phaseOf(rig), on24(rig)], ["backoff", letIn]);
    rig.connect(ap24);
    assert.equal(phaseOf(rig), "blocking");
  });

  it("an Authentication frame without a probe lets it in at once (ow_steer_policy_pre_assoc_ut_timer_mode_connect_to_blocked_auth_only)", () => {
    const rig = rigWith({ settings: authOnly });
    auth(rig);
    assert.deepEqual([phaseOf(rig), on24(rig)], ["backoff", letIn]);
    rig.connect(ap24);
    assert.deepEqual([phaseOf(rig), rig.state.policies.preAssoc.bypassFailures], ["blocking", 0]);
  });

  it("an Authentication frame changes nothing where it is to be refused (ow_steer_policy_pre_assoc_ut_timer_mode_connect_to_blocked_auth_only_negative)", () => {
    const rig = rigWith({ settings: timer });
    auth(rig);
    assert.deepEqual([phaseOf(rig), on24(rig)], ["blocking", blocked]);
  });

  it("who was let in on an Authentication frame and does not connect for 10 s counts (ow_steer_policy_pre_assoc_ut_timer_mode_connect_to_blocked_auth_only_bypass_failed)", () => {
    const rig = rigWith({ settings: authOnly });
    auth(rig);
    rig.advance(10_000);
    assert.equal(rig.state.policies.preAssoc.bypassFailures, 1);
  });
});
