import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { holdingAt, type Schedule } from "./schedule.ts";
import { isTimeZone, LocalCalendar } from "./time-zone.ts";

type Window = Extract<Schedule, { kind: "weekly" }>["windows"][number];

function weekly(timeZone: string, ...windows: Window[]): Schedule {
  return { kind: "weekly", timeZone, windows };
}

function at(schedule: Schedule, time: string): string {
  const { holds, until } = holdingAt(schedule, Date.parse(time));
  return `${holds ? "holds" : "does not hold"} until ${until === null ? "ever" : new Date(until).toISOString()}`;
}

const bedtime: Window = { days: ["sun", "mon"], from: "21:00", to: "07:00" };

describe("a schedule", () => {
  it("always holds where it says so, and until its instant otherwise", () => {
    assert.equal(at({ kind: "always" }, "2026-01-01T00:00:00Z"), "holds until ever");
    const until: Schedule = { kind: "until", instant: "2026-01-01T12:00:00+01:00" };
    assert.equal(at(until, "2026-01-01T10:59:59.999Z"), "holds until 2026-01-01T11:00:00.000Z");
    assert.equal(at(until, "2026-01-01T11:00:00Z"), "does not hold until ever");
  });

  const cases: readonly [title: string, schedule: Schedule, time: string, expected: string][] = [
    [
      "a window over midnight begins on its day, in local time",
      weekly("Europe/Ljubljana", bedtime),
      "2026-06-01T18:59:00Z",
      "does not hold until 2026-06-01T19:00:00.000Z",
    ],
    [
      "a window over midnight ends on the next day",
      weekly("Europe/Ljubljana", bedtime),
      "2026-06-02T04:00:00Z",
      "holds until 2026-06-02T05:00:00.000Z",
    ],
    [
      "the next window may be days away",
      weekly("Europe/Ljubljana", bedtime),
      "2026-06-02T05:00:00Z",
      "does not hold until 2026-06-07T19:00:00.000Z",
    ],
    [
      "windows that touch are one",
      weekly("UTC", { days: ["mon"], from: "08:00", to: "12:00" }, { days: ["mon"], from: "12:00", to: "13:00" }),
      "2026-06-01T09:00:00Z",
      "holds until 2026-06-01T13:00:00.000Z",
    ],
    [
      "a window within another does not end it",
      weekly("UTC", { days: ["mon"], from: "08:00", to: "18:00" }, { days: ["mon"], from: "09:00", to: "10:00" }),
      "2026-06-01T09:30:00Z",
      "holds until 2026-06-01T18:00:00.000Z",
    ],
    [
      "from a time to the same time is a whole day",
      weekly("UTC", { days: ["mon"], from: "08:00", to: "08:00" }),
      "2026-06-02T07:59:00Z",
      "holds until 2026-06-02T08:00:00.000Z",
    ],
    [
      "the night on which clocks are put forward is an hour shorter",
      weekly("Europe/Ljubljana", { days: ["sat"], from: "23:00", to: "07:00" }),
      "2026-03-28T22:30:00Z",
      "holds until 2026-03-29T05:00:00.000Z",
    ],
    [
      "the night on which they are put back is an hour longer",
      weekly("Europe/Ljubljana", { days: ["sat"], from: "23:00", to: "07:00" }),
      "2026-10-24T21:30:00Z",
      "holds until 2026-10-25T06:00:00.000Z",
    ],
    [
      "a time that clocks skip comes when they have not yet been put forward",
      weekly("Europe/Ljubljana", { days: ["sun"], from: "02:30", to: "04:00" }),
      "2026-03-29T00:00:00Z",
      "does not hold until 2026-03-29T01:30:00.000Z",
    ],
    [
      "a time that clocks show twice is the first",
      weekly("Europe/Ljubljana", { days: ["sun"], from: "02:30", to: "04:00" }),
      "2026-10-25T00:00:00Z",
      "does not hold until 2026-10-25T00:30:00.000Z",
    ],
    [
      "days are those of the time zone",
      weekly("Pacific/Auckland", { days: ["tue"], from: "00:00", to: "01:00" }),
      "2026-06-01T12:30:00Z",
      "holds until 2026-06-01T13:00:00.000Z",
    ],
  ];
  for (const [title, schedule, time, expected] of cases) {
    it(title, () => assert.equal(at(schedule, time), expected));
  }

  it("does not change before it says it will, and has changed then", () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => {
      const two = (number: number) => String(number).padStart(2, "0");
      return `${two(hour)}:${two(minute)}`;
    });
    const day = fc.constantFrom("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    const window = fc.record({ days: fc.uniqueArray(day, { minLength: 1, maxLength: 3 }), from: time, to: time });
    const zones = fc.constantFrom("UTC", "Europe/Ljubljana", "America/St_Johns", "Australia/Lord_Howe");
    const year = Date.UTC(2026, 0, 1);
    const moment = fc.integer({ min: year, max: year + 365 * 86_400_000 });
    fc.assert(
      fc.property(
        zones,
        fc.array(window, { minLength: 1, maxLength: 4 }),
        moment,
        fc.nat(),
        (zone, windows, now, some) => {
          const schedule = weekly(zone, ...(windows as Window[]));
          const { holds, until } = holdingAt(schedule, now);
          if (until === null) return;
          assert.ok(until > now);
          const between = now + (some % (until - now));
          assert.deepEqual(holdingAt(schedule, between), { holds, until: until });
          // Windows that cover the whole week end nowhere: then the schedule is only asked again.
          if (until - now < 6 * 86_400_000) assert.equal(holdingAt(schedule, until).holds, !holds);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("time zones", () => {
  it("are those the run time knows", () => {
    assert.ok(isTimeZone("Europe/Ljubljana"));
    assert.ok(!isTimeZone("Mars/Olympus"));
    assert.ok(!isTimeZone(""));
  });

  it("know local days", () => {
    const day = new LocalCalendar("Pacific/Auckland").dayOf(Date.parse("2026-06-01T13:00:00Z"));
    assert.equal(new Date(day * 86_400_000).toISOString().slice(0, 10), "2026-06-02");
  });
});
