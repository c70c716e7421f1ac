/** Groups, access points and neighbours as deployed devices have them, or are meant to: the name of each behaviour is in its title. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { VifState } from "@opensync-ts/target/radio";
import { apVif, channel } from "../testing/fixtures.ts";
import { BssTable } from "./bss-list.ts";
import type { SteeringNeighbor } from "./bss-table.ts";
import { startSteering } from "./testing/start-steering.ts";
import { ap50, far50 } from "./testing/station-rig.ts";

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
