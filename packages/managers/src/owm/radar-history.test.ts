import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { DfsState, PhyState } from "@opensync-ts/target/radio";
import { RadarHistory, radarColumn } from "./radar-history.ts";
import { apVif, channel, offered, phyState } from "./testing/rows.ts";

const numbers = [36, 100, 104, 108, 112];

/** A radio with some channels struck. */
function radio(...nol: readonly number[]): PhyState {
  const dfs = (n: number): DfsState => (nol.includes(n) ? "nol" : n === 36 ? "non_dfs" : "cac_completed");
  return phyState({
    channelStates: numbers.flatMap((n) => offered("5G", n).map((each) => ({ ...each, dfs: dfs(n), nolRemaining: 0 }))),
  });
}

describe("radar", () => {
  it("is counted as often as it is heard, with time and channel of the last", async () => {
    const clock = new VirtualClock();
    const history = new RadarHistory(clock);
    assert.equal(history.get("wifi1"), null);
    assert.deepEqual(radarColumn(null), new Map());
    history.observe(radio(), radio(108), []);
    await clock.advance(5_000);
    history.observe(radio(108), radio(108, 104), []);
    history.observe(radio(108, 104), radio(108, 104), []);
    history.observe(radio(108, 104), radio(104), []);
    assert.deepEqual(Object.fromEntries(radarColumn(history.get("wifi1"))), {
      last_channel: "104",
      num_detected: "2",
      time: String(Math.floor(clock.wallTime() / 1000)),
    });
  });

  it("on all of a wide channel is one event, told by the primary in use", () => {
    const history = new RadarHistory(new VirtualClock());
    history.observe(radio(), radio(100, 104, 108, 112), [apVif({}, { channel: channel(108, 80) })]);
    assert.deepEqual([history.get("wifi1")?.lastChannel, history.get("wifi1")?.detected], [108, 1]);
  });

  it("where an access point is counts before that elsewhere", () => {
    const history = new RadarHistory(new VirtualClock());
    history.observe(radio(), radio(100, 112), [apVif({}, { channel: channel(108, 40) })]);
    assert.equal(history.get("wifi1")?.lastChannel, 112);
  });

  it("heard in a former life is no news", () => {
    const history = new RadarHistory(new VirtualClock());
    history.observe(null, radio(100), []);
    assert.equal(history.get("wifi1"), null);
  });
});
