import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { type BeaconRequest, type HeardBeacon, measured, rcpiOf, rsniOf, willMeasure } from "./beacon-measurement.ts";
import { willing } from "./device-class.ts";
import { maxMeasuredBsses } from "./limits.ts";

const any: BeaconRequest = {
  token: 1,
  mode: "active",
  band: null,
  controls: null,
  bssid: null,
  ssid: null,
  duration: 100,
};
const beacon = (n: number, rssi: number, control = 2437, ssid = "home"): HeardBeacon => ({
  bssid: mac(`02:00:00:00:00:${n.toString(16).padStart(2, "0")}`),
  ssid,
  channel: { band: control < 3000 ? "2.4G" : "5G", control, segments: [control] },
  rssi,
});
const heard = [beacon(1, -60), beacon(2, -40, 5180), beacon(3, -50, 5745, "other")];

function numbersOf(request: Partial<BeaconRequest>) {
  const found = measured(heard, { ...any, ...request }, 0, 1000, () => 0.5);
  return found.map(({ bssid }) => Number(bssid.at(-1)));
}

describe("a beacon measurement", () => {
  it("holds what was asked for by band, channel, BSS and name, strongest first", () => {
    assert.deepEqual(numbersOf({}), [2, 3, 1]);
    assert.deepEqual(numbersOf({ band: "5G" }), [2, 3]);
    assert.deepEqual(numbersOf({ band: "5G", controls: [5745] }), [3]);
    assert.deepEqual(numbersOf({ ssid: "home" }), [2, 1]);
    assert.deepEqual(numbersOf({ bssid: mac("02:00:00:00:00:03") }), [3]);
    assert.deepEqual(numbersOf({ ssid: "nobody" }), []);
  });

  it("gives RCPI and RSNI in half decibels, within their scales", () => {
    const [strongest] = measured(heard, any, 0, 1000, () => 0.5);
    assert.deepEqual([strongest?.rcpi, strongest?.rsni, strongest?.at], [140, 132, 1000]);
    assert.deepEqual([rcpiOf(-110), rcpiOf(-200), rcpiOf(0), rcpiOf(20)], [0, 0, 220, 220]);
    assert.deepEqual([rsniOf(-10), rsniOf(-40), rsniOf(200)], [0, 0, 254]);
  });

  it("is off by no more than its accuracy", () => {
    for (const at of [0, 0.25, 0.999]) {
      for (const { bssid, rcpi } of measured(heard, any, 4, 0, () => at)) {
        const truth = heard.find((each) => each.bssid === bssid)?.rssi ?? 0;
        assert.ok(Math.abs(rcpi - rcpiOf(truth)) <= 8);
      }
    }
  });

  it("is bounded however much there is to hear", () => {
    const crowd = Array.from({ length: 200 }, (_, n) => beacon(n, -30 - n / 4));
    assert.equal(measured(crowd, any, 0, 0, () => 0).length, maxMeasuredBsses);
  });

  it("is refused now and then, and never done in a mode that the client lacks", () => {
    const able = { ...willing.measurement, modes: ["table"] as const, refuse: 0.5 };
    assert.equal(
      willMeasure(able, any, () => 0.9),
      "incapable",
    );
    assert.equal(
      willMeasure(able, { ...any, mode: "table" }, () => 0.4),
      "refused",
    );
    assert.equal(
      willMeasure(able, { ...any, mode: "table" }, () => 0.5),
      "measured",
    );
  });
});
