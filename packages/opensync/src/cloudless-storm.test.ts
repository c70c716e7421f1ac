/**
 * Storms over a home that can do without its cloud: from each seed another story of power cuts, outages, wishes of its owner and hands
 * laid on the gateway. A failing seed is in the message with its story; `OPENSYNC_SEED` plays it alone, `OPENSYNC_SEEDS` as many.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stormEvents } from "./testing/storm/storm-events.ts";
import { StormyGateway } from "./testing/storm/stormy-gateway.ts";

const { OPENSYNC_SEED: only, OPENSYNC_SEEDS = "4", OPENSYNC_FIRST = "1" } = process.env;
const first = Number(only ?? OPENSYNC_FIRST);
const count = only === undefined ? Number(OPENSYNC_SEEDS) : 1;

describe("a home that can do without its cloud, in a storm", () => {
  it("is served with one whole configuration or another, spares its flash, and is well again when the storm is over", async () => {
    const broken: string[] = [];
    for (let seed = first; seed < first + count; seed++) {
      const storm = await StormyGateway.start(seed, stormEvents);
      try {
        await storm.play();
        await storm.calm();
      } finally {
        await storm.stop();
      }
      const { violations } = storm.watch;
      if (violations.length === 0) continue;
      broken.push([`OPENSYNC_SEED=${seed}`, ...violations, "what happened:", ...storm.story].join("\n    "));
    }
    assert.equal(broken.join("\n"), "");
  });
});
