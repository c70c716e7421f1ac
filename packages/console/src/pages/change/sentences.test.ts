import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { momentText } from "../../ui/time.ts";
import type { Policy } from "./doc.ts";
import { daysText, policySentence } from "./sentences.ts";

const policy = (parts: Partial<Policy>): Policy => ({
  id: "rule-1",
  enabled: true,
  scope: { kind: "everybody" },
  schedule: { kind: "always" },
  action: { kind: "freeze" },
  ...parts,
});
const now = new Date(2026, 0, 5, 12).getTime();
const names = new Map([["02:00:00:00:00:01", "Mia's tablet"]]);

describe("a rule as a sentence", () => {
  for (const [parts, sentence] of [
    [{}, "Everybody has no Internet, always."],
    [
      { scope: { kind: "zone", zone: "guest" }, action: { kind: "internet-only" } },
      "Every guest reaches the Internet only, always.",
    ],
    [
      {
        scope: { kind: "device", mac: "02:00:00:00:00:01" },
        schedule: {
          kind: "weekly",
          timeZone: "Europe/Ljubljana",
          windows: [{ days: ["sun", "mon", "tue", "wed", "thu"], from: "21:00", to: "07:00" }],
        },
      },
      "Mia's tablet has no Internet on Mon, Tue, Wed, Thu, Sun from 21:00 to 07:00 the next day (Europe/Ljubljana).",
    ],
    [
      { schedule: { kind: "until", instant: new Date(2026, 0, 6, 9).toISOString() } },
      `Everybody has no Internet until ${momentText(new Date(2026, 0, 6, 9).getTime(), now)}.`,
    ],
    [{ action: { kind: "band", prefer: "2.4G", only: true } }, "Everybody stays on 2.4 GHz, always."],
  ] as const) {
    it(`reads: ${sentence}`, () =>
      assert.equal(policySentence(policy(parts as Partial<Policy>), names, now), sentence));
  }

  it("names runs of days by their ends", () => {
    assert.equal(daysText(["mon", "tue", "wed", "thu", "fri"]), "Mon–Fri");
    assert.equal(daysText(["sat", "sun"]), "Sat, Sun");
    assert.equal(daysText(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), "every day");
    assert.equal(daysText([]), "no day");
  });
});
