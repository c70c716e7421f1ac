import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { ApAttributes, Channel, VifState } from "@opensync-ts/target/radio";
import type { ApOverrides } from "../contract.ts";
import { buildConfig } from "../mutators.ts";
import { OverrideStore } from "../overrides.ts";
import { apVif, phyState, wpa2 } from "../testing/fixtures.ts";
import { LocalNeighbors } from "./local-neighbors.ts";

const channel6: Channel = { control: 2437, width: 20, center0: 2437, center1: 0, puncture: 0 };
const channel36: Channel = { control: 5180, width: 80, center0: 5210, center1: 0, puncture: 0 };
const [first, second, third] = [1, 2, 3].map((n) => mac(`02:00:00:00:00:0${n}`)) as [Mac, Mac, Mac];

function ap(name: string, address: Mac, channel: Channel | null, over: Partial<ApAttributes> = {}): VifState {
  return { ...apVif("wifi0", name, { channel, neighbors: [], ...over }), mac: address } as VifState;
}

const groups = new Map([
  ["a", "home"],
  ["b", "home"],
]);

/** The neighbours that access points are asked to have: address, information, class and channel. */
class Rig {
  readonly overrides = new OverrideStore(() => {});
  invalidations = 0;
  readonly local = new LocalNeighbors(
    () => this.invalidations++,
    (phy, vif) => this.overrides.vif(phy, vif),
  );

  wanted(vifs: readonly VifState[], opinions: Readonly<Record<string, ApOverrides>>) {
    for (const [name, opinion] of Object.entries(opinions)) this.overrides.setVif("wifi0", name, { ap: opinion });
    const state = { phys: new Map([["wifi0", phyState("wifi0")]]), vifs: new Map(vifs.map((vif) => [vif.name, vif])) };
    const { tree } = buildConfig(state, [this.overrides, this.local]);
    return Object.fromEntries(
      [...(tree.get("wifi0")?.vifs.values() ?? [])].map((vif) => [
        vif.name,
        vif.type === "ap"
          ? vif.ap.neighbors.map(
              ({ bssid, bssidInfo, opClass, channel }) =>
                `${bssid.slice(-2)} ${bssidInfo.toString(16)} ${opClass}/${channel}`,
            )
          : [],
      ]),
    );
  }
}

const none = { neighbors: [] };

describe("neighbours of one group", () => {
  it("ow_steer_local_neigh_ut_typical_usage: are told of each other once all their channels are known, as long as they are there", () => {
    const rig = new Rig();
    rig.local.setGroups(groups);
    const opinions = { a: none, b: none };
    assert.deepEqual(rig.wanted([ap("a", first, null), ap("b", second, channel36)], opinions), { a: [], b: [] });
    const all = ["01 8f 81/6", "02 8f 128/36"];
    const vifs = [ap("a", first, channel6), ap("b", second, channel36)];
    assert.deepEqual(rig.wanted(vifs, opinions), { a: all, b: all });
    const down = { ...ap("a", first, null), status: "disabled" } as VifState;
    assert.deepEqual(rig.wanted([down, ap("b", second, channel36)], opinions), { a: all, b: all });
    assert.deepEqual(rig.wanted([ap("b", second, channel36)], { b: none }), { b: [] });
  });

  it("never replace one that is configured", () => {
    const rig = new Rig();
    rig.local.setGroups(groups);
    const named = { bssid: second, bssidInfo: 0x1, opClass: 115, channel: 40, phyType: 9 };
    const vifs = [ap("a", first, channel6), ap("b", second, channel36)];
    const wanted = rig.wanted(vifs, { a: { neighbors: [named] }, b: none });
    assert.deepEqual(wanted.a, ["01 8f 81/6", "02 1 115/40"]);
  });

  it("are of the same mobility domain where both use fast transition in it", () => {
    const ft = { wpa: { ...wpa2, akm: ["ft_psk", "psk"] as const } };
    const rig = new Rig();
    rig.local.setGroups(new Map([...groups, ["c", "home"]]));
    const vifs = [
      ap("a", first, channel6, { ...ft, ftMobilityDomain: 7 }),
      ap("b", second, channel36, { ...ft, ftMobilityDomain: 7 }),
      ap("c", third, channel36, { ...ft, ftMobilityDomain: 8 }),
    ];
    const wanted = rig.wanted(vifs, { a: none, b: none, c: none });
    assert.deepEqual(wanted.a, ["01 48f 81/6", "02 48f 128/36", "03 8f 128/36"]);
    assert.deepEqual(wanted.c, ["01 8f 81/6", "02 8f 128/36", "03 48f 128/36"]);
  });

  it("leave alone access points of no group, and lists that nobody has an opinion on", () => {
    const rig = new Rig();
    const vifs = [ap("a", first, channel6), ap("b", second, channel36), ap("c", third, channel36)];
    assert.deepEqual(rig.wanted(vifs, { a: none, b: none, c: none }), { a: [], b: [], c: [] });
    rig.local.setGroups(groups);
    rig.local.setGroups(new Map(groups));
    assert.equal(rig.invalidations, 1);
    assert.deepEqual(rig.wanted(vifs, {}).c, []);
    const other = new Rig();
    other.local.setGroups(groups);
    assert.deepEqual(other.wanted(vifs, {}), { a: [], b: [], c: [] });
  });
});
