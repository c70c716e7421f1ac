import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ShownDocument } from "../model/shown-document.ts";
import { daysText, ruleName, ruleSentence, type Telling, whenWords } from "./rule-words.ts";

type Policy = NonNullable<ShownDocument["policies"]>[number];

const policy = (parts: Partial<Policy>): Policy => ({
  id: "rule-1",
  enabled: true,
  scope: { kind: "everybody" },
  schedule: { kind: "always" },
  action: { kind: "freeze" },
  ...parts,
});
const mac = "02:00:00:00:00:01";
const telling: Telling = {
  device: (of) => (of === mac ? "Mia's tablet" : of),
  moment: (instant) => instant.slice(11, 16),
};
const nights = {
  kind: "weekly",
  timeZone: "Europe/Ljubljana",
  windows: [{ days: ["sun", "mon", "tue", "wed", "thu"], from: "21:00", to: "07:00" }],
} as const;
const evening = { kind: "until", instant: "2026-01-05T18:00:00Z" } as const;

describe("a rule as a sentence", () => {
  const cases: readonly [parts: Partial<Policy>, sentence: string][] = [
    [{}, "Everybody has no Internet, always"],
    [
      { scope: { kind: "zone", zone: "guest" }, action: { kind: "internet-only" } },
      "Every guest reaches the Internet only, always",
    ],
    [
      { scope: { kind: "device", mac }, schedule: nights },
      "Mia's tablet has no Internet on Mon, Tue, Wed, Thu, Sun from 21:00 to 07:00 the next day (Europe/Ljubljana)",
    ],
    [{ schedule: evening }, "Everybody has no Internet until 18:00"],
    [{ action: { kind: "band", prefer: "2.4G", only: true } }, "Everybody stays on 2.4 GHz, always"],
    [
      { scope: { kind: "network", ssid: "Test" }, action: { kind: "band", prefer: "5G", only: false } },
      "Everybody on “Test” goes to 5 GHz where it can, always",
    ],
    [
      { scope: { kind: "zone", zone: "home" }, action: { kind: "profile", profile: "tv" } },
      "Everybody with a key of the home is treated as a television, always",
    ],
    [
      { scope: { kind: "zone", zone: "internet-only" }, action: { kind: "unsteered" } },
      "Who has an Internet-only key is never moved to another access point, always",
    ],
  ];
  for (const [parts, sentence] of cases) {
    it(`reads: ${sentence}`, () => assert.equal(ruleSentence(policy(parts), telling), sentence));
  }

  it("names runs of days by their ends", () => {
    assert.equal(daysText(["mon", "tue", "wed", "thu", "fri"]), "Mon–Fri");
    assert.equal(daysText(["sat", "sun"]), "Sat, Sun");
    assert.equal(daysText(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), "every day");
    assert.equal(daysText([]), "no day");
  });

  it("tells alone when it holds", () => {
    const when = [{ kind: "always" }, evening, nights] as const;
    assert.deepEqual(
      when.map((schedule) => whenWords(schedule, telling)),
      ["always", "until 18:00", "on Mon, Tue, Wed, Thu, Sun from 21:00 to 07:00 the next day (Europe/Ljubljana)"],
    );
  });
});

describe("the name of a rule", () => {
  const hold = { id: "freeze-020000000001", scope: { kind: "device", mac } } as const;

  it("is what it was given, else what it says", () => {
    assert.equal(ruleName(policy({ label: "Night" }), telling), "Night");
    assert.equal(ruleName(policy({}), telling), "Everybody has no Internet, always");
  });

  it("is short where it was asked for of one device, for a while", () => {
    assert.equal(ruleName(policy({ ...hold, schedule: evening }), telling), "Mia's tablet: no Internet until 18:00");
    const band = { id: "band-020000000001", action: { kind: "band", prefer: "5G" } } as const;
    const name = (only: boolean) => ruleName(policy({ ...hold, ...band, action: { ...band.action, only } }), telling);
    assert.equal(name(true), "Mia's tablet: 5 GHz only, until that is changed");
    assert.equal(name(false), "Mia's tablet: rather 5 GHz, until that is changed");
    assert.equal(ruleName(policy({ ...hold, label: "Off" }), telling), "Off");
  });
});
