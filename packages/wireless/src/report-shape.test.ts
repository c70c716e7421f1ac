import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PhyState, StationState, VifState } from "@opensync-ts/target/radio";
import { limits } from "./limits.ts";
import { flawOfPhy, flawOfStation, flawOfVif } from "./report-shape.ts";
import { ap, apVif, channel, macNumber, phyState, station, staVif } from "./testing/fixtures.ts";
import { startRig } from "./testing/rig.ts";

const wholePhy = phyState("wifi0", {
  radarNextChannel: channel("5G", 36, 80),
  regDomain: { country: "US", isoNumber: 840, revision: 1, dfs: "fcc" },
  channelStates: [{ control: 2412, dfs: "non_dfs", nolRemaining: 0 }],
});

const wholeAp = apVif("wifi0", "home-ap-24", {
  acl: [macNumber(1)],
  psks: [{ keyId: 0, psk: "a secret one" }],
  radius: [{ server: "10.0.0.1", port: 1812, secret: "a secret one" }],
  neighbors: [{ bssid: macNumber(2), bssidInfo: 0x8f, opClass: 81, channel: 1, phyType: 9 }],
  ftNeighbors: [{ bssid: macNumber(2), nasIdentifier: "nas", key: "0".repeat(64) }],
  wpsCredentials: ["a secret one"],
  rates: { ...ap.rates, supported: [6, 12], beacon: { kind: "abg", rate: 6 } },
});

/** Every place in a value: the names that lead there. */
function* placesIn(value: unknown): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield [name];
    for (const place of placesIn(member)) yield [name, ...place];
  }
}

function withValue<T>(report: T, place: readonly string[], value: unknown): T {
  const copy = structuredClone(report);
  const parent = place.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], copy);
  (parent as Record<string, unknown>)[place.at(-1) ?? ""] = value;
  return copy;
}

/** What is optional in the model. */
const mayBeMissing = /^capabilities\.(?!band)/;

describe("the form of reports", () => {
  it("is right in what follows the radio model", () => {
    assert.equal(flawOfPhy(wholePhy), null);
    assert.equal(flawOfVif(wholeAp), null);
    assert.equal(flawOfVif(staVif("wifi0", "bhaul-sta-24")), null);
    assert.equal(flawOfStation(station("wifi0", "home-ap-24")), null);
  });

  it("is wrong wherever something is missing, or is of another kind", () => {
    const flawless: string[] = [];
    const look = <T>(report: T, flawOf: (report: T) => string | null) => {
      for (const place of placesIn(report)) {
        const where = place.join(".");
        for (const value of [undefined, Number.NaN, () => {}]) {
          if (value === undefined && mayBeMissing.test(where)) continue;
          if (flawOf(withValue(report, place, value)) === null) flawless.push(`${where}: ${String(value)}`);
        }
      }
    };
    look<PhyState>(wholePhy, flawOfPhy);
    look<VifState>(wholeAp, flawOfVif);
    look<VifState>(staVif("wifi0", "bhaul-sta-24"), flawOfVif);
    look<StationState>(station("wifi0", "home-ap-24"), flawOfStation);
    assert.deepEqual(flawless, []);
  });

  it("is told with the place, without the value", () => {
    assert.equal(flawOfPhy(undefined as unknown as PhyState), "the report is missing");
    assert.equal(
      flawOfVif(withValue(wholeAp, ["ap", "wpa", "akm", "0"], "magic")),
      "its ap.wpa.akm[0] is no name that is known",
    );
    assert.equal(
      flawOfVif(withValue(wholeAp, ["ap", "psks", "0", "psk"], ["a secret one"])),
      "its ap.psks[0].psk is no text",
    );
    assert.equal(flawOfVif(withValue(wholeAp, ["type"], "mesh")), "its type is no name that is known");
  });

  it("matters: reports without it are as good as none, and are asked for again", async () => {
    const rig = await startRig({ phys: [wholePhy], vifs: [wholeAp] });
    rig.driver.answers = false;
    const { events } = rig.driver;
    events.phyChanged("wifi0");
    events.vifChanged("wifi0", "home-ap-24");
    events.stationChanged("wifi0", "home-ap-24", macNumber(7));
    events.phyState("wifi0", {} as PhyState);
    events.phyState("wifi0", undefined as unknown as PhyState);
    events.vifState("wifi0", "home-ap-24", { name: "home-ap-24", phy: "wifi0", type: "ap" } as VifState);
    events.stationState("wifi0", "home-ap-24", macNumber(7), { mac: macNumber(7) } as StationState);
    events.channelSwitchHeard("wifi0", "home-ap-24", undefined as never);
    await rig.settle();
    assert.deepEqual(rig.wireless.state.phys.get("wifi0"), rig.driver.phy("wifi0"));
    assert.equal(rig.wireless.state.idle, false);
    assert.equal(rig.log().filter((line) => /^WARNING osw: state: .*(ignored|not believed), /.test(line)).length, 5);
    rig.driver.answers = true;
    await rig.clock.advance(limits.reportOverdue);
    assert.equal(rig.wireless.state.idle, true);
  });
});
