import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { windowsPerSchedule } from "@opensync-ts/cloud/limits";
import { policySentence } from "./sentences.ts";
import { mostWindows, nextWindow, timeProblem, type Window, withNext, without } from "./windows.ts";

const nights: Window = { days: ["mon", "tue", "wed", "thu", "sun"], from: "21:00", to: "07:00" };
const weekly = (...windows: Window[]) => ({ kind: "weekly" as const, timeZone: "Europe/Ljubljana", windows });

describe("hours of a weekly rule", () => {
  it("are joined by a second pair of the days that are left, and said so in one sentence", () => {
    const schedule = withNext(weekly(nights));
    assert.deepEqual(schedule.windows[1], { days: ["fri", "sat"], from: "21:00", to: "07:00" });
    const rule = {
      id: "r",
      enabled: true,
      scope: { kind: "everybody" },
      action: { kind: "freeze" },
      schedule,
    } as const;
    assert.equal(
      policySentence(rule, new Map(), 0),
      "Everybody has no Internet on Mon, Tue, Wed, Thu, Sun from 21:00 to 07:00 the next day and on Fri, Sat from 21:00 to 07:00 the next day (Europe/Ljubljana).",
    );
  });

  it("begin as an example where every day has some", () => {
    const daily: Window = { ...nights, days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] };
    assert.deepEqual(nextWindow([daily]), { days: ["sat", "sun"], from: "13:00", to: "15:00" });
    assert.deepEqual(nextWindow([]), { days: ["sat", "sun"], from: "13:00", to: "15:00" });
  });

  it("are taken away one by one, but for the last", () => {
    const two = withNext(weekly(nights));
    assert.deepEqual(without(two, 0).windows, [two.windows[1]]);
    assert.deepEqual(without(weekly(nights), 0), weekly(nights));
  });

  it("are no more than the cloud takes", () => {
    assert.equal(mostWindows, windowsPerSchedule);
    const full = weekly(...Array.from({ length: mostWindows }, () => nights));
    assert.equal(withNext(full).windows.length, mostWindows);
  });

  it("are times of day", () => {
    assert.deepEqual(["00:00", "23:59"].map(timeProblem), [undefined, undefined]);
    for (const text of ["24:00", "7:30", "", "0730", "12:60"]) assert.match(timeProblem(text) ?? "", /07:30/);
  });
});
