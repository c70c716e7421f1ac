import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cacDuration, DfsTable, nonOccupancyMs, standardCac } from "./dfs.ts";
import { channel } from "./testing/observer.ts";

const wide = channel("5G", 52, 40);
const stateOf = (table: DfsTable, frequency: number, now = 0) =>
  table.list(now).find(({ control }) => control === frequency);

describe("what a radio knows of its channels", () => {
  it("starts with DFS channels to be checked and the others free", () => {
    const table = new DfsTable([5180, 5260]);
    assert.deepEqual(
      table.list(0).map(({ dfs }) => dfs),
      ["non_dfs", "cac_possible"],
    );
  });

  it("turns only the segments of the channel that are in the named state", () => {
    const table = new DfsTable([5240, 5260, 5280, 5300]);
    table.strike(5280, 0);
    table.turn(wide, "cac_possible", "cac_in_progress");
    assert.deepEqual(
      table.list(0).map(({ dfs }) => dfs),
      ["non_dfs", "cac_in_progress", "nol", "cac_possible"],
    );
  });

  it("keeps a channel that saw radar out of use for half an hour, and counts the seconds", () => {
    const table = new DfsTable([5180, 5260]);
    assert.equal(table.strike(5180, 0), false);
    assert.equal(table.strike(5260, 1000), true);
    assert.equal(table.strike(5260, 2000), false);
    assert.equal(stateOf(table, 5260, 1000)?.nolRemaining, 1800);
    assert.equal(stateOf(table, 5260, 11_500)?.nolRemaining, 1790);
    assert.equal(table.expire(2000), 1000 + nonOccupancyMs);
    assert.equal(table.expire(1000 + nonOccupancyMs), null);
    assert.equal(stateOf(table, 5260)?.dfs, "cac_possible");
  });
});

describe("a channel availability check", () => {
  it("takes a minute, or ten where weather radars may be in Europe", () => {
    assert.equal(cacDuration(wide, "etsi", standardCac), 60_000);
    assert.equal(cacDuration(channel("5G", 116, 80), "etsi", standardCac), 600_000);
    assert.equal(cacDuration(channel("5G", 116, 80), "fcc", standardCac), 60_000);
  });
});
