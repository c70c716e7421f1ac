import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { afterBlock, afterCheck, type BlockingRow, type FamilyState, unblockTime } from "./blocking.ts";

function row(ipv4: FamilyState | null, counter = 0, rest: Partial<BlockingRow> = {}): BlockingRow {
  return {
    ipv4,
    ipv6: null,
    unreachable_router_counter: counter,
    unreachable_internet_counter: 0,
    unblock_ts: null,
    ...rest,
  };
}

const moment = { now: 100_000, random: 0.5, otherUsable: true };

describe("an uplink's family", () => {
  const outcome = (works: boolean) => ({ router: { ipv4: works } });

  it("goes through its states by what checks find", () => {
    const cases: readonly (readonly [FamilyState | null, number, boolean, FamilyState])[] = [
      [null, 0, true, "active"],
      ["ready", 0, true, "active"],
      ["ready", 1, false, "inactive"],
      ["active", 1, false, "inactive"],
      ["inactive", 0, true, "active"],
      ["inactive", 2, false, "blocked"],
      ["blocked", 3, false, "blocked"],
      ["unblocking", 1, false, "blocked"],
      ["unblocking", 0, true, "active"],
    ];
    for (const [before, counter, works, after] of cases) {
      const { columns } = afterCheck(row(before, counter), outcome(works), moment);
      assert.equal(columns.ipv4 ?? before, after, `${before} ${works}`);
    }
  });

  it("is not blocked, and is released, where there is no other uplink", () => {
    const alone = { ...moment, otherUsable: false };
    assert.equal(afterCheck(row("inactive", 5), outcome(false), alone).columns.ipv4, undefined);
    const released = afterCheck(row("blocked", 5, { unblock_ts: "200" }), outcome(false), alone);
    assert.deepEqual(released, { columns: { ipv4: "inactive", unblock_ts: null }, metric: 0 });
  });

  it("is blocked for 60 to 90 s, with a metric that prefers others", () => {
    const blocked = afterCheck(row("inactive", 2), outcome(false), moment);
    assert.deepEqual(blocked, { columns: { ipv4: "blocked", unblock_ts: "175" }, metric: 999 });
    assert.equal(afterCheck(row("inactive", 2), outcome(false), { ...moment, random: 0 }).columns.unblock_ts, "160");
  });

  it("is looked at when its time is over, and keeps its metric until it works", () => {
    const blocked = row("blocked", 3, { unblock_ts: "175" });
    assert.equal(afterBlock(blocked, 174_999), null);
    assert.deepEqual(afterBlock(blocked, 175_000), {
      ipv4: "unblocking",
      unblock_ts: null,
      unreachable_router_counter: 0,
      unreachable_internet_counter: 0,
    });
    assert.equal(afterCheck(row("unblocking", 1), outcome(false), moment).metric, 999);
    assert.equal(afterCheck(row("unblocking", 0), outcome(true), moment).metric, 0);
  });

  it("with a time that nobody can read is looked at now", () => {
    assert.equal(unblockTime(row("blocked", 0, { unblock_ts: "soon" })), 0);
    assert.notEqual(afterBlock(row("blocked", 0, { unblock_ts: "" }), 1), null);
  });

  it("leads out when the Internet answers though the router does not", () => {
    const { columns } = afterCheck(row("ready", 1), { router: { ipv4: false }, internet: { ipv4: true } }, moment);
    assert.equal(columns.ipv4, "active");
  });
});
