/** The engine as deployed devices have it, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { MeasurementReport } from "@opensync-ts/target/ieee80211/measurement";
import type { StationState, VifState } from "@opensync-ts/target/radio";
import { apVif, channel, macNumber, station } from "../testing/fixtures.ts";
import { Associations } from "./associations.ts";
import { BssTable } from "./bss-list.ts";
import type { SteeringNeighbor } from "./bss-table.ts";
import { steeringLimits } from "./limits.ts";
import { forceKick } from "./policies/force-kick.ts";
import { hwm } from "./policies/hwm.ts";
import { preAssoc } from "./policies/pre-assoc.ts";
import { vifDown } from "./policies/vif-down.ts";
import { policyNames } from "./policy-names.ts";
import { bottomLwm, lwm } from "./state.ts";
import { startSteering } from "./testing/start-steering.ts";
import { ap24, ap50, far24, far50, StationRig } from "./testing/station-rig.ts";

describe("groups, access points and neighbours", () => {
  const neighborBssid = mac("02:00:00:00:99:01");
  const neighbor: SteeringNeighbor = {
    ...{ bssid: neighborBssid, vif: "home-ap-24", channel: 1, opClass: 83 },
    ...{ center: null, priority: null, mldAddr: null },
  };
  const bssid = mac("02:00:00:00:00:24");
  const own = (): Map<string, VifState> =>
    new Map([["home-ap-24", apVif("wifi0", "home-ap-24", { channel: channel("2.4G", 1) }, { mac: bssid })]]);
  const group = new Map([["home-ap-24", "group"]]);

  it("a neighbour is there once its channel, class and access point are, and goes with the access point (ow_steer_bm_case1)", () => {
    const vifs = new Map<string, VifState>();
    const table = new BssTable({ vifs });
    const members = (neighbors: readonly SteeringNeighbor[]) => {
      table.configure(group, neighbors);
      return table.of("group").members;
    };
    assert.deepEqual(members([]), []);
    assert.deepEqual(members([neighbor]), []);
    for (const [name, vif] of own()) vifs.set(name, vif);
    assert.deepEqual(members([]), [bssid]);
    assert.deepEqual(members([{ ...neighbor, channel: null }]), [bssid]);
    assert.deepEqual(members([{ ...neighbor, vif: "guest-ap-24" }]), [bssid]);
    assert.deepEqual(members([neighbor]), [bssid, neighborBssid]);
    vifs.clear();
    assert.deepEqual(members([neighbor]), []);
  });

  it("a group that goes takes its access points and BSSs along, the neighbour's row stays (ow_steer_bm_case2)", () => {
    const table = new BssTable({ vifs: own() });
    table.configure(group, [neighbor]);
    assert.equal(table.of("group").members.length, 2);
    table.configure(new Map(), [neighbor]);
    assert.deepEqual([table.of("group").members, table.describe()], [[], []]);
    table.configure(group, [neighbor]);
    assert.deepEqual(table.of("group").members, [bssid, neighborBssid]);
  });

  it("an access point that the driver does not report any more is no candidate, and none of its neighbours (ow_steer_bm_case3)", () => {
    const vifs = own();
    vifs.set("home-ap-50", apVif("wifi1", "home-ap-50", { channel: channel("5G", 36) }, { mac: ap50.bssid }));
    const table = new BssTable({ vifs });
    const groups = new Map([...group, ["home-ap-50", "group"]]);
    table.configure(groups, [
      neighbor,
      { ...neighbor, bssid: far50.bssid, vif: "home-ap-50", channel: 44, opClass: 115 },
    ]);
    assert.equal(table.of("group").members.length, 4);
    vifs.delete("home-ap-50");
    table.changed();
    assert.deepEqual(table.of("group").members, [bssid, neighborBssid]);
  });

  it("settings take effect when they change, once, and are as before when they are as before (ow_steer_bm_attr_helpers)", async () => {
    const { clock, steering, apply, refused } = await startSteering({ pref5g: "always" });
    let decisions = 0;
    steering.events.on("decision", ({ decision }) => {
      decisions += decision.transitions.length;
    });
    apply({ pref5g: "always" });
    await clock.advance(1_000);
    assert.deepEqual([decisions, refused()], [0, ["home-ap-24"]]);
    apply({});
    await clock.advance(1_000);
    assert.deepEqual([decisions, refused()], [1, []]);
    apply({ pref5g: "always" });
    await clock.advance(1_000);
    assert.deepEqual([decisions, refused()], [2, ["home-ap-24"]]);
  });

  it("a BSS is known by its own access point before a neighbour's row, by that when it goes, and then not at all (osw_bss_map_ut_lifecycle)", () => {
    const vifs = own();
    vifs.set("home-ap-50", apVif("wifi1", "home-ap-50", { channel: channel("5G", 36) }, { mac: ap50.bssid }));
    const table = new BssTable({ vifs });
    const groups = new Map([...group, ["home-ap-50", "group"]]);
    const known = () => table.of("group").bsses.find((bss) => bss.bssid === ap50.bssid);
    const named = { ...neighbor, bssid: ap50.bssid, channel: 44, opClass: 115 };
    table.configure(groups, [named]);
    assert.deepEqual([known()?.vif, known()?.channel], ["home-ap-50", 36]);
    vifs.delete("home-ap-50");
    table.changed();
    assert.deepEqual([known()?.vif, known()?.channel], [null, 44]);
    table.configure(groups, []);
    assert.equal(known(), undefined);
  });
});

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

describe("requests", () => {
  const kicked = (client: Partial<StationRig["settings"]["client"]["btm"]> = {}) => {
    const rig = new StationRig();
    rig.connected(ap24);
    const { client: kick } = rig.settings;
    rig.set({ forceKick: "speculative", client: { ...kick, btm: { ...kick.btm, ...client } } });
    return rig;
  };
  const tokens = (rig: StationRig) => rig.actions.flatMap((action) => (action.type === "btm" ? [action.token] : []));
  const times = (rig: StationRig) =>
    rig.log.flatMap((line) => (line.includes(" btm ") ? [Number(line.split(" ")[0])] : []));

  it("go to who is connected only, with tokens 0xff, 0xfe, 0xfd; one that is not sent is told so (osw_btm_ut_send_single_btm)", () => {
    const away = new StationRig();
    away.set({ forceKick: "speculative" });
    assert.deepEqual(away.actions, []);
    const rig = kicked();
    rig.input({ type: "frame sent", token: 0xff, sent: false });
    assert.ok(rig.state.attempt?.trail.includes("the driver did not send the BTM request"));
    rig.advance(6_000);
    assert.deepEqual(tokens(rig), [0xff, 0xfe, 0xfd]);
  });

  it("have tokens in descending order (osw_token_ut_gen_seq)", () => {
    const rig = kicked({ maxRetries: 8, retryInterval: 1_000 });
    rig.advance(8_000);
    assert.deepEqual(
      tokens(rig),
      Array.from({ length: 9 }, (_, n) => 0xff - n),
    );
  });

  it("do not take up a token again that has just become free (osw_token_ut_gen_free_seq)", () => {
    const rig = kicked();
    rig.answer(0, ap50);
    rig.connect(ap50);
    rig.set({ forceKick: "none" });
    rig.set({ forceKick: "speculative" });
    assert.deepEqual(tokens(rig), [0xff, 0xfe]);
  });

  it("begin anew with 0xff after 0x80 (osw_token_ut_gen_wraparound_free)", () => {
    const rig = kicked();
    rig.state = { ...rig.state, nextToken: 0x80 };
    rig.advance(6_000);
    assert.deepEqual(tokens(rig), [0xff, 0x80, 0xff]);
  });

  it("never run out of tokens, as each attempt has one at a time (osw_token_ut_gen_wraparound_err_free)", () => {
    const rig = kicked();
    for (let n = 0; n < 200; n++) {
      rig.advance(20_000);
      rig.set({ forceKick: "none" });
      rig.set({ forceKick: "speculative" });
    }
    const all = tokens(rig);
    assert.ok(all.length > 400 && all.every((token) => token >= 0x80 && token <= 0xff));
    assert.ok(all.every((token, index) => index < 128 || token === all[index - 128]));
  });

  it("that are over are not answered any more (osw_token_ut_ref_drop)", () => {
    const rig = kicked();
    const first = rig.state.attempt?.token ?? 0;
    rig.advance(3_000);
    const late = { type: "btm response", token: first, status: 1, target: null, candidates: [] } as const;
    rig.input(late);
    assert.equal(rig.state.attempt?.status, null);
    rig.advance(20_000);
    rig.input({ ...late, token: 0xfd });
    assert.deepEqual(rig.state.policies.btmResponse.refusals, []);
  });

  it("are at least a second apart, whatever the row says (osw_throttle_ut_rate_limit_simple)", () => {
    const rig = kicked({ maxRetries: 3, retryInterval: 0 });
    rig.advance(30_000);
    assert.deepEqual(times(rig), [0, 1, 2, 3]);
  });

  it("are so many in an attempt, whatever the row says, and their interval ends at ten seconds (osw_throttle_ut_rate_limit_complex)", () => {
    const many = kicked({ maxRetries: 1_000, retryInterval: 1 });
    many.advance(29_000);
    assert.equal(times(many).length, steeringLimits.retries + 1);
    const slow = kicked({ maxRetries: 2, retryInterval: 3_600_000 });
    slow.advance(29_000);
    assert.deepEqual(times(slow), [0, 10, 20]);
  });
});

describe("beacon reports", () => {
  const heard = (bssid: Mac, rcpi: number, at: number) => ({ bssid, rcpi, at });

  it("are asked for from 5 s after an association on, channel by channel of other bands (osw_rrm_meas_ut_send_single_meas)", () => {
    const rig = new StationRig({
      bsses: [ap24, ap50, far24, far50],
      settings: { beaconRequests: true },
      snapshot: { rrm: true },
    });
    rig.advance(10_000);
    assert.deepEqual(rig.actions, []);
    rig.connect(ap24);
    rig.advance(20_000);
    const requests = rig.log.filter((line) => line.includes("beacon request"));
    assert.deepEqual(requests, ["15 beacon request 36", "16 beacon request 44"]);
  });

  it("order what is offered, from who is associated only (osw_rrm_meas_ut_process_rrm_report)", async () => {
    const { clock, driver, steering } = await startSteering({});
    const token = 0x80;
    const reports = [{ token: 1, late: false, incapable: false, refused: false, measurement: beacon(164) }];
    driver.say("home-ap-24", { kind: "measurement-report", token, reports });
    await clock.advance(100);
    assert.equal(steering.counters.forgedFrames, 1);
    driver.connect("home-ap-24");
    await clock.advance(1_000);
    driver.say("home-ap-24", { kind: "measurement-report", token, reports });
    const refused = [
      { token: 1, late: false, incapable: false, refused: true, measurement: { kind: "beacon" } },
    ] as const;
    driver.say("home-ap-24", { kind: "measurement-report", token, reports: refused });
    await clock.advance(100);
    assert.equal(steering.counters.forgedFrames, 1);
    assert.equal(steering.counters.brokenFrames, 0);
  });

  it("are asked for before a weak client moves, and say where to (osw_rrm_ut_typical_usage)", () => {
    const rig = new StationRig({
      bsses: [ap24, ap50, far24, far50],
      settings: { lwm: 20 },
      snapshot: { rrm: true },
    });
    rig.connected(ap50, 40);
    rig.hear(15);
    assert.deepEqual(
      rig.log.filter((line) => line.includes("beacon request")),
      ["0 beacon request 36 44 1 6"],
    );
    const at = rig.now;
    rig.change({ beaconReports: [heard(ap50.bssid, 60, at), heard(far50.bssid, 100, at), heard(far24.bssid, 80, at)] });
    rig.advance(2_000);
    const request = rig.actions.find((action) => action.type === "btm");
    assert.equal(request?.type === "btm" && request.candidates[0]?.bssid, far50.bssid);
  });

  it("count for rrm_age_time, and then no more (osw_rrm_bcn_meas_rpt_cache_lifetime)", () => {
    const offered = (age: number) => {
      const rig = new StationRig({ bsses: [ap24, far24, far50], settings: { reportAge: 10_000 } });
      rig.connected(ap24);
      const at = rig.now - age;
      const beaconReports = [heard(ap24.bssid, 60, at), heard(far24.bssid, 120, at), heard(far50.bssid, 61, at)];
      rig.change({ beaconReports });
      const { candidates = [] } = rig.last?.explanation ?? {};
      return candidates.find(({ rank }) => rank === 1)?.bssid;
    };
    assert.deepEqual([offered(0), offered(10_000), offered(10_001)], [far24.bssid, far24.bssid, far50.bssid]);
  });
});

describe("associations as drivers report them", () => {
  const device = mac("0a:00:00:00:ff:01");
  const link1 = macNumber(1);
  const link2 = macNumber(2);

  function start(names: readonly string[] = ["a", "b", "c", "d"]) {
    const clock = new VirtualClock();
    const vifs = new Map<string, VifState>();
    const stations = new Map<string, Map<Mac, StationState>>();
    let looks = 0;
    const associations = new Associations({ clock, state: { vifs, stations }, changed: () => looks++ });
    const addVif = (name: string, mld: Mac | null = null, bssid: Mac = mac(`02:00:00:00:00:0${name}`)) => {
      const vif = apVif("wifi0", name, {}, { mac: bssid });
      if (vif.type === "ap") vifs.set(name, { ...vif, ap: { ...vif.ap, mld: mld && { addr: mld, ifName: "" } } });
    };
    for (const name of names) addVif(name);
    const join = (vif: string, address: Mac, connectedAt: number, mldAddr: Mac | null = null) => {
      const present = stations.get(vif) ?? new Map<Mac, StationState>();
      stations.set(vif, present.set(address, station("wifi0", vif, { mac: address, connectedAt, mldAddr })));
      associations.later();
    };
    const leave = (vif: string, address: Mac) => {
      stations.get(vif)?.delete(address);
      associations.later();
    };
    const on = (client: Mac) => associations.of(client).links.map(({ vif }) => vif.name);
    const settle = () => clock.advance(steeringLimits.associationDebounce);
    return { clock, associations, addVif, join, leave, on, settle, looks: () => looks };
  }

  const ownMld = mac("02:00:00:00:ff:01");
  const otherMld = mac("02:00:00:00:ff:02");

  it("of a multi-link device are one, with all its links, looked at once (osw_sta_assoc_test_mlo)", async () => {
    const rig = start();
    for (const name of ["a", "b"]) rig.addVif(name, ownMld);
    rig.associations.follow(device);
    rig.join("a", link1, 5, device);
    rig.join("b", link2, 5, device);
    await rig.settle();
    assert.deepEqual([rig.on(device), rig.looks(), rig.associations.of(device).mlo], [["a", "b"], 1, true]);
    rig.leave("a", link1);
    rig.leave("b", link2);
    await rig.settle();
    assert.deepEqual([rig.on(device), rig.looks()], [[], 2]);
  });

  it("of a multi-link device that went over to another are with the other only (osw_sta_assoc_test_mlo_cross)", async () => {
    const rig = start();
    for (const name of ["a", "b"]) rig.addVif(name, ownMld);
    for (const name of ["c", "d"]) rig.addVif(name, otherMld);
    rig.associations.follow(device);
    rig.join("a", link1, 5, device);
    rig.join("b", link2, 5, device);
    rig.join("c", link1, 9, device);
    rig.join("d", link2, 9, device);
    await rig.settle();
    assert.deepEqual(rig.on(device), ["c", "d"]);
  });

  it("that overlap are the newest one (osw_sta_assoc_test_nonmlo_overlap)", async () => {
    const rig = start();
    rig.associations.follow(link1);
    rig.join("a", link1, 5);
    await rig.settle();
    rig.join("b", link1, 9);
    await rig.settle();
    assert.deepEqual([rig.on(link1), rig.looks()], [["b"], 2]);
  });

  it("stay as they are when one that was left without a word disappears (osw_sta_assoc_test_nonmlo_overlap_stale_disappear)", async () => {
    const rig = start();
    rig.associations.follow(link1);
    rig.join("a", link1, 5);
    rig.join("b", link1, 9);
    await rig.settle();
    const before = rig.associations.of(link1).links[0]?.state.connectedAt;
    rig.leave("a", link1);
    await rig.settle();
    assert.deepEqual([rig.on(link1), rig.associations.of(link1).links[0]?.state.connectedAt], [["b"], before]);
    rig.leave("b", link1);
    await rig.settle();
    assert.deepEqual(rig.on(link1), []);
  });

  it("are those of each client, whoever else is there (osw_sta_assoc_test_global)", async () => {
    const rig = start();
    for (const name of ["a", "b"]) rig.addVif(name, ownMld);
    for (const client of [device, link1, macNumber(7)]) rig.associations.follow(client);
    rig.join("a", link1, 5, device);
    rig.join("c", macNumber(7), 6);
    await rig.settle();
    assert.deepEqual(
      [rig.on(device), rig.on(link1), rig.on(macNumber(7)), rig.on(macNumber(8))],
      [["a"], ["a"], ["c"], []],
    );
    assert.equal(rig.associations.of(link1).otherDevice, true);
  });

  it("are new where only the time of the connection is (osw_sta_assoc_test_reconnect_timestamp)", async () => {
    const rig = start();
    rig.associations.follow(link1);
    rig.join("a", link1, 5);
    await rig.settle();
    rig.join("a", link1, 50);
    await rig.settle();
    assert.deepEqual([rig.looks(), rig.associations.of(link1).links[0]?.state.connectedAt], [2, 50]);
    // What was remembered of the signal is forgotten.
    const station = new StationRig({ settings: { lwm: 20 }, bsses: [ap50] });
    station.connected(ap50, 40);
    station.change({ links: station.snapshot.links.map((link) => ({ ...link, connectedAt: 1, snr: null })) });
    assert.equal(station.state.policies.lwm.level, "NONE");
  });

  it("follow an access point whose address changes (osw_sta_assoc_test_vif_reconfig)", async () => {
    const rig = start();
    rig.associations.follow(link1);
    rig.join("a", link1, 5);
    await rig.settle();
    rig.addVif("a", null, mac("02:00:00:00:00:99"));
    rig.associations.refresh();
    assert.equal(rig.associations.of(link1).links[0]?.vif.mac, "02:00:00:00:00:99");
  });

  it("are there once their access point is, and multi-link once it says so (osw_sta_assoc_test_vif_config_after_sta)", async () => {
    const rig = start([]);
    rig.associations.follow(device);
    rig.join("a", link1, 5, device);
    await rig.settle();
    assert.deepEqual(rig.on(device), []);
    rig.addVif("a");
    rig.associations.refresh();
    assert.deepEqual([rig.on(device), rig.associations.of(device).mlo], [["a"], false]);
    rig.addVif("a", ownMld);
    rig.associations.refresh();
    assert.deepEqual([rig.on(device), rig.associations.of(device).mlo], [["a"], true]);
  });
});

function beacon(rcpi: number): MeasurementReport["measurement"] {
  return {
    kind: "beacon",
    report: {
      ...{ opClass: 128, channel: 36, startTime: 0n, duration: 100, phyType: 9, frameType: "beacon" as const },
      ...{ rcpi, rsni: 255, bssid: ap50.bssid, antenna: 0, parentTsf: 0 },
    },
  };
}
