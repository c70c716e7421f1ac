/** Associations as deployed devices have them, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { StationState, VifState } from "@opensync-ts/target/radio";
import { apVif, macNumber, station } from "../testing/fixtures.ts";
import { Associations } from "./associations.ts";
import { steeringLimits } from "./limits.ts";
import { ap50, StationRig } from "./testing/station-rig.ts";

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
