import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  beginText,
  beside,
  distanceOn,
  lineBegin,
  markPx,
  marksOf,
  markText,
  momentOf,
  spanMs,
  step,
} from "./time-line.ts";

const now = 1_800_000_000_000;
const event = (secondsAgo: number, text = `${secondsAgo} s ago`) => ({
  ...{ id: `${secondsAgo}`, at: new Date(now - secondsAgo * 1000).toISOString(), text },
});

describe("the time line", () => {
  for (const [title, knownFrom, shown, expected] of [
    ["reaches back six hours", 0, undefined, now - spanMs],
    ["reaches back no further than something is known", now - 3_600_000, undefined, now - 3_600_000],
    ["begins where a home does that is young, and stays there", now - 60_000, undefined, now - 60_000],
    ["has some length, however little is known", now - 1_000, undefined, now - step],
    ["has some length where nothing is known", null, undefined, now - step],
    ["reaches back to what is shown", 0, now - 2 * spanMs, now - 2 * spanMs],
    ["reaches back six hours where it is not known since when something is known", undefined, undefined, now - spanMs],
  ] as const) {
    it(title, () => assert.equal(lineBegin(now, knownFrom, shown), expected));
  }

  it("says why it is short where nothing is known from before, and nothing where it has its whole length", () => {
    const text = (known: number | null | undefined, from = lineBegin(now, known, undefined)) =>
      beginText(now, from, known, (at) => `${(now - at) / 1000} s ago`);
    assert.equal(text(now - 60_000), "60 s ago: nothing is known from before");
    assert.equal(
      text(now - 60_000, now - spanMs),
      "60 s ago: nothing is known from before",
      "something older is shown",
    );
    assert.equal(text(now - 2 * spanMs), "21600 s ago");
    assert.equal(text(undefined), "21600 s ago", "not asked yet");
    assert.equal(text(null), "nothing is known yet");
  });

  it("is now at its end alone, one step before it the past", () => {
    assert.equal(momentOf(now, now - spanMs, now), undefined);
    assert.equal(momentOf(now + step, now - spanMs, now), undefined);
    assert.equal(momentOf(now - step, now - spanMs, now), now - step);
    assert.equal(momentOf(0, now - spanMs, now), now - spanMs);
  });

  it("makes one mark of events that are near to each other, and none of those beyond its ends", () => {
    const marks = marksOf([event(-5), event(10), event(12), event(500), event(2000)], now - 1000_000, now, 0.01);
    assert.deepEqual(
      marks.map(({ events, share }) => [events.map(({ id }) => id), Math.round(share * 1000)]),
      [
        [["500"], 500],
        [["10", "12"], 989],
      ],
    );
  });

  it("has no two marks so near that a finger hits both, however narrow it is", () => {
    const events = Array.from({ length: 300 }, (_, index) => event(index * index * 0.01));
    for (const width of [120, 250, 1000]) {
      const marks = marksOf(events, now - 1000_000, now, distanceOn(width));
      assert.ok(marks.length > 2);
      for (const [index, { share }] of marks.entries()) {
        const before = marks[index - 1];
        if (before) assert.ok((share - before.share) * width >= markPx - 1e-6, `${width} px`);
      }
    }
    assert.equal(distanceOn(0), distanceOn(1e6));
  });

  it("stays bounded however many events there are", () => {
    const many = Array.from({ length: 500 }, (_, index) => event(index));
    const marks = marksOf(many, now - 1000_000, now, 0.01);
    assert.ok(marks.length <= 100);
    assert.equal(
      marks.reduce((sum, { events }) => sum + events.length, 0),
      500,
    );
  });

  it("names the newest events of a mark, and counts the rest", () => {
    const [mark] = marksOf(
      [1, 2, 3, 4, 5, 6].map((seconds) => event(seconds)),
      now - 1000_000,
      now,
      0.1,
    );
    assert.ok(mark);
    assert.deepEqual(markText(mark, () => "t").split("\n"), [
      "t  1 s ago",
      "t  2 s ago",
      "t  3 s ago",
      "t  4 s ago",
      "and 2 more",
    ]);
  });

  it("knows the events before and after a time", () => {
    const events = [event(10), event(20), event(30)];
    assert.deepEqual(beside(events, now - 20_000), { before: now - 30_000, after: now - 10_000 });
    assert.deepEqual(beside(events, now), { before: now - 10_000 });
    assert.deepEqual(beside(events, now - 60_000), { after: now - 30_000 });
    assert.deepEqual(beside([], now), {});
  });
});
