import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { atFrom, countdownText, dayText, durationText, logTimeText, momentText } from "./time.ts";

describe("moments", () => {
  it("in an address are kept where they are moments", () => {
    assert.deepEqual(atFrom("2026-01-02T03:04:05Z"), { at: "2026-01-02T03:04:05.000Z" });
    for (const value of [
      "soon",
      "",
      undefined,
      12,
      null,
      "2026",
      "-1",
      "%00",
      "2026-13-45",
      "2026-11-27T13:50:00+99:00",
    ])
      assert.deepEqual(atFrom(value), { at: undefined }, String(value));
    const at = "2026-01-02T03:04:05.000Z";
    assert.deepEqual(atFrom(at, Date.parse(at) - 10_000), { at }, "clocks differ");
    assert.deepEqual(atFrom(at, Date.parse(at) - 3_600_000), { at: undefined }, "still to come");
  });

  for (const [ms, text] of [
    [-5, "0 s"],
    [59_400, "59 s"],
    [60_000, "1 min"],
    [3_599_000, "59 min"],
    [3_600_000, "1 h"],
    [86_400_000 * 2.5, "2 d"],
  ] as const) {
    it(`of ${ms} ms length read '${text}'`, () => assert.equal(durationText(ms), text));
  }

  for (const [ms, text] of [
    [0, "0:00"],
    [1, "0:01"],
    [1_745_000, "29:05"],
    [3_600_000, "1:00:00"],
  ] as const) {
    it(`with ${ms} ms left read '${text}'`, () => assert.equal(countdownText(ms), text));
  }

  const noon = new Date(2026, 0, 5, 12).getTime();
  const day = 86_400_000;

  it("name the day only where it is another, and the year only where that is", () => {
    const time = momentText(noon + 60_000, noon);
    assert.match(time, /12:01/);
    assert.equal(momentText(noon + day + 60_000, noon), `${dayText(noon + day)}, ${time}`);
    const lastYear = new Date(2025, 11, 31, 12, 1).getTime();
    assert.equal(momentText(lastYear, noon), `${dayText(lastYear, false)}, ${time}`);
    assert.match(dayText(lastYear, false), /2025/);
    assert.doesNotMatch(dayText(lastYear), /2025/);
  });

  it("are the same whether they come as a number or as ISO 8601, and to the second where that is wanted", () => {
    assert.equal(momentText(new Date(noon).toISOString(), noon, "seconds"), momentText(noon, noon, "seconds"));
    assert.match(momentText(noon + 9_000, noon, "seconds"), /12:00:09/);
  });

  it("are not broken over lines but between day and time, whatever the language puts into them", () => {
    for (const precision of ["minutes", "seconds"] as const) {
      const [, broken] = momentText(noon + day, noon, precision).split(/[^\S\u00a0]/);
      assert.equal(broken, momentText(noon, noon, precision));
      assert.doesNotMatch(momentText(noon, noon, precision), /[^\S\u00a0]/);
    }
    assert.doesNotMatch(dayText(noon), /[^\S\u00a0]/);
  });

  it("that are none stay as they are", () => assert.equal(momentText("soon", noon), "soon"));

  it("in logs have milliseconds, whatever the language", () =>
    assert.equal(logTimeText(new Date(2026, 0, 5, 7, 8, 9, 42).toISOString()), "07:08:09.042"));

  it("are written by this module only, so that they look the same everywhere", () => {
    const source = join(import.meta.dirname, "..");
    const others = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts") && path !== join("ui", "time.ts"))
      .filter((path) => /toLocale(Date|Time)?String/.test(readFileSync(join(source, path), "utf8")));
    assert.deepEqual(others, []);
  });
});
