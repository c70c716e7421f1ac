import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { statsLimits } from "./limits.ts";
import { nextStep, ScanHoldOff, type Standing, type Step, waitForSamples, withheldUntil } from "./steps.ts";

const still: Standing = { valid: true, planned: true, changed: false, running: true, reports: 0, limit: 0 };

describe("the next step of an entry", () => {
  const cases: readonly (readonly [string, Partial<Standing>, Step])[] = [
    ["a row that says what it said before stays as it is", {}, "NOP"],
    ["a changed row starts afresh", { changed: true }, "START"],
    ["a new row starts", { changed: true, running: false }, "START"],
    ["a row that asks for nothing any more stops", { changed: true, planned: false }, "STOP"],
    ["a row that has gone is freed", { valid: false, planned: false, changed: true }, "FREE"],
    ["a row that has gone is freed, whatever it said", { valid: false }, "FREE"],
    ["the last report stops it", { reports: 3, limit: 3 }, "STOP"],
    ["after the last report nothing is left to do", { reports: 3, limit: 3, running: false }, "NOP"],
    ["a limit below what was reported starts nothing", { reports: 3, limit: 2, changed: true, running: false }, "NOP"],
    [
      "a limit raised above what was reported starts it again",
      { reports: 3, limit: 5, changed: true, running: false },
      "START",
    ],
  ];
  for (const [behaviour, standing, step] of cases) {
    it(behaviour, () => assert.equal(nextStep({ ...still, ...standing }), step));
  }
});

describe("a report that is due", () => {
  const period = 10_000;
  const due = { now: 60_000, look: 60_000, deliveredAt: 60_000, period, underruns: 0 };
  const { postponed, shortestPostponement } = statsLimits;

  it("is made when the samples of its own time are there", () => {
    assert.equal(waitForSamples(due), null);
    assert.equal(waitForSamples({ ...due, now: 60_400, deliveredAt: 60_300 }), null);
  });

  it("waits for the samples of its own time, longer and longer", () => {
    assert.deepEqual(waitForSamples({ ...due, deliveredAt: 50_300 }), { wait: shortestPostponement, underruns: 0 });
    assert.deepEqual(waitForSamples({ ...due, deliveredAt: 50_300, now: 60_200 }), { wait: 200, underruns: 0 });
  });

  it("waits for the first ones, too", () => {
    assert.deepEqual(waitForSamples({ ...due, deliveredAt: 57_000 }), { wait: shortestPostponement, underruns: 0 });
  });

  it("does not wait longer than drivers have to answer", () => {
    const late = { ...due, deliveredAt: 50_000, now: 60_000 + postponed };
    assert.equal(waitForSamples(late), null);
    assert.deepEqual(waitForSamples({ ...late, now: late.now - 3 }), { wait: 3, underruns: 0 });
  });

  it("does not wait between two samples", () => {
    assert.equal(waitForSamples({ ...due, now: 65_000, look: 65_000, deliveredAt: 60_100 }), null);
    assert.equal(waitForSamples({ ...due, now: 65_000, look: 65_000, deliveredAt: 52_000 }), null);
  });

  it("looks nine times more when samples stay away, then is made without", () => {
    const silent = { ...due, deliveredAt: 30_000 };
    for (let underruns = 0; underruns < 9; underruns++) {
      assert.deepEqual(waitForSamples({ ...silent, underruns }), { wait: 10, underruns: underruns + 1 });
    }
    assert.equal(waitForSamples({ ...silent, underruns: 9 }), null);
  });
});

describe("a threshold", () => {
  const threshold = { util: 10, maxDelay: 150_000 };
  const at = { now: 60_000, due: 60_000, reporting: 60_000, busy: 3 };

  it("withholds a report while its channel is quiet, from one report time to the next", () => {
    assert.equal(withheldUntil(threshold, at), 120_000);
    assert.equal(withheldUntil(threshold, { ...at, busy: null }), 120_000);
  });

  it("lets it go when the channel is as busy as it says", () => {
    assert.equal(withheldUntil(threshold, { ...at, busy: 10 }), null);
  });

  it("lets it go no later than max_delay after it was due", () => {
    assert.equal(withheldUntil(threshold, { ...at, now: 180_000 }), 210_000);
    assert.equal(withheldUntil(threshold, { ...at, now: 210_000 }), null);
    assert.equal(withheldUntil({ util: 10, maxDelay: 0 }, at), null);
  });

  it("that is not there withholds nothing", () => {
    assert.equal(withheldUntil(null, at), null);
  });
});

describe("the hold-off of scans", () => {
  it("lets them wait while the radio is in use, once for max_delay", () => {
    const holdOff = new ScanHoldOff({ util: 25, maxDelay: 30_000 });
    const asked = (now: number, used: number | null) => holdOff.allow(now, used);
    assert.equal(asked(0, 24), true);
    assert.equal(asked(10_000, null), true);
    assert.equal(asked(20_000, 25), false);
    assert.equal(asked(40_000, 90), false);
    assert.equal(asked(50_000, 90), true, "max_delay has passed");
    assert.equal(asked(60_000, 90), false, "a new delay begins");
    assert.equal(asked(70_000, 10), true, "quiet again");
    assert.equal(asked(95_000, 90), false, "the delay before was forgotten");
  });
});
