import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { Announced } from "./announced.ts";
import { Lives } from "./life-cycle.ts";
import { limits } from "./limits.ts";
import { apVif, macNumber, phyState } from "./testing/fixtures.ts";

function rig() {
  const ring = new LogRing(100);
  const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => 0 });
  const lives = new Lives({ clock: new VirtualClock(), log, turn: (step) => step() });
  const asked: string[] = [];
  const source = {
    phyNames: () => [],
    vifNamesOf: () => [],
    requestPhyState: (phy: string) => asked.push(phy),
    requestVifState: (phy: string, vif: string) => asked.push(`${phy}/${vif}`),
    requestStationState: (_phy: string, vif: string, station: string) => asked.push(`${vif}/${station}`),
  };
  const announced = new Announced({ log, source, lives });
  return { announced, lives, asked, warnings: () => ring.records().map(({ text }) => text) };
}

describe("what drivers have announced", () => {
  it("is one object from its first mention on", () => {
    const { announced } = rig();
    const phy = announced.phy("wifi0");
    assert.equal(announced.phy("wifi0"), phy);
    assert.equal(announced.vif("wifi0", "home-ap-24"), phy.vifs.get("home-ap-24"));
    const station = announced.station("wifi0", "home-ap-24", macNumber(1));
    assert.equal(announced.station("wifi0", "home-ap-24", macNumber(1)), station);
    assert.deepEqual([...announced.phys.keys()], ["wifi0"]);
    announced.delete("wifi0");
    assert.equal(announced.phys.size, 0);
  });

  it("is asked for parents first: what a child is of is not known before", () => {
    const { announced, lives, asked } = rig();
    const station = announced.station("wifi0", "home-ap-24", macNumber(1));
    assert.ok(station);
    assert.deepEqual(asked, ["wifi0"]);
    lives.request(station);
    lives.request(station.vif);
    assert.deepEqual(asked, ["wifi0"]);
    station.vif.phy.known = phyState("wifi0");
    lives.request(station.vif);
    station.vif.known = apVif("wifi0", "home-ap-24");
    lives.request(station);
    assert.deepEqual(asked, ["wifi0", "wifi0/home-ap-24", `home-ap-24/${macNumber(1)}`]);
  });

  it("is as much as the bounds allow; of more it is said that it is ignored", () => {
    const { announced, warnings } = rig();
    for (let n = 0; n < limits.vifsPerPhy; n++) assert.ok(announced.vif("wifi0", `vif-${n}`));
    assert.equal(announced.vif("wifi0", "one-more"), null);
    assert.equal(announced.station("wifi0", "one-more", macNumber(1)), null);
    for (let n = 0; n < limits.stationsPerVif; n++) announced.station("wifi0", "vif-0", macNumber(n));
    assert.equal(announced.station("wifi0", "vif-0", macNumber(limits.stationsPerVif)), null);
    assert.match(warnings().at(0) ?? "", /wifi0 reports more than \d+ vifs, one-more is ignored/);
    assert.match(warnings().at(-1) ?? "", /vif-0 has more than \d+ stations, \S+ is ignored/);
  });

  it("has no stations on a vif that is ignored", () => {
    const { announced } = rig();
    const vif = announced.vif("wifi0", "home-ap-24");
    assert.ok(vif);
    vif.life = "PROCESSED";
    assert.equal(announced.station("wifi0", "home-ap-24", macNumber(1)), null);
  });
});
