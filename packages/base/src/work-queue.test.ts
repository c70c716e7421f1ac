import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BusyClock } from "./testing/busy-clock.ts";
import { WorkQueue } from "./work-queue.ts";

function setup() {
  const clock = new BusyClock();
  const done: string[] = [];
  const queue = new WorkQueue(clock, 10);
  const run = (owner: object, name: string, ms = 4) =>
    queue.run(owner, () => {
      clock.work(ms);
      done.push(name);
    });
  return { clock, done, queue, run };
}

describe("work in slices", () => {
  it("is done at once while the turn has time left, and in later turns otherwise", async () => {
    const { clock, done, queue, run } = setup();
    for (const name of "abcdefg") run({}, name);
    assert.deepEqual(done, ["a", "b", "c"]);
    assert.equal(queue.waiting, 4);
    const inBetween = Promise.withResolvers<readonly string[]>();
    clock.setTimer(0, () => inBetween.resolve([...done]));
    await clock.advance(0);
    assert.deepEqual(await inBetween.promise, [..."abcdef"], "others have their turn before the rest");
    assert.deepEqual(done, [..."abcdefg"]);
  });

  it("keeps one piece for each owner, the newest, in the place of the first", async () => {
    const { clock, done, run } = setup();
    run({}, "long", 20);
    const [first, second] = [{}, {}];
    run(first, "old");
    run(second, "other");
    run(first, "new");
    await clock.advance(0);
    assert.deepEqual(done, ["long", "new", "other"]);
  });

  it("is not done for an owner that has gone", async () => {
    const { clock, done, queue, run } = setup();
    run({}, "long", 20);
    const ended = {};
    run(ended, "never");
    queue.forget(ended);
    await clock.advance(0);
    assert.deepEqual(done, ["long"]);
  });

  it("goes on after work that fails", async () => {
    const { clock, done, queue, run } = setup();
    run({}, "long", 20);
    queue.run({}, () => {
      throw new Error("fault");
    });
    run({}, "next");
    await assert.rejects(clock.advance(0), /fault/);
    await clock.advance(0);
    assert.deepEqual(done, ["long", "next"]);
  });
});
