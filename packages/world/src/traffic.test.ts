import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import fc from "fast-check";
import { TrafficSource, trafficKinds } from "./traffic.ts";

const hour = 3_600_000;

describe("traffic", () => {
  it("comes in bursts whose mean over time is what the kind says", () => {
    const source = new TrafficSource(trafficKinds.video, new SeededRandom("mean"), 0);
    const bytes = source.take(2 * hour).down;
    const expected = (12e6 / 8) * 7200 * (8 / 12);
    assert.ok(Math.abs(bytes / expected - 1) < 0.15, `${bytes / expected}`);
  });

  it("does not depend on how often it is asked", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 50 }), (steps) => {
        const once = new TrafficSource(trafficKinds.web, new SeededRandom("same"), 0);
        const often = new TrafficSource(trafficKinds.web, new SeededRandom("same"), 0);
        let now = 0;
        let sum = 0;
        for (const step of steps) {
          now += step;
          sum += often.take(now).down;
        }
        assert.ok(Math.abs(once.take(now).down - sum) < 1);
        assert.deepEqual(once.load(now), often.load(now));
      }),
    );
  });

  it("never pauses without silence", () => {
    const source = new TrafficSource({ down: 8, up: 0, burst: 1, silence: 0 }, new SeededRandom(1), 0);
    assert.equal(source.take(10_000).down, 10_000_000);
  });

  it("stays bounded in work over years, and counts their mean", () => {
    const source = new TrafficSource(trafficKinds.web, new SeededRandom("long"), 0);
    const bytes = source.take(24 * 365 * hour).down;
    const expected = (8e6 / 8) * 365 * 86_400 * 0.2;
    assert.ok(Math.abs(bytes / expected - 1) < 0.01);
  });
});
