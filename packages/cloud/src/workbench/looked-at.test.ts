import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { LookedAt } from "./looked-at.ts";

describe("what is kept while somebody looks", () => {
  it("is given up when nobody has asked for a while, and not before", async () => {
    const clock = new VirtualClock();
    const closed: string[] = [];
    const kept = new LookedAt<string, string>({
      ...{ clock, keepMs: 100, most: 2 },
      open: (key) => key.toUpperCase(),
      close: (value) => closed.push(value),
    });
    assert.equal(kept.get("a"), "A");
    assert.equal(kept.get("b"), "B");
    assert.equal(kept.get("c"), undefined, "there are as many as there may be");
    await clock.advance(60);
    kept.get("a");
    await clock.advance(60);
    assert.deepEqual([closed, kept.size], [["B"], 1]);
    assert.equal(kept.get("c"), "C");
    await clock.advance(200);
    assert.deepEqual([closed, kept.size], [["B", "A", "C"], 0]);
  });

  it("is given up at once when all is", () => {
    const closed: string[] = [];
    const kept = new LookedAt<string, string>({
      ...{ clock: new VirtualClock(), keepMs: 100, most: 2 },
      open: (key) => key,
      close: (value) => closed.push(value),
    });
    kept.get("a");
    kept.clear();
    assert.deepEqual([closed, kept.size], [["a"], 0]);
  });
});
