import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { Complaints } from "./complaints.ts";

function setUp() {
  const clock = new VirtualClock();
  const ring = new LogRing(10_000);
  const log = Log.create({ name: "SM", sink: ring.sink, wallTime: () => clock.wallTime() });
  return { clock, complaints: new Complaints(clock, log), lines: () => ring.records().map(({ text }) => text) };
}

describe("complaints", () => {
  it("are each said once a minute, and those in between are counted", async () => {
    const { clock, complaints, lines } = setUp();
    for (let second = 0; second < 61; second++) {
      complaints.say("a");
      await clock.advance(1_000);
    }
    assert.deepEqual(lines(), ["sm: a", "sm: 59 more complaints of this kind or others not logged", "sm: a"]);
    assert.equal(complaints.count, 61);
  });

  it("are at most twenty a minute, however many different ones there are", async () => {
    const { clock, complaints, lines } = setUp();
    for (let n = 0; n < 5_000; n++) complaints.say(`row ${n}`);
    assert.equal(lines().length, 20);
    await clock.advance(60_000);
    complaints.say("row 1");
    assert.match(lines()[20] ?? "", /4980 more/);
  });
});
