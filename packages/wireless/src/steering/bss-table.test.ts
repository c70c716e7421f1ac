import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { apVif, channel, staVif } from "../testing/fixtures.ts";
import { BssTable } from "./bss-list.ts";
import { neighborBss, ownBss, type SteeringNeighbor, whyUnusable } from "./bss-table.ts";

const up = { leaving: false, load: null };
const neighbor: SteeringNeighbor = {
  bssid: mac("02:00:00:00:99:01"),
  vif: "home-ap-24",
  ...{ channel: 1, center: null, opClass: 83, priority: null, mldAddr: null },
};

describe("our access points as candidates", () => {
  it("have class and band of their channel", () => {
    const { band, opClass, dfs } = ownBss(apVif("wifi1", "a", { channel: channel("5G", 52, 80) }), up) ?? {};
    assert.deepEqual([band, opClass, dfs], ["5G", 128, true]);
  });

  it("are none while they are down, without a channel, or STA interfaces", () => {
    assert.equal(ownBss(apVif("wifi0", "a", {}, { status: "disabled" }), up), null);
    assert.equal(ownBss(apVif("wifi0", "a", { channel: null }), up), null);
    assert.equal(ownBss(staVif("wifi0", "a"), up), null);
  });
});

describe("neighbours as candidates", () => {
  for (const [channel, opClass, band] of [
    [1, 83, "2.4G"],
    [36, 115, "5G"],
    [37, 131, "6G"],
    [6, null, "2.4G"],
    [36, null, "5G"],
  ] as const) {
    it(`channel ${channel} of class ${opClass ?? "unknown"} is of ${band}`, () => {
      assert.equal(neighborBss({ ...neighbor, channel, opClass })?.band, band);
    });
  }

  for (const [channel, opClass] of [
    [36, 81],
    [6, 250],
    [149, null],
    [200, 115],
    [null, 81],
  ] as const) {
    it(`channel ${channel} of class ${opClass ?? "unknown"} is none, and why is told`, () => {
      assert.equal(neighborBss({ ...neighbor, channel, opClass }), null);
      assert.notEqual(whyUnusable({ ...neighbor, channel, opClass }), null);
    });
  }
});

describe("the list of BSSs", () => {
  const vifs = new Map([
    ["home-ap-24", apVif("wifi0", "home-ap-24", {}, { mac: mac("02:00:00:00:00:24") })],
    ["guest-ap-24", apVif("wifi0", "guest-ap-24", {}, { mac: mac("02:00:00:00:00:25") })],
  ]);

  it("has a group's own and its neighbours as members, others besides", () => {
    const table = new BssTable({ vifs });
    table.configure(new Map([["home-ap-24", "group"]]), [neighbor, { ...neighbor, vif: "guest-ap-24" }]);
    const { bsses, members } = table.of("group");
    assert.deepEqual(
      bsses.map(({ vif }) => vif),
      ["home-ap-24", null, "guest-ap-24"],
    );
    assert.deepEqual(members, ["02:00:00:00:00:24", neighbor.bssid]);
  });

  it("has neighbours only while their access point is up", () => {
    const own = new Map(vifs);
    const table = new BssTable({ vifs: own });
    table.configure(new Map([["home-ap-24", "group"]]), [neighbor]);
    own.delete("home-ap-24");
    table.changed();
    assert.deepEqual(table.of("group").members, []);
  });

  it("knows load and what is going down", () => {
    const table = new BssTable({ vifs });
    table.configure(new Map([["home-ap-24", "group"]]), []);
    table.setLoad("wifi0", 2412, 70);
    table.setLeaving("home-ap-24", true);
    const [first] = table.of("group").bsses;
    assert.deepEqual([first?.load, first?.leaving], [70, true]);
  });
});
