import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import * as limits from "./limits.ts";
import { addressKey, BackOff, RateLimiter } from "./rate-limiter.ts";

describe("limits of requests", () => {
  it("let a burst through, then so many per second", async () => {
    const clock = new VirtualClock();
    const limiter = new RateLimiter(clock, { burst: 3, perSecond: 2 });
    assert.deepEqual(
      [1, 2, 3].map(() => limiter.take("a")),
      [0, 0, 0],
    );
    assert.equal(limiter.take("a"), 500);
    assert.equal(limiter.take("b"), 0, "others are not held up");
    await clock.advance(500);
    assert.deepEqual([limiter.take("a"), limiter.take("a") > 0], [0, true]);
  });

  it("remember no more callers than they may", () => {
    const limiter = new RateLimiter(new VirtualClock(), { burst: 1, perSecond: 1 });
    for (let n = 0; n < limits.rememberedAddresses + 100; n++) limiter.take(`a${n}`);
    assert.equal(limiter.size, limits.rememberedAddresses);
  });

  it("double the wait after each failure up to the longest, and forget after a while", async () => {
    const clock = new VirtualClock();
    const backOff = new BackOff(clock);
    const waits: number[] = [];
    for (let n = 0; n < limits.freeFailures + 20; n++) {
      backOff.failed("a");
      waits.push(backOff.waitMs("a"));
    }
    assert.deepEqual(waits.slice(0, limits.freeFailures + 2), [0, 0, 0, 0, 1_000, 2_000, 4_000]);
    assert.equal(waits.at(-1), limits.lastWaitMs);
    await clock.advance(limits.lastWaitMs + limits.failureLifeMs);
    backOff.failed("a");
    assert.equal(backOff.waitMs("a"), 0);
  });

  for (const [address, key] of [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ] as const) {
    it(`count ${address} as ${key}`, () => assert.equal(addressKey(address), key));
  }
});
