import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultPolicy, parsePolicy } from "../policy.ts";
import { airtimeIs, authFailuresAre, lastingIs } from "./rules.ts";
import { count, emptyWindow, total } from "./window.ts";

const policy = defaultPolicy.alerts;
const minute = 60_000;

describe("thresholds", () => {
  it("of airtime leave room between raising and clearing", () => {
    assert.deepEqual(
      [100, 81, 80, 75, 70, 69, 0].map((percent) => airtimeIs(percent, policy)),
      ["over", "over", "between", "between", "between", "under", "under"],
    );
  });

  it("of failures are over only well below", () => {
    assert.deepEqual(
      [10, 9, 5, 4, 0].map((failures) => authFailuresAre(failures, policy)),
      ["over", "between", "between", "under", "under"],
    );
  });

  it("of radar and of two devices in one is the time since", () => {
    assert.equal(lastingIs(0, 29 * minute, policy.radarSeconds), "over");
    assert.equal(lastingIs(0, 30 * minute, policy.duplicateSeconds), "under");
  });

  it("are the owner's to set, as far as they make sense", () => {
    assert.equal(parsePolicy({ alerts: { offlineSeconds: 60 } }).alerts.offlineSeconds, 60);
    assert.equal(parsePolicy({ alerts: { offlineSeconds: 60 } }).alerts.airtimePercent, 80);
    for (const wrong of [{ rawHours: -1 }, { alerts: { airtimePercent: 120 } }, { unknown: 1 }, "x"]) {
      assert.throws(() => parsePolicy(wrong));
    }
  });
});

describe("a window of time", () => {
  it("counts what happened within it, whatever the order", () => {
    let window = emptyWindow;
    for (const at of [12, 1, 3, 9, 3]) window = count(window, at * minute, 2, 10 * minute);
    assert.equal(total(window, 12 * minute, 10 * minute), 8);
    assert.equal(total(window, 30 * minute, 10 * minute), 0);
  });

  it("takes the same room however much happens", () => {
    let window = emptyWindow;
    for (let at = 0; at < 10_000; at++) window = count(window, at * 997, 1, 10 * minute);
    assert.ok(window.parts.length <= 21);
    const inLast = Math.ceil((10 * minute) / 997);
    assert.ok(Math.abs(total(window, 9_999 * 997, 10 * minute) - inLast) <= inLast / 20 + 1);
  });
});
