import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Hold } from "./holds.ts";
import { noTriesText, triesOf } from "./tries.ts";
import type { Explanation } from "./why-there.ts";

const start = Date.parse("2026-08-01T18:00:00Z");
const minute = 60_000;
const moment = (at: number) => new Date(at).toISOString().slice(11, 16);
const hold = (more: Partial<Hold> = {}): Hold => ({
  ...{ band: "2.4G", actor: "ana", at: start, until: start + 30 * minute, endedAt: start + 30 * minute },
  ...more,
});
const roam = (minutes: number, from: string, to: string) => ({
  ...{ at: start + minutes * minute, from: { node: "gateway", band: from }, to: { node: "gateway", band: to } },
});
const attempt: Explanation["attempts"][number] = {
  ...{ askedAt: new Date(start - minute).toISOString(), endedAt: null, result: "better" },
  ...{ before: 1, predicted: 2, after: null },
  from: { bssid: "a", node: "gateway", band: "2.4G", channel: 1 },
  to: { bssid: "b", node: "attic", band: "5G", channel: 36 },
};
const tries = (more: Partial<Parameters<typeof triesOf>[0]>) =>
  triesOf({ attempts: [], holds: [], roams: [], band: "5G", now: start + minute, moment, ...more }).map(
    ({ way, outcome }) => `${way}: ${outcome}`,
  );

describe("what the cloud tried", () => {
  it("is what somebody asked for as well, with when it went", () => {
    assert.deepEqual(tries({ attempts: [attempt], holds: [hold()], roams: [roam(1, "5G", "2.4G")] }), [
      "5 GHz at gateway → 2.4 GHz at gateway: You asked for 2.4 GHz only until 18:30. It went at 18:01.",
      "2.4 GHz at gateway → 5 GHz at attic: It went, and is better off.",
    ]);
  });

  for (const [title, more, said] of [
    ["has not gone", {}, "It has not gone yet."],
    ["was there before", { band: "2.4G" }, "It is there."],
    ["has not gone until it was over", { now: start + 60 * minute }, "It is not known to have gone."],
    [
      "was stopped",
      { holds: [hold({ endedAt: start + 5 * minute })], roams: [roam(1, "5G", "2.4G")], now: start + 60 * minute },
      "It went at 18:01. Stopped at 18:05.",
    ],
  ] as const) {
    it(`tells of what was asked for where it ${title}`, () => {
      const [only] = tries({ holds: [hold()], ...more });
      assert.ok(only?.endsWith(`You asked for 2.4 GHz only until 18:30. ${said}`), only);
    });
  }

  it("is nothing only where no node was asked by the cloud either", () => {
    assert.equal(noTriesText([{ type: "CLIENT_STICKY_BTM" }]), "It has not been asked to move.");
    assert.match(noTriesText([{ type: "CLIENT_BTM" }]), /no longer kept/);
  });
});
