import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { every, RealClock, VirtualClock, withDeadline } from "./clock.ts";

describe("VirtualClock", () => {
  it("fires timers in order of time, then of creation", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.setTimer(20, () => seen.push("late"));
    clock.setTimer(10, () => seen.push("first"));
    clock.setTimer(10, () => seen.push("second"));
    await clock.advance(15);
    assert.deepEqual(seen, ["first", "second"]);
    await clock.advance(5);
    assert.deepEqual(seen, ["first", "second", "late"]);
    assert.equal(clock.now(), 20);
  });

  it("keeps a thousand timers of random delays in order", async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    let seed = 1;
    for (let i = 0; i < 1000; i++) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      clock.setTimer(seed % 5000, () => fired.push(clock.now()));
    }
    await clock.advance(5000);
    assert.equal(fired.length, 1000);
    assert.deepEqual(
      fired,
      fired.toSorted((a, b) => a - b),
    );
  });

  it("lets promises settle between two timers", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.setTimer(1, () => void Promise.resolve().then(() => seen.push("promise")));
    clock.setTimer(2, () => seen.push("timer"));
    await clock.advance(2);
    assert.deepEqual(seen, ["promise", "timer"]);
  });

  it("does not fire what was cancelled", async () => {
    const clock = new VirtualClock();
    const timer = clock.setTimer(1, () => assert.fail("cancelled"));
    timer.cancel();
    await clock.advance(10);
  });

  it("says which condition did not come true", async () => {
    const clock = new VirtualClock();
    await assert.rejects(
      clock.runUntil(() => false, 50, "the moon"),
      /the moon did not come true within 50 ms/,
    );
    assert.equal(clock.now(), 50);
  });

  it("shows wall time from its epoch on", async () => {
    const clock = new VirtualClock(1000);
    await clock.advance(5);
    assert.equal(clock.wallTime(), 1005);
  });
});

describe("sleep", () => {
  it("rejects with the reason when aborted", async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const slept = clock.sleep(100, abort.signal);
    abort.abort(new Error("stopped"));
    await assert.rejects(slept, /stopped/);
    await assert.rejects(clock.sleep(100, abort.signal), /stopped/);
  });

  it("resolves on the real clock", async () => {
    await new RealClock().sleep(1);
  });
});

describe("RealClock", () => {
  it("never fires a timer early", async () => {
    const clock = new RealClock();
    const early = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const due = clock.now() + 1 + index / 7;
        return new Promise<number>((resolve) => clock.setTimer(due - clock.now(), () => resolve(due - clock.now())));
      }),
    );
    // What is left is the rounding of the sum.
    assert.deepEqual(
      early.filter((left) => left > 1e-6),
      [],
    );
  });
});

describe("a timer of the real clock for more than 25 days", () => {
  it("is none that Node.js would end at once", async () => {
    const warnings: string[] = [];
    const listen = ({ name }: Error) => warnings.push(name);
    process.on("warning", listen);
    const clock = new RealClock();
    let fired = false;
    const timer = clock.setTimer(2 ** 40, () => {
      fired = true;
    });
    await clock.sleep(5);
    timer.cancel();
    process.off("warning", listen);
    assert.deepEqual([fired, warnings], [false, []]);
  });
});

describe("withDeadline", () => {
  it("names what took too long", async () => {
    const clock = new VirtualClock();
    const hanging = assert.rejects(withDeadline(clock, new Promise(() => {}), 30, "get_schema"), /get_schema.*30 ms/);
    await clock.advance(30);
    await hanging;
  });

  it("gives the value when it is in time, and leaves no timer behind", async () => {
    const clock = new VirtualClock();
    assert.equal(await withDeadline(clock, Promise.resolve(7), 30, "x"), 7);
    await clock.advance(100);
  });
});

describe("every", () => {
  it("calls again and again until cancelled, even by its own callback", async () => {
    const clock = new VirtualClock();
    let calls = 0;
    const timer = every(clock, 10, () => {
      if (++calls === 3) timer.cancel();
    });
    await clock.advance(100);
    assert.equal(calls, 3);
  });
});
