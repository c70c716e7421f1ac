/** Policies as deployed devices have them, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CandidateList } from "../candidates.ts";
import type { Bss } from "../model.ts";
import type { ClientSettings } from "../settings.ts";
import { ap24, ap50, far24, far50, StationRig } from "../testing/station-rig.ts";
import { nextLevel, type SnrLevel } from "./snr-xing.ts";

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

describe("a candidate", () => {
  it("is there while its access point is, undecided, then decided by the first, then by default (ow_steer_candidate_list_ut_lifecycle)", () => {
    const list = new CandidateList([ap24, ap50]);
    assert.deepEqual(
      list.all.map(({ preference }) => preference),
      ["NONE", "NONE"],
    );
    assert.equal(list.get(far50.bssid), undefined);
    assert.equal(list.set(far50.bssid, "AVAILABLE", "hwm_2g", "a"), false);
    assert.equal(list.set(ap24.bssid, "SOFT_BLOCKED", "pre_assoc", "a"), true);
    assert.equal(list.set(ap24.bssid, "AVAILABLE", "btm_response", "b"), false);
    list.finish();
    assert.deepEqual(
      list.all.map(({ preference, by }) => `${preference} ${by}`),
      ["SOFT_BLOCKED pre_assoc", "AVAILABLE default"],
    );
    assert.deepEqual(new CandidateList([]).all, []);
  });

  it("that is better comes first; equals are in a stable order (ow_steer_candidate_list_ut_metric)", () => {
    const neighbor = (last: string, priority: number): Bss => ({
      ...far24,
      bssid: `02:00:00:00:88:${last}` as Bss["bssid"],
      priority,
    });
    const [a, b, c, d] = [neighbor("0a", 3), neighbor("0b", 1), neighbor("0c", 2), neighbor("0d", 2)];
    const ranks = (bsses: readonly Bss[]) => {
      const rig = new StationRig({ bsses });
      rig.connected(ap24);
      const { candidates = [] } = rig.last?.explanation ?? {};
      return candidates
        .filter(({ rank }) => rank !== null)
        .toSorted((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
        .map(({ bssid }) => bssid.slice(-2));
    };
    assert.deepEqual(ranks([ap24, a, b, c, d]), ["0b", "0c", "0d", "0a"]);
    assert.deepEqual(ranks([d, c, ap24, b, a]), ["0b", "0c", "0d", "0a"]);
  });
});
