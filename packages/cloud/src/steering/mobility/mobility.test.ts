import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { mac } from "@opensync-ts/base/units";
import fc from "fast-check";
import { dayOf, daysBefore, isTimeZone } from "./calendar.ts";
import { addSample, type Day, emptyDay, type Sample, summarise } from "./day.ts";
import { addToHistory, closeDays, emptyHistory, type History, mobilityOf } from "./history.ts";

const minute = 60_000;
const day = 1_440 * minute;
const start = Date.parse("2026-06-01T12:00:00Z");
const gateway = mac("0a:00:00:00:00:01");
const extender = mac("0a:00:00:00:00:02");

const sample = (at: number, snrDb: number, at2: "gw" | "ext" = "gw"): Sample => ({
  ...{ at, snrDb, node: at2, bssid: at2 === "gw" ? gateway : extender },
});

/** A sample a minute; undefined: nothing is reported. */
function dayOfSignals(minutes: number, signal: (minute: number) => number | Sample | undefined): Day {
  let signals = emptyDay;
  for (let each = 0; each < minutes; each++) {
    const at = start + each * minute;
    const said = signal(each);
    if (said !== undefined) signals = addSample(signals, typeof said === "number" ? sample(at, said) : { ...said, at });
  }
  return signals;
}

const noise = (seed: number, db: number) => {
  const random = new SeededRandom(seed);
  return () => (random.next() - 0.5) * 2 * db;
};

describe("a day of signals", () => {
  const wobble = noise(1, 3);
  const cases: readonly (readonly [string, number, (minute: number) => number | Sample | undefined, string])[] = [
    ["that hardly change is static", 600, () => 35 + wobble(), "static"],
    [
      "with a gap, a reboot and the same again is static",
      900,
      (m) => (m > 200 && m < 500 ? undefined : 35 + wobble()),
      "static",
    ],
    [
      "on two bands of a node, each the same, is static",
      600,
      (m) => (m < 300 ? sample(0, 40 + wobble()) : { ...sample(0, 33 + wobble()), bssid: extender }),
      "static",
    ],
    ["with an hour of walking in ten is mobile", 600, (m) => (m % 10 === 0 ? 20 + (m % 50) : 35 + wobble()), "mobile"],
    ["in two places, without anybody seen walking, is mobile", 600, (m) => (m < 300 ? 20 : 40) + wobble(), "mobile"],
    [
      "that goes from node to node by itself is mobile",
      600,
      (m) => sample(0, 35 + wobble(), m % 120 < 60 ? "gw" : "ext"),
      "mobile",
    ],
    ["of half an hour says nothing", 30, () => 35, "unknown"],
    ["that come only every ten minutes say nothing", 600, (m) => (m % 10 === 0 ? 35 : undefined), "unknown"],
    ["that are no numbers say nothing", 600, () => Number.NaN, "unknown"],
  ];
  for (const [what, minutes, signal, verdict] of cases) {
    it(what, () => assert.equal(summarise(dayOfSignals(minutes, signal)).verdict, verdict));
  }

  it("is not mobile because the cloud has moved the client", () => {
    let asked = emptyDay;
    for (let each = 0; each < 600; each++) {
      const next = sample(start + each * minute, 35, each % 60 < 30 ? "gw" : "ext");
      asked = addSample(asked, next, each % 30 === 0);
    }
    assert.equal(summarise(asked).verdict, "static");
  });

  it("takes no more room than a few kilobytes, whatever comes, and survives being written down", () => {
    const any = fc.record({
      at: fc.integer({ min: start, max: start + day }),
      snrDb: fc.double({ min: -50, max: 150 }),
      ap: fc.integer({ min: 0, max: 99 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 300 }), (list) => {
        let signals = emptyDay;
        for (const { at, snrDb, ap } of list.sort((a, b) => a.at - b.at)) {
          const bssid = mac(`0a:00:00:00:00:${ap.toString().padStart(2, "0")}`);
          signals = addSample(signals, { at, snrDb, bssid, node: `n${ap}` });
        }
        const text = JSON.stringify(signals);
        assert.ok(text.length < 4096, `${text.length} characters`);
        assert.deepEqual(summarise(JSON.parse(text)), summarise(signals));
      }),
    );
  });
});

describe("ten days", () => {
  const zone = "Europe/Berlin";
  /** One letter a day: s(tatic), m(obile), -: not heard. */
  function play(letters: string): History {
    let history = emptyHistory;
    [...letters].forEach((letter, index) => {
      if (letter === "-") return;
      for (let each = 0; each < 120; each++) {
        history = addToHistory(
          history,
          sample(start + index * day + each * minute, letter === "s" ? 35 : 20 + ((each * 7) % 30)),
          zone,
        );
      }
    });
    return closeDays(history, start + letters.length * day, zone);
  }
  const cases: readonly (readonly [string, string])[] = [
    ["", "unknown"],
    ["s", "unknown"],
    ["ss", "unknown"],
    ["sss", "static"],
    ["ssssssssss", "static"],
    ["sssssssssm", "mobile"],
    ["mmmmmmmmms", "mobile"],
    ["mmmmmsssss", "mobile"],
    ["mmmmssssss", "static"],
    ["s--s--s---", "static"],
    ["mmmmmmmmmmsssssssssss", "static"],
    ["ssssssssss------------", "unknown"],
    ["m", "mobile"],
  ];
  for (const [letters, expected] of cases) {
    it(`'${letters}' make a client ${expected}`, () => assert.equal(mobilityOf(play(letters)).mobility, expected));
  }

  it("are all that is kept", () => {
    const history = play("s".repeat(30));
    assert.equal(history.days.length, 10);
    assert.ok(JSON.stringify(history).length < 2048);
  });

  it("leave a report that comes late, or a clock that was set back, out", () => {
    const history = play("sss");
    const today = addToHistory(history, sample(start + 5 * day, 35), zone);
    assert.equal(addToHistory(today, sample(start, 80), zone), today);
  });
});

describe("the calendar of a home", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["2026-06-01T00:59:59Z", "Europe/Berlin", "2026-05-31"],
    ["2026-06-01T01:00:00Z", "Europe/Berlin", "2026-06-01"],
    // The night in which three o'clock follows on two, and the one that has two o'clock twice.
    ["2026-03-29T00:59:59Z", "Europe/Berlin", "2026-03-28"],
    ["2026-03-29T01:00:00Z", "Europe/Berlin", "2026-03-29"],
    ["2026-10-25T01:59:59Z", "Europe/Berlin", "2026-10-24"],
    ["2026-10-25T02:00:00Z", "Europe/Berlin", "2026-10-25"],
    ["2026-06-01T09:59:59Z", "America/Los_Angeles", "2026-05-31"],
    ["2026-12-31T21:15:00Z", "Asia/Kathmandu", "2027-01-01"],
    ["2026-12-31T21:14:59Z", "Asia/Kathmandu", "2026-12-31"],
  ];
  for (const [at, zone, expected] of cases) {
    it(`has ${at} in ${zone} on ${expected}`, () => assert.equal(dayOf(Date.parse(at), zone), expected));
  }
  it("goes back over the ends of months and years", () => assert.equal(daysBefore("2027-01-05", 10), "2026-12-26"));
  it("knows which zones there are", () =>
    assert.deepEqual(["Europe/Berlin", "Mars/Base", ""].map(isTimeZone), [true, false, false]));
});
