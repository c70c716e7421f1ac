import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Closers } from "./closers.ts";
import { nodeLimits } from "./limits.ts";

const never = new Promise<void>(() => {});

describe("closing the parts of a node", () => {
  it("ends within its budget when every part hangs, each having had its turn", async () => {
    const clock = new VirtualClock();
    const closers = new Closers(clock);
    const asked: string[] = [];
    const problems: string[] = [];
    closers.onProblem((problem) => problems.push(problem));
    for (const name of ["a", "b", "c", "d", "e"]) {
      closers.add(name, () => {
        asked.push(name);
        return never;
      });
    }
    let closed = false;
    void closers.close().then(() => {
      closed = true;
    });
    await clock.advance(nodeLimits.stopBudgetMs);
    assert.ok(closed);
    assert.deepEqual(asked, ["e", "d", "c", "b", "a"]);
    assert.equal(problems.length, 5);
    assert.match(problems[0] ?? "", /^e: end: no answer within \d+ ms$/);
  });

  it("goes on after a part that fails, and closes each once", async () => {
    const closers = new Closers(new VirtualClock());
    const problems: string[] = [];
    let count = 0;
    closers.onProblem((problem) => problems.push(problem));
    closers.add("first", () => void count++);
    closers.add("second", () => {
      throw new Error("stuck");
    });
    await Promise.all([closers.close(), closers.close()]);
    assert.equal(count, 1);
    assert.deepEqual(problems, ["second: stuck"]);
  });
});
