import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type FallbackEvent,
  type FallbackState,
  fallbackParentOf,
  lostToRadar,
  nextFallback,
  noUplink,
  uplinkSeen,
} from "./fallback-parent.ts";
import { linkTimeout, radarAftermath } from "./limits.ts";
import { channel } from "./testing/rows.ts";

function walk(...events: readonly FallbackEvent[]): FallbackState {
  return events.reduce<FallbackState>(nextFallback, "removed");
}

describe("a fallback parent", () => {
  it("is turned to once, until the link recovers or the row names another", () => {
    assert.equal(walk("link timed out"), "removed");
    assert.equal(walk("parent named"), "configured");
    assert.equal(walk("parent named", "link recovered"), "configured");
    assert.equal(walk("parent named", "link timed out"), "latched");
    assert.equal(walk("parent named", "link timed out", "link timed out"), "latched");
    assert.equal(walk("parent named", "link timed out", "link recovered"), "configured");
    assert.equal(walk("parent named", "link timed out", "another parent named"), "configured");
    assert.equal(walk("parent named", "link timed out", "no parent named"), "removed");
    assert.equal(walk("parent named", "no parent named", "link timed out"), "removed");
  });

  it("is the first that the row names properly", () => {
    const parents = new Map([
      ["nonsense", 1],
      ["02:00:00:00:00:0A", 6],
      ["02:00:00:00:00:0b", 11],
    ]);
    assert.deepEqual(fallbackParentOf(parents), { bssid: "02:00:00:00:00:0a", channel: 6 });
    assert.equal(fallbackParentOf(new Map()), null);
  });
});

describe("an uplink lost to radar", () => {
  const [plain, dfs] = [channel(36, 80), channel(100, 80)];

  it("was on a channel where radar is watched for", () => {
    const lost = uplinkSeen(uplinkSeen(noUplink, dfs, 0), null, 1_000);
    assert.equal(lostToRadar(lost, 1_000 + linkTimeout - 1), false);
    assert.equal(lostToRadar(lost, 1_000 + linkTimeout), true);
    assert.equal(lostToRadar(uplinkSeen(uplinkSeen(noUplink, plain, 0), null, 1_000), 60_000), false);
  });

  it("or has left one lately", () => {
    const moved = uplinkSeen(uplinkSeen(noUplink, dfs, 0), plain, 5_000);
    const lost = uplinkSeen(moved, null, 6_000);
    assert.equal(lostToRadar(lost, 6_000 + linkTimeout), true);
    assert.equal(lostToRadar(lost, 5_000 + radarAftermath), true);
    assert.equal(lostToRadar(lost, 5_000 + radarAftermath + 1), false);
  });

  it("is lost since it was first seen lost, and not after it has come back", () => {
    const lost = uplinkSeen(uplinkSeen(noUplink, dfs, 0), null, 1_000);
    assert.equal(uplinkSeen(lost, null, 5_000).lostAt, 1_000);
    assert.equal(lostToRadar(uplinkSeen(lost, dfs, 5_000), 60_000), false);
    assert.equal(lostToRadar(uplinkSeen(noUplink, null, 0), 60_000), false);
  });
});
