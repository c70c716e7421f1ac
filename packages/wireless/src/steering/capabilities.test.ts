import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { stationElements } from "@opensync-ts/target/ieee80211/station-capabilities";
import { macNumber } from "../testing/fixtures.ts";
import { Capabilities } from "./capabilities.ts";
import { steeringLimits } from "./limits.ts";

const phone = mac("0a:ff:00:00:00:01");
const other = mac("0a:ff:00:00:00:02");
const nothing = { btm: false, rrm: false, frequencies: [] };

/** Bit 19 of the extended capabilities is BSS transition. */
const speaksBtm = stationElements({ extended: [19] });

describe("what a station says of itself", () => {
  it("is nothing before it has associated", () => {
    assert.deepEqual(new Capabilities().of([phone]), nothing);
    assert.deepEqual(new Capabilities().of([]), nothing);
  });

  it("has 802.11v by its bit of the extended capabilities only", () => {
    const capabilities = new Capabilities();
    assert.equal(capabilities.learn(phone, speaksBtm).btm, true);
    assert.equal(capabilities.learn(phone, stationElements({ extended: [18, 20] })).btm, false);
  });

  it("has 802.11k where it measures beacons actively", () => {
    const capabilities = new Capabilities();
    // RM enabled capabilities: bit 4 passive, bit 5 active beacon measurement.
    const rm = (bits: number) => Uint8Array.of(70, 5, bits, 0, 0, 0, 0);
    assert.equal(capabilities.learn(phone, rm(0x20)).rrm, true);
    assert.equal(capabilities.learn(phone, rm(0x10)).rrm, false);
  });

  it("has the control frequencies of its operating classes", () => {
    const elements = stationElements({ operatingClasses: { current: 81, supported: [81, 115] } });
    const { frequencies } = new Capabilities().learn(phone, elements);
    assert.deepEqual(
      [2412, 2472, 5180, 5240, 5260].map((frequency) => frequencies.includes(frequency)),
      [true, true, true, true, false],
    );
    assert.equal(new Set(frequencies).size, frequencies.length);
  });

  it("has the frequencies of its channels where it names no classes", () => {
    const { frequencies } = new Capabilities().learn(phone, stationElements({ channels: [1, 6, 36] }));
    assert.deepEqual(frequencies, [2412, 2437, 5180]);
  });

  it("is what it said last", () => {
    const capabilities = new Capabilities();
    capabilities.learn(phone, speaksBtm);
    capabilities.learn(phone, stationElements({ channels: [36] }));
    assert.deepEqual(capabilities.of([phone]), { btm: false, rrm: false, frequencies: [5180] });
  });

  it("of a device is what any of its addresses has said", () => {
    const capabilities = new Capabilities();
    capabilities.learn(phone, speaksBtm);
    capabilities.learn(other, stationElements({ channels: [36, 40] }));
    assert.deepEqual(capabilities.of([phone, other, macNumber(7)]), {
      ...{ btm: true, rrm: false, frequencies: [5180, 5200] },
    });
  });

  it("is nothing where its elements are cut off, or none", () => {
    const whole = stationElements({ extended: [19], operatingClasses: { current: 115, supported: [115, 128] } });
    const capabilities = new Capabilities();
    for (let length = 0; length <= whole.length; length++) {
      const { frequencies } = capabilities.learn(phone, whole.slice(0, length));
      assert.ok(frequencies.every((frequency) => frequency >= 5_000 && frequency < 6_000));
    }
    assert.deepEqual(capabilities.learn(phone, new Uint8Array()), nothing);
    assert.deepEqual(capabilities.learn(phone, Uint8Array.of(127, 255, 1)), nothing);
    assert.deepEqual(capabilities.learn(phone, new Uint8Array(64).fill(255)), nothing);
  });

  it("is kept of so many stations; beyond that the one that was heard longest ago is forgotten", () => {
    const capabilities = new Capabilities();
    for (let n = 0; n < steeringLimits.knownStations; n++) capabilities.learn(macNumber(n), speaksBtm);
    capabilities.learn(macNumber(0), speaksBtm);
    capabilities.learn(phone, speaksBtm);
    assert.deepEqual(
      [macNumber(0), macNumber(1), macNumber(2), phone].map((station) => capabilities.of([station]).btm),
      [true, false, true, true],
    );
  });
});
