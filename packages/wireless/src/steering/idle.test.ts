import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PpduMeter } from "./idle.ts";

describe("PPDUs a minute", () => {
  it("are not known before a whole window of three minutes", () => {
    const meter = new PpduMeter(1_000);
    meter.add(5, 2_000);
    assert.equal(meter.perMinute(180_999), null);
    assert.equal(meter.perMinute(181_000), 5 / 3);
  });

  it("are those of the last three minutes (osw_sta_idle_test)", () => {
    const meter = new PpduMeter(0);
    for (let at = 500; at <= 600_000; at += 500) meter.add(at <= 300_000 ? 100 : 1, at);
    assert.equal(Math.round(meter.perMinute(600_000) ?? 0), 120);
    assert.equal(meter.perMinute(900_000), 0);
  });

  it("are as many as there were, whenever in a slice counts come", () => {
    for (const late of [0, 1, 2_500, 4_999]) {
      const meter = new PpduMeter(late);
      for (let at = late; at <= 400_000; at += 5_000) {
        meter.add(at === late ? 0 : 10, at);
        const seen = meter.perMinute(at);
        if (seen !== null) assert.equal(seen, 120, `${late} ms late, at ${at}`);
      }
    }
  });

  it("take no more room for a busy client", () => {
    const meter = new PpduMeter(0);
    for (let at = 0; at < 3_600_000; at += 100) meter.add(1, at);
    assert.equal(Math.round(meter.perMinute(3_599_900) ?? 0), 600);
  });
});
