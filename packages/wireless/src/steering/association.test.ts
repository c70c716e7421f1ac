import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { VifState } from "@opensync-ts/target/radio";
import { apVif, macNumber, station } from "../testing/fixtures.ts";
import { associationOf, type ReportedLink } from "./association.ts";
import { Associations } from "./associations.ts";

const ownMld = { addr: mac("02:00:00:00:ff:01"), ifName: "" };
const device = mac("0a:00:00:00:ff:01");

function ap(name: string, mld: boolean): VifState {
  const vif = apVif("wifi0", name);
  return vif.type === "ap" && mld ? { ...vif, ap: { ...vif.ap, mld: ownMld } } : vif;
}

function link(vif: string, connectedAt: number, over: { mac?: Mac; mldAddr?: Mac; mld?: boolean } = {}): ReportedLink {
  const { mac: address = macNumber(1), mldAddr = null, mld = false } = over;
  return { state: station("wifi0", vif, { mac: address, connectedAt, mldAddr }), vif: ap(vif, mld) };
}

describe("an association", () => {
  it("is the newest link; what a client left without a word is stale", () => {
    const { links, mlo } = associationOf(macNumber(1), [link("a", 1), link("c", 3), link("b", 2)]);
    assert.deepEqual([links.map(({ vif }) => vif.name), mlo], [["c"], false]);
  });

  it("of a multi-link device is all links of the same pair of devices", () => {
    const mlo = { mldAddr: device, mld: true };
    const reported = [link("a", 3, mlo), link("b", 3, { ...mlo, mac: macNumber(2) }), link("c", 1)];
    const found = associationOf(device, reported);
    assert.deepEqual([found.links.map(({ vif }) => vif.name), found.mlo, found.otherDevice], [["a", "b"], true, false]);
  });

  it("with an access point that is of no device is not multi-link", () => {
    assert.equal(associationOf(device, [link("a", 1, { mldAddr: device })]).mlo, false);
  });

  it("of a link whose device has another address than the row is not meant by the row", () => {
    assert.equal(associationOf(macNumber(1), [link("a", 1, { mldAddr: device, mld: true })]).otherDevice, true);
    assert.equal(associationOf(macNumber(1), [link("a", 1)]).otherDevice, false);
  });
});

describe("associations", () => {
  it("are looked at 100 ms after the last change, 2 s after the first at the latest", async () => {
    const clock = new VirtualClock();
    const looks: number[] = [];
    const state = { vifs: new Map(), stations: new Map() };
    const associations = new Associations({ clock, state, changed: () => looks.push(clock.now()) });
    associations.later();
    await clock.advance(1_000);
    assert.deepEqual(looks, []);
    associations.follow(macNumber(1));
    associations.later();
    await clock.advance(50);
    associations.later();
    await clock.advance(1_950);
    assert.deepEqual(looks, [1_150]);
    for (let i = 0; i < 60; i++) {
      associations.later();
      await clock.advance(50);
    }
    assert.equal(looks[1], 5_000);
  });
});
