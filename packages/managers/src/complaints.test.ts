import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { Complaints } from "./complaints.ts";
import { managerLimits } from "./limits.ts";

function setUp() {
  const clock = new VirtualClock();
  const ring = new LogRing(10_000);
  const log = Log.create({ name: "SM", sink: ring.sink, wallTime: () => clock.wallTime() });
  return { clock, complaints: new Complaints(clock, log, "sm: "), lines: () => ring.records().map(({ text }) => text) };
}

describe("complaints", () => {
  it("are each said once a minute, and those in between are counted", async () => {
    const { clock, complaints, lines } = setUp();
    for (let second = 0; second < 61; second++) {
      complaints.say("a");
      await clock.advance(1_000);
    }
    assert.deepEqual(lines(), ["sm: a", "sm: a (and 59 times since the line before)"]);
    assert.equal(complaints.count, 61);
  });

  it("of one kind are counted together, whatever they say", () => {
    const { complaints, lines } = setUp();
    for (let n = 0; n < 5; n++) complaints.say(`frame ${n}`, "frames");
    complaints.say("a client");
    assert.deepEqual(lines(), ["sm: frame 0", "sm: a client"]);
  });

  it("are not too many a minute, however many different ones there are", async () => {
    const { clock, complaints, lines } = setUp();
    for (let n = 0; n < 5_000; n++) complaints.say(`row ${n}`);
    assert.equal(lines().length, managerLimits.complaintLines + 1);
    assert.match(lines().at(-1) ?? "", /^sm: more complaints of other kinds are not logged/);
    assert.equal(complaints.count, 5_000);
    await clock.advance(managerLimits.complaintSilenceMs);
    complaints.say("row 1");
    assert.equal(lines().at(-1), "sm: row 1");
  });
});
