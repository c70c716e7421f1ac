import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Allowance } from "./allowance.ts";

describe("an allowance", () => {
  it("is a burst, and then so much per second", async () => {
    const clock = new VirtualClock();
    const allowance = new Allowance(clock, 1000, 100);
    allowance.use(999);
    assert.equal(allowance.waitMs, 0);
    allowance.use(500);
    const { waitMs } = allowance;
    assert.equal(waitMs, 5000);
    await clock.advance(waitMs - 20);
    assert.ok(allowance.waitMs > 0);
    await clock.advance(20);
    assert.equal(allowance.waitMs, 0);
  });

  it("does not grow beyond its burst", async () => {
    const clock = new VirtualClock();
    const allowance = new Allowance(clock, 1000, 100);
    await clock.advance(1_000_000);
    allowance.use(1000);
    assert.ok(allowance.waitMs > 0);
  });
});
