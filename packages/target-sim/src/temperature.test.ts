import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { finalTemperature, type RadioLoad, Thermometer } from "./temperature.ts";

const load: RadioLoad = { enabled: true, chains: 4, power: 23, tx: 0.5, rx: 0.1 };

describe("the temperature of a radio", () => {
  it("ends higher with more antennas, more power and more airtime, within what hardware lives with", () => {
    const warm = finalTemperature(load);
    for (const more of [{ chains: 8 }, { power: 27 }, { tx: 0.9 }, { rx: 0.4 }]) {
      assert.ok(finalTemperature({ ...load, ...more }) > warm, JSON.stringify(more));
    }
    assert.ok(finalTemperature({ ...load, power: null }) < warm);
    assert.equal(finalTemperature({ ...load, enabled: false }), 38);
    assert.ok(finalTemperature(load, { fanRpm: 4_000, overheat: 0 }) < warm - 3);
    assert.equal(finalTemperature(load, { fanRpm: 0, overheat: 40 }), warm + 40);
    assert.ok(finalTemperature({ enabled: true, chains: 8, power: 30, tx: 1, rx: 0 }) < 130);
  });

  it("follows its load slowly, up and down", () => {
    const thermometer = new Thermometer(0);
    const goal = finalTemperature(load);
    assert.equal(thermometer.read(0, load), 38);
    const rising = [1, 2, 3, 4].map((minutes) => thermometer.read(minutes * 60_000, load));
    for (const [index, value] of rising.entries()) assert.ok(value > (rising[index - 1] ?? 38) && value < goal);
    assert.ok(Math.abs(thermometer.read(3_600_000, { ...load, enabled: false }) - goal) < 0.01);
    assert.ok(Math.abs(thermometer.read(7_200_000, load) - 38) < 0.01);
  });
});
