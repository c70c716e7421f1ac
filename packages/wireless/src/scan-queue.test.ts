import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { Log, LogRing } from "@opensync-ts/base/log";
import type { ScanOutcome } from "@opensync-ts/target/driver";
import type { WirelessStateEvents } from "./contract.ts";
import { limits } from "./limits.ts";
import { type ScanOrder, ScanQueue } from "./scan-queue.ts";

function rig() {
  const clock = new VirtualClock();
  const ring = new LogRing(1_000);
  const log = Log.create({ name: "OW", sink: ring.sink, wallTime: () => clock.wallTime() });
  const events = new Emitter<WirelessStateEvents>();
  const begun: string[] = [];
  const ended: string[] = [];
  const driver = { offers: true, present: true, outcome: "done" as ScanOutcome | "silence" | "at once" };
  const queue = new ScanQueue({
    clock,
    log,
    events,
    offers: () => driver.offers,
    request: (phy, vif, { channels, dwell }) => {
      if (!driver.present) return false;
      begun.push(`${clock.now()} ${phy}/${vif} ${channels.join()}`);
      const { outcome } = driver;
      if (outcome === "at once") events.emit("scanCompleted", { phy, vif, reason: "done" });
      else if (outcome !== "silence") {
        clock.setTimer(dwell * channels.length, () => events.emit("scanCompleted", { phy, vif, reason: outcome }));
      }
      return true;
    },
  });
  const order = (channel: number, more: Partial<ScanOrder> = {}): ScanOrder => ({
    name: "test",
    phy: "wifi0",
    vif: "home-ap-24",
    scan: { channels: [channel], dwell: 100, passive: true },
    done: (outcome) => ended.push(`${clock.now()} ${channel} ${outcome}`),
    ...more,
  });
  return { clock, events, begun, ended, driver, queue, order, log: () => ring.records().map(({ text }) => text) };
}

describe("scans", () => {
  it("go one at a time on each phy, in order, and at the same time on different ones", async () => {
    const { clock, begun, ended, queue, order } = rig();
    assert.ok(queue.add(order(2412)));
    assert.ok(queue.add(order(2437, { vif: "guest-ap-24" })));
    assert.ok(queue.add(order(5180, { phy: "wifi1", vif: "home-ap-50" })));
    await clock.advance(1_000);
    assert.deepEqual(begun, ["0 wifi0/home-ap-24 2412", "0 wifi1/home-ap-50 5180", "100 wifi0/guest-ap-24 2437"]);
    assert.deepEqual(ended, ["100 2412 done", "100 5180 done", "200 2437 done"]);
    assert.equal(queue.counters.done, 3);
  });

  it("that a driver never completes are given up, once said, and the next one goes on", async () => {
    const { clock, driver, events, begun, ended, queue, order, log } = rig();
    const outcomes: string[] = [];
    events.on("scanCompleted", ({ reason }) => outcomes.push(reason));
    driver.outcome = "silence";
    for (const channel of [2412, 2437, 2462]) queue.add(order(channel));
    const longest = 100 + limits.scanGrace;
    await clock.advance(longest);
    driver.outcome = "done";
    await clock.advance(60_000);
    assert.deepEqual(
      ended.map((line) => line.split(" ").slice(1).join(" ")),
      ["2412 timed out", "2437 timed out", "2462 done"],
    );
    assert.equal(begun.length, 3);
    assert.deepEqual(outcomes, ["timed out", "timed out", "done"]);
    assert.deepEqual(log(), [
      `osw: scan: 1 scans of wifi0/home-ap-24 for test given up after ${longest} ms: its driver has not completed them; the next goes on`,
    ]);
    assert.equal(queue.counters.timedOut, 2);
  });

  it("that fail or are broken off make room for the next, and failures are said", async () => {
    const { clock, driver, ended, queue, order, log } = rig();
    driver.outcome = "failed";
    queue.add(order(2412));
    await clock.advance(150);
    driver.outcome = "aborted";
    queue.add(order(2437));
    await clock.advance(150);
    driver.present = false;
    queue.add(order(2462));
    await clock.advance(150);
    assert.deepEqual(ended, ["100 2412 failed", "250 2437 aborted", "300 2462 failed"]);
    const { failed, aborted } = queue.counters;
    assert.deepEqual([failed, aborted], [2, 1]);
    assert.equal(log().length, 1);
  });

  it("may be completed before the call returns, and asked for again in reply to one", async () => {
    const { clock, driver, begun, queue, order } = rig();
    driver.outcome = "at once";
    const again: ScanOrder = order(2412, { done: () => begun.length < 5 && queue.add(again) });
    queue.add(again);
    await clock.advance(0);
    assert.equal(begun.length, 5);
  });

  it("wait in bounded number; those that were cancelled never begin", async () => {
    const { clock, begun, queue, order, log } = rig();
    const cancelled = order(1);
    queue.add(order(2412));
    await clock.advance(0);
    queue.add(cancelled);
    for (let i = 1; i < limits.scansWaiting; i++) assert.ok(queue.add(order(2437)));
    assert.equal(queue.add(order(2437)), false);
    queue.cancel(cancelled);
    await clock.advance(100_000);
    assert.equal(begun.length, limits.scansWaiting);
    assert.equal(queue.counters.refused, 1);
    assert.match(log().join(), /1 scans of wifi0 for test refused: 64 wait already/);
  });

  it("are not taken where the driver has none, and not completed by what others scan", async () => {
    const { clock, driver, events, ended, queue, order, log } = rig();
    driver.offers = false;
    for (let i = 0; i < 3; i++) assert.equal(queue.add(order(2412)), false);
    assert.deepEqual(log(), [
      "osw: scan: 1 scans of wifi0 for test left out: no driver has that radio, or its driver has no scans",
    ]);
    assert.equal(queue.counters.refused, 3);
    driver.offers = true;
    driver.outcome = "silence";
    queue.add(order(2412));
    await clock.advance(10);
    events.emit("scanCompleted", { phy: "wifi0", vif: "guest-ap-24", reason: "done" });
    events.emit("scanCompleted", { phy: "wifi7", vif: "home-ap-24", reason: "done" });
    assert.deepEqual(ended, []);
    queue.stop();
    await clock.advance(100_000);
    assert.deepEqual(ended, []);
  });
});
