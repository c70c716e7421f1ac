import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import type { ConfsyncEvents } from "./contract.ts";
import { unsettledTooOften, Watchdog, withinWindow } from "./watchdog.ts";

/** `+60` = settled for 60 s, `-60` = unsettled. Oldest first, as they happen; one that ends what came before. */
async function barkAfter(seconds: readonly number[]): Promise<{ at: number; reason: string } | null> {
  const clock = new VirtualClock();
  const events = new Emitter<ConfsyncEvents>();
  let bark: { at: number; reason: string } | null = null as { at: number; reason: string } | null;
  const watchdog = new Watchdog({
    clock,
    events,
    bark: (reason) => {
      bark = { at: clock.now() / 1000, reason };
    },
  });
  const enter = (to: "IDLE" | "WAITING" | "REQUESTING" | "VERIFYING") =>
    events.emit("transition", { from: "IDLE", to, reason: "test" });
  for (const length of seconds) {
    enter(length < 0 ? "WAITING" : "IDLE");
    // They say nothing about being settled.
    enter("VERIFYING");
    enter("REQUESTING");
    await clock.advance(Math.abs(length) * 1000);
  }
  watchdog.stop();
  return bark;
}

const alternate = (times: number, ...seconds: readonly number[]) => Array.from({ length: times }, () => seconds).flat();

const a = "not settled for 180 s";
const b = "unsettled for more than 75 % of the last 300 s";

describe("the watchdog of confsync", () => {
  // The name of the behaviour, what happens, when it barks and why; null: never.
  const table: readonly [string, readonly number[], { at: number; reason: string } | null][] = [
    ["does not settle", [-181], { at: 180, reason: a }],
    ["settles just in time", [-179.999, 1], null],
    ["is settled for long", [3600, -10, 3600], null],
    ["is unsettled for long, once, after a long settled time", [3600, -179, 10], null],
    ["many short events, as often settled as not", alternate(500, -1, 1), null],
    ["many short events, unsettled for almost three quarters", alternate(200, -2.9, 1), null],
    ["many short events, unsettled most of the time", alternate(200, -4, 1), { at: 304, reason: b }],
    ["long events, settled often enough", alternate(20, -100, 60), null],
    ["long events, unsettled most of the time", alternate(20, -150, 40), { at: 340, reason: b }],
    ["the time from boot on counts as settled", [100, -175, 10, -30, 100], null],
    ["unsettled from boot on", [-170, 10, -170, 10], { at: 350, reason: b }],
    ["tricky: an hour settled before does not help", [3600, -170, 60, -170, 60], { at: 4000, reason: b }],
    ["tricky: more than the window, less than the share", [3600, -140, 100, -140, 60], null],
    ["tricky: what is older than the window is forgotten", alternate(2, -170, 150), null],
  ];
  for (const [name, seconds, expected] of table) {
    it(`${name}: ${expected === null ? "keeps quiet" : `barks at ${expected.at} s`}`, async () => {
      assert.deepEqual(await barkAfter(seconds), expected);
    });
  }

  it("barks once", async () => {
    let barks = 0;
    const clock = new VirtualClock();
    const events = new Emitter<ConfsyncEvents>();
    new Watchdog({ clock, events, bark: () => barks++ });
    for (let n = 0; n < 3; n++) {
      events.emit("transition", { from: "REQUESTING", to: "WAITING", reason: "test" });
      await clock.advance(200_000);
      events.emit("transition", { from: "VERIFYING", to: "IDLE", reason: "test" });
    }
    assert.equal(barks, 1);
    assert.equal(events.listenerCount("transition"), 0);
  });

  it("divides nothing by zero", () => {
    assert.equal(unsettledTooOften([]), false);
    assert.equal(unsettledTooOften([{ settled: false, length: 0 }]), false);
    assert.equal(unsettledTooOften([{ settled: true, length: 0 }]), false);
  });

  it("looks only when an unsettled interval ends, at all that is in the list then", () => {
    const settled = (length: number) => ({ settled: true, length });
    const unsettled = (length: number) => ({ settled: false, length });
    assert.equal(unsettledTooOften([settled(10), unsettled(900_000)]), false);
    assert.equal(unsettledTooOften([unsettled(290_000), settled(9_999)]), false);
    assert.equal(unsettledTooOften([unsettled(290_000), settled(10_000)]), true);
    assert.equal(unsettledTooOften([unsettled(225_000), settled(75_000)]), false);
    assert.equal(unsettledTooOften([unsettled(225_001), settled(75_000)]), true);
  });

  it("keeps intervals while their sum is within the window, exactly", () => {
    const all = [100_000, 200_000, 1, 50].map((length) => ({ settled: true, length }));
    assert.equal(withinWindow(all).length, 2);
    assert.equal(withinWindow([{ settled: true, length: 300_001 }]).length, 0);
    assert.equal(withinWindow([]).length, 0);
  });
});
