import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import * as limits from "./limits.ts";
import { SignsOfLife } from "./signs-of-life.ts";

function newBench() {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const asked: string[] = [];
  let received = clock.now();
  const told: boolean[] = [];
  const signs = new SignsOfLife(
    clock,
    () => received,
    (isSilent) => told.push(isSilent),
  );
  const wire = {
    request: (method: string) => {
      asked.push(method);
      return Promise.reject(new Error("no reply"));
    },
  };
  return {
    ...{ clock, signs, asked, told },
    look: () => signs.look(wire),
    receives: () => {
      received = clock.now();
    },
  };
}

describe("signs of life of a node", () => {
  it("are asked for by who looks, once, and only where nothing was heard for a while", async () => {
    const { clock, signs, asked, look } = newBench();
    const began = clock.wallTime();
    look();
    assert.deepEqual(asked, []);
    await clock.advance(limits.lookedAtProbeMs);
    look();
    look();
    assert.deepEqual(asked, ["echo"]);
    assert.equal(signs.heardAt, began);
    assert.equal(signs.isSilent, false, "it has its time to answer");
    await clock.advance(limits.signOfLifeMs);
    assert.equal(signs.isSilent, true);
  });

  it("end the silence, whatever they are, and after more of it there is another question", async () => {
    const { clock, signs, asked, look, receives } = newBench();
    for (const sign of [receives, () => signs.heard()]) {
      await clock.advance(limits.lookedAtProbeMs);
      look();
      await clock.advance(limits.signOfLifeMs);
      assert.equal(signs.isSilent, true);
      sign();
      assert.deepEqual([signs.isSilent, signs.heardAt], [false, clock.wallTime()]);
    }
    assert.equal(asked.length, 2);
  });

  it("are told of when they fail to come and when they come again, once each, until nobody wants to know", async () => {
    const { clock, signs, told, look, receives } = newBench();
    await clock.advance(limits.lookedAtProbeMs);
    look();
    await clock.advance(limits.signOfLifeMs - 1);
    assert.deepEqual(told, [], "it has its time to answer");
    await clock.advance(1);
    assert.deepEqual(told, [true]);
    await clock.advance(limits.signOfLifeMs);
    assert.deepEqual(told, [true], "once");
    receives();
    await clock.advance(limits.silenceWatchMs);
    assert.deepEqual(told, [true, false]);
    await clock.advance(limits.lookedAtProbeMs);
    look();
    signs.stop();
    await clock.advance(limits.signOfLifeMs);
    assert.deepEqual(told, [true, false]);
  });

  it("are not told of a client within the process, which has no connection", () => {
    const clock = new VirtualClock(0);
    const signs = new SignsOfLife(clock, () => undefined);
    signs.look(undefined);
    assert.deepEqual([signs.heardAt, signs.isSilent], [null, false]);
  });
});
