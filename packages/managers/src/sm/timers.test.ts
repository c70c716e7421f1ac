import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SetClock } from "./testing/rig.ts";
import { setLongTimer, WallGrid } from "./timers.ts";

const day = 86_400_000;

describe("a long timer", () => {
  it("fires once, when it is due, and needs no timer longer than a day", async () => {
    const clock = new SetClock();
    const delays: number[] = [];
    const watched = {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      sleep: clock.sleep.bind(clock),
      setTimer: (delay: number, callback: () => void) => {
        delays.push(delay);
        return clock.setTimer(delay, callback);
      },
    };
    const fired: number[] = [];
    setLongTimer(watched, 30 * day + 5, () => fired.push(clock.now()));
    setLongTimer(watched, 0, () => fired.push(clock.now()));
    await clock.advance(100 * day);
    assert.deepEqual(fired, [0, 30 * day + 5]);
    assert.equal(Math.max(...delays), day);
  });

  it("can be cancelled at any time", async () => {
    const clock = new SetClock();
    const timer = setLongTimer(clock, 3 * day, () => assert.fail("fired"));
    await clock.advance(2 * day);
    timer.cancel();
    await clock.advance(2 * day);
  });
});

describe("a grid on the wall clock", () => {
  const grid = (periods: readonly number[]) => {
    const clock = new SetClock();
    const ticks: string[] = [];
    const running = new WallGrid(clock, periods, (due) => {
      const at = (clock.wallTime() - Date.UTC(2026, 0, 1)) / 1000;
      ticks.push(`${at} ${due.map((each) => (each ? "x" : "-")).join("")}`);
    });
    return { clock, ticks, running };
  };

  it("ticks at multiples, once for those that are due together", async () => {
    const { clock, ticks, running } = grid([10_000, 25_000]);
    await clock.advance(55_000);
    assert.deepEqual(ticks, ["10 x-", "20 x-", "25 -x", "30 x-", "40 x-", "50 xx"]);
    running.stop();
    await clock.advance(100_000);
    assert.equal(ticks.length, 6);
  });

  it("waits on where a timer has fired a little early", async () => {
    const { clock, ticks } = grid([10_000]);
    clock.offset = -0.5;
    await clock.advance(20_001);
    assert.deepEqual(ticks, ["10 x", "20 x"]);
  });

  it("skips what a clock that is set forward leaves out, and repeats nothing of the last period", async () => {
    const { clock, ticks } = grid([30_000]);
    await clock.advance(31_000);
    clock.offset = 3_600_000;
    await clock.advance(30_000);
    clock.offset = 3_590_000;
    await clock.advance(40_000);
    assert.deepEqual(ticks, ["30 x", "3660 x", "3690 x"]);
  });

  it("begins anew on a clock that is set back by more than a period", async () => {
    const { clock, ticks } = grid([30_000]);
    await clock.advance(31_000);
    clock.offset = -1_000_000;
    await clock.advance(120_000);
    assert.ok(ticks.length >= 3, ticks.join());
    for (const tick of ticks.slice(1)) assert.equal(Math.abs(Number(tick.split(" ")[0])) % 30, 0, tick);
  });
});
